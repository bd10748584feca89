"""Two at the same moment: one of them acts."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from songhe.accounts.domain.audit import verify
from songhe.casework.domain.many import pass_many
from songhe.casework.errors import CaseError, OpenAlready
from songhe.casework.models import Act, Case
from tests.casework.conftest import Desk

pytestmark = pytest.mark.postgresql


def at_once(*doings: Callable[[], object]) -> list[object]:
    """What each gives, or the CaseError it ends in."""
    barrier, results = threading.Barrier(len(doings)), [None] * len(doings)

    def run(number: int, doing: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[number] = doing()
        except CaseError as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def there(committing: None, desk: Desk) -> Desk:
    for name in ("zhou", "qian", "lan", "mei"):
        desk.user(name)
    return desk


def test_of_two_approvals_one_counts(there: Desk) -> None:
    case = there.up_to("approve")
    copies = [Case.objects.get(pk=case.pk) for _ in range(2)]
    results = at_once(
        lambda: there.passes("zhou", copies[0], "approve"), lambda: there.passes("qian", copies[1], "approve")
    )
    assert sorted(type(one).__name__ for one in results) == ["CaseMoved", "NoneType"]
    assert Act.objects.filter(case=case, step="approve").count() == 1
    assert verify() is None


def test_of_two_who_approve_the_same_many_each_case_is_approved_once(there: Desk) -> None:
    cases = [there.up_to("approve").pk for _ in range(6)]
    results = at_once(
        lambda: pass_many(by=there.staff("zhou"), cases=cases, step="approve", block=2),
        lambda: pass_many(by=there.staff("qian"), cases=list(reversed(cases)), step="approve", block=2),
    )
    assert sum(one.written for one in results) == 6
    assert Act.objects.filter(case__in=cases, step="approve").count() == 6


def test_of_two_openings_one_is_opened(there: Desk) -> None:
    elder = there.elder()
    results = at_once(lambda: there.open(elder), lambda: there.open(elder))
    assert sorted(type(one).__name__ for one in results) == ["Case", "OpenAlready"]
    assert isinstance(next(one for one in results if not isinstance(one, Case)), OpenAlready)
    assert Case.objects.count() == 1


def test_of_two_with_the_same_key_both_get_the_one_case(there: Desk) -> None:
    # The other may be done before one looks, while it writes, or in between: each happens in some of these.
    for number in range(6):
        elder, key = there.elder(), f"k{number}"
        results = at_once(*[lambda elder=elder, key=key: there.open(elder, request_key=key)] * 2)
        assert results[0] == results[1]
    assert Case.objects.count() == 6
