"""What the platform does by itself every night: notices that are over, overdue steps, deaths, merged divisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from songhe.casework import flow
from songhe.casework.domain import many
from songhe.casework.domain.acting import SYSTEM, Actor, Said, moment
from songhe.casework.domain.moving import county_of, hand_over
from songhe.casework.flow import Place, place_of
from songhe.casework.models import Act, Case, Kind, ProcedureText
from songhe.casework.shapes import Procedure
from songhe.casework.stored import parsed, procedure_of
from songhe.divisions.models import Division
from songhe.registry.places import moved


@dataclass(frozen=True)
class Night:
    """How many cases each part of the work touched."""

    notices: int
    overdue: int
    lapsed: int
    deaths: int
    divisions: int
    moves: int


def run_night(*, by: Actor = SYSTEM) -> Night:
    """Everything, each part in transactions of its own; doing it twice changes nothing more."""
    return Night(
        divisions=follow_divisions(by=by),
        deaths=close_for_deaths(by=by),
        moves=follow_moves(by=by),
        notices=end_notices(by=by),
        lapsed=close_lapsed(by=by),
        overdue=escalate_overdue(by=by),
    )


def end_notices(*, by: Actor = SYSTEM) -> int:
    """Public notices whose days are over and to which no objection is open go on to the next step."""
    today = _today(by)
    over = _open().filter(state="running", notice_to__lt=today, step__in=_notices())

    def go_on(procedure: Procedure, place: Place) -> Place:
        return flow.passed(procedure, place, today)

    return _all(by, over, Act.Verb.PASSED, go_on, ends=True, leave=many.with_objections)


def escalate_overdue(*, by: Actor = SYSTEM) -> int:
    """Steps that are overdue are called for (催办), once for each time a case comes to a step."""
    today = _today(by)
    late = _open().filter(state="running", due_on__lt=today, escalated_on=None)
    return _all(by, late, Act.Verb.ESCALATED, lambda _, place: replace(place, escalated_on=today))


def close_lapsed(*, by: Actor = SYSTEM) -> int:
    """What was not mended, and invitations not answered, in the applicant's time."""
    today = _today(by)
    waiting = _open().filter(state__in=("returned", "invited"), due_on__lt=today, outcome="")
    return _all(by, waiting, Act.Verb.ENDED, lambda _, place: flow.lapsed(place, today))


def close_for_deaths(*, by: Actor = SYSTEM) -> int:
    """Undecided cases of people who are known to have died, where the procedure ends with a death.

    Money that was still owed is another case (heirs_claim), opened by those who inherit.
    """
    today = _today(by)
    dead = Q(person__current__alive=False) | Q(person__merged_into__current__alive=False)
    theirs = _open().filter(dead, outcome="", procedure__content__ends_with_death=True)
    return _all(by, theirs, Act.Verb.ENDED, lambda _, place: flow.ended(place, "died", today))


def follow_divisions(*, by: Actor = SYSTEM) -> int:
    """Cases of divisions that are no more go to those that took them over; within a county they keep their step."""
    today = _today(by)
    now = moved(today)
    lost = _open().filter(division__in=[gone for gone, heir in now.items() if heir is not None])
    cases = list(lost)
    for case in cases:
        hand_over(by=by, case=case, to=Division.objects.get(pk=now[case.division_id]), reason="区划变更")
    return len(cases)


def follow_moves(*, by: Actor = SYSTEM) -> int:
    """Undecided cases of people who have moved to another county go there, to the division where they now belong.

    Which place counts, that of registration or of residence, says the procedure of the case. An appeal or a complaint
    stays with those who handle the case that it is about.
    """
    today = _today(by)
    places = {"hukou": "person__current__hukou_division", "residence": "person__current__residence_division"}
    theirs = _open().filter(outcome="", person__merged_into=None).exclude(kind__in=(Kind.APPEAL, Kind.COMPLAINT))
    moved_cases = []
    for place, path in places.items():
        of_place = theirs.filter(procedure__content__place=place).exclude(**{path: None}).exclude(division=F(path))
        moved_cases += [(case, case.now_at) for case in of_place.annotate(now_at=F(path)).order_by("pk")]
    written = 0
    for case, to in moved_cases:
        to = moved(today).get(to, to) or to
        if county_of(case.division_id, today) != county_of(to, today):
            hand_over(by=by, case=case, to=Division.objects.get(pk=to), reason="本人迁往他县")
            written += 1
    return written


def _all(
    by: Actor,
    queryset: QuerySet[Case],
    verb: str,
    go: Callable[[Procedure, Place], Place],
    *,
    ends: bool = False,
    leave: Callable[[list[int]], set[int]] = lambda ids: set(),
) -> int:
    written = 0
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), many.BLOCK):
        with transaction.atomic():
            rows = list(many.locked(queryset.filter(pk__in=ids[start : start + many.BLOCK])))
            left = leave([row.pk for row in rows])
            steps = [
                many.Step(row, go(procedure_of(row), place_of(row)), Said(step=row.step, ends=ends))
                for row in rows
                if row.pk not in left
            ]
            written += many.write(by, steps, verb, moment(by, None)) if steps else 0
    return written


def _notices() -> set[str]:
    """What the steps of public notice are called in the procedures that cases have begun under."""
    return {step.id for row in ProcedureText.objects.all() for step in parsed(row).steps if step.kind == "notice"}


def _open() -> QuerySet[Case]:
    return Case.objects.exclude(state="closed")


def _today(by: Actor) -> dt.date:
    return timezone.localdate(moment(by, None))
