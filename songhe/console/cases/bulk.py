"""Many cases at once: what is chosen, what will follow, and afterwards what was done and what was not, and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.casework.domain.acting import Actor
from songhe.casework.domain.many import Done, Hindrance
from songhe.casework.domain.willing import MOST, Share, do_share, shares
from songhe.casework.models import Case, Kind
from songhe.casework.queries.desk import waiting_for
from songhe.casework.queries.names import matter_of
from songhe.casework.queries.present import answers_of
from songhe.casework.shapes import Step
from songhe.casework.stored import procedure_of
from songhe.casework.words import KINDS
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.acting import never_stored
from songhe.console.cases.forms import DeskFilters
from songhe.console.cases.lists import name_of, narrowed, with_people
from songhe.console.cases.views import filters_of
from songhe.console.page import page_of, show, staff

_STEPS = (Action.CASE_ACCEPT, Action.CASE_VERIFY, Action.CASE_ASSESS, Action.CASE_APPROVE, Action.CASE_REVIEW)
# So many hindered cases are told one by one; the rest by reason, and all of them are still on the desk.
_TOLD = 1_000
# Of so many the answer of today is worked out before they are decided: some milliseconds each.
_LOOKED_AT = 200


@dataclass(frozen=True)
class Part:
    """Cases that take the same act: how many, of which items, and what it leads to."""

    share: Share
    title: Text
    step: Text
    kind: str
    next: Text
    looks: bool
    items: Sequence[tuple[Text, int]]
    answers: Mapping[str, int] | None

    @property
    def number(self) -> int:
        return len(self.share.cases)


@staff(*_STEPS, methods=("POST",))
def many_page(request: HttpRequest) -> HttpResponse:
    """Asks first, with the number; does only exactly what was asked about; then tells what was done."""
    chosen = _chosen(request)
    if not chosen or len(chosen) > MOST:
        return _nothing(request, len(chosen))
    mark = _mark(chosen)
    if request.POST.get("confirmed") == mark:
        return _result(request, [(part, _do(request, part)) for part in _parts(chosen, looks=False)], chosen)
    context = {
        "parts": _parts(chosen),
        "looked_at": _LOOKED_AT,
        "number": len(chosen),
        "mark": mark,
        "changed": "confirmed" in request.POST,
        "kept": _kept(request.POST),
        "back": _back(request.POST),
    }
    return never_stored(show(request, "cases/many.html", context))


def _chosen(request: HttpRequest) -> list[Case]:
    """The cases ticked, or all that match the filters; never one that does not wait for the user."""
    waiting = waiting_for(request.user)
    if request.POST.get("every") == "1":
        form = filters_of(request, DeskFilters, QueryDict(request.POST.get("query", "")))
        # Filters that are not understood mean nobody, never everybody.
        waiting = narrowed(waiting, form.cleaned_data, clock.today()) if form.is_valid() else Case.objects.none()
    else:
        ticked = request.POST.getlist("case")
        ids = [int(text) for text in ticked if text.isascii() and text.isdigit() and len(text) < 19]
        waiting = waiting.filter(pk__in=ids)
    return list(waiting.select_related("procedure").order_by("pk")[: MOST + 1])


def _mark(cases: Sequence[Case]) -> str:
    """What exactly was asked about: another case, or one that moved, gives another mark."""
    stand = ";".join(f"{case.pk}:{case.acts}" for case in cases)
    return hashlib.sha256(stand.encode()).hexdigest()


def _parts(cases: Sequence[Case], *, looks: bool = True) -> list[Part]:
    by_id = {case.pk: case for case in cases}
    return [_part(share, by_id, looks) for share in shares(cases)]


def _part(share: Share, by_id: dict[int, Case], looks: bool) -> Part:
    first = by_id[share.cases[0]]
    numbers: Counter[tuple[str, str, str, int]] = Counter()
    names: dict[tuple[str, str, str, int], Text] = {}
    for id in share.cases:
        case = by_id[id]
        key = (case.kind, case.package, case.item, case.procedure_id)
        numbers[key] += 1
        names.setdefault(key, matter_of(case))
    steps = procedure_of(first).steps
    at = procedure_of(first).position(share.step)
    return Part(
        share=share,
        title=KINDS[Kind(share.kind)],
        step=steps[at].name,
        kind=steps[at].kind,
        next=steps[min(at + 1, len(steps) - 1)].name,
        looks=_asks(steps[at]),
        answers=_answers(share) if looks and _asks(steps[at]) else None,
        items=[(names[key], number) for key, number in numbers.most_common()],
    )


def _asks(step: Step) -> bool:
    """Whether it is said beforehand what the rules answer: where somebody verifies, and where somebody decides."""
    return step.kind == "decide" or (step.kind == "work" and step.action == Action.CASE_VERIFY)


def _answers(share: Share) -> Mapping[str, int] | None:
    """How many are entitled today; None where there are too many to look at each."""
    if len(share.cases) > _LOOKED_AT:
        return None
    found = Case.objects.filter(pk__in=share.cases).select_related("person__merged_into")
    return answers_of(found)


def _do(request: HttpRequest, part: Part) -> Done:
    return do_share(by=Actor(user=request.user), share=part.share)


def _result(request: HttpRequest, results: Sequence[tuple[Part, Done]], chosen: Sequence[Case]) -> HttpResponse:
    hindered = [one for _, done in results for one in done.hindered]
    told = hindered[:_TOLD]
    reasons = Counter((one.why.zh, one.why.en) for one in hindered)
    context = {
        "results": [{"part": part, "done": done, "not_done": len(done.hindered)} for part, done in results],
        "written": sum(done.written for _, done in results),
        "number": len(chosen),
        "hindered": _named(told),
        "further": len(hindered) - len(told),
        "reasons": [(say(zh, en), number) for (zh, en), number in reasons.most_common()],
        "back": _back(request.POST),
    }
    return never_stored(show(request, "cases/done.html", context))


def _named(hindered: Sequence[Hindrance]) -> list[dict[str, Any]]:
    found = with_people(Case.objects.all()).in_bulk([one.case for one in hindered])
    return [
        {"case": found[one.case], "who": name_of(found[one.case]), "matter": matter_of(found[one.case]), "why": one.why}
        for one in hindered
    ]


def _kept(given: QueryDict) -> list[tuple[str, str]]:
    """What was chosen, to be sent again with the confirmation."""
    if given.get("every") == "1":
        return [("every", "1"), ("query", given.get("query", ""))]
    return [*(("case", id) for id in given.getlist("case")), ("query", given.get("query", ""))]


def _back(given: QueryDict) -> str:
    query = given.get("query", "")
    return f"{reverse('console:desk')}{'?' + query if query else ''}"


def _nothing(request: HttpRequest, number: int) -> HttpResponse:
    few = say("没有选中待办的件；可能刚被别人办理了。", "Nothing is chosen; others may have done it just now.")
    many = say(
        f"一次最多办理{MOST:,}件，请先用筛选缩小范围。", f"At most {MOST:,} cases go at once: narrow the list first."
    )
    text = many if number else few
    messages.warning(request, text.in_language(page_of(request).language))
    return HttpResponseRedirect(_back(request.POST))
