"""Whose answer turned since the run before: entitled and never asked, or no longer entitled."""

from __future__ import annotations

from pathlib import Path

import duckdb

from songhe.entitlement.deciding import Fresh
from songhe.entitlement.reading import survivors_of
from songhe.entitlement.worths import at_stake, day_of
from songhe.policy.package import Package
from songhe.registry.groups import Groups

Row = tuple[int, str, str, str, int, int]


def found(
    engine: duckdb.DuckDBPyConnection, package: Package, now: Fresh, before: Path | None, groups: Groups
) -> list[Row]:
    """(person, item, kind, delivery, since, fen) against the masks of the run before; nothing for a first run.

    People with no decision before (they turned sixty, or moved here) count as new where they are entitled. An answer
    that became undetermined is no loss: it is a missing fact. Since when follows from the table `judged`.
    """
    if before is None:
        return []
    _load_before(engine, before, groups)
    columns = {name for name, *_ in engine.execute("DESCRIBE before").fetchall()}
    rows: list[Row] = []
    for rule in package.rules_for("person"):
        if rule.id in columns:
            turned = engine.execute(_TURNED.format(item=rule.id, masks=now.masks, month=now.month)).fetchall()
            fen = at_stake(rule, package, day_of(package, now.month))
            rows += [(person, rule.id, kind, rule.entitlement.delivery, since, fen) for person, kind, since in turned]
    return rows


_TURNED = """
SELECT coalesce(n.id, b.id) AS person, CASE WHEN coalesce(n."{item}", 0) = 1 THEN 'new' ELSE 'lost' END,
       (SELECT coalesce(min(j.month), {month}) FROM judged j WHERE j.person_id = person AND j.item = '{item}')
FROM read_parquet('{masks}') n FULL JOIN before b ON b.id = n.id
WHERE coalesce(n."{item}", 0) <> coalesce(b."{item}", 0)
    AND coalesce(n."{item}?", 0) = 0 AND coalesce(b."{item}?", 0) = 0
ORDER BY 1
"""


def _load_before(engine: duckdb.DuckDBPyConnection, before: Path, groups: Groups) -> None:
    """The masks of the run before, as people are grouped now: entitled as any of their files was."""
    described = engine.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(before)]).fetchall()
    masks = [name for name, *_ in described if name not in ("id", "division")]
    engine.register("survivors", survivors_of(groups))
    columns = ", ".join(f'bit_or("{name}") AS "{name}"' for name in masks)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE before AS SELECT coalesce(v.survivor, b.id) AS id, {columns} "
        f"FROM read_parquet('{before}') b LEFT JOIN survivors v ON v.member = b.id GROUP BY 1"
    )
    engine.unregister("survivors")
