"""Small trees for tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from songhe.divisions.domain import Row, load_divisions
from songhe.divisions.models import Division, Level
from songhe.divisions.queries import tree_on

LONG_AGO = dt.date(2000, 1, 1)
COUNTIES, TOWNS, VILLAGES = 2, 3, 2


@dataclass(frozen=True)
class SmallCity:
    """A city 990100 of two counties 990101, 990102, each of three towns 990101001 …, each of two villages …001001."""

    on: dt.date
    prefix: str

    def __getitem__(self, code: str) -> Division:
        """The division that had the code on the day the city was made."""
        node = tree_on(self.on).find(code)
        assert node is not None, code
        return Division.objects.get(pk=node.id)

    def id(self, code: str) -> int:
        return self[code].pk

    @property
    def city(self) -> Division:
        return self[f"{self.prefix}00"]

    @property
    def counties(self) -> list[Division]:
        return self._level(Level.COUNTY)

    @property
    def towns(self) -> list[Division]:
        return self._level(Level.TOWN)

    @property
    def villages(self) -> list[Division]:
        return self._level(Level.VILLAGE)

    def _level(self, level: int) -> list[Division]:
        tree = tree_on(self.on)
        below = tree.subtree([self.city.pk])
        ids = [node.id for node in tree.level(level) if node.id in below]
        found = Division.objects.in_bulk(ids)
        return [found[one] for one in ids]


def small_city(on: dt.date = LONG_AGO, *, prefix: str = "9901") -> SmallCity:
    """Make the city; with another four-digit prefix, a second one beside it."""
    load_divisions(rows=small_city_rows(prefix), on=on)
    return SmallCity(on, prefix)


def small_city_rows(prefix: str = "9901") -> list[Row]:
    rows = [Row(f"{prefix}00", "松鹤市")]
    for county in range(1, COUNTIES + 1):
        county_code = f"{prefix}{county:02d}"
        rows.append(Row(county_code, f"{'东西'[county - 1]}县", f"{prefix}00"))
        for town in range(1, TOWNS + 1):
            town_code = f"{county_code}{town:03d}"
            rows.append(Row(town_code, f"{'甲乙丙'[town - 1]}镇", county_code))
            for village in range(1, VILLAGES + 1):
                rows.append(Row(f"{town_code}{village:03d}", f"第{village}村", town_code))
    return rows
