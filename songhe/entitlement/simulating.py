"""What if (政策模拟): another package decided for the people as they are now, before anyone approves it.

Nothing of it is stored: no run, no line, no file that stays. People do not die, move or fall ill in it; they age, and
figures change on the days the packages say. Who asks for what nobody gets without applying is an assumption, so it is
an argument: everybody entitled, or only those to whom it is granted today.

Another city's document can be tried out too (别市规则): its people are taken as residents there, and what is the same
thing in both stands in one row, as the comparison of the documents says. Rules that give no sum still say who has what.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from songhe.decision.crossing.residents import is_elsewhere, write_residents
from songhe.decision.crossing.rows import Pair, count_rows, pairs_of
from songhe.decision.population import RunRequest
from songhe.decision.population import run as decide_population
from songhe.entitlement.errors import RunError
from songhe.entitlement.grants import granted_sql, load_grants
from songhe.entitlement.months import month_of, months_from, shifted
from songhe.entitlement.worths import column_of, day_of, payable
from songhe.policy.compare.rows import load_rows
from songhe.policy.package import Package
from songhe.policy.rhythm import is_monthly
from songhe.registry.groups import all_groups
from songhe.registry.models import Transaction
from songhe.registry.snapshot import write_snapshot
from songhe.rules.bits import MAX_DAYS

Asking = Literal["everybody", "holders"]


@dataclass(frozen=True)
class Cost:
    """An item in a month: people paid and fen, under the package in force and under the other."""

    month: int
    item: str
    people: int
    fen: int
    people_then: int
    fen_then: int


@dataclass(frozen=True)
class Change:
    """One item from one package to the other in the first month: who gains and who loses, and by how many fen."""

    item: str
    winners: int
    gain_fen: int
    losers: int
    loss_fen: int


@dataclass(frozen=True)
class Turned:
    """A thing under two cities' rules in the first month, counted in people; see songhe.decision.crossing.rows."""

    row: str
    both: int
    gained: int
    lost: int
    unclear: int
    neither: int


@dataclass(frozen=True)
class Simulation:
    """The whole: `winners` and `losers` count people by all their items together, in the first month.

    Under another city's rules `item` is a row of the comparison, and `turned` says of each who has it where.
    """

    county: int
    people: int
    winners: int
    losers: int
    changes: Sequence[Change]
    costs: Sequence[Cost]
    turned: Sequence[Turned] = ()

    @property
    def fen(self) -> tuple[int, int]:
        """All months together: under the package in force, under the other."""
        return sum(cost.fen for cost in self.costs), sum(cost.fen_then for cost in self.costs)


def simulate(
    *,
    county: int,
    month: int,
    now: Package,
    then: Package,
    months: int = 36,
    asking: Asking = "everybody",
    known_at: int | None = None,
    report: Callable[[str], None] = lambda step: None,
) -> Simulation:
    """Both packages for a county (id), from a month (202610) on, at most 60 months.

    `asking` says whom both are thought to pay: "everybody" entitled, as if all of them had asked (what a package can
    cost at most), or "holders": under either, whoever holds a grant of the item in the first month, and of what is
    offered without a form whoever has not said no. Nobody applies or is refused later; what is paid once is left out.
    Another city's rules take "everybody": nobody holds a grant under them.
    `known_at` is a transaction, for several counties seen at one moment; without one, what is known now.
    `report` is told of each step as it begins: people, before, after, comparing.

    Raises RunError, and songhe.registry.snapshot.SnapshotError when nobody's file lies in the county.
    """
    if not 1 <= months <= min(60, MAX_DAYS):
        raise RunError("模拟期须为1至60个月。", "A simulation takes 1 to 60 months.")
    check_asking(now, then, asking)
    span = months_from(month, shifted(month, months - 1))
    pairs = pairs_of(load_rows(), now, then) if is_elsewhere(now, then) else []
    with tempfile.TemporaryDirectory(prefix="songhe-simulation-") as name:
        folder = Path(name)
        # Both look at the same people: as they are on the first month's day under the package in force.
        report("people")
        snapshot = write_snapshot(county=county, valid_on=day_of(now, month), known_at=known_at, folder=folder)
        with closing(duckdb.connect(config={"memory_limit": "600MB", "temp_directory": str(folder)})) as engine:
            for side, package in (("before", now), ("after", then)):
                report(side)
                output = folder / side
                people_of = _residents(engine, snapshot, now, then) if pairs and side == "after" else snapshot
                decide_population(RunRequest(package, [month_of(one) for one in span], people_of, output))
                if asking == "holders":
                    load_grants(engine, package, all_groups(), known_at=known_at or last_transaction() or 0)
                names = _names(pairs, side)
                paid = _paid_sql(package, span, output, month if asking == "holders" else None, names)
                engine.execute(f"CREATE TEMP TABLE {side} AS {paid}")
            report("comparing")
            ((people,),) = engine.execute("SELECT count(*) FROM read_parquet(?)", [str(snapshot)]).fetchall()
            turned = _turned(engine, pairs, folder) if pairs else ()
            return _compared(engine, county, people, span, turned)


def check_asking(now: Package, then: Package, asking: Asking) -> None:
    """Raises RunError where those who hold a grant are asked for under another city's rules."""
    if asking == "holders" and is_elsewhere(now, then):
        raise RunError(
            "别市的规则在本地没有已批准的人，请选“符合条件的人人都申请”。",
            "Nobody holds a grant under another city's rules: choose that everybody entitled applies.",
        )


def _residents(engine: duckdb.DuckDBPyConnection, snapshot: Path, now: Package, then: Package) -> Path:
    """The people as if they lived where the other package speaks."""
    assert now.city is not None
    assert then.city is not None
    target = snapshot.with_name("residents.parquet")
    write_residents(engine, snapshot, target, now.city.division, then.city.division)
    return target


def _names(pairs: Sequence[Pair], side: str) -> Mapping[str, str]:
    """The row each item stands in; without pairs an item goes by its own name."""
    return {item: pair.row for pair in pairs for item in (pair.home if side == "before" else pair.other)}


def _turned(engine: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], folder: Path) -> list[Turned]:
    before, after = (folder / side / "decisions.parquet" for side in ("before", "after"))
    counts = count_rows(engine, pairs, before, after, 1)
    return [Turned(one.row, one.both, one.gained, one.lost, one.unclear, one.neither) for one in counts]


def last_transaction() -> int | None:
    """The number of what was recorded last; None before anything was."""
    return Transaction.objects.order_by("-pk").values_list("pk", flat=True).first()


def _paid_sql(
    package: Package, span: Sequence[int], output: Path, granted_in: int | None, names: Mapping[str, str]
) -> str:
    """id, item, mask and the sums of the months: a row for each person and tier that pays in some month.

    With a month, only of those to whom it is granted then; `names` are what items go by, where not by their own.
    """
    masks = f"read_parquet('{output / 'decisions.parquet'}')"
    parts = [
        "SELECT NULL::BIGINT AS id, NULL::VARCHAR AS item, NULL::BIGINT AS mask, NULL::BIGINT[] AS fen WHERE false"
    ]
    for (item, tier), by_month in payable(package, span).items():
        column, rule = column_of(item, tier), package.rules[item]
        if not is_monthly(rule):
            continue
        holding = "" if granted_in is None else f" AND {granted_sql(rule, 'id', str(granted_in))}"
        sums = [by_month.get(month, 0) for month in span]
        name = names.get(item, item)
        parts.append(f'SELECT id, \'{name}\', "{column}", {sums}::BIGINT[] FROM {masks} WHERE "{column}" <> 0{holding}')
    return " UNION ALL ".join(parts)


# Masks have few distinct values: people are counted per mask first and spread over months afterwards.
_COSTS = """
WITH steps AS (SELECT unnest(range({months})) AS step),
counted AS (SELECT '{side}' AS side, item, mask, fen, count(*) AS people FROM {side} GROUP BY ALL)
SELECT side, item, step, sum(people) AS people, sum(people * fen[step + 1]) AS fen
FROM counted CROSS JOIN steps WHERE (mask >> step) & 1 = 1 AND fen[step + 1] > 0 GROUP BY ALL
"""

_TURNED = """
WITH first AS (
    SELECT id, item, sum(CASE WHEN side = 'after' THEN fen ELSE -fen END)::BIGINT AS fen FROM (
        SELECT 'before' AS side, id, item, fen[1] AS fen FROM before WHERE mask & 1 = 1
        UNION ALL SELECT 'after', id, item, fen[1] FROM after WHERE mask & 1 = 1
    ) GROUP BY id, item
)
"""


def _compared(
    engine: duckdb.DuckDBPyConnection, county: int, people: int, span: Sequence[int], turned: Sequence[Turned]
) -> Simulation:
    changed = engine.execute(
        f"{_TURNED} SELECT item, count(*) FILTER (fen > 0), coalesce(sum(fen) FILTER (fen > 0), 0)::BIGINT, "
        "count(*) FILTER (fen < 0), coalesce(-sum(fen) FILTER (fen < 0), 0)::BIGINT FROM first "
        "GROUP BY item ORDER BY item"
    ).fetchall()
    ((winners, losers),) = engine.execute(
        f"{_TURNED} SELECT count(*) FILTER (fen > 0), count(*) FILTER (fen < 0) "
        "FROM (SELECT id, sum(fen) AS fen FROM first GROUP BY id)"
    ).fetchall()
    changes = [Change(*row) for row in changed]
    return Simulation(county, people, winners, losers, changes, _costs(engine, span), turned)


def _costs(engine: duckdb.DuckDBPyConnection, span: Sequence[int]) -> list[Cost]:
    sides = [f"({_COSTS.format(side=side, months=len(span))})" for side in ("before", "after")]
    rows = engine.execute(
        "SELECT step, item, "
        + ", ".join(
            f"coalesce(sum({column}) FILTER (side = '{side}'), 0)::BIGINT"
            for side in ("before", "after")
            for column in ("people", "fen")
        )
        + f" FROM ({' UNION ALL '.join(sides)}) GROUP BY step, item ORDER BY step, item"
    ).fetchall()
    return [Cost(span[step], *rest) for step, *rest in rows]
