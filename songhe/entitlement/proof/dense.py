"""What is owed to people with these facts, by the dense statement: a row for each of them and the day (逐人逐日)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import closing

import duckdb
import pyarrow as pa

from songhe.decision.masks import TIER_MARK, mask_conditions
from songhe.entitlement.proof.facts import Facts
from songhe.entitlement.worths import worths
from songhe.policy.package import Package
from songhe.policy.rhythm import rhythm
from songhe.registry.vocabulary import rule_facts
from songhe.rules.dense import dense_sql

_TYPES = {
    "date": pa.date32(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "money": pa.int64(),
    "decimal": pa.decimal128(18, 4),
    "code": pa.string(),
    "division": pa.string(),
}


def owed_to(package: Package, day: dt.date, people: Sequence[Facts]) -> list[Mapping[str, int]]:
    """Item → fen of everybody entitled to an exact sum on the day, in the order of `people`; grants are not asked."""
    sums = _sums(package, day)
    if not people or not sums:
        return [{} for _ in people]
    rules = [rule for rule in package.rules_for("person") if rule.id in {item for item, _ in sums.values()}]
    statement = dense_sql(mask_conditions(rules), days=[day], figures=package.figures, population="population")
    chosen = ", ".join(f'"{column}"' for column in sums)
    with closing(duckdb.connect(config={"memory_limit": "600MB", "threads": 1})) as engine:
        engine.register("population", _table(people))
        rows = engine.execute(f"SELECT id, {chosen} FROM ({statement}) ORDER BY id").fetchall()
    return [
        {item: fen for (item, fen), holds in zip(sums.values(), answers, strict=True) if holds} for _, *answers in rows
    ]


def _sums(package: Package, day: dt.date) -> dict[str, tuple[str, int]]:
    """Column of the answer → item and fen."""
    found = {}
    for rule in (rule for rule in package.rules_for("person") if rhythm(rule) is not None):
        for tier, amount in worths(rule, package, day):
            if amount.kind == "exact" and amount.fen:
                found[f"{rule.id}{TIER_MARK}{tier}" if tier else rule.id] = (rule.id, amount.fen)
    return found


def _table(people: Sequence[Facts]) -> pa.Table:
    columns = list(zip(*people, strict=True))
    facts = rule_facts().values()
    arrays = {fact.name: pa.array(values, _TYPES[fact.type]) for fact, values in zip(facts, columns, strict=True)}
    return pa.table({"id": pa.array(range(len(people)), pa.int64()), **arrays})
