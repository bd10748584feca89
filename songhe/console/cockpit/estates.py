"""Estates and institutions short of their standards, county by county; asked for after the page itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import Text
from songhe.console.cockpit import links
from songhe.console.cockpit.spot import spot_of
from songhe.console.cockpit.whose import other_than
from songhe.console.facilities.asking import package_with_standards
from songhe.console.page import show, staff
from songhe.facilities.queries import Shortfall, shortfalls
from songhe.indicators.queries import package_for
from songhe.pages.charts import written


@dataclass
class Short:
    """A standard that some do not meet: how many, and what they lack together in its unit (None: no quantity)."""

    name: Text
    unit: str
    things: int = 0
    lacking: Fraction | None = None
    places: set[str] = field(default_factory=set)

    @property
    def written(self) -> str:
        return "—" if self.lacking is None else f"{written(self.lacking)} {self.unit}"

    @property
    def where(self) -> str:
        return "、".join(sorted(self.places))


@staff(Action.ESTATE_READ)
def estates(request: HttpRequest, division_id: int) -> HttpResponse:
    """A part of the cockpit."""
    spot = spot_of(request, division_id)
    package = package_with_standards(division_id, spot.day)
    reached = division_id in divisions_for(request.user, Action.ESTATE_READ)
    found = shortfalls(request.user, package, division_id, spot.day) if package and reached else []
    context = {
        "spot": spot,
        "rows": _by_standard(found),
        "address": links.shortfall_list(spot),
        "whose": other_than(package_for(division_id, spot.day), package),
    }
    return show(request, "cockpit/_estates.html", context)


def _by_standard(found: list[Shortfall]) -> list[Short]:
    rows: dict[str, Short] = {}
    for one in found:
        standard = one.finding.rule.standard
        row = rows.setdefault(one.standard, Short(standard.name, standard.unit or ""))
        row.things += 1
        if one.county is not None:
            row.places.add(one.county.name)
        if one.counts and one.shortfall is not None:
            row.lacking = (row.lacking or Fraction(0)) + one.shortfall
    return list(rows.values())
