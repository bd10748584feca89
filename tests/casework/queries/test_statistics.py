"""Steps in time and late."""

import datetime as dt

from songhe.casework.queries.statistics import Figure, figures
from tests.casework.conftest import Desk


def test_steps_are_counted_where_they_ended(desk: Desk) -> None:
    quick, slow = desk.open(), desk.open()
    desk.passes("lan", quick, "accept")
    desk.wait(20)
    desk.passes("lan", slow, "accept")
    asked = {"since": dt.date(2026, 3, 1), "until": desk.day}
    (figure,) = figures(desk.user("village"), **asked)
    assert figure == Figure(kind="benefit_application", step="accept", ended=2, late=1, by_staff=2)
    assert figure.on_time == 1
    assert figures(desk.user("far"), **asked) == []
    assert figures(desk.user("zhou"), since=desk.day, until=desk.day)[0].ended == 1
