"""The person's applications: where each stands, what can be done with it now, and what can be applied for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from songhe.casework.domain.appeals import appeal_until
from songhe.casework.models import Case, Kind, Outcome, State
from songhe.casework.queries.names import matter_of
from songhe.casework.queries.timeline import Line, standing, timeline_for_applicant
from songhe.common import clock
from songhe.common.text import Text
from songhe.registry.groups import group_of
from songhe.registry.models import Person


@dataclass(frozen=True)
class Matter:
    """A case as whoever applied sees it."""

    case: Case

    @property
    def id(self) -> UUID:
        return self.case.public_id

    @property
    def name(self) -> Text:
        return matter_of(self.case)

    @property
    def standing(self) -> Text:
        return standing(self.case)

    @property
    def lines(self) -> list[Line]:
        return timeline_for_applicant(self.case)

    @property
    def waits_for_me(self) -> bool:
        return self.case.state in (State.RETURNED, State.INVITED)

    @property
    def is_returned(self) -> bool:
        return self.case.state == State.RETURNED

    @property
    def is_invited(self) -> bool:
        return self.case.state == State.INVITED

    @property
    def may_withdraw(self) -> bool:
        return self.case.state != State.CLOSED and not self.case.outcome

    @property
    def appeal_until(self) -> dt.date | None:
        """The last day for an appeal, while it lasts; None once there is an appeal."""
        until = appeal_until(self.case)
        if until is None or clock.today() > until or self.case.outcome != Outcome.REFUSED:
            return None
        return None if self.case.later.filter(kind=Kind.APPEAL).exists() else until

    @property
    def may_complain(self) -> bool:
        return self.case.kind != Kind.COMPLAINT


def matters_of(person: Person) -> list[Matter]:
    """All of them: what waits for the person first, then what is open, then what is over; each the newest first."""
    rows = Case.objects.filter(person__in=group_of(person.pk)).select_related("procedure").order_by("-opened_at", "-pk")
    order = {State.RETURNED: 0, State.INVITED: 0, State.RUNNING: 1, State.CLOSED: 2}
    return [Matter(case) for case in sorted(rows, key=lambda case: order[State(case.state)])]


def matter_for(person: Person, public_id: UUID) -> Matter | None:
    """One of this very person's; None for anybody else's."""
    rows = Case.objects.filter(person__in=group_of(person.pk), public_id=public_id).select_related(
        "procedure", "person"
    )
    case = rows.first()
    return None if case is None else Matter(case)


def refused_items(matters: list[Matter]) -> dict[str, Matter]:
    """Item → the last case in which it was refused."""
    closed = (matter for matter in reversed(matters) if matter.case.kind == Kind.BENEFIT)
    return {matter.case.item: matter for matter in closed if matter.case.outcome == Outcome.REFUSED}


def open_items(matters: list[Matter]) -> dict[str, Matter]:
    """Item → the case in which it is applied for, or was granted and not refused since."""
    found: dict[str, Matter] = {}
    benefits = [matter for matter in reversed(matters) if matter.case.kind == Kind.BENEFIT]
    for matter in sorted(benefits, key=lambda matter: (_last_day(matter.case), matter.case.pk)):
        case = matter.case
        if case.state != State.CLOSED or case.outcome == Outcome.GRANTED:
            found[case.item] = matter
        elif case.outcome == Outcome.REFUSED:
            found.pop(case.item, None)
    return found


def _last_day(case: Case) -> dt.date:
    """The day of its decision; what is still open comes after everything."""
    return dt.date.max if case.state != State.CLOSED else case.decided_on or case.closed_on or dt.date.min
