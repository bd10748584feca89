"""Organisations are paid as people are: by lines of their own, to the account that a second person confirmed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from songhe.organisations.domain.accounts import confirm_account, end_account, state_account
from songhe.organisations.models import Organisation
from songhe.payment.domain.claims import Owed, admit
from songhe.payment.domain.exporting import export_batch
from songhe.payment.domain.making import NO_ACCOUNT, LeftOut
from songhe.payment.domain.recoveries import outstanding, state_plan
from songhe.payment.domain.reissuing import NOT_CORRECTED, reissue
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, PaymentLine
from songhe.payment.queries import claims_of_organisation, lines_for, owed_by_organisation, owed_to_organisation
from tests.organisations.builders import account_for, organisation
from tests.payment.conftest import AUGUST, JULY, Office


@pytest.fixture
def home(office: Office) -> Organisation:
    return organisation(office.maker, office.division)


@pytest.fixture
def paid(office: Office, home: Organisation) -> Organisation:
    """One whose account was confirmed."""
    account_for(home, office.maker, office.checker)
    return home


def owe(office: Office, one: Organisation, fen: int, month: Any = JULY, **more: Any) -> Claim:
    person = office.person()
    owed = office.owed(person, fen, month, **more)._replace(person=None, organisation=one.pk)
    admit(by=office.maker, reference="case", owed=[owed])
    return Claim.objects.get(reference=owed.reference)


def test_a_home_and_a_person_go_into_one_batch_by_a_line_each(
    office: Office, paid: Organisation, whole: Callable[[], None]
) -> None:
    person = office.person()
    office.owe(person, 1_000)
    owe(office, paid, 200_000)
    owe(office, paid, 50_000, AUGUST)
    office.fill(1_000_000)
    batch = office.batch(month=AUGUST).batch
    lines = batch.lines.order_by("fen").values_list("person", "organisation", "name", "fen")
    assert list(lines) == [(person.pk, None, "王1", 1_000), (None, paid.pk, paid.name, 250_000)]
    assert owed_to_organisation(paid) == 250_000
    office.sent(batch)
    office.answered(batch)
    assert owed_to_organisation(paid) == 0
    whole()


def test_its_file_holds_its_account_in_the_clear_and_the_database_does_not(office: Office, paid: Organisation) -> None:
    owe(office, paid, 200_000)
    office.fill(1_000_000)
    batch, target = office.approved(office.batch().batch), io.BytesIO()
    export_batch(by=office.maker, batch=batch, form="bank-csv", target=target)
    assert "6222020200000017,松鹤养老院,2000.00" in target.getvalue().decode("gb18030")
    assert b"6222020200000017" not in bytes(batch.lines.get().account)


def test_without_a_confirmed_account_it_is_left_out_and_told(office: Office, home: Organisation) -> None:
    owe(office, home, 200_000)
    stated = state_account(by=office.maker, organisation=home, name="甲", account="6222020200000017", document="证明")
    left = (LeftOut(None, 200_000, NO_ACCOUNT, home.pk),)
    made = office.batch()
    assert (made.batch, made.left_out) == (None, left)
    confirm_account(by=office.checker, account=stated)
    assert office.batch().batch.fen == 200_000


def test_an_account_that_ended_is_paid_no_more(office: Office, paid: Organisation) -> None:
    end_account(by=office.maker, account=paid.accounts.get())
    owe(office, paid, 200_000)
    assert office.batch().batch is None


def test_what_bounced_is_paid_again_once_another_account_was_confirmed(
    office: Office, paid: Organisation, whole: Callable[[], None]
) -> None:
    owe(office, paid, 200_000)
    office.fill(1_000_000)
    batch = office.sent(office.batch().batch)
    office.answered(batch, bounced=batch.lines.all())
    again = reissue(by=office.maker, batch=batch, title="重发")
    assert (again.batch, again.left_out) == (None, (LeftOut(None, 200_000, NOT_CORRECTED, paid.pk),))
    account_for(paid, office.maker, office.checker, "6222020200000025")
    second = reissue(by=office.maker, batch=batch, title="重发").batch
    assert second.lines.get().replaces == batch.lines.get()
    office.sent(second)
    office.answered(second, name="2")
    assert list(paid.payments.values_list("answers__outcome", flat=True)) == ["bounced", "paid"]
    whole()


def test_what_it_owes_back_is_set_off_against_its_own_dues_only(
    office: Office, paid: Organisation, whole: Callable[[], None]
) -> None:
    other = organisation(office.maker, office.division, name="另一家")
    account_for(other, office.maker, office.checker, "6222020200000033")
    recovery = owe(office, paid, -30_000)
    state_plan(by=office.maker, claim=recovery, per_month=20_000, reason="分期抵扣")
    owe(office, paid, 100_000)
    owe(office, other, 100_000)
    assert owed_by_organisation(paid) == 30_000
    made = office.batch()
    assert made.set_off == 20_000
    assert dict(made.batch.lines.values_list("organisation", "fen")) == {paid.pk: 80_000, other.pk: 100_000}
    assert outstanding(recovery) == 10_000
    whole()


def test_a_person_of_the_same_number_is_somebody_else(office: Office, paid: Organisation) -> None:
    """Ids of people and of organisations are counted apart."""
    people = [office.person() for _ in range(3)]
    for one in people:
        office.owe(one, 1_000)
    owe(office, paid, 200_000)
    lines = office.batch().batch.lines.values_list("person", "organisation", "fen")
    assert sorted(lines, key=lambda line: line[2]) == [
        *((one.pk, None, 1_000) for one in people),
        (None, paid.pk, 200_000),
    ]


@pytest.mark.parametrize("both", [True, False])
def test_a_decision_is_of_one_and_not_of_both_or_nobody(office: Office, home: Organisation, both: bool) -> None:
    owed: Owed = office.owed(office.person(), 500)
    wrong = owed._replace(organisation=home.pk) if both else owed._replace(person=None)
    with pytest.raises(PaymentError, match="只写其一"):
        admit(by=office.maker, reference="x", owed=[wrong])


def test_the_database_refuses_a_claim_or_line_of_both_or_of_one_that_there_is_not(
    office: Office, paid: Organisation
) -> None:
    claim = owe(office, paid, 200_000)
    line = office.batch().batch.lines.get()
    person = office.person().pk
    for row, key in ((claim, {"reference": "another"}), (line, {"end_to_end": "another"})):
        for change in ({"person_id": person}, {"organisation_id": None}, {"organisation_id": 999}):
            values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            with pytest.raises(IntegrityError), transaction.atomic():
                type(row).objects.create(**{**values, "id": row.pk + 1, **key, **change})


def test_the_ledger_tells_when_a_line_pays_what_is_owed_to_another(office: Office, paid: Organisation) -> None:
    from songhe.payment.verify import faults
    from songhe.registry.sets import add_rows

    owe(office, paid, 200_000)
    batch = office.batch().batch
    other = organisation(office.maker, office.division, name="另一家")
    line = batch.lines.get()
    columns = ("id", "batch_id", "organisation_id", "name", "account", "account_hash", "fen", "end_to_end")
    row = (line.pk + 1, batch.pk, other.pk, "另一家", b"x", "x", 200_000, "another")
    add_rows(PaymentLine, columns, [row])
    batch.lines.get(pk=line.pk)
    with transaction.atomic():
        from songhe.payment.models import Assignment

        values = {"claim": paid.claims.get(), "fen": 200_000, "live": False}
        Assignment.objects.create(line_id=line.pk + 1, **values)
    assert "party" in {fault.check for fault in faults()}


def test_its_county_sees_its_claims_and_lines_and_another_does_not(office: Office, paid: Organisation) -> None:
    claim = owe(office, paid, 200_000)
    office.batch()
    assert list(claims_of_organisation(paid)) == [claim]
    assert [line.organisation for line in lines_for(office.checker)] == [paid]
    assert not lines_for(office.stranger).exists()
