"""What cases say of people's money (准予): from which month on it is granted, and when a refusal or a no ends it.

The table `grants` and the file of that name in a run's folder have a row for each decision that counts: person_id (who
stands for the file), item, state (granted, refused, declined), the months `first` to `last` in which it holds
(granted: pays; otherwise: stops), `decided`, the month of the decision, `case_id`, and `once`: whether the item's one
payment goes by this grant. Death and loss of entitlement are no matter of a grant: that decides the engine.

- The latest decision holds. A refusal ends what was granted before from the month after it.
- What was decided anew after an appeal stands in the place of the first decision, with its day of application: an
  appeal that was right brings the money from the beginning, a grant found wrong never was one.
- What is paid once is paid by the first grant that stands, and a later application changes nothing about it.
- Who says no to what was offered without a form (免申即享) is paid no more from the month after, until a grant.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
from django.db import connection

from songhe.casework.models import Case, Kind
from songhe.entitlement.paying import needs_grant, paid_from
from songhe.entitlement.reading import day_sql, fetched, survivors_of
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.policy.rhythm import is_once, rhythm
from songhe.policy.rule import Rule
from songhe.policy.same_item import same_items
from songhe.registry.groups import Groups

GRANTS = "grants.parquet"
EVER = 999912
_TEXT = pa.dictionary(pa.int32(), pa.string())
_CASES = pa.schema(
    [
        ("id", pa.int64()),
        ("person_id", pa.int64()),
        ("package", _TEXT),
        ("item", _TEXT),
        ("outcome", _TEXT),
        ("opened", pa.date32()),
        ("decided", pa.date32()),
    ]
)
_MEMBERS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("household_id", pa.int64()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)
_MONTH = "(year({0}) * 100 + month({0}))::BIGINT"
_NEXT = "(year({0} + INTERVAL 1 MONTH) * 100 + month({0} + INTERVAL 1 MONTH))::BIGINT"
_BEFORE = "(CASE WHEN {0} % 100 = 1 THEN {0} - 89 ELSE {0} - 1 END)"
_FIRST = {
    "applied": _MONTH.format("applied"),
    "decided": _MONTH.format("decided"),
    "after_decided": _NEXT.format("decided"),
}


def load_grants(engine: duckdb.DuckDBPyConnection, package: Package, groups: Groups, *, known_at: int) -> None:
    """Makes `grants` from the cases as they stand now, of people and households as known at a transaction."""
    given = {
        "decisions": _decisions(),
        "roots": _roots(),
        "counts": _counting(package),
        "terms": _terms(package),
        "survivors": survivors_of(groups),
        "members": _members(package, known_at),
    }
    for name, table in given.items():
        engine.register(name, table)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE settled AS {_SETTLED}")
    months = [month for (month,) in engine.execute("SELECT DISTINCT decided FROM settled").fetchall()]
    days = [day_of(package, month) for month in months]
    engine.register("deciding", pa.table({"month": pa.array(months, pa.int64()), "day": pa.array(days, pa.date32())}))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE grants AS {_GRANTS}")
    for name in (*given, "deciding"):
        engine.unregister(name)
    engine.execute("DROP TABLE settled")


def write_grants(engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
    engine.execute(
        f"COPY (SELECT * FROM grants ORDER BY person_id, item, decided, case_id) TO '{folder / GRANTS}' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


def whose_grants_differ(engine: duckdb.DuckDBPyConnection, before: Path, groups: Groups) -> list[int]:
    """Ids of those for whom `grants` is not what the file of an earlier run says, as people are grouped now."""
    engine.register("survivors", survivors_of(groups))
    columns = "item, state, first, last, decided, once"
    then = (
        f"SELECT coalesce(v.survivor, b.person_id) AS person_id, {columns} FROM read_parquet('{before}') b "
        "LEFT JOIN survivors v ON v.member = b.person_id"
    )
    now = f"SELECT person_id, {columns} FROM grants"
    rows = engine.execute(
        f"SELECT DISTINCT person_id FROM (({now} EXCEPT {then}) UNION ALL ({then} EXCEPT {now})) ORDER BY 1"
    ).fetchall()
    engine.unregister("survivors")
    return [person for (person,) in rows]


def granted_sql(rule: Rule, person: str, month: str) -> str:
    """SQL that holds where `grants` lets the item be paid to a person (a column) for a month (a column or number)."""
    about = f"g.person_id = {person} AND g.item = '{rule.id}'"
    if is_once(rule):
        return f"EXISTS (SELECT 1 FROM grants g WHERE {about} AND g.once AND g.decided = {month})"
    held = f"g.first <= {month} AND g.last >= {month}"
    if needs_grant(rule):
        return f"EXISTS (SELECT 1 FROM grants g WHERE {about} AND g.state = 'granted' AND {held})"
    return f"NOT EXISTS (SELECT 1 FROM grants g WHERE {about} AND g.state <> 'granted' AND {held})"


def not_paid_sql(rule: Rule, person: str) -> str:
    """SQL for why the item is not paid to somebody entitled: never applied for, or not granted when it was."""
    about = f"g.person_id = {person} AND g.item = '{rule.id}' AND g.state <> 'granted'"
    return f"CASE WHEN EXISTS (SELECT 1 FROM grants g WHERE {about}) THEN 'not_granted' ELSE 'not_applied' END"


def _decisions() -> pa.Table:
    """Every decision about a person's benefit, and every no to what was offered, as the cases stand."""
    opened = day_sql('o."on"')
    statement = (
        f"SELECT c.id, c.person_id, c.package, c.item, c.outcome, {opened}, "
        f"{day_sql('coalesce(c.decided_on, c.closed_on)')} FROM casework_case c "
        "JOIN casework_act o ON o.case_id = c.id AND o.number = 1 "
        "WHERE c.kind = %s AND c.person_id IS NOT NULL AND (c.outcome IN ('granted', 'refused') "
        "OR c.outcome = 'withdrawn' AND c.how = 'system' AND c.about_id IS NULL)"
    )
    return fetched(statement, [Kind.BENEFIT.value], _CASES)


def _roots() -> pa.Table:
    """Of every case that was handled anew after an appeal: the one it all began with."""
    statement = (
        "SELECT c.id, a.about_id FROM casework_case c JOIN casework_case a ON a.id = c.about_id "
        "WHERE c.kind = %s AND a.kind = %s AND a.about_id IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [Kind.BENEFIT.value, Kind.APPEAL.value])
        before = dict(cursor.fetchall())
    roots = {case: _first(case, before) for case in before}
    return pa.table({"id": pa.array(list(roots), pa.int64()), "root": pa.array(list(roots.values()), pa.int64())})


def _first(case: int, before: Mapping[int, int]) -> int:
    while case in before:
        case = before[case]
    return case


def _counting(package: Package) -> pa.Table:
    """The items by the names of packages under which a case about them counts."""
    names = Case.objects.filter(kind=Kind.BENEFIT).order_by("package").values_list("package", flat=True).distinct()
    pairs = same_items(package, names)
    return pa.table({"package": pa.array([name for name, _ in pairs], pa.string()),
                     "item": pa.array([item for _, item in pairs], pa.string())})  # fmt: skip


def _terms(package: Package) -> pa.Table:
    rules = package.rules_for("person")
    return pa.table(
        {
            "item": pa.array([rule.id for rule in rules], pa.string()),
            "offered": [rule.entitlement.delivery == "offer" for rule in rules],
            "paid_from": pa.array([paid_from(rule.entitlement).month for rule in rules], pa.string()),
            "rhythm": pa.array([rhythm(rule) for rule in rules], pa.string()),
        }
    )


def _members(package: Package, known_at: int) -> pa.Table:
    """Who was in which household, as known at a transaction; nobody where no item is paid by households."""
    wanted = any(rhythm(rule) == "once_a_household" for rule in package.rules_for("person"))
    ended = f"CASE WHEN ended_in_id IS NULL OR ended_in_id > {int(known_at)} THEN NULL ELSE valid_to END"
    statement = (
        f"SELECT person_id, household_id, {day_sql('valid_from')}, {day_sql(ended)} FROM registry_membership "
        f"WHERE recorded_in_id <= {int(known_at)}"
    )
    return fetched(statement, [], _MEMBERS) if wanted else _MEMBERS.empty_table()


# The last decision about each matter, whatever was decided of it before.
_SETTLED = f"""
WITH known AS (
    SELECT d.* EXCLUDE (item, package), d.item::VARCHAR AS item, coalesce(r.root, d.id) AS root
    FROM decisions d JOIN counts n ON n.package = d.package::VARCHAR AND n.item = d.item::VARCHAR
    LEFT JOIN roots r ON r.id = d.id
),
latest AS (
    SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY root ORDER BY decided DESC, id DESC) = 1
),
dated AS (
    SELECT l.id AS case_id, coalesce(v.survivor, l.person_id) AS person_id, l.item, t.paid_from, t.rhythm, l.decided,
           CASE WHEN l.outcome = 'withdrawn' THEN 'declined' ELSE l.outcome::VARCHAR END AS state,
           least(coalesce(f.opened, l.opened), l.decided) AS applied
    FROM latest l JOIN terms t ON t.item = l.item LEFT JOIN known f ON f.id = l.root
    LEFT JOIN survivors v ON v.member = l.person_id
    WHERE l.outcome <> 'withdrawn' OR t.offered
)
SELECT case_id, person_id, item, state, rhythm, decided AS day, {_MONTH.format("decided")} AS decided,
       CASE WHEN state <> 'granted' THEN {_NEXT.format("decided")}
            {" ".join(f"WHEN paid_from = '{name}' THEN {sql}" for name, sql in _FIRST.items())} END AS first
FROM dated
"""

_GRANTS = f"""
WITH held AS (
    SELECT *, CASE WHEN state = 'granted' THEN coalesce(min(decided) FILTER (state <> 'granted') OVER after, {EVER})
                   ELSE coalesce(min({_BEFORE.format("first")}) FILTER (state = 'granted') OVER after, {EVER})
              END AS last
    FROM settled
    WINDOW after AS (
        PARTITION BY person_id, item ORDER BY day, case_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    )
),
living AS (
    SELECT h.case_id, min(m.household_id) AS household
    FROM held h JOIN deciding d ON d.month = h.decided
    JOIN (SELECT coalesce(v.survivor, m.person_id) AS person_id, m.* EXCLUDE (person_id)
          FROM members m LEFT JOIN survivors v ON v.member = m.person_id) m ON m.person_id = h.person_id
        AND (m.valid_from IS NULL OR m.valid_from <= d.day) AND (m.valid_to IS NULL OR m.valid_to >= d.day)
    WHERE h.rhythm = 'once_a_household' GROUP BY h.case_id
)
SELECT h.person_id, h.item, h.state, h.first, h.last, h.decided, h.case_id,
       coalesce(rhythm IN ('once', 'once_a_household'), false) AND state = 'granted' AND row_number() OVER (
           PARTITION BY item, coalesce(-household, person_id), state = 'granted' ORDER BY day, h.case_id
       ) = 1 AS once
FROM held h LEFT JOIN living USING (case_id)
"""
