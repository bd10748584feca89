"""A year that proves itself: every check that a real database can be put to, one after the other (自证)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from songhe.accounts.domain import audit
from songhe.common.text import Text, say
from songhe.entitlement.models import Run, State
from songhe.entitlement.months import shown
from songhe.entitlement.proof.prove import Proof, prove
from songhe.entitlement.views import verify as verify_run
from songhe.payment.proof import Traced, trace
from songhe.payment.verify import faults
from songhe.policy.load import load_package


@dataclass
class Verdict:
    """What was recomputed and traced; `problems` is empty when everything holds."""

    proof: Proof
    traced: Traced
    audit_lines: int
    problems: list[str] = field(default_factory=list)


def prove_all(county: int, *, report: Callable[[Text], None] = lambda _: None) -> Verdict:
    """Everything about a county (id) that can be proved."""
    report(say("逐人逐月重算", "Everybody's every month is decided anew"))
    proof = prove(county)
    report(say("逐分溯源", "Every fen is led back to its decision"))
    traced = trace(county)
    report(say("核验核定文件、总账和审计记录", "The runs, the ledger and the audit trail are verified"))
    verdict = Verdict(proof, traced, (audit.head() or (0, ""))[0])
    verdict.problems += map(str, proof.differences)
    verdict.problems += traced.unexplained + traced.after_death
    verdict.problems += [f"{one.fund}：{one}" for one in traced.balances if not one.agrees]
    if traced.paid != traced.explained + traced.otherwise.total():
        verdict.problems.append(f"有款项没有依据 fen without a ground: {traced.paid - traced.explained}")
    verdict.problems += map(str, faults())
    for run in Run.objects.filter(county=county, state=State.ACCEPTED).order_by("pk"):
        found = verify_run(run, load_package(run.package))
        verdict.problems += [f"核定 run {shown(run.month)}：{fault.file} {fault.kind}" for fault in found]
    if broken := audit.verify():
        verdict.problems.append(f"审计记录断于 audit trail broken at {broken.sequence}: {broken.kind}")
    return verdict
