import io
import json

import pytest
from django.db import connection

from songhe.accounts.models import Entry as AuditLine
from songhe.payment.domain.exporting import PAIN001, export_batch
from songhe.payment.errors import PaymentError
from songhe.payment.models import Batch
from tests.payment.conftest import Office

FORMS = ("bank-csv", "bank-xlsx", PAIN001)
ACCOUNT = "6228480055550000"


@pytest.fixture
def approved(office: Office) -> Batch:
    office.fill(1_000)
    office.owe(office.person(ACCOUNT, "欧阳娜娜"), 100)
    office.owe(office.person(), 200)
    return office.approved(office.batch().batch)


def export(office: Office, batch: Batch, form: str) -> bytes:
    target = io.BytesIO()
    export_batch(by=office.maker, batch=batch, form=form, target=target)
    return target.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_a_batch_exported_again_gives_the_same_bytes(office: Office, approved: Batch, form: str) -> None:
    first = export(office, approved, form)
    approved.refresh_from_db()
    assert approved.state == Batch.State.EXPORTED
    assert export(office, approved, form) == first


def test_the_bank_reads_name_account_and_sum(office: Office, approved: Batch) -> None:
    text = export(office, approved, "bank-csv").decode("gb18030")
    assert f"{ACCOUNT},欧阳娜娜,1.00," in text
    assert "合计,2,,3.00" in text


def test_every_export_is_told_and_no_account_lies_in_the_clear(office: Office, approved: Batch) -> None:
    for form in FORMS:
        export(office, approved, form)
    told = AuditLine.objects.filter(action="batch.exported", subject_id=str(approved.pk)).order_by("sequence")
    assert [line.details["format"] for line in told] == list(FORMS)
    assert all(ACCOUNT not in json.dumps(line.details) for line in AuditLine.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, account, account_hash, end_to_end FROM payment_paymentline")
        rows = cursor.fetchall()
    assert all(ACCOUNT.encode() not in bytes(row[1]) and ACCOUNT not in str(row) for row in rows)


def test_a_format_that_there_is_not_changes_nothing(office: Office, approved: Batch) -> None:
    with pytest.raises(PaymentError, match="no such format"):
        export(office, approved, "bank-pdf")
    approved.refresh_from_db()
    assert approved.state == Batch.State.APPROVED


def test_what_the_bank_cannot_take_leaves_the_batch_as_it_was_so_that_it_can_be_cancelled(office: Office) -> None:
    office.fill(1_000)
    office.owe(office.person(name="王" * 31), 100)
    batch = office.approved(office.batch().batch)
    with pytest.raises(PaymentError, match="longer than 60 bytes"):
        export(office, batch, "bank-csv")
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPROVED
    assert export(office, batch, PAIN001)
