"""The register: a list to search, filter, sort and take along."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import visible
from songhe.common.text import say
from songhe.console.page import actions_held, page_of, show, staff
from songhe.console.register import filters, table
from songhe.registry import register
from songhe.registry.models import Person
from songhe.registry.queries import find_by_key
from songhe.registry.vocabulary import StatementError, personal_facts

_COLUMNS = "register_columns"
_NOBODY = say(
    "您的区划范围内没有这个号码的老年人。请核对号码，或新建档案。",
    "Nobody in your divisions has this number. Check it, or open a new file.",
)


def columns_of(request: HttpRequest) -> tuple[str, ...]:
    return table.chosen(request.session.get(_COLUMNS, ()))


@staff(Action.PERSON_READ, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """GET shows the list of an address; POST turns a filled-in form into one."""
    if request.method == "POST":
        return _asked(request)
    wanted, columns, page = filters.wanted(request.GET), columns_of(request), page_of(request)
    window = register.page(request.user, wanted, table.fields(columns), cursor=request.GET.get("cursor", ""))
    context = {
        "window": window,
        "body": table.body(window.rows, columns, page.language),
        "header": table.header(columns, page.language),
        "wanted": wanted,
        "choices": filters.choices(request.GET, request.user, language=page.language),
        "given": request.GET,
        "boxes": table.boxes(columns, page.language),
        "counted": len(window.rows) if not window.before and not window.after else None,
        "sort": request.GET.get("sort", ""),
        "may_export": Action.PERSON_EXPORT in actions_held(request),
    }
    answer = show(request, "register/list.html", context)
    append(user=request.user, action="person.listed", subject_kind="register", details={"count": len(window.rows)})
    return answer


def _asked(request: HttpRequest) -> HttpResponse:
    address = reverse("console:register")
    text = request.POST.get("q", "").strip()
    if not filters.is_number(text):
        return HttpResponseRedirect(f"{address}?{filters.kept(request.POST)}")
    people = _having(request, text)
    if len(people) == 1:
        return HttpResponseRedirect(reverse("console:person", args=[people[0].public_id]))
    if people:
        return HttpResponseRedirect(f"{address}?found={filters.signed([person.pk for person in people])}")
    messages.warning(request, _NOBODY.in_language(page_of(request).language))
    return HttpResponseRedirect(f"{address}?{filters.kept(request.POST)}")


def _having(request: HttpRequest, text: str) -> Sequence[Person]:
    """Who, in reach, ever had this resident number, telephone or account."""
    found: set[int] = set()
    for kind in (fact.name for fact in personal_facts().values() if fact.key):
        try:
            found.update(find_by_key(kind, text))
        except StatementError:
            continue
    return list(visible(Person.objects.filter(pk__in=found), request.user, Action.PERSON_READ).order_by("pk"))


@staff(Action.PERSON_READ)
def count(request: HttpRequest) -> HttpResponse:
    """How many there are: asked for after the page is there, for it takes longer than the page."""
    number, more = register.count(request.user, filters.wanted(request.GET))
    return show(request, "register/count.html", {"number": number, "more": more})


@staff(Action.PERSON_READ, methods=("POST",))
def choose_columns(request: HttpRequest) -> HttpResponse:
    request.session[_COLUMNS] = list(table.chosen(request.POST.getlist("column")))
    return HttpResponseRedirect(f"{reverse('console:register')}?{request.POST.get('query', '')}")
