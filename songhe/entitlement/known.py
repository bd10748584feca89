"""What is known about some people over many months, as rows of facts that hold for a stretch of months each.

A fact is valid from a day to a day, so a month has to be decided on what was valid on its own day. For most people
nothing begins or ends for years: instead of a row per month there is one per stretch in which nothing does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import duckdb
import pyarrow as pa

from songhe.entitlement.places import Places
from songhe.entitlement.reading import day_sql, fetched
from songhe.registry.groups import Groups
from songhe.registry.resolve_sql import resolved_sql
from songhe.registry.sets import among_sql, by_index
from songhe.registry.vocabulary import rule_facts

_WORD = pa.dictionary(pa.int32(), pa.string())
_RECORDS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("fact", _WORD),
        ("source", _WORD),
        ("value", pa.string()),
        ("division_id", pa.int64()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("transaction_id", pa.int64()),
        ("id", pa.int64()),
    ]
)
# Whether somebody is dead on a day is asked below, for each stretch: no date of death lies before this one.
_NEVER = dt.date.min
# Whose county a file belongs to, and since when somebody is dead.
_ALWAYS = ("hukou", "residence", "alive", "death_date")


def load_days(engine: duckdb.DuckDBPyConnection, days: Sequence[dt.date], places: Places) -> None:
    """The tables `days` (step, day, tree) and `places`, for `known_over_months`. Days are in rising order."""
    rows = [(step, day, tree) for step, (day, tree) in enumerate(zip(days, places.tree_of, strict=True))]
    engine.execute("CREATE OR REPLACE TEMP TABLE days (step INTEGER, day DATE, tree BIGINT)")
    engine.executemany("INSERT INTO days VALUES (?, ?, ?)", rows)
    engine.register("places_given", places.table)
    engine.execute("CREATE OR REPLACE TEMP TABLE places AS SELECT * FROM places_given")
    engine.unregister("places_given")


def known_over_months(
    engine: duckdb.DuckDBPyConnection,
    people: Sequence[int],
    groups: Groups,
    *,
    known_at: int,
    facts: Iterable[str],
) -> None:
    """Makes the table `known`: id, `months` (bit i: day i) and `place`, and a column per fact that rules read.

    Only `facts` are looked up, the other columns stay null. `people` stand for themselves. A stretch in which a file
    did not lie in the county has no row.
    """
    merged = groups.merged_into(people)
    engine.register("people", pa.table({"id": pa.array(people, pa.int64())}))
    engine.register("members", pa.table({"member": pa.array(list(merged), pa.int64()),
                                         "survivor": pa.array(list(merged.values()), pa.int64())}))  # fmt: skip
    engine.register("records", _records(engine, [*people, *merged], known_at, {*facts, *_ALWAYS}))
    engine.execute(_SAID)
    engine.execute(_STRETCHES)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE known AS {_known_sql()}")
    for name in ("people", "members", "records"):
        engine.unregister(name)


def _records(
    engine: duckdb.DuckDBPyConnection, people: Sequence[int], known_at: int, facts: Collection[str]
) -> pa.Table:
    ((first, last),) = engine.execute("SELECT min(day), max(day) FROM days").fetchall()
    among, parameter = among_sql("r.person_id", people)
    wanted = ", ".join(f"'{name}'" for name in rule_facts() if name in facts)
    statement = (
        "SELECT r.person_id, r.fact, r.source, r.value, r.division_id, "
        f"{day_sql('r.valid_from')}, {day_sql('r.valid_to')}, r.transaction_id, r.id FROM registry_factrecord r "
        f"LEFT JOIN registry_retraction x ON x.record_id = r.id AND x.transaction_id <= {int(known_at)} "
        f"WHERE {among} AND x.record_id IS NULL AND r.transaction_id <= {int(known_at)} AND r.fact IN ({wanted}) "
        f"AND (r.valid_from IS NULL OR r.valid_from <= '{last}') AND (r.valid_to IS NULL OR r.valid_to >= '{first}')"
    )
    with by_index():
        return fetched(statement, [parameter], _RECORDS)


_SAID = """
CREATE OR REPLACE TEMP TABLE said AS
SELECT r.* REPLACE (coalesce(m.survivor, r.person_id) AS person_id)
FROM records r LEFT JOIN members m ON m.member = r.person_id
"""

# A stretch begins with the first month, where a record begins or has ended, at a death, and where the tree changes.
_STRETCHES = """
CREATE OR REPLACE TEMP TABLE stretches AS
WITH breaks AS (
    SELECT id AS person_id, step FROM people CROSS JOIN (SELECT min(step) AS step FROM days GROUP BY tree)
    UNION SELECT s.person_id, d.step FROM said s ASOF JOIN days d ON s.valid_from <= d.day
    UNION SELECT s.person_id, d.step FROM said s ASOF JOIN days d ON s.valid_to < d.day
    UNION SELECT s.person_id, d.step
          FROM (SELECT person_id, value::DATE AS died FROM said WHERE fact = 'death_date') s
          ASOF JOIN days d ON s.died <= d.day
),
spans AS (
    SELECT person_id, step,
           lead(step, 1, (SELECT count(*) FROM days)::INTEGER) OVER (PARTITION BY person_id ORDER BY step) AS stop
    FROM breaks
)
SELECT row_number() OVER () AS key, s.person_id, d.day, d.tree,
       (1::BIGINT << s.stop) - (1::BIGINT << s.step) AS months
FROM spans s JOIN days d USING (step)
"""

_COUNTING = """
SELECT t.key AS person_id, s.fact, s.source, s.value, s.division_id, s.valid_from, s.transaction_id, s.id
FROM stretches t JOIN said s ON s.person_id = t.person_id
    AND (s.valid_from IS NULL OR s.valid_from <= t.day) AND (s.valid_to IS NULL OR s.valid_to >= t.day)
"""


def _known_sql() -> str:
    return (
        f"SELECT t.person_id AS id, t.months, coalesce(h.place, r.place) AS place, {', '.join(_columns())} "
        f"FROM ({resolved_sql(_COUNTING, valid_on=_NEVER, vendor='duckdb', personal=False)}) p "
        "JOIN stretches t ON t.key = p.person_id "
        "LEFT JOIN places h ON h.id = p.hukou_division AND h.tree = t.tree "
        "LEFT JOIN places r ON r.id = p.residence_division AND r.tree = t.tree "
        "WHERE coalesce(h.held, r.held)"
    )


def _columns() -> list[str]:
    special = {
        "hukou": "coalesce(h.code, p.hukou)",
        "residence": "coalesce(r.code, p.residence)",
        "alive": "CASE WHEN p.death_date <= t.day THEN false ELSE p.alive END",
    }
    return [f"{special.get(name, f'p.{name}')} AS {name}" for name in rule_facts()]
