"""`resolve` as one SELECT for any number of people, in the SQL that PostgreSQL, SQLite and DuckDB share.

Facts are numbered, so that sorting millions of records compares integers. Days and numbers that come into the text are
typed here (`dt.date`, `int`), never texts of somebody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from songhe.registry.resolve import ALIVE, DEATH_DATE
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import fact_names, is_sealed, personal_facts, rule_facts

# A death is resolved like a fact of its own, so that nothing said about life can stand before it.
_DEATH = len(fact_names())
_NUMBERS = {fact: number for number, fact in enumerate(fact_names())}
_COLUMNS = ("person_id", "fact", "source", "value", "division_id", "valid_from", "transaction_id", "id", "sealed")
# What is left of them where nothing about the person alone is read.
RULE_COLUMNS = _COLUMNS[:-1]
_PLACES = tuple(fact.name for fact in rule_facts().values() if fact.type == "division")
_CASTS = {"date": "date", "int": "bigint", "money": "bigint", "decimal": "decimal(18,4)"}


@dataclass(frozen=True)
class Moment:
    """What was valid on a day as known at a transaction; None: as known now."""

    valid_on: dt.date
    known_at: int | None = None


def counting_sql(moment: Moment, people: str, *, personal: bool = True, merged: Mapping[int, int] | None = None) -> str:
    """The records that count at the moment; `people` is SQL that holds for `r.person_id` of those who are wanted.

    Without `personal`, the columns are RULE_COLUMNS and only what rules may read is there. `merged` leads from ids,
    which `people` must hold for as well, to those whose records they count as.
    """
    retracted = f" AND x.transaction_id <= {int(moment.known_at)}" if moment.known_at is not None else ""
    known = f" AND r.transaction_id <= {int(moment.known_at)}" if moment.known_at is not None else ""
    day = f"'{moment.valid_on.isoformat()}'"
    whose, survivors = _counted_as(merged or {})
    chosen = ", ".join([whose, *(f"r.{column}" for column in (_COLUMNS if personal else RULE_COLUMNS)[1:])])
    names = ", ".join(f"'{name}'" for name in personal_facts())
    facts = "" if personal else f" AND r.fact NOT IN ({names})"
    return (
        f"SELECT {chosen} FROM registry_factrecord r {survivors}"
        f"LEFT JOIN registry_retraction x ON x.record_id = r.id{retracted} "
        f"WHERE {people} AND x.record_id IS NULL{known}{facts} "
        f"AND (r.valid_from IS NULL OR r.valid_from <= {day}) AND (r.valid_to IS NULL OR r.valid_to >= {day})"
    )


def _counted_as(merged: Mapping[int, int]) -> tuple[str, str]:
    """The column of the person, and the join that it needs; none where nobody is merged."""
    if not merged:
        return "r.person_id", ""
    pairs = ", ".join(f"({int(member)}, {int(survivor)})" for member, survivor in merged.items())
    # PostgreSQL and SQLite both call the columns of a bare list so.
    return "COALESCE(m.column2, r.person_id) AS person_id", f"LEFT JOIN (VALUES {pairs}) m ON m.column1 = r.person_id "


def nothing_sql(people: str) -> str:
    """Beside the records, a row that says nothing: for a result also of people without any record.

    `people` is SQL for a column `person_id`. It keeps PostgreSQL's estimates sober as well.
    """
    return f"SELECT person_id, {', '.join('NULL' for _ in _COLUMNS[1:])} FROM ({people}) nobody"


def resolved_sql(counting: str, *, valid_on: dt.date, vendor: str, personal: bool = True) -> str:
    """One row per person: `person_id`, a typed column per fact, `<fact>_division` for places, and `conflicts`.

    `counting` is SQL for records that count, with the columns of `counting_sql`; without `personal` only the facts that
    rules read are there. `conflicts` is empty or like `,hukou,living,`.
    """
    return f"""
WITH precedence(fact, source, number, place) AS (VALUES {_precedence_rows()}),
said AS (
    SELECT r.person_id, CASE WHEN r.fact = '{ALIVE}' AND r.value = 'false' THEN {_DEATH} ELSE p.number END AS number,
        p.place, r.value, {"r.sealed, " if personal else ""}r.division_id, r.valid_from, r.transaction_id, r.id
    FROM ({counting}) r LEFT JOIN precedence p ON {_ranked(vendor)}
),
aged AS (
    SELECT said.*, row_number() OVER (
        PARTITION BY person_id, number, place ORDER BY valid_from DESC NULLS LAST, transaction_id DESC, id DESC
    ) AS age FROM said
),
ranked AS (
    SELECT aged.*,
        row_number() OVER sources AS rank,
        first_value(value) OVER sources AS best,
        first_value(CASE WHEN place = 0 THEN transaction_id END) OVER sources AS settled
    FROM aged WHERE age = 1 AND (value IS NOT NULL OR number IS NULL)
    WINDOW sources AS (PARTITION BY person_id, number ORDER BY place)
),
pivoted AS (
    SELECT person_id, {", ".join(_pivoted(vendor, personal))}
    FROM ranked GROUP BY person_id
),
judged AS (
    SELECT pivoted.*, {_is_dead(valid_on)} AS is_dead, {_seen_alive_after(valid_on, vendor)} AS seen_alive
    FROM pivoted
)
SELECT person_id, {", ".join(_typed(vendor, personal))},
    CASE WHEN differing IS NOT NULL THEN ',' || differing ELSE '' END
    || CASE WHEN seen_alive THEN ',{ALIVE}' ELSE '' END
    || CASE WHEN differing IS NOT NULL OR seen_alive THEN ',' ELSE '' END AS conflicts
FROM judged"""


def resolved_columns() -> tuple[str, ...]:
    """The names of what `resolved_sql` gives, in its order."""
    return ("person_id", *fact_names(), *(f"{place}_division" for place in _PLACES), "conflicts")


def _facts(personal: bool) -> tuple[str, ...]:
    return fact_names() if personal else tuple(rule_facts())


@cache
def _precedence_rows() -> str:
    return ", ".join(
        f"('{fact}', '{source}', {_NUMBERS[fact]}, {rank})"
        for fact, ranks in precedence().ranks.items()
        for source, rank in ranks.items()
    )


def _ranked(vendor: str) -> str:
    # A column's affinity keeps SQLite from indexing the list, which then is read once for every record.
    bare = "+" if vendor == "sqlite" else ""
    return f"p.fact = {bare}r.fact AND p.source = {bare}r.source"


def _pivoted(vendor: str, personal: bool) -> list[str]:
    first = "FILTER (WHERE rank = 1 AND number = {})"
    columns = []
    # PostgreSQL has no greatest of bytes, and there is only one.
    bytes_of = "(array_agg(sealed) {})[1]" if vendor == "postgresql" else "max(sealed) {}"
    for fact in _facts(personal):
        one = bytes_of if is_sealed(fact) else "max(value) {}"
        columns.append(f"{one.format(first.format(_NUMBERS[fact]))} AS {fact}")
    columns += [f"max(division_id) {first.format(_NUMBERS[place])} AS {place}_division" for place in _PLACES]
    differs = "value <> best AND (settled IS NULL OR transaction_id >= settled)"
    names = f"CASE number {' '.join(f'WHEN {number} THEN {fact!r}' for fact, number in _NUMBERS.items())} END"
    listed = f"group_concat(DISTINCT {names})" if vendor == "sqlite" else f"string_agg(DISTINCT {names}, ',')"
    return [
        *columns,
        f"{listed} FILTER (WHERE {differs}) AS differing",
        f"max(value) {first.format(_DEATH)} AS death",
        f"max(valid_from) {first.format(_DEATH)} AS death_from",
        f"max(valid_from) FILTER (WHERE number = {_NUMBERS[ALIVE]}) AS alive_from",
    ]


def _is_dead(valid_on: dt.date) -> str:
    # ISO days compare as texts in every engine.
    return f"(death IS NOT NULL OR COALESCE({DEATH_DATE} <= '{valid_on.isoformat()}', false))"


def _seen_alive_after(valid_on: dt.date, vendor: str) -> str:
    died = _cast(DEATH_DATE, "date", vendor)
    after_record = "CASE WHEN death_from IS NULL THEN alive_from IS NOT NULL ELSE alive_from > death_from END"
    after_date = f"COALESCE({DEATH_DATE} <= '{valid_on.isoformat()}', false) AND alive_from > {died}"
    return f"COALESCE(CASE WHEN death IS NOT NULL THEN {after_record} ELSE {after_date} END, false)"


def _typed(vendor: str, personal: bool) -> list[str]:
    columns = []
    for fact in _facts(personal):
        kind = rule_facts()[fact].type if fact in rule_facts() else "text"
        value = f"CASE WHEN is_dead THEN 'false' ELSE {fact} END" if fact == ALIVE else fact
        columns.append(f"{_cast(value, kind, vendor)} AS {fact}")
    return [*columns, *(f"{place}_division" for place in _PLACES)]


def _cast(value: str, kind: str, vendor: str) -> str:
    if kind == "bool":
        return f"({value}) = 'true'"
    if vendor == "sqlite":
        # SQLite keeps days as texts, and decimals as Django writes them.
        return f"CAST({value} AS integer)" if kind in ("int", "money") else value
    return f"CAST({value} AS {_CASTS[kind]})" if kind in _CASTS else value
