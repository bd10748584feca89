"""One way for all forms about a person: problems beside their fields, and what was done on the next page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.console.acting import done
from songhe.console.forms import Form
from songhe.console.page import show
from songhe.console.people.opening import head_of
from songhe.registry.models import Person
from songhe.registry.vocabulary import StatementError

_GONE = say("此人的档案现在不在您的区划范围内。", "The file of this person now lies outside your divisions.")


@contextmanager
def beside_fields(form: Form, **names: str) -> Iterator[None]:
    """A StatementError becomes a problem of the field of its fact, or of the one given for it in `names`."""
    try:
        yield
    except StatementError as error:
        field = names.get(error.fact, error.fact)
        form.add_problem(field if field in form.fields else None, say(error.zh, error.en))


def fill_in(
    request: HttpRequest,
    person: Person,
    form: Form,
    title: Text,
    record: Callable[[], Text],
    *,
    part: str = "person",
    hint: Text | None = None,
    **names: str,
) -> HttpResponse:
    """The form until `record` has done what it asks; then the part of the file, with what `record` says was done."""
    if form.is_valid():
        with beside_fields(form, **names):
            return recorded(request, person, record(), part=part)
    context = {
        "person": person,
        "head": head_of(person),
        "title": title,
        "form": form,
        "hint": hint,
        "back": reverse(f"console:{part}", args=[person.public_id]),
    }
    return show(request, "people/form.html", context, status=422 if form.is_bound else 200)


def recorded(request: HttpRequest, person: Person, text: Text, *, part: str = "person") -> HttpResponse:
    if visible(Person.objects.filter(pk=person.pk), request.user, Action.PERSON_READ).exists():
        return done(request, text, reverse(f"console:{part}", args=[person.public_id]))
    # Whoever moved away is no longer this user's business.
    return done(request, say(f"{text.zh}{_GONE.zh}", f"{text.en} {_GONE.en}"), reverse("console:register"))
