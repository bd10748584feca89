"""Appeals (申诉) and complaints (投诉), each a case of its own, with its own clock and other people."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from songhe.casework.domain.acting import Actor
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.errors import NotAllowed
from songhe.casework.flow import require_text
from songhe.casework.models import Case, How, Kind
from songhe.casework.stored import procedure_of
from songhe.common import clock
from songhe.common.workdays import last_day_of_period
from songhe.divisions.models import Division
from songhe.registry.models import Kinship, Person


def appeal(
    *, by: Actor, case: Case, reason: str, how: str = How.SELF, agent: Kinship | None = None, request_key: str = ""
) -> Case:
    """An appeal against a decided case, within its days. Nobody who handled that case handles the appeal."""
    text = require_text(reason, "申诉的理由", "the reason of the appeal")
    _must_be_in_time(case, timezone.localdate(by.at or clock.now()))
    matter = Matter(
        kind=Kind.APPEAL,
        person=case.person and (case.person.merged_into or case.person),
        subject=(case.subject_kind, case.subject_id),
        package=case.package,
        item=case.item,
        how=how,
        agent=agent,
        about=case,
        division=case.division,
    )
    return open_case(by=by, matter=matter, text=text, request_key=request_key)


def complain(
    *,
    by: Actor,
    text: str,
    person: Person | None = None,
    about: Case | None = None,
    subject: tuple[str, str] = ("", ""),
    division: Division | None = None,
    how: str = How.SELF,
    agent: Kinship | None = None,
    request_key: str = "",
) -> Case:
    """A complaint by or for a person, about a case or anything else; `subject` is (kind, id) of what it is about."""
    matter = Matter(
        kind=Kind.COMPLAINT,
        person=person,
        subject=subject,
        how=how,
        agent=agent,
        about=about,
        division=division or (about and about.division),
    )
    what = require_text(text, "投诉的内容", "what is complained of")
    return open_case(by=by, matter=matter, text=what, request_key=request_key)


def appeal_until(case: Case) -> dt.date | None:
    """The last day for an appeal; None as long as nobody was informed of a decision, or when there is no appeal."""
    terms = procedure_of(case).appeal
    if terms is None or case.informed_on is None or case.outcome not in ("granted", "refused"):
        return None
    return last_day_of_period(case.informed_on, terms.days).day


def _must_be_in_time(case: Case, today: dt.date) -> None:
    if case.outcome not in ("granted", "refused"):
        raise NotAllowed("该件没有作出决定，不能申诉；可以投诉。", "It was not decided; you may complain instead.")
    until = appeal_until(case)
    if until is not None and today > until:
        raise NotAllowed(
            f"申诉期已于 {until} 届满；可以投诉。",
            f"The time for an appeal ended on {until}; you may complain instead.",
        )
