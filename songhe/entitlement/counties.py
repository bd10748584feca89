"""A simulation of a city: each of its counties by itself, one after the other, and their sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from songhe.divisions.queries import tree_on
from songhe.entitlement.simulating import Asking, Change, Cost, Simulation, Turned, last_transaction, simulate
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.registry.snapshot import NobodyThere

COUNTY = 3


@dataclass(frozen=True)
class Simulations(Simulation):
    """The sum of the counties, under the division that was asked for; each county by itself stands in `counties`."""

    counties: Sequence[Simulation] = ()


def simulate_counties(
    *,
    division: int,
    month: int,
    now: Package,
    then: Package,
    months: int = 36,
    asking: Asking = "everybody",
    report: Callable[[str, int, int], None] = lambda step, part, parts: None,
) -> Simulations:
    """As `simulate`, for every county under a division (id) where somebody's file lies; a county is its only one.

    All counties are seen at one moment, so whoever moves meanwhile counts once. A file that lies in no county counts
    nowhere, as in the monthly runs. `report` is told of each step with the number of counties done and of all.

    Raises RunError, and songhe.registry.snapshot.SnapshotError when nobody's file lies in any of them.
    """
    known_at, counties = last_transaction(), counties_under(division, now, month)
    found: list[Simulation] = []
    nobody = None
    for part, county in enumerate(counties):

        def tell(step: str, part: int = part) -> None:
            report(step, part, len(counties))

        try:
            found.append(
                simulate(
                    county=county,
                    month=month,
                    now=now,
                    then=then,
                    months=months,
                    asking=asking,
                    known_at=known_at,
                    report=tell,
                )
            )
        except NobodyThere as error:
            nobody = error
    if nobody and not found:
        raise nobody
    return _summed(division, found)


def counties_under(division: int, package: Package, month: int) -> list[int]:
    """The counties under a division on the day that decides a month, in the order of their codes.

    The division itself when it is one, or when its towns lie under no county.
    """
    tree = tree_on(day_of(package, month))
    return [node.id for node in tree.level(COUNTY) if tree.holds(division, node.id)] or [division]


def counties_in(result: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The counties of a stored result; one from before there were several is its own."""
    counties: Sequence[Mapping[str, Any]] = result.get("counties") or [result]
    return counties


def _summed(division: int, found: Sequence[Simulation]) -> Simulations:
    return Simulations(
        county=division,
        people=sum(one.people for one in found),
        winners=sum(one.winners for one in found),
        losers=sum(one.losers for one in found),
        changes=[Change(*key, *sums) for key, sums in _sums([one.changes for one in found], 1)],
        costs=[Cost(*key, *sums) for key, sums in _sums([one.costs for one in found], 2)],
        turned=[Turned(*key, *sums) for key, sums in _sums([one.turned for one in found], 1)],
        counties=found,
    )


def _sums(lists: Sequence[Sequence[Change | Cost | Turned]], keys: int) -> list[tuple[tuple[Any, ...], list[int]]]:
    """Rows whose first fields are equal, added up field by field."""
    rows: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for every in lists:
        for one in every:
            key, values = astuple(one)[:keys], astuple(one)[keys:]
            rows[key].append(values)
    return [(key, [sum(column) for column in zip(*rows[key], strict=True)]) for key in sorted(rows)]
