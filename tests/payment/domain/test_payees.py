import json

import pytest
from django.db import IntegrityError, transaction

from songhe.accounts.models import Entry as AuditLine
from songhe.accounts.scope import OutOfScope
from songhe.common.fieldcrypto import unseal
from songhe.payment.domain.payees import FIELD, approve_payee, end_payee, state_payee
from songhe.payment.errors import PaymentError
from songhe.payment.models import Payee
from songhe.registry.vocabulary import StatementError
from tests.payment.conftest import JULY, Office

ACCOUNT = "6228480099990000"


def state(office: Office, **more: object) -> Payee:
    values = {"name": "李四", "relation": "村委会", "reason": "老人无银行账户", "account": ACCOUNT, "valid_from": JULY}
    return state_payee(**{"by": office.maker, "person": office.person(), **values, **more})


def test_a_payee_counts_when_a_second_person_has_approved_it(office: Office) -> None:
    payee = state(office)
    with pytest.raises(PaymentError, match="cannot approve"):
        approve_payee(by=office.maker, payee=payee)
    approve_payee(by=office.checker, payee=payee)
    payee.refresh_from_db()
    assert (payee.stated_by, payee.approved_by) == (office.maker, office.checker)


def test_the_database_refuses_one_person_for_both(office: Office) -> None:
    payee = state(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payee.objects.filter(pk=payee.pk).update(approved_by=office.maker)


def test_the_account_lies_sealed_and_stands_in_no_line_of_the_trail(office: Office) -> None:
    payee = state(office)
    assert ACCOUNT.encode() not in bytes(payee.account)
    assert unseal(FIELD, payee.account) == ACCOUNT
    assert all(ACCOUNT not in json.dumps(line.details) for line in AuditLine.objects.all())


@pytest.mark.parametrize("missing", ["name", "relation", "reason"])
def test_a_payee_has_a_name_a_relation_and_a_reason(office: Office, missing: str) -> None:
    with pytest.raises(PaymentError, match="Give the name"):
        state(office, **{missing: " "})


def test_an_account_that_is_none_is_refused_and_not_repeated(office: Office) -> None:
    with pytest.raises(StatementError) as refusal:
        state(office, account="not-an-account")
    assert "not-an-account" not in str(refusal.value)


def test_a_new_payee_ends_the_one_before(office: Office) -> None:
    person = office.person()
    first, second = state(office, person=person), state(office, person=person, name="赵六")
    approve_payee(by=office.checker, payee=first)
    approve_payee(by=office.checker, payee=second)
    first.refresh_from_db()
    assert first.ended_by == office.checker


def test_a_payee_ends_once(office: Office) -> None:
    payee = state(office)
    end_payee(by=office.maker, payee=payee)
    with pytest.raises(PaymentError):
        end_payee(by=office.maker, payee=payee)
    with pytest.raises(PaymentError):
        approve_payee(by=office.checker, payee=payee)


def test_a_payee_is_not_rewritten(office: Office) -> None:
    payee = state(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payee.objects.filter(pk=payee.pk).update(name="赵六")


def test_a_stranger_states_nobody(office: Office) -> None:
    with pytest.raises(OutOfScope):
        state(office, by=office.stranger)
