"""Months of a granted subsidy that are still to be settled, and the whole way of its money back to its ground."""

from __future__ import annotations

import datetime as dt

from songhe.organisations.domain.registering import close
from songhe.payment.domain.from_subsidies import Period, unsettled
from songhe.payment.models import Claim
from songhe.payment.proof import trace
from tests.organisations.builders import account_for, know
from tests.payment.domain.test_from_subsidies import BUILDING, JUNE, MAY, RUNNING, Handling, at, handling

__all__ = ["handling"]


def test_every_month_that_is_over_waits_until_it_is_settled(handling: Handling) -> None:
    case = handling.granted(RUNNING)
    with at(20):
        assert unsettled(case) == []
    with at(60):
        assert unsettled(case) == [Period(JUNE, 960_000, 0), Period(MAY, 960_000, 0)]
        handling.admit(case, MAY)
        assert unsettled(case) == [Period(JUNE, 960_000, 0)]


def test_beds_that_were_recorded_late_show_what_is_owed_or_owed_back(handling: Handling) -> None:
    case = handling.granted(RUNNING)
    with at(60):
        handling.admit(case, MAY)
        handling.admit(case, JUNE)
        know(handling.office.maker, handling.home, on=dt.date(2024, 6, 20), approved_beds=100)
        assert unsettled(case) == [Period(JUNE, -160_000, 960_000)]
        know(handling.office.maker, handling.home, on=dt.date(2024, 6, 20), approved_beds=None)
        assert unsettled(case) == [Period(JUNE, None, 960_000)]
        close(by=handling.office.maker, organisation=handling.home, on=dt.date(2024, 6, 15), document="注销证明")
        assert unsettled(case) == [Period(JUNE, -960_000, 960_000)]


def test_a_sum_paid_once_has_no_periods(handling: Handling) -> None:
    case = handling.granted(BUILDING)
    with at(60):
        assert unsettled(case) == []


def test_every_fen_is_led_back_to_the_act_the_facts_and_the_clauses(handling: Handling) -> None:
    office = handling.office
    building, running = handling.granted(BUILDING), handling.granted(RUNNING)
    with at(9):
        account_for(handling.home, office.maker, office.checker)
        handling.admit(building)
    with at(40):
        handling.admit(running, MAY)
    with at(50):
        know(office.maker, handling.home, approved_beds=100)
    with at(60):
        handling.admit(running, MAY)
        handling.admit(running, JUNE)
        for fund in (office.fund, office.lottery):
            office.fill(100_000_000, fund)
        batch = office.batch(items=[BUILDING, RUNNING], first_month=MAY, month=JUNE).batch
        office.answered(office.sent(batch))
    found = trace(office.division.pk)
    assert (found.unexplained, found.otherwise.total()) == ([], 0)
    assert found.paid == found.explained == batch.fen
    assert found.holds
    told = next(text for text in found.led if RUNNING in text)
    for part in ("80元 × 120 = 9,600元", "核定床位", "XX-E-02c", "XXS-02", str(running.public_id)):
        assert part in told


def test_a_claim_that_no_decision_bears_is_named(handling: Handling) -> None:
    case = handling.granted(BUILDING)
    with at(9):
        handling.admit(case)
        one = Claim.objects.latest("pk")
        values = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}
        wrong = {"id": one.pk + 1, "reference": f"{one.reference}0", "fen": 1}
        Claim.objects.create(**{**values, **wrong})
    found = trace(handling.office.division.pk)
    assert len(found.unexplained) == 3 and not found.holds
    assert "与同意时的决定不同" in found.unexplained[0]
