"""Several people at once. On SQLite one writer goes after the other, so this is for PostgreSQL."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from songhe.payment.domain.approval import approve_batch, check_batch
from songhe.payment.domain.exporting import export_batch
from songhe.payment.domain.sending import send_batch
from songhe.payment.errors import PaymentError
from songhe.payment.models import Assignment, Batch, Entry
from songhe.payment.verify import faults
from tests.payment.conftest import build_office

pytestmark = pytest.mark.postgresql


def together(number: int, work) -> list[object]:
    """What each of so many threads got: a result, or the error that refused it."""

    def run(place: int) -> object:
        try:
            return work(place)
        except PaymentError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_makers_at_once_put_a_claim_into_one_batch(committing: None) -> None:
    office = build_office()
    for _ in range(5):
        office.owe(office.person(), 100)
    made = together(4, lambda _: office.batch().batch)
    assert sum(isinstance(one, Batch) for one in made) == 1
    assert Assignment.objects.filter(live=True).count() == 5
    assert list(faults()) == []


def test_a_batch_is_checked_once_and_sent_once_however_many_try(committing: None) -> None:
    office = build_office()
    office.fill(1_000)
    office.owe(office.person(), 100)
    batch = office.batch().batch
    tried = together(4, lambda _: check_batch(by=office.checker, batch=batch, lines=1, fen=100))
    assert sum(one is None for one in tried) == 1
    approve_batch(by=office.approver, batch=batch)
    export_batch(by=office.maker, batch=batch, form="bank-csv", target=io.BytesIO())
    sent = together(4, lambda _: send_batch(by=office.maker, batch=batch))
    assert sum(isinstance(one, Entry) for one in sent) == 1
    assert list(faults()) == []


def test_claims_admitted_at_once_are_numbered_without_gaps(committing: None) -> None:
    office = build_office()
    people = [office.person() for _ in range(4)]
    together(4, lambda place: [office.owe(people[place], 100) for _ in range(5)])
    numbers = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(faults()) == []
