"""What a month came to, item by item: people by answer, and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from songhe.entitlement.deciding import Fresh
from songhe.entitlement.worths import is_monthly
from songhe.policy.package import Package

Item = Mapping[str, Any]


def items_of(engine: duckdb.DuckDBPyConnection, package: Package, month: Fresh) -> list[dict[str, Any]]:
    """An entry per item, in list order.

    `entitled`, `not_entitled` and `undetermined` count people, `paid` those with a sum in `decided`, which is `fen`
    together. `pays` is false where the run cannot pay by itself, and `amount` says why: the package gives no sum
    (unset), only a floor (at_least), none at all (none), or one that is not by the month.
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
    return [
        _item(package, id, month.people, *counts.get(id, (0, 0, "none")), *sums.get(id, (0, 0)))
        for id in (rule.id for rule in package.rules_for("person"))
    ]


def _item(
    package: Package, id: str, people: int, entitled: int, undetermined: int, kind: str, paid: int, fen: int
) -> dict[str, Any]:
    rule = package.rules[id]
    return {
        "id": id,
        "name": rule.entitlement.name.zh,
        "clauses": list(rule.clauses),
        "entitled": entitled,
        "undetermined": undetermined,
        "not_entitled": people - entitled - undetermined,
        "amount": kind,
        "unit": rule.amount.unit,
        "pays": is_monthly(rule) and kind in ("exact", "mixed"),
        "paid": paid,
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
