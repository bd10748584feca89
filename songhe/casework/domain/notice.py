"""The public notice (公示): published, objected to, answered. What it shows stands in `queries.notices`."""

from __future__ import annotations

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.casework import flow
from songhe.casework.domain.acting import Actor, Said, holding
from songhe.casework.domain.steps import open_objections
from songhe.casework.errors import NotAllowed
from songhe.casework.models import Act, Case
from songhe.common.fieldcrypto import seal, unseal

CONTACT = "casework.contact"
# So many unanswered objections of the public to one notice; more say nothing new, and nobody can bury a case in them.
MOST_OPEN = 10


def publish(*, by: Actor, case: Case, step: str = "notice") -> None:
    """The notice begins today and runs for the days of the procedure, to a working day."""
    with holding(by, case) as held:
        held.allow_step(step)
        after = flow.published(held.procedure, held.place, held.today)
        said = Said(
            step=step,
            duty=held.case.duty if by.user else "",
            details={"from": after.notice_from.isoformat(), "to": after.notice_to.isoformat()},
        )
        held.act(Act.Verb.PUBLISHED, after, said)


def object_to(*, by: Actor, case: Case, text: str, contact: str = "") -> None:
    """Anybody objects (异议) while the notice runs; the contact is kept sealed. Staff take it down for somebody."""
    with holding(by, case) as held:
        flow.under_notice(held.procedure, held.place, held.today)
        held.allow("case.open")
        if by.party == Act.Party.PUBLIC and len(open_objections(held.case)) >= MOST_OPEN:
            raise NotAllowed(
                "对该件的异议已有多条正在核实，请直接到街道（镇）反映。",
                "Several objections are being looked into already: please tell the town office in person.",
            )
        said = Said(
            step=held.case.step,
            reason=flow.require_text(text, "异议的内容", "what is objected to"),
            contact=seal(CONTACT, contact.strip()) if contact.strip() else None,
        )
        held.act(Act.Verb.OBJECTED, held.place, said)


def answer_objection(*, by: Actor, case: Case, objection: int, upheld: bool, reason: str, step: str = "notice") -> None:
    """An answer to the objection of that act number; one that is upheld has the case verified again."""
    with holding(by, case) as held:
        held.allow_step(step)
        if objection not in [act.number for act in open_objections(held.case)]:
            raise NotAllowed("没有这条待答复的异议。", "There is no such objection without an answer.")
        said = Said(
            step=step,
            duty=held.case.duty if by.user else "",
            ends=upheld,
            reason=flow.require_text(reason, "答复的理由", "the reason"),
            details={"objection": objection, "upheld": upheld},
        )
        after = flow.reopened(held.procedure, held.place, held.today) if upheld else held.place
        held.act(Act.Verb.ANSWERED, after, said)


def reveal_contact(*, user: User, act: Act) -> str | None:
    """How to reach whoever objected, for those who may answer; every time recorded. None when it was not said."""
    require(user, "case.verify", act)
    append(
        user=user,
        action="case.contact_revealed",
        subject_kind="case",
        subject_id=str(act.case.public_id),
        division=act.case.division_id,
        details={"act": act.number},
    )
    return None if act.contact is None else unseal(CONTACT, act.contact)
