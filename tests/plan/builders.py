"""Who answers for the tasks of a small Suizhou, and what they do on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from songhe.accounts.models import Role, User
from songhe.common import clock
from songhe.plan.domain.reporting import report
from songhe.plan.domain.settling import confirm, hand_up
from songhe.plan.models import Report
from songhe.plan.queries import Row, row
from songhe.policy.load import load_package
from tests.accounts.builders import holder
from tests.divisions.builders import small_city

PACKAGE = load_package("suizhou-2023")
# Led by the civil affairs bureau with the counties; by the counties alone; in November; without a date.
TOGETHER, COUNTIES, NOVEMBER, UNDATED = "SZ-T23-02", "SZ-T23-01", "SZ-T23-07", "SZ-M-07a"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@contextmanager
def on(text: str, hour: int = 9) -> Iterator[None]:
    """It is that day, at that hour in China."""
    moment = dt.datetime.combine(day(text), dt.time(hour), clock.ZONE)
    with clock.standing_at(moment):
        yield


class Office:
    """City 421300 with counties 421301 and 421302, their bureaus, a clerk and a department."""

    def __init__(self) -> None:
        with on("2023-06-05"):
            self.city = small_city(prefix="4213")
            self.top = self.city.city.pk
            self.east, self.west = (one.pk for one in self.city.counties)
            self.one, self.other = (holder(Role.CITY_BUREAU, self.city.city, name) for name in ("one", "other"))
            self.east_one, self.east_other = (
                holder(Role.COUNTY_BUREAU, self.city.counties[0], name) for name in ("east-one", "east-other")
            )
            self.west_one = holder(Role.COUNTY_BUREAU, self.city.counties[1], "west-one")
            self.clerk = holder(Role.TOWN_CLERK, self.city.towns[0], "clerk")
            self.finance = holder(Role.DEPARTMENT, self.city.city, "finance")

    def tell(
        self, by: User, task: str, place: int, *, unit: str = "市民政局", text: str = "进展", **more: Any
    ) -> Report:
        return report(by=by, package=PACKAGE, task_id=task, division_id=place, unit=unit, text=text, **more)

    def finish(self, task: str, place: int, done_on: str, *, at: str, unit: str = "市民政局", **more: Any) -> Report:
        """Reported, handed up where the place is no city, and confirmed, all on one day."""
        hands = {
            self.top: (self.one, self.other),
            self.east: (self.east_one, self.one),
            self.west: (self.west_one, self.one),
        }
        maker, checker = hands[place]
        with on(at):
            made = self.tell(maker, task, place, unit=unit, done_on=day(done_on), **more)
            if place != self.top:
                hand_up(by=maker, report=made)
            confirm(by=checker, report=made)
        return made

    def row(self, task: str, place: int, as_of: str, by: User | None = None) -> Row:
        found = row(by or self.one, PACKAGE, PACKAGE.tasks[task], place, day(as_of))
        assert found is not None
        return found
