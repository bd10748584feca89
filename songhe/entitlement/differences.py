"""What a run pays and takes back: what is decided now less what has been accounted, for all people at once.

No line of the past is looked at again: the sum of the lines is what stands, and whatever it differs by becomes a new
line. So a second correction builds on the first, a file merged into another brings its lines with it, and a run that
finds nothing new pays its own month and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from songhe.entitlement.deciding import Fresh
from songhe.entitlement.grants import granted_sql, not_paid_sql
from songhe.entitlement.worths import column_of, payable
from songhe.policy.package import Package
from songhe.policy.rule import Rule

LINES, OVERLAPS = "lines.parquet", "overlaps.parquet"
_NO_ROWS = "SELECT NULL::BIGINT AS person_id, NULL::BIGINT AS month, NULL::VARCHAR AS item, NULL::BIGINT AS fen, "


def load_decided(
    engine: duckdb.DuckDBPyConnection, package: Package, fresh: Sequence[Fresh], past: Sequence[int]
) -> None:
    """Makes `decided` (person_id, month, item, fen, place): every sum that is owed, a row for each month.

    Owed is what somebody is entitled to and `grants` lets be paid.
    """
    sums = payable(package, [*(one.month for one in fresh), *past])
    parts = [f"{_NO_ROWS} NULL::BIGINT AS place WHERE false"]
    parts += [part for one in fresh for part in _of_month(package, one, sums)]
    if past:
        parts += [part for key, by_month in sums.items() for part in _of_past(package, key, by_month, past)]
    engine.execute(f"CREATE OR REPLACE TEMP TABLE decided AS {' UNION ALL '.join(parts)}")


def _of_month(package: Package, one: Fresh, sums: Mapping[tuple[str, int], Mapping[int, int]]) -> Iterator[str]:
    for (item, tier), by_month in sums.items():
        if fen := by_month.get(one.month):
            granted = granted_sql(package.rules[item], "m.id", str(one.month))
            yield (
                f"SELECT m.id AS person_id, {one.month} AS month, '{item}' AS item, {fen} AS fen, NULL AS place "
                f"FROM read_parquet('{one.masks}') m WHERE m.\"{column_of(item, tier)}\" = 1 AND {granted}"
            )


def _of_past(package: Package, key: tuple[str, int], by_month: Mapping[int, int], past: Sequence[int]) -> Iterator[str]:
    worth = ", ".join(f"({step}, {month}, {by_month[month]})" for step, month in enumerate(past) if month in by_month)
    if not worth:
        return
    item, tier = key
    mask = f'p."{column_of(item, tier)}" & p.months'
    yield (
        f"SELECT p.id, w.month, '{item}', w.fen, p.place FROM past p "
        f"JOIN (VALUES {worth}) w(step, month, fen) ON (({mask}) >> w.step) & 1 = 1 "
        f"WHERE {mask} <> 0 AND {granted_sql(package.rules[item], 'p.id', 'w.month')}"
    )


def write_differences(
    engine: duckdb.DuckDBPyConnection, folder: Path, package: Package, fresh: Sequence[Fresh], past: Sequence[int]
) -> None:
    """Writes `lines.parquet` and `overlaps.parquet` from `decided`, `accounted` and `elsewhere`.

    A line is person_id, item, month, fen (signed), kind, answer, place, decided and accounted. What is owed for a month
    for which another county has paid the same item is no line but an overlap: the other county takes it back first.
    """
    month = max(one.month for one in fresh)
    engine.execute(_DELTA)
    _load_answers(engine, package, fresh, past)
    _load_places(engine, fresh)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {_JUDGED.format(month=month)}")
    for name, condition in ((LINES, "overlap IS NULL"), (OVERLAPS, "overlap IS NOT NULL")):
        engine.execute(
            f"COPY (SELECT * FROM judged WHERE {condition} ORDER BY person_id, item, month) "
            f"TO '{folder / name}' (FORMAT parquet, COMPRESSION zstd)"
        )


_DELTA = """
CREATE OR REPLACE TEMP TABLE delta AS
SELECT person_id, item, month, coalesce(d.fen, 0) - coalesce(a.fen, 0) AS fen,
       coalesce(d.fen, 0) AS decided, coalesce(a.fen, 0) AS accounted, coalesce(d.place, a.place) AS place
FROM decided d FULL JOIN accounted a USING (person_id, item, month)
WHERE coalesce(d.fen, 0) <> coalesce(a.fen, 0)
"""

_JUDGED = """
SELECT d.person_id, d.item, d.month, d.fen,
       CASE WHEN d.fen < 0 THEN 'recovery' WHEN d.month = {month} THEN 'due' ELSE 'arrears' END AS kind,
       CASE WHEN d.decided <> 0 THEN 'entitled' ELSE coalesce(n.answer, 'elsewhere') END AS answer,
       coalesce(d.place, s.place) AS place,
       d.decided, d.accounted, CASE WHEN d.fen > 0 AND e.fen > 0 THEN e.fen END AS overlap
FROM delta d LEFT JOIN elsewhere e USING (person_id, item, month)
LEFT JOIN answers n USING (person_id, item, month) LEFT JOIN standing s USING (person_id, month)
"""


def _load_answers(
    engine: duckdb.DuckDBPyConnection, package: Package, fresh: Sequence[Fresh], past: Sequence[int]
) -> None:
    """What the run says of each month for which nothing is owed; without a row, the file does not lie in the county."""
    known = {rule.id for rule in package.rules_for("person")}
    engine.execute("CREATE OR REPLACE TEMP TABLE fallen AS SELECT person_id, item, month FROM delta WHERE decided = 0")
    items = [row[0] for row in engine.execute("SELECT DISTINCT item FROM fallen ORDER BY item").fetchall()]
    parts = [
        "SELECT NULL::BIGINT AS person_id, NULL::VARCHAR AS item, NULL::BIGINT AS month, NULL AS answer WHERE false"
    ]
    parts += [
        f"SELECT person_id, item, month, 'no_item' FROM fallen WHERE item = '{i}'" for i in items if i not in known
    ]
    for item in (item for item in items if item in known):
        rule = package.rules[item]
        parts += [_answer_in(one, rule) for one in fresh]
        parts += [_answer_past(rule, past)] if past else []
    engine.execute(f"CREATE OR REPLACE TEMP TABLE answers AS {' UNION ALL '.join(parts)}")


# Somebody entitled to whom nothing is owed: for want of a grant, unless the item has no sum in that month.
_ANSWER = (
    "CASE WHEN {yes} AND {granted} THEN 'entitled' WHEN {yes} THEN {why} "
    "WHEN {unknown} THEN 'undetermined' ELSE 'not_entitled' END"
)


def _answered(rule: Rule, yes: str, unknown: str) -> str:
    granted, why = granted_sql(rule, "d.person_id", "d.month"), not_paid_sql(rule, "d.person_id")
    return _ANSWER.format(yes=yes, unknown=unknown, granted=granted, why=why)


def _answer_in(one: Fresh, rule: Rule) -> str:
    item = rule.id
    answer = _answered(rule, f'm."{item}" = 1', f'm."{item}?" = 1')
    return (
        f"SELECT d.person_id, d.item, d.month, {answer} FROM fallen d JOIN read_parquet('{one.masks}') m "
        f"ON m.id = d.person_id WHERE d.item = '{item}' AND d.month = {one.month}"
    )


def _answer_past(rule: Rule, past: Sequence[int]) -> str:
    item = rule.id
    steps = ", ".join(f"({step}, {month})" for step, month in enumerate(past))
    answer = _answered(rule, f'(p."{item}" >> w.step) & 1 = 1', f'(p."{item}?" >> w.step) & 1 = 1')
    return (
        f"SELECT d.person_id, d.item, d.month, {answer} FROM fallen d JOIN (VALUES {steps}) w(step, month) "
        f"ON w.month = d.month JOIN past p ON p.id = d.person_id AND (p.months >> w.step) & 1 = 1 "
        f"WHERE d.item = '{item}'"
    )


def _load_places(engine: duckdb.DuckDBPyConnection, fresh: Sequence[Fresh]) -> None:
    """Where the files of those with a line lay on the day of a month decided for everybody."""
    parts = ["SELECT NULL::BIGINT AS person_id, NULL::BIGINT AS month, NULL::BIGINT AS place WHERE false"]
    parts += [
        f"SELECT s.id, {one.month}, coalesce(h.id, r.id) FROM read_parquet('{one.snapshot}') s "
        f"SEMI JOIN (SELECT person_id FROM delta WHERE month = {one.month}) d ON d.person_id = s.id "
        f"LEFT JOIN codes h ON h.code = s.hukou AND h.month = {one.month} "
        f"LEFT JOIN codes r ON r.code = s.residence AND r.month = {one.month}"
        for one in fresh
    ]
    engine.execute(f"CREATE OR REPLACE TEMP TABLE standing AS {' UNION ALL '.join(parts)}")
