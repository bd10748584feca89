"""Where an act takes a case: plain computing, with no database and nobody asked for permission."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any

from songhe.casework.errors import Incomplete, NotAllowed
from songhe.casework.shapes import Procedure, Step
from songhe.common.workdays import add_workdays, last_day_of_period, workdays_between

_NOT_OPEN = ("该件已办结。", "The case is closed.")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a case stands: the columns of Case that acts change."""

    state: str = "running"
    step: str = ""
    awaits: str = ""
    duty: str = ""
    due_on: dt.date | None = None
    due_unsure: bool = False
    clock_left: int | None = None
    notice_from: dt.date | None = None
    notice_to: dt.date | None = None
    outcome: str = ""
    decided_on: dt.date | None = None
    informed_on: dt.date | None = None
    closed_on: dt.date | None = None
    escalated_on: dt.date | None = None


COLUMNS = tuple(field.name for field in fields(Place))


def place_of(row: Any) -> Place:
    """Where a Case stands."""
    return Place(**{name: getattr(row, name) for name in COLUMNS})


def begin(procedure: Procedure, today: dt.date, *, offered: bool = False) -> Place:
    """At the first step; when offered, at the first that has anything to do without a form."""
    first = next(number for number, step in enumerate(procedure.steps) if not (offered and step.not_when_offered))
    return _enter(procedure, first, Place(), today)


def invite(procedure: Procedure, today: dt.date) -> Place:
    """Waiting for the person to say yes."""
    return _waiting(Place(), "invited", procedure.reply_workdays, today)


def confirmed(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """The person said yes: nothing needs to be handed in."""
    if place.state != "invited":
        raise NotAllowed("该件不在等待本人确认。", "Nobody was asked to confirm this case.")
    return begin(procedure, today, offered=True)


def passed(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """The step is done. A notice has to have run its days; the decision grants."""
    step = _running(procedure, place)
    if step.kind == "notice":
        _must_have_run(place, today)
    after = place
    if step.kind == "decide":
        after = replace(after, outcome="granted", decided_on=today)
    if step.kind == "inform":
        return _closed(replace(after, informed_on=today), after.outcome, today)
    return _enter(procedure, procedure.position(step.id) + 1, after, today)


def refused(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """Not granted: whoever applied is informed of it next."""
    _may(procedure, place, "refuse")
    informing = procedure.informing
    assert informing is not None
    return _enter(procedure, informing, replace(place, outcome="refused", decided_on=today), today)


def returned(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """Something must be mended: the step's clock stands still, the applicant's own runs."""
    _may(procedure, place, "return")
    assert place.due_on is not None
    left = max(workdays_between(today, place.due_on).number, 0)
    return _waiting(replace(place, clock_left=left), "returned", procedure.mend_workdays, today)


def resubmitted(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """Mended: the step goes on with the working days that were left."""
    if place.state != "returned":
        raise NotAllowed("该件没有退回补正。", "The case was not returned for mending.")
    entered = _enter(procedure, procedure.position(place.step), place, today)
    due = add_workdays(today, place.clock_left or 0)
    return replace(entered, due_on=due.day, due_unsure=bool(due.unknown_years))


def published(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """The notice begins to run. It is due when its days are over and somebody has had time to go on."""
    step = _running(procedure, place)
    if step.kind != "notice" or place.notice_from is not None:
        raise NotAllowed("该件现在不能公示。", "The case is not to be published now.")
    assert step.days is not None
    end = last_day_of_period(today, step.days)
    due = add_workdays(end.day, step.workdays)
    unsure = bool(due.unknown_years or end.unknown_years)
    return replace(place, notice_from=today, notice_to=end.day, due_on=due.day, due_unsure=unsure)


def under_notice(procedure: Procedure, place: Place, today: dt.date) -> None:
    """Raises NotAllowed unless the notice runs today."""
    step = _running(procedure, place)
    if step.kind != "notice" or place.notice_from is None or today > (place.notice_to or today):
        raise NotAllowed("该件不在公示期内。", "The case is not under public notice.")


def reopened(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """An objection was right: the step before the notice is done again."""
    step = _running(procedure, place)
    if step.kind != "notice":
        raise NotAllowed("该件不在公示环节。", "The case is not at its public notice.")
    cleared = replace(place, notice_from=None, notice_to=None)
    return _enter(procedure, procedure.position(step.id) - 1, cleared, today)


def transferred(procedure: Procedure, place: Place, today: dt.date) -> Place:
    """In other hands: from the first step on, as those who vouch for it must have looked themselves."""
    _must_be_undecided(place)
    if place.state == "invited":
        return place
    return begin(procedure, today)


def taken_over(procedure: Procedure, granted_on: dt.date, today: dt.date) -> Place:
    """Granted on a day before the platform, and closed as soon as it is known here."""
    deciding = next(step for step in procedure.steps if step.kind == "decide")
    return _closed(Place(step=deciding.id, decided_on=granted_on), "granted", today)


def ended(place: Place, outcome: str, today: dt.date) -> Place:
    """Closed without a decision: withdrawn, lapsed or died."""
    _must_be_undecided(place)
    return _closed(place, outcome, today)


def lapsed(place: Place, today: dt.date) -> Place:
    """The applicant's own clock ran out."""
    if place.state not in ("returned", "invited") or place.due_on is None or today <= place.due_on:
        raise NotAllowed("申请人的期限未过。", "The applicant's time has not run out.")
    return ended(place, "lapsed", today)


def require_text(reason: str, zh: str, en: str) -> str:
    """The text without needless space; Incomplete when there is none."""
    text = reason.strip()
    if not text:
        raise Incomplete(f"请填写{zh}。", f"Please give {en}.")
    return text


def _running(procedure: Procedure, place: Place) -> Step:
    if place.state == "closed":
        raise NotAllowed(*_NOT_OPEN)
    if place.state != "running":
        raise NotAllowed("该件正在等待申请人。", "The case waits for the applicant.")
    return procedure.step(place.step)


def _may(procedure: Procedure, place: Place, what: str) -> None:
    step = _running(procedure, place)
    if what not in step.may:
        word = {"return": "退回", "refuse": "不予同意"}[what]
        raise NotAllowed(f"“{step.name.zh}”环节不能{word}。", f"The step {step.name.en} cannot {what}.")


def _must_have_run(place: Place, today: dt.date) -> None:
    if place.notice_to is None:
        raise NotAllowed("还没有公示。", "It has not been published yet.")
    if today <= place.notice_to:
        raise NotAllowed(f"公示到 {place.notice_to} 为止。", f"The public notice runs until {place.notice_to}.")


def _must_be_undecided(place: Place) -> None:
    if place.state == "closed":
        raise NotAllowed(*_NOT_OPEN)
    if place.outcome:
        raise NotAllowed("该件已作出决定，只剩告知。", "The case is decided; only informing is left.")


def _enter(procedure: Procedure, number: int, place: Place, today: dt.date) -> Place:
    step = procedure.steps[number]
    due = add_workdays(today, step.workdays)
    return replace(
        place,
        state="running",
        step=step.id,
        awaits=step.action,
        duty=step.duty or "",
        due_on=due.day,
        due_unsure=bool(due.unknown_years),
        clock_left=None,
        escalated_on=None,
    )


def _waiting(place: Place, state: str, workdays: int, today: dt.date) -> Place:
    due = add_workdays(today, workdays)
    return replace(
        place,
        state=state,
        awaits="applicant",
        duty="",
        due_on=due.day,
        due_unsure=bool(due.unknown_years),
        escalated_on=None,
    )


def _closed(place: Place, outcome: str, today: dt.date) -> Place:
    return replace(
        place,
        state="closed",
        awaits="",
        duty="",
        due_on=None,
        due_unsure=False,
        clock_left=None,
        outcome=outcome,
        closed_on=today,
        escalated_on=None,
    )
