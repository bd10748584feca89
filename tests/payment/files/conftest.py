import datetime as dt

import pytest

from songhe.payment.files.order import Order, Transfer

AT = dt.datetime(2024, 7, 31, 1, 2, 3, tzinfo=dt.UTC)


@pytest.fixture
def order() -> Order:
    """Three transfers, one to somebody with a rare name and one to somebody with a dangerous one."""
    transfers = [
        Transfer("E2E1", "王芳", "6228480000000001", 12_345),
        Transfer("E2E2", "㛃𠅤", "6228480000000002", 1),
        Transfer("E2E3", "=HYPERLINK(1)&<李>", "6228480000000003", 10_000_000_000),
    ]
    return Order("SONGHE000000000007", AT, "东县民政局", "1800010104000001", "103871234567", "高龄津贴", transfers)
