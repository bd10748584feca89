"""The steps of a case: pass, refuse, return for mending, mend, withdraw."""

from __future__ import annotations

from songhe.casework import flow
from songhe.casework.domain.acting import Actor, Held, Said, holding
from songhe.casework.domain.aftermath import follow
from songhe.casework.domain.subsidies import decided_details
from songhe.casework.errors import Incomplete, NotAllowed
from songhe.casework.models import Act, Case
from songhe.policy.load import load_package

_WHY = ("理由", "the reason")


def pass_step(*, by: Actor, case: Case, step: str, reason: str = "") -> None:
    """The step is done: accepted, verified, approved, informed, or its public notice is over.

    `step` is the id of the step as read. Raises CaseMoved, OutOfScope, SamePerson and NotAllowed; nothing is written
    then.
    """
    with holding(by, case) as held:
        held.allow_step(step)
        _no_open_objection(held)
        said = Said(reason=reason.strip(), details=decided_details(held))
        held.work(Act.Verb.PASSED, flow.passed(held.procedure, held.place, held.today), said)
        follow(held)


def refuse(*, by: Actor, case: Case, step: str, reason: str, clause: str, way_to_appeal: str = "") -> None:
    """Not granted (不予同意), with the clause that says so and the way to appeal.

    The way is the procedure's own when none is given; the clause is one of the case's package. Raises Incomplete
    besides what `pass_step` raises.
    """
    with holding(by, case) as held:
        held.allow_step(step)
        said = Said(
            reason=flow.require_text(reason, *_WHY),
            clause=_clause(held.case, clause),
            way_to_appeal=_way(held, way_to_appeal),
        )
        held.work(Act.Verb.REFUSED, flow.refused(held.procedure, held.place, held.today), said)


def return_for_mending(*, by: Actor, case: Case, step: str, reason: str) -> None:
    """Back to the applicant (退回补正), saying what is missing; the step's clock stands still meanwhile."""
    with holding(by, case) as held:
        held.allow_step(step)
        text = flow.require_text(reason, "需要补正的内容", "what must be mended")
        after = flow.returned(held.procedure, held.place, held.today)
        # The clock goes on later: this is no end of the step.
        said = Said(step=held.case.step, duty=held.case.duty if by.user else "", reason=text)
        held.act(Act.Verb.RETURNED, after, said)


def resubmit(*, by: Actor, case: Case, reason: str = "") -> None:
    """What was missing is there (补正): the step goes on where its clock stood."""
    with holding(by, case) as held:
        held.allow_applicant()
        after = flow.resubmitted(held.procedure, held.place, held.today)
        held.act(Act.Verb.RESUBMITTED, after, Said(step=held.case.step, reason=reason.strip()))


def confirm(*, by: Actor, case: Case) -> None:
    """The person invited says yes (确认)."""
    with holding(by, case) as held:
        held.allow_applicant()
        held.act(Act.Verb.CONFIRMED, flow.confirmed(held.procedure, held.place, held.today))


def withdraw(*, by: Actor, case: Case, reason: str = "") -> None:
    """The applicant takes it back (撤回), or says no to an invitation; not once it is decided."""
    with holding(by, case) as held:
        held.allow_applicant()
        after = flow.ended(held.place, "withdrawn", held.today)
        held.act(Act.Verb.WITHDRAWN, after, Said(step=held.case.step, reason=reason.strip()))


def lapse(*, by: Actor, case: Case) -> None:
    """Nothing was mended, or the invitation not answered, in the applicant's time (逾期未补正)."""
    with holding(by, case) as held:
        held.allow("case.accept")
        held.act(Act.Verb.ENDED, flow.lapsed(held.place, held.today), Said(step=held.case.step))


def _no_open_objection(held: Held) -> None:
    if held.procedure.step(held.case.step).kind == "notice" and open_objections(held.case):
        raise NotAllowed("还有异议没有答复。", "An objection has not been answered yet.")


def open_objections(case: Case) -> list[Act]:
    """Objections that nobody has answered, oldest first."""
    said = case.history.filter(verb__in=(Act.Verb.OBJECTED, Act.Verb.ANSWERED)).order_by("number")
    answered = {act.details.get("objection") for act in said if act.verb == Act.Verb.ANSWERED}
    return [act for act in said if act.verb == Act.Verb.OBJECTED and act.number not in answered]


def _clause(case: Case, clause: str) -> str:
    text = flow.require_text(clause, "依据的条款", "the clause it rests on")
    if case.package and text not in load_package(case.package).clauses:
        raise Incomplete(
            f"{case.package} 没有条款 {text}。", f"{text} is no clause of {case.package}; name the one that says so."
        )
    return text


def _way(held: Held, text: str) -> str:
    appeal = held.procedure.appeal
    return flow.require_text(text or (appeal.way.zh if appeal else ""), "救济途径", "the way to appeal")
