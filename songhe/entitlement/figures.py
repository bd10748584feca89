"""What a month came to, item by item: people by answer, and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from songhe.entitlement.deciding import Fresh
from songhe.entitlement.worths import column_of, payable
from songhe.policy.package import Package
from songhe.policy.rhythm import rhythm

Item = Mapping[str, Any]


def items_of(engine: duckdb.DuckDBPyConnection, package: Package, month: Fresh) -> list[dict[str, Any]]:
    """An entry per item, in list order.

    `entitled`, `not_entitled` and `undetermined` count people, `paid` those with a sum in `decided`, which is `fen`
    together, and `without_grant` those who would have one if a case about it were granted (of what is paid once: if
    it were decided in this month). `pays` is false where the run cannot pay by itself, and `unpaid` says why: the
    package gives no sum (unset), only a floor (at_least), none at all (none), or does not say how often (unit).
    """
    summary = str(month.decisions / "summary.parquet")
    counted = engine.execute(
        "SELECT item, sum(entitled)::BIGINT, sum(undetermined)::BIGINT, min(amount_kind) "
        "FROM read_parquet(?) GROUP BY item", [summary]
    ).fetchall()  # fmt: skip
    paid = engine.execute(
        "SELECT item, count(DISTINCT person_id), sum(fen)::BIGINT FROM decided WHERE month = ? GROUP BY item",
        [month.month],
    ).fetchall()
    sums = {item: (people, fen) for item, people, fen in paid}
    counts = {item: rest for item, *rest in counted}
    worth = _worth_something(engine, package, month)
    return [
        _item(package, id, month.people, *counts.get(id, (0, 0, "none")), *sums.get(id, (0, 0)), worth.get(id, 0))
        for id in (rule.id for rule in package.rules_for("person"))
    ]


def _worth_something(engine: duckdb.DuckDBPyConnection, package: Package, month: Fresh) -> dict[str, int]:
    """Item → people who are entitled to a sum in the month, granted or not."""
    columns: dict[str, list[str]] = {}
    for item, tier in payable(package, [month.month]):
        columns.setdefault(item, []).append(f'"{column_of(item, tier)}" = 1')
    if not columns:
        return {}
    counting = ", ".join(f"count(*) FILTER ({' OR '.join(parts)})" for parts in columns.values())
    (row,) = engine.execute(f"SELECT {counting} FROM read_parquet(?)", [str(month.masks)]).fetchall()
    return dict(zip(columns, row, strict=True))


def _item(
    package: Package, id: str, people: int, entitled: int, undetermined: int, kind: str, paid: int, fen: int, worth: int
) -> dict[str, Any]:
    rule = package.rules[id]
    unpaid = kind if kind not in ("exact", "mixed") else "" if rhythm(rule) else "unit"
    return {
        "id": id,
        "name": rule.entitlement.name.zh,
        "clauses": list(rule.clauses),
        "entitled": entitled,
        "undetermined": undetermined,
        "not_entitled": people - entitled - undetermined,
        "amount": kind,
        "unit": rule.amount.unit,
        "delivery": rule.entitlement.delivery,
        "pays": not unpaid,
        "unpaid": unpaid,
        "paid": paid,
        "without_grant": worth - paid,
        "fen": fen,
    }


def totals_of(engine: duckdb.DuckDBPyConnection, lines: str, overlaps: str) -> dict[str, int]:
    """The columns of a Run that say what its lines come to."""
    rows = engine.execute(
        "SELECT kind, sum(fen)::BIGINT, count(*) FROM read_parquet(?) GROUP BY kind", [lines]
    ).fetchall()
    fen = {kind: total for kind, total, _ in rows}
    ((number,),) = engine.execute("SELECT count(*) FROM read_parquet(?)", [overlaps]).fetchall()
    return {
        "due_fen": fen.get("due", 0),
        "arrears_fen": fen.get("arrears", 0),
        "recovery_fen": fen.get("recovery", 0),
        "line_count": sum(count for _, _, count in rows),
        "overlap_count": number,
    }
