"""What has been accounted before: sums of lines, per person as people are grouped now."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from songhe.entitlement.reading import fetched, survivors_of
from songhe.registry.groups import Groups
from songhe.registry.sets import among_sql

_SUMS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("item", pa.string()),
        ("month", pa.int64()),
        ("fen", pa.int64()),
        ("place", pa.int64()),
        ("county", pa.int64()),
    ]
)
_STATEMENT = """
SELECT person_id, item, month, CAST(SUM(fen) AS bigint), MAX(division_id), county_id
FROM entitlement_line WHERE {months}{people} GROUP BY person_id, item, month, county_id
"""


def load_accounted(
    engine: duckdb.DuckDBPyConnection,
    county: int,
    groups: Groups,
    *,
    fresh: Sequence[int],
    past: Sequence[int],
    people: Sequence[int],
) -> None:
    """Makes `accounted` (person_id, item, month, fen, place), the county's sums, and `elsewhere`, those of others.

    Of `fresh` months they are everybody's; of `past` ones those of `people`, who stand for themselves.
    """
    parts = [_sums(fresh, None)]
    if past and people:
        parts.append(_sums(past, [*people, *groups.merged_into(people)]))
    engine.register("sums", pa.concat_tables(parts))
    engine.register("survivors", survivors_of(groups))
    for name, condition in (("accounted", f"county = {int(county)}"), ("elsewhere", f"county <> {int(county)}")):
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {_GROUPED.format(condition=condition)}")
    for name in ("sums", "survivors"):
        engine.unregister(name)


_GROUPED = """
SELECT coalesce(v.survivor, s.person_id) AS person_id, s.item, s.month, sum(s.fen)::BIGINT AS fen, max(s.place) AS place
FROM sums s LEFT JOIN survivors v ON v.member = s.person_id
WHERE {condition} GROUP BY 1, 2, 3 HAVING sum(s.fen) <> 0
"""


def _sums(months: Sequence[int], people: Sequence[int] | None) -> pa.Table:
    chosen, parameters = "", []
    if people is not None:
        among, parameter = among_sql("person_id", people)
        chosen, parameters = f" AND {among}", [parameter]
    wanted = f"month IN ({', '.join(str(int(month)) for month in months)})"
    return fetched(_STATEMENT.format(months=wanted, people=chosen), parameters, _SUMS)
