"""What stands between an undetermined answer and a sure one: facts nobody has, and words the document leaves open."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from songhe.common.text import Text, say
from songhe.decision.alike import key_sql, leaves_of
from songhe.decision.masks import read_facts_of
from songhe.decision.person import make_decider
from songhe.decision.snapshot import open_snapshot
from songhe.policy.package import Package
from songhe.policy.rule import Rule
from songhe.rules.bits import bits_sql
from songhe.rules.vocabulary import Value

FACT, TERM = "fact", "term"


@dataclass(frozen=True)
class Blocked:
    """How many undetermined answers of an item hang on a fact or on an open term; one answer may hang on several."""

    item: str
    kind: str
    name: str
    people: int

    def label(self, package: Package) -> Text:
        if self.kind == FACT:
            return package.fact(package.entitlements[self.item].subject, self.name).label
        name = package.terms[self.name].name
        return say(f"“{name.zh}”没有说清", f"“{name.en}” is left open")


def blocked_answers(
    engine: duckdb.DuckDBPyConnection, package: Package, population: Path, decisions: Path, day: dt.date
) -> list[Blocked]:
    """For the first month of a run, item by item; the most frequent first."""
    rules = package.rules_for("person")
    # Its checks are a pass over everybody: once, not for each item.
    source = open_snapshot(population, package.vocabularies["person"], read_facts_of(rules), engine).source
    found: list[Blocked] = []
    for rule in rules:
        found += _of_item(engine, package, rule, source, decisions, day)
    return found


def _of_item(
    engine: duckdb.DuckDBPyConnection, package: Package, rule: Rule, source: str, decisions: Path, day: dt.date
) -> Iterator[Blocked]:
    counts: Counter[tuple[str, str]] = Counter()
    decider = make_decider(package, day, only=rule.id)
    for people, facts in _alike(engine, package, rule, source, decisions, day):
        (decision,) = decider.decide(facts)
        counts.update({(FACT, fact): people for fact in decision.found.missing})
        counts.update({(TERM, term): people for term in decision.found.open_terms})
    for (kind, name), people in counts.most_common():
        yield Blocked(rule.id, kind, name, people)


def _alike(
    engine: duckdb.DuckDBPyConnection, package: Package, rule: Rule, source: str, decisions: Path, day: dt.date
) -> Iterator[tuple[int, dict[str, Value]]]:
    """(how many, the facts of one of them) for each group of undetermined people who are alike."""
    facts = list(rule.facts)
    unclear = f"SELECT id FROM read_parquet('{decisions}') WHERE \"{rule.id}?\" & 1 = 1"
    names = {f"l{number}": leaf for number, leaf in enumerate(leaves_of(rule))}
    those = f"(SELECT s.* FROM {source} s SEMI JOIN ({unclear}) USING (id))"
    if not names:
        return
    asked = bits_sql(names, days=[day], figures=package.figures, population=those, carry=("id",))
    groups = f"SELECT {key_sql(list(names))} AS key, count(*) AS people, min(id) AS id FROM ({asked}) GROUP BY 1"
    values_of = ", ".join(f"s.{fact}" for fact in facts)
    rows = engine.execute(f"SELECT g.people, {values_of} FROM ({groups}) g JOIN {source} s USING (id)").fetchall()
    for people, *values in rows:
        yield people, {name: value for name, value in zip(facts, values, strict=True) if value is not None}
