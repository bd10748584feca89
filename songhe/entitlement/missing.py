"""On which facts undetermined answers hang: for everybody, without deciding everybody one by one.

What an item's answer hangs on follows from which of its leaves are true, false and unknown. People for whom these are
alike have the same missing facts, so one of them is decided in full and speaks for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from songhe.decision.person import Decider, make_decider
from songhe.entitlement.deciding import Fresh
from songhe.entitlement.worths import at_stake, column_of, day_of
from songhe.policy.package import Package
from songhe.policy.rule import Rule
from songhe.rules import tree
from songhe.rules.bits import bits_sql
from songhe.rules.vocabulary import Value

Row = tuple[int, str, int, int, int]


def load_missing(engine: duckdb.DuckDBPyConnection, package: Package, month: Fresh) -> None:
    """Makes `missing`: person_id, fact, items, settles and fen, as in the model MissingFact."""
    rules = package.rules_for("person")
    _load_unclear(engine, rules, month)
    leaves = list(dict.fromkeys(leaf for rule in rules for leaf in _leaves(rule)))
    _load_leaves(engine, package, leaves, month)
    engine.execute("CREATE OR REPLACE TEMP TABLE hanging (person_id BIGINT, fact VARCHAR, fen BIGINT, settles INTEGER)")
    names = {leaf: f"l{number}" for number, leaf in enumerate(leaves)}
    for number, rule in enumerate(rules):
        _hang(engine, package, rule, number, [names[leaf] for leaf in _leaves(rule)], month)
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE missing AS SELECT person_id, fact, count(*) AS items, sum(settles) AS settles, "
        "sum(fen)::BIGINT AS fen FROM hanging GROUP BY ALL"
    )


def _leaves(rule: Rule) -> list[tree.Node]:
    """The parts of its conditions that read a fact by themselves, each once."""
    parts = (part for condition in rule.conditions for part in tree.walk(condition) if hasattr(part, "fact"))
    return list(dict.fromkeys(parts))


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


def _load_leaves(
    engine: duckdb.DuckDBPyConnection, package: Package, leaves: Sequence[tree.Node], month: Fresh
) -> None:
    """Of those people, a column for each leaf: 0 false, 1 true, 2 unknown."""
    asked = bits_sql(
        {f"l{number}": leaf for number, leaf in enumerate(leaves)},
        days=[day_of(package, month.month)],
        figures=package.figures,
        population=f"(SELECT s.* FROM read_parquet('{month.snapshot}') s SEMI JOIN unclear u ON u.id = s.id)",
    )
    truths = ", ".join(f'("l{n}" + 2 * "l{n}?")::UTINYINT AS l{n}' for n in range(len(leaves)))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE leaves AS SELECT id, {truths} FROM ({asked})")


def _hang(
    engine: duckdb.DuckDBPyConnection, package: Package, rule: Rule, number: int, leaves: Sequence[str], month: Fresh
) -> None:
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE alike AS SELECT l.id, min(l.id) OVER (PARTITION BY {', '.join(leaves)}) AS one "
        f"FROM leaves l JOIN unclear u ON u.id = l.id WHERE u.u{number}"
    )
    day = day_of(package, month.month)
    decider, fen = make_decider(package, day, only=rule.id), at_stake(rule, package, day)
    rows = [row for one, facts in _speakers(engine, rule, month) for row in _facts_of(one, decider, facts)]
    one, fact, settles = zip(*rows, strict=True) if rows else ((), (), ())
    spoken = {
        "one": pa.array(one, pa.int64()),
        "fact": pa.array(fact, pa.string()),
        "settles": pa.array(settles, pa.int32()),
    }
    engine.register("spoken", pa.table(spoken))
    engine.execute(
        f"INSERT INTO hanging SELECT a.id, s.fact, {fen}, s.settles FROM alike a JOIN spoken s ON s.one = a.one"
    )
    engine.unregister("spoken")


def _speakers(engine: duckdb.DuckDBPyConnection, rule: Rule, month: Fresh) -> Iterator[tuple[int, dict[str, Value]]]:
    cursor = engine.execute(
        f"SELECT id, {', '.join(rule.facts)} FROM read_parquet('{month.snapshot}') "
        "WHERE id IN (SELECT DISTINCT one FROM alike)"
    )
    for id, *values in cursor.fetchall():
        yield id, {name: value for name, value in zip(rule.facts, values, strict=True) if value is not None}


def _facts_of(one: int, decider: Decider, facts: dict[str, Value]) -> list[tuple[int, str, int]]:
    """(speaker, fact, whether the fact alone stands between the item and an answer)."""
    (decision,) = decider.decide(facts)
    found = decision.found
    alone = int(len(found.missing) == 1 and not found.open_terms and not found.figures)
    return [(one, fact, alone) for fact in found.missing]
