"""Many people try many things on one case: whatever comes of it, nobody had two duties and the trail holds."""

import random

import pytest

from songhe.accounts.domain.audit import verify
from songhe.accounts.scope import OutOfScope
from songhe.casework.domain.notice import publish
from songhe.casework.domain.steps import pass_step, refuse, resubmit, return_for_mending
from songhe.casework.errors import CaseError
from songhe.casework.flow import COLUMNS
from songhe.casework.models import Case
from tests.casework.conftest import CLAUSE, Desk

PEOPLE = ("village", "lan", "mei", "zhou", "qian", "far", "assessor")
STEPS = ("accept", "verify", "notice", "approve", "inform")


def tries(desk: Desk, chance: random.Random, case: Case) -> None:
    by = desk.staff(chance.choice(PEOPLE))
    # As a rule the step where it stands, so that it gets somewhere.
    step = case.step if chance.random() < 0.8 else chance.choice(STEPS)
    what = chance.choice(("pass", "pass", "pass", "publish", "publish", "return", "resubmit", "refuse"))
    match what:
        case "pass":
            pass_step(by=by, case=case, step=step)
        case "publish":
            publish(by=by, case=case, step=step)
        case "return":
            return_for_mending(by=by, case=case, step=step, reason="缺户口簿")
        case "resubmit":
            resubmit(by=by, case=case)
        case "refuse" if chance.random() < 0.1:
            refuse(by=by, case=case, step=step, reason="理由", clause=CLAUSE)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_has_two_duties_in_a_case(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    case = desk.open()
    refused = 0
    for _ in range(120):
        before = [getattr(case, name) for name in (*COLUMNS, "acts")]
        try:
            tries(desk, chance, case)
        except (CaseError, OutOfScope):
            refused += 1
            case.refresh_from_db()
            assert [getattr(case, name) for name in (*COLUMNS, "acts")] == before
        desk.wait(chance.randint(0, 3))
        if case.state == "closed":
            break
    acts = list(case.history.order_by("number"))
    assert refused
    assert [act.number for act in acts] == list(range(1, case.acts + 1))
    duties: dict[int, set[str]] = {}
    for act in acts:
        if act.duty:
            duties.setdefault(act.user_id, set()).add(act.duty)
    assert all(len(one) == 1 for one in duties.values())
    assert case.acts > 3
    decision = [act.duty for act in acts if act.step == "approve" and act.verb in ("passed", "refused")]
    assert set(decision) <= {"approver"}
    assert verify() is None
