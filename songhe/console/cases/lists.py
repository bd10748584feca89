"""Lists of cases: what is asked for, and a row for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from songhe.casework.models import Case, Kind
from songhe.casework.queries.names import matter_of, step_of
from songhe.casework.stored import procedure_of
from songhe.casework.subjects import organisation_names
from songhe.casework.words import KINDS, OUTCOMES, STATES
from songhe.common.text import Text, say
from songhe.console.places import names_of
from songhe.divisions.queries import tree_on
from songhe.registry.models import CurrentPerson, Person

OVERDUE = "overdue"
_READ = ("procedure", "division", "person__current", "person__merged_into__current")


@dataclass(frozen=True)
class Row:
    """`stands`: the step where it waits, whom it waits for, or how it ended."""

    case: Case
    who: str
    matter: Text
    kind: Text
    stands: Text
    place: str
    is_late: bool
    days_left: int | None


def narrowed(cases: QuerySet[Case], asked: Mapping[str, Any], today: dt.date) -> QuerySet[Case]:
    """Those that fit the filters `kind`, `step`, `item`, `state`, `outcome`, `division` (a node), `late` and `q`."""
    for name in ("kind", "step", "item", "outcome"):
        if value := asked.get(name):
            cases = cases.filter(**{name: value})
    if state := asked.get("state"):
        cases = cases.filter(state=state) if state != OVERDUE else _late(cases, today)
    if asked.get("late"):
        cases = _late(cases, today)
    if (node := asked.get("division")) is not None:
        cases = cases.filter(division__in=tree_on().subtree([node.id]))
    if text := (asked.get("q") or "").strip():
        cases = cases.filter(_named(text))
    return cases


def _late(cases: QuerySet[Case], today: dt.date) -> QuerySet[Case]:
    return cases.exclude(state="closed").filter(due_on__lt=today)


def _named(text: str) -> Q:
    try:
        return Q(public_id=UUID(text))
    except ValueError:
        own, other = Q(person__current__name__contains=text), Q(person__merged_into__current__name__contains=text)
        return own | other | Q(subject_id=text)


def rows(cases: QuerySet[Case] | Sequence[Case], today: dt.date) -> list[Row]:
    """Whatever the number of cases, with as many queries; `cases` were read by `with_people`."""
    shown = list(cases)
    places, organisations = names_of(case.division_id for case in shown), organisation_names(shown)
    return [_row(case, places.get(case.division_id, "—"), today, organisations.get(case.pk, "")) for case in shown]


def with_people(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related(*_READ)


def _row(case: Case, place: str, today: dt.date, organisation: str) -> Row:
    due = case.due_on if case.state != "closed" else None
    return Row(
        case=case,
        who=organisation or name_of(case),
        matter=matter_of(case),
        kind=KINDS[Kind(case.kind)],
        stands=stands(case, today),
        place=place,
        is_late=due is not None and due < today,
        days_left=None if due is None else (due - today).days,
    )


def name_of(case: Case) -> str:
    """The older person's name as known today; of what is nobody's, the organisation or number that it is about."""
    current = current_of(case.person) if case.person else None
    if current is None and (organisation := organisation_names([case])):
        return organisation[case.pk]
    return (current.name if current else None) or case.subject_id or "—"


def current_of(person: Person) -> CurrentPerson | None:
    found: CurrentPerson | None = getattr(person.merged_into or person, "current", None)
    return found


def stands(case: Case, today: dt.date) -> Text:
    if case.state == "closed":
        return OUTCOMES[case.outcome]
    if case.state != "running":
        return STATES[case.state]
    step = step_of(case, case.step)
    if case.notice_to is not None and case.outcome == "" and case.notice_from is not None:
        over = today > case.notice_to
        zh = f"{step.zh}（{'已满' if over else f'至{case.notice_to}'}）"
        return say(zh, f"{step.en} ({'over' if over else f'until {case.notice_to}'})") if _at_notice(case) else step
    return step


def _at_notice(case: Case) -> bool:
    return procedure_of(case).step(case.step).kind == "notice"


def people_of(cases: Iterable[Case]) -> int:
    """How many older people a page of cases shows: a list of people is told to the audit trail."""
    return len({case.person_id for case in cases if case.person_id})
