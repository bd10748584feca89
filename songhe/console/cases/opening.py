"""Opening cases: from a person's file or by a search, on behalf; appeals and complaints about a case."""

from __future__ import annotations

import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import visible
from songhe.casework.domain.acting import Actor
from songhe.casework.domain.appeals import appeal, complain
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.errors import CaseError, ThereAlready
from songhe.casework.models import Case, How, Kind
from songhe.casework.queries.desk import of_person as cases_of_person
from songhe.casework.queries.granted import granted_cases
from songhe.casework.queries.present import Present, offers
from songhe.casework.words import KINDS
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, done, given, never_stored
from songhe.console.cases.detail import head_of as case_head
from songhe.console.cases.detail import of_case
from songhe.console.cases.forms import KINDS_AFTER_DEATH, KINDS_OF_THE_LIVING, Appealing, Asking, NewCase
from songhe.console.cases.lists import rows, with_people
from songhe.console.cases.words import ACTS
from songhe.console.page import actions_held, page_of, show, staff
from songhe.console.people.opening import head_of, of_person
from songhe.console.places import names_of
from songhe.registry.domain.reading import note_reading
from songhe.registry.groups import group_of
from songhe.registry.models import CurrentPerson, Kinship, Person
from songhe.registry.register import Wanted
from songhe.registry.register import page as register_page

_SHOWN = ("name", "sex", "birth_date", "residence_division_id")
_ORDER = (("entitled", say("现在符合", "Entitled now")), ("undetermined", say("尚不能确定", "Not yet certain")),
          ("not_entitled", say("现在不符合", "Not entitled now")))  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """An item to choose: `value` is what the form sends; `case` is one that is open about it or granted it already."""

    value: str
    name: Text
    present: Present | None
    case: Case | None
    is_reached: bool = True


@of_person(Action.CASE_READ)
def person_cases(request: HttpRequest, person: Person) -> HttpResponse:
    found = with_people(cases_of_person(request.user, person)).order_by("-pk")
    may_open = Action.CASE_OPEN in actions_held(request)
    context = {
        "person": person,
        "head": head_of(person),
        "part": "cases",
        "rows": rows(found, clock.today()),
        "may_open": may_open and visible(Person.objects.filter(pk=person.pk), request.user, Action.CASE_OPEN).exists(),
    }
    answer = show(request, "cases/person.html", context)
    note_reading(user=request.user, person=person, part="cases")
    return answer


@of_person(Action.CASE_OPEN, methods=READ_AND_WRITE)
def open_page(request: HttpRequest, person: Person) -> HttpResponse:
    """The items with today's answer; whoever handed in for somebody is on the makers' side of the case."""
    groups = _groups(request, person)
    matters = [offer.value for _, some in groups for offer in some]
    form = NewCase(given(request), agents=_agents(person), matters=matters, initial=_first(request))
    if form.is_valid():
        answer = _asked(request, form, lambda: _open(request, person, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"person": person, "head": head_of(person), "groups": groups, "form": form}
    answer = show(request, "cases/new.html", context, status=422 if form.is_bound else 200)
    note_reading(user=request.user, person=person, part="cases")
    return never_stored(answer)


def _groups(request: HttpRequest, person: Person) -> list[tuple[Text, list[Offer]]]:
    reached = {case.pk: case for case in cases_of_person(request.user, person).order_by("-pk")}
    current = {(case.kind, case.item): case for case in reached.values() if case.state != "closed"}
    is_dead = CurrentPerson.objects.filter(pk=person.pk, alive=False).exists()
    # Who has died asks for nothing more: what was still owed is claimed by the heirs.
    presents = [] if is_dead else offers(person)
    packages = {one.package.id for one in presents}
    granted = {name: granted_cases([person.pk], name) for name in packages}
    had = {(name, item): case for name, cases in granted.items() for (_, item), case in cases.items()}
    items = [(one.answer, _of_item(one, current, had, reached)) for one in presents]
    groups = [(text, [offer for it, offer in items if it == answer]) for answer, text in _ORDER]
    kinds = KINDS_AFTER_DEATH if is_dead else KINDS_OF_THE_LIVING
    own = [Offer(f"kind:{kind}", KINDS[kind], None, None) for kind in kinds]
    return [(text, some) for text, some in (*groups, (say("其他", "Other matters"), own)) if some]


def _of_item(
    present: Present,
    current: Mapping[tuple[str, str], Case],
    had: Mapping[tuple[str, str], Case],
    reached: Container[int],
) -> Offer:
    item, package = present.entitlement.id, present.package.id
    case = current.get((Kind.BENEFIT, item)) or had.get((package, item))
    is_reached = case is None or case.pk in reached
    return Offer(f"item:{package}:{item}", present.entitlement.name, present, case, is_reached)


def _open(request: HttpRequest, person: Person, asked: Mapping[str, Any]) -> Case:
    how, agent = _by_whom(person, asked)
    kind, _, rest = asked["matter"].partition(":")
    by, key, text = Actor(user=request.user), asked["key"], asked["text"]
    if kind == "kind" and rest == Kind.COMPLAINT:
        return complain(by=by, text=text, person=person, how=how, agent=agent, request_key=key)
    package, _, item = rest.partition(":") if kind == "item" else ("", "", "")
    matter = Matter(
        kind=Kind.BENEFIT if kind == "item" else rest,
        person=person,
        package=package,
        item=item,
        how=how,
        agent=agent,
    )
    return open_case(by=by, matter=matter, text=text, request_key=key)


@of_case(Action.CASE_OPEN, methods=READ_AND_WRITE)
def appeal_page(request: HttpRequest, case: Case) -> HttpResponse:
    def lodge(how: str, agent: Kinship | None, asked: Mapping[str, Any]) -> Case:
        by = Actor(user=request.user)
        return appeal(by=by, case=case, reason=asked["text"], how=how, agent=agent, request_key=asked["key"])

    points = (
        say("申诉由没有经办过原件的人办理。", "The appeal is handled by people who had no part in the case."),
        say("申诉成立的，原事项重新办理。", "If it is upheld, the matter is handled anew."),
    )
    return _about(request, case, "appeal", say("申诉的理由", "Reason of the appeal"), points, lodge)


@of_case(Action.CASE_OPEN, methods=READ_AND_WRITE)
def complain_page(request: HttpRequest, case: Case) -> HttpResponse:
    def lodge(how: str, agent: Kinship | None, asked: Mapping[str, Any]) -> Case:
        return complain(
            by=Actor(user=request.user),
            text=asked["text"],
            person=case.person and (case.person.merged_into or case.person),
            subject=(case.subject_kind, case.subject_id),
            about=case,
            how=how,
            agent=agent,
            request_key=asked["key"],
        )

    points = (say("投诉由没有经办过原件的人调查答复。", "Somebody who had no part in the case looks into it."),)
    return _about(request, case, "complain", say("投诉的内容", "What is complained of"), points, lodge)


def _about(request: HttpRequest, case: Case, act: str, what: Text, points: Sequence[Text], lodge: Any) -> HttpResponse:
    person = case.person and (case.person.merged_into or case.person)
    form = Appealing(given(request), agents=_agents(person) if person else [], what=what, initial=_first(request))
    if form.is_valid():

        def go() -> Case:
            how, agent = _by_whom(person, form.cleaned_data)
            found: Case = lodge(how, agent, form.cleaned_data)
            return found

        answer = _asked(request, form, go)
        if answer is not None:
            return answer
    context = {
        "case": case,
        "head": case_head(request.user, case),
        "word": ACTS[act],
        "points": points,
        "form": form,
        "back": reverse("console:case", args=[case.public_id]),
    }
    return never_stored(show(request, "cases/act.html", context, status=422 if form.is_bound else 200))


def _asked(request: HttpRequest, form: Asking, go: Any) -> HttpResponse | None:
    """On to the new case, or to the one that is open already; None leaves the problem in the form."""
    try:
        case = go()
        return done(request, say("已提出。", "It is handed in."), _address(request, case))
    except ThereAlready as error:
        there = visible(Case.objects.filter(public_id=error.public_id), request.user, Action.CASE_READ)
        if there.exists():
            messages.warning(request, error.text.in_language(page_of(request).language))
            return HttpResponseRedirect(reverse("console:case", args=[error.public_id]))
        # Another place has it, which the user does not reach.
        form.add_problem(None, error.text)
    except CaseError as error:
        form.add_problem(None, error.text)
    except ValueError as error:
        # A file that was merged in the meantime says so in both languages.
        if not (hasattr(error, "zh") and hasattr(error, "en")):
            raise
        form.add_problem(None, say(error.zh, error.en))
    return None


def _address(request: HttpRequest, case: Case) -> str:
    """The new case; where another place handles it, which the user does not reach, the person's file."""
    if visible(Case.objects.filter(pk=case.pk), request.user, Action.CASE_READ).exists():
        return reverse("console:case", args=[case.public_id])
    return reverse("console:cases")


def _by_whom(person: Person | None, asked: Mapping[str, Any]) -> tuple[str, Kinship | None]:
    if asked["how"] != How.FAMILY:
        return asked["how"], None
    chosen = asked.get("agent") or "0"
    agent = Kinship.objects.filter(pk=int(chosen), person__in=group_of(person.pk) if person else []).first()
    return How.FAMILY, agent


def _agents(person: Person) -> list[tuple[str, Text]]:
    """Relatives recorded as those who may act, today."""
    today = clock.today()
    kin = Kinship.objects.filter(person__in=group_of(person.pk), kind=Kinship.Kind.MAY_ACT).select_related(
        "relative__current"
    )
    holding = [one for one in kin if (one.valid_from or today) <= today <= (one.valid_to or today)]
    return [(str(one.pk), _named(one)) for one in holding]


def _named(kin: Kinship) -> Text:
    current = getattr(kin.relative, "current", None) if kin.relative_id else None
    name = kin.name or (current.name if current else "") or "—"
    return say(f"{name}（{kin.get_relation_display()}）", f"{name} ({kin.relation.replace('_', ' ')})")


def _first(request: HttpRequest) -> dict[str, str]:
    """The key of one request, and the item that a link asks for."""
    return {"key": uuid.uuid4().hex, "matter": request.GET.get("matter", "")[:120]}


@staff(Action.CASE_OPEN)
def find_person(request: HttpRequest) -> HttpResponse:
    """Whom a case is to be about: by name, pinyin or initials, among those the user may hand in for."""
    text = request.GET.get("q", "").strip()[:60]
    found: Sequence[Any] = ()
    if text:
        found = register_page(request.user, Wanted(text=text), _SHOWN, action=Action.CASE_OPEN).rows
        details = {"count": len(found)}
        append(user=request.user, action="person.listed", subject_kind="cases", details=details)
    public = dict(Person.objects.filter(pk__in=[row.person_id for row in found]).values_list("pk", "public_id"))
    places = names_of(row.residence_division_id for row in found)
    lines = [
        {"row": row, "public_id": public[row.person_id], "place": places.get(row.residence_division_id, "—")}
        for row in found
    ]
    return never_stored(show(request, "cases/find.html", {"text": text, "lines": lines}))
