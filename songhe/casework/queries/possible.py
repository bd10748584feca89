"""What somebody can do in a case where it stands now, and what keeps them from the rest: the domain's rules, asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.casework.domain.acting import must_be_others
from songhe.casework.domain.appeals import appeal_until
from songhe.casework.domain.steps import open_objections
from songhe.casework.models import Act, Case, Kind
from songhe.casework.shapes import Step
from songhe.casework.stored import procedure_of
from songhe.common.text import Text, say

_SAME_PERSON = say(
    "您已在该件（或原件）的其他岗位经办过，此环节须由另一人办理。",
    "You already had another duty in this case or the one it is about: somebody else must do this step.",
)
_OBJECTED = say("还有异议没有答复，答复后才能继续。", "An objection has no answer yet; answer it first.")


@dataclass(frozen=True)
class Choice:
    """An act: pass, publish, return, refuse, resubmit, confirm, withdraw, lapse, hand_over, object, answer, appeal.

    `why_not`: why this user cannot do what the case waits for. `objection` is what `answer` answers.
    """

    act: str
    why_not: Text | None = None
    objection: Act | None = None


def possible(user: User, case: Case, today: dt.date) -> list[Choice]:
    """What the user may do now, the most usual first; the domain asks again when it is done."""
    reached = _reached(user, case)
    found = [*_of_step(user, case, today, reached), *_of_applicant(case, today, reached)]
    is_undecided = case.state != "closed" and not case.outcome
    if "case.verify" in reached and is_undecided:
        found.append(Choice("hand_over"))
    if "case.open" in reached and is_undecided:
        found.append(Choice("withdraw"))
    if "case.open" in reached:
        until = appeal_until(case)
        found += [Choice("appeal")] if until is not None and today <= until else []
        found += [Choice("complain")] if case.kind != Kind.COMPLAINT else []
    return found


def _reached(user: User, case: Case) -> frozenset[str]:
    asked = {"case.open", "case.verify", "case.accept", *([case.awaits] if case.state == "running" else [])}
    here = Case.objects.filter(pk=case.pk)
    return frozenset(action for action in sorted(asked) if visible(here, user, action).exists())


def _of_step(user: User, case: Case, today: dt.date, reached: frozenset[str]) -> Iterator[Choice]:
    if case.state != "running" or case.awaits not in reached:
        return
    step = procedure_of(case).step(case.step)
    same = _SAME_PERSON if case.duty and must_be_others(case, user) else None
    if step.kind == "notice":
        yield from _of_notice(case, today, same)
        return
    yield Choice("pass", same)
    for what in ("return", "refuse"):
        if what in step.may and same is None:
            yield Choice(what)


def _of_notice(case: Case, today: dt.date, same: Text | None) -> Iterator[Choice]:
    if case.notice_from is None:
        yield Choice("publish", same)
        return
    objections = open_objections(case)
    if same is None:
        yield from (Choice("answer", objection=one) for one in objections)
    yield Choice("pass", same or _not_yet(case, today, bool(objections)))


def _not_yet(case: Case, today: dt.date, is_objected: bool) -> Text | None:
    if is_objected:
        return _OBJECTED
    if case.notice_to is not None and today <= case.notice_to:
        return say(f"公示到 {case.notice_to} 为止，期满后自动转入下一环节。",
                   f"The public notice runs until {case.notice_to}; after it the case goes on by itself.")  # fmt: skip
    return None


def _of_applicant(case: Case, today: dt.date, reached: frozenset[str]) -> Iterator[Choice]:
    if "case.open" in reached:
        if case.state == "returned":
            yield Choice("resubmit")
        if case.state == "invited":
            yield Choice("confirm")
        if _is_under_notice(case, today):
            yield Choice("object")
    waits = case.state in ("returned", "invited")
    if waits and "case.accept" in reached and case.due_on is not None and case.due_on < today:
        yield Choice("lapse")


def _is_under_notice(case: Case, today: dt.date) -> bool:
    return case.state == "running" and case.notice_to is not None and not case.outcome and today <= case.notice_to


@dataclass(frozen=True)
class Stage:
    """A step of the procedure: `done` and by whom when it is behind the case, `is_here` where it stands."""

    step: Step
    done: Act | None
    is_here: bool

    @property
    def is_behind(self) -> bool:
        return self.done is not None and not self.is_here


def stages(case: Case) -> list[Stage]:
    """The steps in their order, each with the act that last ended it; after a refusal those skipped have none."""
    procedure = procedure_of(case)
    ended = {act.step: act for act in case.history.filter(ends=True).select_related("user").order_by("number")}
    here = procedure.position(case.step) if case.step and case.state != "closed" else len(procedure.steps)
    return [
        Stage(step, ended.get(step.id) if number < here else None, number == here)
        for number, step in enumerate(procedure.steps)
    ]
