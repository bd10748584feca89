import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from songhe.accounts.models import Entry as AuditLine
from songhe.accounts.scope import OutOfScope
from songhe.payment.domain.claims import Admitted, admit
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, Entry
from songhe.payment.queries import owed_by, owed_to, position
from tests.payment.conftest import JULY, Office


def test_a_due_is_owed_to_the_person_and_taken_on_by_the_fund(office: Office, whole: Callable[[], None]) -> None:
    person = office.person()
    claim = office.owe(person, 10_000)
    assert (owed_to(person), owed_by(person)) == (10_000, 0)
    assert position(office.fund).obligated == 10_000
    assert (claim.clause, claim.package, claim.month) == ("SZ-T1-3", "3f" * 32, JULY)
    whole()


def test_a_recovery_is_receivable_and_lowers_what_the_fund_has_taken_on(office: Office, whole: Callable) -> None:
    person = office.person()
    office.owe(person, 10_000)
    office.owe(person, -3_000)
    assert (owed_to(person), owed_by(person)) == (10_000, 3_000)
    assert position(office.fund).obligated == 7_000
    whole()


def test_a_run_is_one_entry_and_one_line_of_the_trail(office: Office) -> None:
    people = [office.person() for _ in range(3)]
    lines = AuditLine.objects.count()
    said = admit(by=office.maker, reference="run-7", owed=[office.owed(person, 500) for person in people])
    assert (said.new, said.known) == (3, 0)
    assert Entry.objects.get(reference="run-7").postings == 4
    assert AuditLine.objects.count() == lines + 1


def test_what_was_admitted_before_is_not_admitted_again(office: Office, whole: Callable) -> None:
    person = office.person()
    owed = [office.owed(person, 500), office.owed(person, 700)]
    admit(by=office.maker, reference="run-7", owed=owed[:1])
    assert admit(by=office.maker, reference="run-7", owed=owed)[:2] == (1, 1)
    assert admit(by=office.maker, reference="run-7", owed=owed) == Admitted(0, 2, None)
    assert owed_to(person) == 1_200
    whole()


def test_a_decision_that_comes_again_with_another_sum_is_refused(office: Office) -> None:
    owed = office.owed(office.person(), 500)
    admit(by=office.maker, reference="run-7", owed=[owed])
    with pytest.raises(PaymentError, match="another content"):
        admit(by=office.maker, reference="run-8", owed=[owed._replace(fen=600)])


@pytest.mark.parametrize(
    "change", [{"fen": 0}, {"clause": ""}, {"package": ""}, {"reference": ""}, {"month": dt.date(2024, 7, 2)}]
)
def test_a_claim_without_its_ground_is_refused_and_nothing_of_the_run_is_written(office: Office, change: dict) -> None:
    owed = office.owed(office.person(), 500)
    with pytest.raises(PaymentError, match="lacks"):
        admit(by=office.maker, reference="run-7", owed=[owed, office.owed(office.person(), 1)._replace(**change)])
    assert not Claim.objects.exists()
    assert not Entry.objects.exists()


def test_the_same_decision_twice_in_one_run_is_refused(office: Office) -> None:
    owed = office.owed(office.person(), 500)
    with pytest.raises(PaymentError, match="twice"):
        admit(by=office.maker, reference="run-7", owed=[owed, owed])


def test_somebody_of_another_county_cannot_admit_claims_on_this_fund(office: Office) -> None:
    with pytest.raises(OutOfScope):
        admit(by=office.stranger, reference="run-7", owed=[office.owed(office.person(), 500)])


def test_a_claim_of_nobody_is_refused_by_the_database(office: Office) -> None:
    owed = office.owed(office.person(), 500)
    with pytest.raises(DatabaseError), transaction.atomic():
        admit(by=office.maker, reference="run-7", owed=[owed._replace(person=10**9)])


def test_a_fund_that_there_is_not_is_refused(office: Office) -> None:
    owed = office.owed(office.person(), 500, fund=10**9)
    with pytest.raises((PaymentError, DatabaseError)), transaction.atomic():
        admit(by=office.maker, reference="run-7", owed=[owed])


def test_a_shared_cost_is_a_claim_on_each_fund_and_owed_as_one_sum(office: Office, whole: Callable) -> None:
    from fractions import Fraction

    from songhe.payment.shares import split

    person = office.person()
    shares = {office.fund.pk: Fraction(1, 3), office.lottery.pk: Fraction(2, 3)}
    owed = [office.owed(person, fen, fund=fund) for fund, fen in split(10_000, shares).items()]
    admit(by=office.maker, reference="run-7", owed=owed)
    assert owed_to(person) == 10_000
    assert [position(fund).obligated for fund in (office.fund, office.lottery)] == [3_333, 6_667]
    whole()
