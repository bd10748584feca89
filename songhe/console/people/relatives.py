"""Recording whom a person belongs with, and to what the person agrees."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from songhe.accounts.actions import Action
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, given
from songhe.console.forms import Form
from songhe.console.people.acting import fill_in
from songhe.console.people.forms import AddKin, Found, GiveConsent, Join, LastDay
from songhe.console.people.opening import of_person
from songhe.registry.domain import desk
from songhe.registry.models import Kinship, Person
from songhe.registry.queries import kin, memberships

_SAVED = say("已登记。", "It is recorded.")
_PART = "person-family"
_of_writer = of_person(Action.PERSON_WRITE, methods=READ_AND_WRITE)


def _ask(
    request: HttpRequest, person: Person, form: Form, title: Text, record: Callable[[], object], **names: str
) -> HttpResponse:
    def saved() -> Text:
        record()
        return _SAVED

    return fill_in(request, person, form, title, saved, part=_PART, **names)


@_of_writer
def add_kin(request: HttpRequest, person: Person) -> HttpResponse:
    form = AddKin(given(request), user=request.user)

    def record() -> None:
        said = {**form.cleaned_data, "phone": form.cleaned_data["phone"] or None}
        desk.add_kin(user=request.user, person=person, **said)

    return _ask(request, person, form, say("登记亲属或联系人", "Add kin or a contact"), record, kin="name")


@_of_writer
def end_kin(request: HttpRequest, person: Person, kinship: int) -> HttpResponse:
    row = get_object_or_404(kin(person), pk=kinship)
    form = LastDay(given(request), user=request.user)

    def record() -> None:
        desk.end_kin(user=request.user, person=person, kinship=row, **form.cleaned_data)

    return _ask(request, person, form, say("终止亲属关系登记", "End this kinship"), record, end="last_day")


@_of_writer
def found_household(request: HttpRequest, person: Person) -> HttpResponse:
    form = Found(given(request), user=request.user)

    def record() -> None:
        desk.found_household(user=request.user, person=person, **form.cleaned_data)

    return _ask(request, person, form, say("新立一户", "Found a household"), record, household="on")


@_of_writer
def join_household(request: HttpRequest, person: Person) -> HttpResponse:
    form = Join(given(request), user=request.user)

    def record() -> None:
        asked = form.cleaned_data
        desk.join_household(
            user=request.user, person=person, source=asked["source"], housemate=asked["number"], on=asked["on"]
        )

    return _ask(request, person, form, say("加入他人的户", "Join a household"), record, household="on")


@_of_writer
def leave_household(request: HttpRequest, person: Person, membership: int) -> HttpResponse:
    row = get_object_or_404(memberships(person), pk=membership)
    form = LastDay(given(request), user=request.user)

    def record() -> None:
        desk.leave_household(user=request.user, person=person, membership=row, **form.cleaned_data)

    return _ask(request, person, form, say("离开家庭户", "Leave the household"), record, end="last_day")


@_of_writer
def give_consent(request: HttpRequest, person: Person) -> HttpResponse:
    acting = {str(row.pk): row for row in kin(person).filter(kind=Kinship.Kind.MAY_ACT)}
    actors = [(id, f"{row.name or '—'}（{row.get_relation_display()}）") for id, row in acting.items()]
    form = GiveConsent(given(request), user=request.user, actors=actors)

    def record() -> None:
        asked = form.cleaned_data
        said = {**asked, "given": asked["given"] == "yes", "given_by": acting.get(asked["given_by"])}
        desk.record_consent(user=request.user, person=person, **said)

    return _ask(request, person, form, say("登记同意或撤回", "Record consent"), record, consent="given_by")
