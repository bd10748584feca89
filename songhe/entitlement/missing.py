"""On which facts undetermined answers hang: for everybody, without deciding everybody one by one.

People who are alike (`songhe/decision/alike.py`) have the same missing facts, so one of them speaks for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from songhe.decision.alike import PACKED, key_sql, leaves_of
from songhe.decision.person import Decider, make_decider
from songhe.entitlement.deciding import Fresh
from songhe.entitlement.worths import at_stake, column_of, day_of
from songhe.policy.package import Package
from songhe.policy.rule import Rule
from songhe.rules.bits import bits_sql
from songhe.rules.vocabulary import Value

_Speaker = tuple[int, int | str, int]


def load_missing(engine: duckdb.DuckDBPyConnection, package: Package, month: Fresh) -> None:
    """Makes `missing`: person_id, fact, items, settles and fen, as in the model MissingFact."""
    rules = package.rules_for("person")
    _load_unclear(engine, rules, month)
    _load_alike(engine, package, rules, month)
    speakers = [row for number in range(len(rules)) for row in _speakers(engine, number)]
    _load_spoken(engine, package, rules, speakers, month)
    _load_hanging(engine, package, rules, month)


def _load_unclear(engine: duckdb.DuckDBPyConnection, rules: Sequence[Rule], month: Fresh) -> None:
    """Who has an item whose answer or sum is not determined: a column for each item, by its place in the list."""
    flags = [f"({_unclear(rule)}) AS u{number}" for number, rule in enumerate(rules)]
    anything = " OR ".join(f"u{number}" for number in range(len(rules)))
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE unclear AS SELECT * FROM "
        f"(SELECT id, {', '.join(flags)} FROM read_parquet('{month.masks}')) WHERE {anything}"
    )


def _unclear(rule: Rule) -> str:
    tiers = range(1, len(rule.amount.tiers) + 1)
    return " OR ".join(f'"{column_of(rule.id, tier)}?" <> 0' for tier in (0, *tiers))


def _load_alike(engine: duckdb.DuckDBPyConnection, package: Package, rules: Sequence[Rule], month: Fresh) -> None:
    """Of those people, a key for each item that is unclear: which of its leaves are false, true and unknown."""
    leaves = list(dict.fromkeys(leaf for rule in rules for leaf in leaves_of(rule)))
    names = {leaf: f"l{number}" for number, leaf in enumerate(leaves)}
    flags = [f"u{number}" for number in range(len(rules))]
    asked = bits_sql(
        {name: leaf for leaf, name in names.items()},
        days=[day_of(package, month.month)],
        figures=package.figures,
        population=f"(SELECT s.*, u.* EXCLUDE (id) FROM read_parquet('{month.snapshot}') s JOIN unclear u USING (id))",
        carry=("id", *flags),
    )
    keys = [
        f"CASE WHEN u{number} THEN {key_sql([names[leaf] for leaf in leaves_of(rule)])} END AS k{number}"
        for number, rule in enumerate(rules)
    ]
    engine.execute(f"CREATE OR REPLACE TEMP TABLE alike AS SELECT id, {', '.join(keys)} FROM ({asked})")


def _speakers(engine: duckdb.DuckDBPyConnection, number: int) -> list[_Speaker]:
    """The place of an item, each key of it, and one person of those who are alike in it."""
    return engine.execute(
        f"SELECT {number}, k{number}, min(id) FROM alike WHERE k{number} IS NOT NULL GROUP BY 2"
    ).fetchall()


def _load_spoken(
    engine: duckdb.DuckDBPyConnection,
    package: Package,
    rules: Sequence[Rule],
    speakers: Sequence[_Speaker],
    month: Fresh,
) -> None:
    """What each speaker's answer hangs on: a table for each item, by key."""
    day = day_of(package, month.month)
    deciders = [make_decider(package, day, only=rule.id) for rule in rules]
    facts = _facts_of(engine, {one for _, _, one in speakers}, rules, month)
    spoken: list[list[tuple[int | str, str, int]]] = [[] for _ in rules]
    for number, key, one in speakers:
        known = {name: facts[one][name] for name in rules[number].facts if facts[one][name] is not None}
        spoken[number] += [(key, fact, alone) for fact, alone in _hangs_on(deciders[number], known)]
    for number, rule in enumerate(rules):
        key, fact, alone = zip(*spoken[number], strict=True) if spoken[number] else ((), (), ())
        kind = pa.string() if len(leaves_of(rule)) > PACKED else pa.int64()
        columns = {"key": pa.array(key, kind), "fact": pa.array(fact, pa.string())}
        engine.register(f"spoken{number}", pa.table({**columns, "settles": pa.array(alone, pa.int32())}))


def _facts_of(
    engine: duckdb.DuckDBPyConnection, people: set[int], rules: Sequence[Rule], month: Fresh
) -> dict[int, dict[str, Value]]:
    """The facts of these people, read in one go."""
    names = list(dict.fromkeys(name for rule in rules for name in rule.facts))
    engine.register("speakers", pa.table({"id": pa.array(sorted(people), pa.int64())}))
    rows = engine.execute(
        f"SELECT s.id, {', '.join(f's.{name}' for name in names)} FROM read_parquet('{month.snapshot}') s "
        "SEMI JOIN speakers USING (id)"
    ).fetchall()
    engine.unregister("speakers")
    return {id: dict(zip(names, values, strict=True)) for id, *values in rows}


def _hangs_on(decider: Decider, facts: dict[str, Value]) -> list[tuple[str, int]]:
    """The missing facts, and whether the fact alone stands between the item and an answer."""
    (decision,) = decider.decide(facts)
    found = decision.found
    alone = int(len(found.missing) == 1 and not found.open_terms and not found.figures)
    return [(fact, alone) for fact in found.missing]


def _load_hanging(engine: duckdb.DuckDBPyConnection, package: Package, rules: Sequence[Rule], month: Fresh) -> None:
    """What was said of one is said of all who are alike."""
    day = day_of(package, month.month)
    parts = [
        f"SELECT a.id, s.fact, {at_stake(rule, package, day)} AS fen, s.settles "
        f"FROM alike a JOIN spoken{number} s ON s.key = a.k{number}"
        for number, rule in enumerate(rules)
    ]
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE missing AS SELECT id AS person_id, fact, count(*) AS items, "
        f"sum(settles) AS settles, sum(fen)::BIGINT AS fen FROM ({' UNION ALL '.join(parts)}) GROUP BY ALL"
    )
    for number in range(len(rules)):
        engine.unregister(f"spoken{number}")
