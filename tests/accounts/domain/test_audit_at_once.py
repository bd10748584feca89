"""Several writers at once. On SQLite the test's own database is one connection, so this is for PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from songhe.accounts.domain.audit import Line, append, append_many, verify
from songhe.accounts.models import Entry

pytestmark = pytest.mark.postgresql


def work(worker: int) -> None:
    try:
        for number in range(20):
            with transaction.atomic():
                append(user=None, action="audit.read", actor=f"worker {worker}")
                if number % 5 == 0:
                    time.sleep(0.002)
            if number % 4 == 0:
                append_many(user=None, actor=f"worker {worker}", lines=[Line(action="audit.read")] * 10)
    finally:
        connection.close()


def test_writers_at_once_make_one_chain(committing: None) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert Entry.objects.count() == 4 * (20 + 50)
    assert verify() is None


def test_a_writer_waits_for_one_that_has_not_committed_and_then_follows_it(committing: None) -> None:
    def second() -> int:
        try:
            return append(user=None, action="audit.read").sequence
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            append(user=None, action="audit.read")
            waiting = threads.submit(second)
            time.sleep(0.2)
            assert not waiting.done()
        assert waiting.result(timeout=10) == 2
    assert verify() is None


def test_a_writer_that_gave_up_leaves_no_gap(committing: None) -> None:
    def gives_up() -> None:
        try:
            with transaction.atomic():
                append(user=None, action="audit.read")
                raise RuntimeError
        except RuntimeError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: gives_up(), range(8)))
    assert append(user=None, action="audit.read").sequence == 1
    assert verify() is None
