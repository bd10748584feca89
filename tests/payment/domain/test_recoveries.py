from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songhe.accounts.scope import OutOfScope
from songhe.payment.domain.posting import writing
from songhe.payment.domain.recoveries import Due, end_plan, outstanding, repay, set_off, state_plan, waive
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, RecoveryPlan
from songhe.payment.queries import owed_by, owed_to
from tests.payment.conftest import AUGUST, JULY, Office


def keep(office: Office, *claims: Claim) -> dict[int, int]:
    dues = [Due(one.pk, one.person_id, one.fund_id, one.item, one.month, one.fen) for one in claims]
    with writing():
        return dict(set_off(office.maker, office.division.pk, dues, "batch"))


def plan(office: Office, claim: Claim, per_month: int = 10**9) -> RecoveryPlan:
    return state_plan(by=office.maker, claim=claim, per_month=per_month, reason="多领，本人同意")


def test_without_a_plan_nothing_is_kept_back(office: Office) -> None:
    person = office.person()
    office.owe(person, -500)
    assert keep(office, office.owe(person, 300)) == {}
    assert owed_by(person) == 500


def test_a_plan_keeps_back_what_is_due_and_never_more(office: Office, whole: Callable) -> None:
    person = office.person()
    recovery = office.owe(person, -500)
    plan(office, recovery)
    due = office.owe(person, 300)
    assert keep(office, due) == {due.pk: 300}
    assert (owed_to(person), owed_by(person)) == (0, 200)
    whole()


def test_a_plan_keeps_back_at_most_its_sum_a_month(office: Office, whole: Callable) -> None:
    person = office.person()
    plan(office, office.owe(person, -500), per_month=100)
    july, arrears, august = office.owe(person, 300), office.owe(person, 50), office.owe(person, 300, AUGUST)
    assert keep(office, july, arrears, august) == {july.pk: 100, august.pk: 100}
    assert owed_by(person) == 300
    whole()


def test_the_sum_a_month_counts_what_an_earlier_batch_kept_back(office: Office) -> None:
    person = office.person()
    plan(office, office.owe(person, -500), per_month=100)
    first, second = office.owe(person, 70), office.owe(person, 70)
    assert keep(office, first) == {first.pk: 70}
    assert keep(office, second) == {second.pk: 30}


def test_no_more_is_kept_back_than_was_to_recover(office: Office) -> None:
    person = office.person()
    plan(office, office.owe(person, -120))
    due = office.owe(person, 300)
    assert keep(office, due) == {due.pk: 120}
    assert owed_to(person) == 180


@pytest.mark.parametrize("difference", [{"item": "another"}, {"fund": "lottery"}])
def test_only_dues_of_the_same_item_and_fund_are_touched(office: Office, difference: dict) -> None:
    person = office.person()
    plan(office, office.owe(person, -120))
    more = {"fund": office.lottery.pk} if "fund" in difference else difference
    assert keep(office, office.owe(person, 300, **more)) == {}


def test_only_dues_of_the_same_person_are_touched(office: Office) -> None:
    plan(office, office.owe(office.person(), -120))
    assert keep(office, office.owe(office.person(), 300)) == {}


def test_dues_of_months_before_the_recovery_are_not_touched(office: Office) -> None:
    person = office.person()
    plan(office, office.owe(person, -120, AUGUST))
    assert keep(office, office.owe(person, 300, JULY)) == {}


def test_a_plan_that_was_ended_or_replaced_keeps_nothing_back(office: Office) -> None:
    person = office.person()
    recovery = office.owe(person, -120)
    first = plan(office, recovery)
    second = plan(office, recovery, per_month=10)
    first.refresh_from_db()
    assert first.ended_by == office.maker
    end_plan(by=office.maker, plan=second)
    assert keep(office, office.owe(person, 300)) == {}
    with pytest.raises(PaymentError, match="before"):
        end_plan(by=office.maker, plan=second)


def test_many_plans_take_no_more_statements_than_one(office: Office) -> None:
    def statements(number: int) -> int:
        people = [office.person() for _ in range(number)]
        for person in people:
            plan(office, office.owe(person, -120))
        dues = [office.owe(person, 300) for person in people]
        with CaptureQueriesContext(connection) as captured:
            assert len(keep(office, *dues)) == number
        return len(captured)

    assert statements(1) == statements(4)


def test_a_due_has_no_plan(office: Office) -> None:
    with pytest.raises(PaymentError, match="Only a recovery"):
        plan(office, office.owe(office.person(), 300))


def test_what_is_repaid_is_in_the_fund_again(office: Office, whole: Callable) -> None:
    recovery = office.owe(office.person(), -500)
    entry = repay(by=office.maker, claim=recovery, fen=200, document="收据1号")
    assert {line.account.kind: line.fen for line in entry.lines.all()} == {"fund": 200, "recovery": -200}
    assert outstanding(recovery) == 300
    whole()


def test_a_waiver_says_who_and_why(office: Office, whole: Callable) -> None:
    recovery = office.owe(office.person(), -500)
    entry = waive(by=office.approver, claim=recovery, fen=500, document="核销1号", reason="已死亡，无遗产")
    assert (entry.user, entry.reason, entry.reference) == (office.approver, "已死亡，无遗产", "核销1号")
    assert outstanding(recovery) == 0
    whole()


@pytest.mark.parametrize("fen", [0, -1, 501])
def test_nothing_and_more_than_is_receivable_is_refused(office: Office, fen: int) -> None:
    recovery = office.owe(office.person(), -500)
    with pytest.raises(PaymentError):
        repay(by=office.maker, claim=recovery, fen=fen, document="收据1号")
    with pytest.raises(PaymentError):
        waive(by=office.approver, claim=recovery, fen=fen, document="核销1号", reason="x")


def test_a_waiver_without_a_reason_is_refused(office: Office) -> None:
    with pytest.raises(PaymentError, match="reason"):
        waive(by=office.approver, claim=office.owe(office.person(), -500), fen=1, document="核销1号", reason=" ")


def test_a_stranger_can_do_none_of_it(office: Office) -> None:
    recovery = office.owe(office.person(), -500)
    with pytest.raises(OutOfScope):
        state_plan(by=office.stranger, claim=recovery, per_month=1, reason="x")
    with pytest.raises(OutOfScope):
        repay(by=office.stranger, claim=recovery, fen=1, document="x")
    with pytest.raises(OutOfScope):
        waive(by=office.stranger, claim=recovery, fen=1, document="x", reason="x")
