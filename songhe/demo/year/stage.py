"""Where a year is played: its days in their order, who works there, and what is drawn."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from songhe.accounts.models import User
from songhe.casework.domain.acting import Actor
from songhe.common import clock
from songhe.common.calendar import last_day
from songhe.demo.cast import Cast
from songhe.entitlement.months import month_of
from songhe.policy.package import Package
from songhe.registry.domain.writing import Author
from songhe.registry.models import Person

_OFFICE_OPENS = dt.time(9)
_A_WHILE = dt.timedelta(minutes=1)
# What is being done, and how many of how many steps are behind it.
Report = Callable[[str, int, int], None]


@dataclass
class Stage:
    """The county (id), its people and months, and a counter of what happened, by name.

    Whatever is drawn comes from `rng`, in the order of the days: the same seed gives the same year.
    """

    cast: Cast
    county: int
    package: Package
    months: list[int]
    rng: Random
    happened: Counter[str] = field(default_factory=Counter)
    _now: dt.datetime | None = None

    @contextmanager
    def on(self, day: dt.date) -> Iterator[None]:
        """That day at the office, later than everything before."""
        opens = dt.datetime.combine(day, _OFFICE_OPENS, tzinfo=clock.ZONE)
        self._now = opens if self._now is None else max(opens, self._now + _A_WHILE)
        with clock.standing_at(self._now):
            yield

    def user(self, name: str) -> User:
        """`clerk` is demo.clerk."""
        return User.objects.get(username=f"demo.{name}")

    def staff(self, name: str) -> Actor:
        return Actor(user=self.user(name))

    def author(self, source: str, reason: str) -> Author:
        """The county's bureau enters what a department sent."""
        return Author(user=self.user("county"), source=source, reason=reason, batch=f"{clock.today():%Y%m%d}-{source}")

    def person(self, one: int) -> Person:
        """The file that stands for somebody of the cast."""
        file = Person.objects.select_related("merged_into").get(pk=self.cast.ids[one])
        return file.merged_into or file

    def a_few(self, among: list[int], count: int) -> list[int]:
        """That many in a city of the published size, one at least, each once."""
        return self.rng.sample(among, min(self.cast.share(count), len(among)))


def day_in(month: int, day: int) -> dt.date:
    """A day of a month (202610), its last where it has not so many."""
    year, number = month_of(month)
    return min(dt.date(year, number, 1) + dt.timedelta(day - 1), last_day(year, number))
