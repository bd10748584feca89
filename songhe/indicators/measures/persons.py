"""Older people counted in one pass over a snapshot: whoever is known to count, and whoever may.

A person is counted where they live or, where that is not known, where they are registered. Everybody's answers stay in
a file beside the computation, so that a figure leads to exactly those who were counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from songhe.decision.population import MEMORY_LIMIT
from songhe.decision.snapshot import open_snapshot
from songhe.divisions.queries import tree_on
from songhe.indicators.measures.amounts import Amount, Asked, Occasion, spread
from songhe.rules import tree as conditions
from songhe.rules.bits import bits_sql
from songhe.rules.quantity import names_of, quantity

NO, YES, UNKNOWN = 0, 1, 2
_PLACES = ("residence", "hukou")
_PLACE = "coalesce(residence, hukou)"


def facts_for(asked: Sequence[Asked]) -> list[str]:
    """What is read of each person."""
    of_rules = (name for one in asked for name in conditions.facts_of(one.rule.where))
    of_sums = (name for one in asked if one.rule.total is not None for name in names_of(one.rule.total))
    return list(dict.fromkeys([*of_rules, *of_sums, *_PLACES]))


def count_people(
    asked: Sequence[Asked], occasion: Occasion, snapshot: Path, members: Path
) -> tuple[dict[str, dict[int, Amount]], int]:
    """Measure → amounts by division, and how many people the snapshot holds; `members` is written.

    It has `id`, `place` (a code) and a column per measure: NO, YES or UNKNOWN.
    """
    with closing(duckdb.connect(config={"memory_limit": MEMORY_LIMIT})) as engine:
        source = open_snapshot(snapshot, occasion.package.vocabularies["person"], facts_for(asked), engine)
        engine.execute(f"CREATE TEMP TABLE decided AS {_decided(asked, occasion, source.source, source.known)}")
        columns = "".join(f', ("{one.name}" + 2 * "{one.name}?")::UTINYINT AS "{one.name}"' for one in asked)
        engine.execute(
            f"COPY (SELECT id, place{columns} FROM decided ORDER BY id) TO '{_quoted(members)}' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        found = {one.name: _spread(one, occasion, engine) for one in asked}
    return found, source.rows


def _decided(asked: Sequence[Asked], occasion: Occasion, population: str, known: frozenset[str]) -> str:
    return bits_sql(
        {one.name: one.rule.where for one in asked},
        days=[occasion.day],
        figures=occasion.package.figures,
        population=population,
        carry=("id", f"{_PLACE} AS place", *_carried(asked)),
        known=known,
    )


def _carried(asked: Sequence[Asked]) -> list[str]:
    """The facts that sums are made of."""
    sums = [one.rule.total for one in asked if one.rule.total is not None]
    return list(dict.fromkeys(name for total in sums for name in names_of(total)))


def _spread(one: Asked, occasion: Occasion, engine: duckdb.DuckDBPyConnection) -> dict[int, Amount]:
    if one.rule.total is not None:
        return _summed(one, occasion, engine)
    counted = f'SELECT place, sum("{one.name}"), sum("{one.name}?") FROM decided GROUP BY place'
    rows = engine.execute(counted).fetchall()
    return spread(
        (_division(place, occasion), Amount(Fraction(int(sure)), Fraction(int(sure) + int(unknown))))
        for place, sure, unknown in rows
        if sure or unknown
    )


def _summed(one: Asked, occasion: Occasion, engine: duckdb.DuckDBPyConnection) -> dict[int, Amount]:
    """A quantity summed over people: exact, so worked out here and not in the engine."""
    assert one.rule.total is not None
    names = _carried([one])
    columns = ", ".join(["place", f'"{one.name}"', *names])
    rows = engine.execute(f'SELECT {columns} FROM decided WHERE "{one.name}" = 1 OR "{one.name}?" = 1').fetchall()
    return spread(
        (_division(place, occasion), sized(sure == 1, _value(one, dict(zip(names, values, strict=True)), occasion)))
        for place, sure, *values in rows
    )


def _value(one: Asked, facts: dict[str, Any], occasion: Occasion) -> Fraction | None:
    assert one.rule.total is not None
    return quantity(one.rule.total, facts, occasion.day, occasion.package.figures)


def sized(sure: bool, value: Fraction | None) -> Amount:
    """What something of a size adds that surely counts, or that may."""
    if value is None:
        return Amount(Fraction(0), None)
    return Amount(value if sure else Fraction(0), value)


def _division(code: str, occasion: Occasion) -> int:
    """The division of a code; what lies nowhere in the tree, or outside, is counted for the whole."""
    tree = tree_on(occasion.day)
    node = tree.find(code) if code else None
    inside = node is not None and tree.holds(occasion.division, node.id)
    return node.id if node is not None and inside else occasion.division


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
