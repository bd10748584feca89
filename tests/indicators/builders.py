"""青铜峡市 with two towns, people who work there, and people in the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

DAY = dt.date(2024, 6, 30)
TOWNS = ("640381001", "640381002")


@dataclass(frozen=True)
class Place:
    """Codes → ids, and who works there: two of the county, a clerk of the first town, somebody of a unit."""

    ids: dict[str, int]
    one: Any
    other: Any
    clerk: Any
    unit: Any

    @property
    def county(self) -> int:
        return self.ids["640381"]

    def register(self, **facts: Any) -> Any:
        from songhe.registry.domain.facts import register_person
        from songhe.registry.domain.statements import Statement
        from songhe.registry.domain.writing import Author

        author = Author(user=None, source="police")
        return register_person(by=author, statements=[Statement(*fact) for fact in facts.items()])


def small_place() -> Place:
    """Made anew; the numbers of the divisions are whatever the database gives them."""
    from songhe.accounts.models import Role
    from songhe.divisions.domain.load import Row, load_divisions
    from songhe.divisions.models import Division
    from songhe.divisions.queries import tree_on
    from tests.accounts.builders import holder

    rows = [Row("640300", "吴忠市"), Row("640381", "青铜峡市", "640300")]
    rows += [Row(town, f"镇{town[-1]}", "640381") for town in TOWNS]
    rows += [Row(f"{town}20{n}", f"村{town[-1]}{n}", town) for town in TOWNS for n in (1, 2)]
    load_divisions(rows=rows, on=dt.date(1949, 10, 1))
    ids = {node.code: node.id for node in tree_on()}
    at = {code: Division.objects.get(pk=ids[code]) for code in ("640381", TOWNS[0])}
    one, other = (holder(Role.COUNTY_BUREAU, at["640381"], name) for name in ("one", "other"))
    clerk = holder(Role.TOWN_CLERK, at[TOWNS[0]], "clerk")
    return Place(ids, one, other, clerk, holder(Role.DEPARTMENT, at["640381"], "unit"))
