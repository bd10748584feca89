"""Counting how good the data are: one pass over the current view, one over the records, then up the tree."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.db import connection

from songhe.divisions.queries import Tree
from songhe.registry.models import FactSet
from songhe.registry.vocabulary import fact_names

# Where a person is counted: where they live or, when that is not known, where they are registered.
_PLACE = "COALESCE(c.residence_division_id, c.hukou_division_id)"
_LIVING = "c.alive IS NOT FALSE"


@dataclass
class Tally:
    """One fact in one place: people asked for it, known, in conflict; `ages` is days since last said → people."""

    asked: int = 0
    known: int = 0
    conflicts: int = 0
    ages: Counter[int] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.asked += other.asked
        self.known += other.known
        self.conflicts += other.conflicts
        self.ages.update(other.ages)


@dataclass(frozen=True)
class Standards:
    """What `quality.yaml` says: days by fact, whom not to ask (fact → other fact and its value), facts to count."""

    limits: Mapping[str, int]
    asked_unless: Mapping[str, tuple[str, Any]]
    facts: tuple[str, ...]


# Division (None: nowhere) → fact → figures.
Tallies = dict[int | None, dict[str, Tally]]


@cache
def standards() -> Standards:
    """Raises ValueError when `quality.yaml` names a fact that is not."""
    return read_standards(resources.files("songhe.registry").joinpath("quality.yaml").read_text(encoding="utf-8"))


def read_standards(text: str) -> Standards:
    content = yaml.safe_load(text)
    unless = {fact: next(iter(other.items())) for fact, other in content["asked_unless"].items()}
    named = {*content["limit"], *content["left_out"], *unless, *(other for other, _ in unless.values())}
    if unknown := named - set(fact_names()):
        raise ValueError(f"quality.yaml: 没有这项事实 there is no fact {min(unknown)}")
    facts = tuple(fact for fact in fact_names() if fact not in content["left_out"])
    return Standards(content["limit"], unless, facts)


def count(ages: Mapping[int, int], day: dt.date) -> Tallies:
    """Figures of the places themselves; `ages` is transaction → days from it to the day. Only the living count."""
    tallies: Tallies = defaultdict(lambda: {fact: Tally() for fact in standards().facts})
    _count_known(tallies)
    _count_conflicts(tallies)
    _count_ages(tallies, ages, day)
    return tallies


def roll_up(tallies: Tallies, tree: Tree) -> dict[int, dict[str, Tally]]:
    """The figures of every division: its own and those of all below it. What lies nowhere in the tree is in none."""
    totals: dict[int, dict[str, Tally]] = {}
    for place, facts in tallies.items():
        if place is None or place not in tree:
            continue
        for node in tree.path(place):
            total = totals.setdefault(node.id, {fact: Tally() for fact in facts})
            for fact, tally in facts.items():
                total[fact].add(tally)
    return totals


def median(ages: Counter[int]) -> int | None:
    """The lower median of days → people; None of nobody."""
    half = (ages.total() + 1) // 2
    passed = 0
    for days in sorted(ages):
        passed += ages[days]
        if passed >= half:
            return days if half else None
    return None


def _count_known(tallies: Tallies) -> None:
    facts = standards().facts
    columns = [f"COUNT(c.{fact})" for fact in facts] + [_asked(fact) for fact in facts]
    statement = f"SELECT {_PLACE}, {', '.join(columns)} FROM registry_currentperson c WHERE {_LIVING} GROUP BY 1"
    for place, *numbers in _rows(statement):
        for fact, known, asked in zip(facts, numbers, numbers[len(facts) :], strict=False):
            tallies[place][fact].known, tallies[place][fact].asked = known, asked


def _asked(fact: str) -> str:
    if fact not in standards().asked_unless:
        return "COUNT(*)"
    other, value = standards().asked_unless[fact]
    # Somebody in whom the fact is known was asked, whatever the other one says.
    told = f"c.{other} IS NOT FALSE" if value is False else f"(c.{other} IS NULL OR c.{other} <> '{value}')"
    return f"COUNT(CASE WHEN {told} OR c.{fact} IS NOT NULL THEN 1 END)"


def _count_conflicts(tallies: Tallies) -> None:
    statement = (
        f"SELECT {_PLACE}, c.conflicts, COUNT(*) FROM registry_currentperson c "
        f"WHERE c.conflicts <> '' AND {_LIVING} GROUP BY 1, 2"
    )
    for place, conflicts, people in _rows(statement):
        for fact in conflicts.strip(",").split(","):
            if fact in tallies[place]:
                tallies[place][fact].conflicts += people


def _count_ages(tallies: Tallies, ages: Mapping[int, int], day: dt.date) -> None:
    aging = [fact for fact in standards().facts if fact in standards().limits]
    known = " ".join(f"WHEN '{fact}' THEN c.{fact} IS NOT NULL" for fact in aging)
    statement = (
        f"SELECT {_PLACE}, s.fact, s.number, g.day, COUNT(*) FROM ({_news_sql(aging)}) s "
        "JOIN registry_currentperson c ON c.person_id = s.person_id "
        f"LEFT JOIN ({_repeated_sql()}) g ON g.person_id = s.person_id AND g.fact = s.fact "
        f"WHERE {_LIVING} AND CASE s.fact {known} END GROUP BY 1, 2, 3, 4"
    )
    for place, fact, number, repeated, people in _rows(statement):
        age = ages[number]
        if repeated is not None:
            # SQLite hands out days as texts.
            age = min(age, (day - dt.date.fromisoformat(str(repeated))).days)
        tallies[place][fact].ages[age] += people


def _news_sql(facts: Sequence[str]) -> str:
    """Person, fact and the number of the last transaction that recorded something of it."""
    listed = ", ".join(f"'{fact}'" for fact in facts)
    return (
        "SELECT r.person_id, r.fact, MAX(r.transaction_id) AS number FROM registry_factrecord r "
        "LEFT JOIN registry_retraction x ON x.record_id = r.id "
        f"WHERE x.record_id IS NULL AND r.fact IN ({listed}) GROUP BY 1, 2"
    )


def _repeated_sql() -> str:
    """Person, fact and the last day on which a source said again what it had said."""
    pairs = [(one.pk, fact) for one in FactSet.objects.all() for fact in one.facts.split(",")]
    listed = ", ".join(f"({int(number)}, '{fact}')" for number, fact in pairs) or "(0, '')"
    return (
        "SELECT k.person_id, f.fact, MAX(k.day) AS day FROM registry_confirmation k "
        # PostgreSQL and SQLite both call the columns of a bare list so.
        f"JOIN (SELECT column1 AS fact_set, column2 AS fact FROM (VALUES {listed}) v) f ON f.fact_set = k.fact_set_id "
        "GROUP BY 1, 2"
    )


def _rows(statement: str) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        yield from cursor.fetchall()
