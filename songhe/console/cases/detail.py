"""One case: whose, about what, where it stands, what happened, and what the reader can do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import LABELS, Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.casework.domain.notice import reveal_contact
from songhe.casework.domain.reading import note_reading
from songhe.casework.domain.steps import open_objections
from songhe.casework.models import Act, Case, Kind
from songhe.casework.procedures import rulebook
from songhe.casework.queries.desk import cases_for, find_for
from songhe.casework.queries.names import matter_of
from songhe.casework.queries.possible import Choice, Stage, possible, stages
from songhe.casework.queries.present import present_of
from songhe.casework.queries.timeline import standing, timeline_for_staff
from songhe.casework.stored import procedure_of
from songhe.casework.subjects import ORGANISATION, organisation_of
from songhe.casework.words import HOWS, KINDS
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.common.workdays import workdays_between
from songhe.console.acting import never_stored
from songhe.console.cases.lists import name_of, rows, stands, with_people
from songhe.console.cases.paid import paid_without
from songhe.console.cases.subsidy import subsidy_of
from songhe.console.cases.words import ACTS, BY_INSTITUTION
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.organisations.queries import organisations_for
from songhe.registry.models import Person

CaseView = Callable[..., HttpResponse]


def of_case(*actions: Action, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[CaseView], CaseView]:
    """A view of one case, which gets `case` as the case itself; out of reach it is not there."""

    def decorate(view: CaseView) -> CaseView:
        @staff(*(actions or (Action.CASE_READ,)), methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, case: UUID, **kwargs: Any) -> HttpResponse:
            found = find_for(request.user, str(case))
            if found is None:
                raise Http404
            return view(request, found, **kwargs)

        return opened

    return decorate


@dataclass(frozen=True)
class Button:
    """`is_first`: what is done as a rule; `why_not` stands in place of a button that would be dead."""

    label: Text
    address: str
    why_not: Text | None
    is_first: bool
    is_harmful: bool


@of_case()
def case_page(request: HttpRequest, case: Case) -> HttpResponse:
    answer = show(request, "cases/case.html", context_of(request.user, case))
    note_reading(user=request.user, case=case)
    return never_stored(answer)


def context_of(user: User, case: Case) -> dict[str, Any]:
    today = clock.today()
    choices, present = possible(user, case, today), present_of(case)
    return {
        "case": case,
        "head": head_of(user, case),
        "kind": KINDS[Kind(case.kind)],
        "how": how_of(case),
        "stands": stands(case, today),
        "standing": standing(case),
        "clock": _clock(case),
        "stages": [_staged(stage) for stage in stages(case)],
        "present": present,
        "subsidy": subsidy_of(user, case),
        "paid_without": paid_without(case, present and present.package),
        "buttons": [_button(case, choice) for choice in choices],
        "waits_for": _waits_for(case, choices),
        "objections": _objections(user, case),
        "lines": timeline_for_staff(case),
        "others": _others(user, case),
        "conventions": _conventions(case),
    }


def head_of(user: User, case: Case) -> dict[str, Any]:
    """Whose case it is; the file is linked for whoever may read it."""
    person = case.person and (case.person.merged_into or case.person)
    seen = person is not None and visible(Person.objects.filter(pk=person.pk), user, Action.PERSON_READ).exists()
    organisation = organisation_of(case)
    is_reached = organisation is not None and organisations_for(user).filter(pk=organisation.pk).exists()
    return {
        "name": name_of(case),
        "matter": matter_of(case),
        "place": names_of([case.division_id]).get(case.division_id, "—"),
        "person": person.public_id if seen and person else None,
        "organisation": organisation.public_id if organisation and is_reached else None,
    }


def how_of(case: Case) -> Text:
    return BY_INSTITUTION if case.subject_kind == ORGANISATION else HOWS[case.how]


def _clock(case: Case) -> dict[str, Any] | None:
    """How many working days are left of the present step, fewer than none when it is late."""
    if case.state == "closed" or case.due_on is None:
        return None
    left = workdays_between(clock.today(), case.due_on)
    return {"due": case.due_on, "left": left.number, "late": -left.number, "unsure": case.due_unsure}


def _staged(stage: Stage) -> dict[str, Any]:
    return {"stage": stage, "basis": _basis(stage)}


def _basis(stage: Stage) -> Text | None:
    return rulebook().conventions.get(stage.step.because or "")


def _conventions(case: Case) -> list[Text]:
    asked = dict.fromkeys(step.because for step in procedure_of(case).steps if step.because)
    known = rulebook().conventions
    return [known[name] for name in asked if name in known]


def _button(case: Case, choice: Choice) -> Button:
    word = ACTS[choice.act]
    return Button(
        label=_labelled(case, choice),
        address=_address(case, choice),
        why_not=choice.why_not,
        is_first=word.is_first,
        is_harmful=word.is_harmful,
    )


def _labelled(case: Case, choice: Choice) -> Text:
    if choice.act != "pass" or not case.step:
        return ACTS[choice.act].label
    step = procedure_of(case).step(case.step)
    if step.kind == "decide":
        granted = procedure_of(case).outcomes.granted
        return say(f"{step.name.zh}：{granted.zh}", f"{step.name.en}: {granted.en}")
    return say(f"完成“{step.name.zh}”", f"{step.name.en} is done")


def _address(case: Case, choice: Choice) -> str:
    if choice.act == "answer" and choice.objection is not None:
        return reverse("console:case-answer", args=[case.public_id, choice.objection.number])
    if choice.act in ("appeal", "complain"):
        return reverse(f"console:case-{choice.act}", args=[case.public_id])
    return reverse("console:case-act", args=[case.public_id, choice.act.replace("_", "-")])


def _waits_for(case: Case, choices: Sequence[Choice]) -> Text | None:
    """Whom the case waits for, when it is not the reader."""
    if case.state == "closed" or any(choice.act in ("pass", "publish") for choice in choices):
        return None
    if case.state != "running":
        return say("正在等待申请人；代办人员可以登记补正、确认或撤回。", "It waits for the applicant.")
    name = LABELS[Action(case.awaits)]
    return say(f"等待有“{name.zh}”权限的人员办理。", f"It waits for somebody who may “{name.en}”.")


def _objections(user: User, case: Case) -> list[dict[str, Any]]:
    """Objections with whether they are answered; the contact stays sealed until somebody who may asks for it."""
    waiting = {act.number for act in open_objections(case)}
    may = visible(Case.objects.filter(pk=case.pk), user, Action.CASE_VERIFY).exists()
    said = case.history.filter(verb=Act.Verb.OBJECTED).order_by("number")
    return [
        {"act": act, "is_open": act.number in waiting, "may_reveal": may and act.contact is not None} for act in said
    ]


def _others(user: User, case: Case) -> list[Any]:
    """The case this one is about, and those about this one, as far as the reader may see them."""
    related = cases_for(user).filter(about=case) | cases_for(user).filter(pk=case.about_id)
    return rows(with_people(related.order_by("pk")), clock.today())


@of_case(Action.CASE_VERIFY, methods=("POST",))
def contact_page(request: HttpRequest, case: Case, number: int) -> HttpResponse:
    """How to reach whoever objected, this once."""
    act = get_object_or_404(case.history.filter(verb=Act.Verb.OBJECTED), number=number)
    text = reveal_contact(user=request.user, act=act)
    context = {"case": case, "head": head_of(request.user, case), "act": act, "contact": text}
    return never_stored(show(request, "cases/contact.html", context))
