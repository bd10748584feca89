"""Several at the same moment: a code opens one sitting, a message goes to one gateway.

On SQLite one writer goes after the other, so this is for PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from songhe.accounts.models import Role
from songhe.citizens.models import Sitting
from songhe.outbox.domain.handing import take
from songhe.outbox.domain.writing import put
from songhe.outbox.models import Kind
from tests.accounts.builders import holder
from tests.citizens.conftest import PHONE, Household, house  # noqa: F401

pytestmark = pytest.mark.postgresql
_AT_ONCE = 4


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each of several answers who begin together."""
    start = Barrier(_AT_ONCE)

    def run(number: int) -> Any:
        try:
            start.wait(30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(run, range(_AT_ONCE)))


def test_a_code_opens_one_sitting(committing: None, house: Household) -> None:  # noqa: F811
    digits = house.give()
    tokens = at_once(lambda number: house.enter(digits))
    assert len(list(filter(None, tokens))) == Sitting.objects.count() == 1


def test_a_message_goes_to_one_gateway(committing: None, house: Household) -> None:  # noqa: F811
    gateways = [holder(Role.GATEWAY, house.city.city, f"gateway-{number}") for number in range(_AT_ONCE)]
    put(kind=Kind.NOTICE, phone=PHONE, text="请到窗口", division=house.city.villages[0].pk, lasts=dt.timedelta(1))
    batches = at_once(lambda number: take(user=gateways[number]))
    assert sum(len(batch.messages) for batch in batches) == 1
