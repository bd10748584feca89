"""Somebody who reads all that was published and works out the rest: exact, and by another road than the platform's.

A textbook simplex method of two phases on fractions; it knows the sums, the published cells and that nothing counts
less than zero, and nothing of how cells were chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import product

from songhe.reports.suppression import Key, Sheet

# Factors by the number of the unknown; under VALUE what they come to.
Row = dict[int, Fraction]
VALUE = -1


def ranges(sheet: Sheet, withheld: Collection[Key]) -> dict[Key, tuple[Fraction, Fraction | None]]:
    """What each withheld cell can be at least and at most (None: no end), for whoever reads the rest."""
    unknown = sorted(key for key, cell in sheet.cells.items() if key in withheld or not cell.is_shown)
    table, basis = _vertex(*_equations(sheet, unknown), len(unknown))
    found = {}
    for number, key in enumerate(unknown):
        low, high = (_lowest(table, basis, {number: Fraction(sign)}, len(unknown)) for sign in (1, -1))
        assert low is not None
        found[key] = (low, None if high is None else -high)
    return {key: both for key, both in found.items() if key in withheld}


def all_tables(sheet: Sheet, withheld: Sequence[Key], most: int) -> list[dict[Key, int]]:
    """Every way to fill in the withheld cells with whole numbers up to `most`, by trying all of them."""
    fitting = []
    for values in product(range(most + 1), repeat=len(withheld)):
        filled = dict(zip(withheld, values, strict=True))
        read = {key: filled.get(key, cell.value) for key, cell in sheet.cells.items()}
        if all(read[one.total] == sum(read[part] for part in one.parts) for one in sheet.sums):
            fitting.append(filled)
    return fitting


def _equations(sheet: Sheet, unknown: Sequence[Key]) -> tuple[list[Row], list[Fraction]]:
    place: Mapping[Key, int] = {key: number for number, key in enumerate(unknown)}
    rows, known = [], []
    for one in sheet.sums:
        row: Row = {}
        rest = Fraction(0)
        for key, factor in [(one.total, 1), *((part, -1) for part in one.parts)]:
            if key in place:
                row[place[key]] = row.get(place[key], Fraction(0)) + factor
            else:
                rest -= factor * sheet.cells[key].value
        if any(row.values()):
            sign = -1 if rest < 0 else 1
            rows.append({key: sign * factor for key, factor in row.items() if factor})
            known.append(sign * rest)
    return rows, known


def _vertex(rows: Sequence[Row], known: Sequence[Fraction], width: int) -> tuple[list[Row], list[int]]:
    """A corner of all that fits, by help unknowns that are driven to zero."""
    table = [
        {**row, width + at: Fraction(1), VALUE: value} for at, (row, value) in enumerate(zip(rows, known, strict=True))
    ]
    basis = [width + at for at in range(len(rows))]
    left = _lowest(table, basis, {width + at: Fraction(1) for at in range(len(rows))}, width, keep=True)
    assert left == 0, "what is published contradicts itself"
    for at, basic in enumerate(basis):
        entering = next((j for j in sorted(table[at]) if 0 <= j < width), None)
        if basic >= width and entering is not None:
            _pivot(table, basis, at, entering)
    kept = [at for at, basic in enumerate(basis) if basic < width]
    return [{j: v for j, v in table[at].items() if j < width} for at in kept], [basis[at] for at in kept]


def _lowest(
    table: list[Row], basis: list[int], costs: Mapping[int, Fraction], usable: int, *, keep: bool = False
) -> Fraction | None:
    """The least value of `costs` over all that is not negative and fits; None when there is no least."""
    if not keep:
        table, basis = list(table), list(basis)
    while True:
        reduced = dict(costs)
        for one, row in zip(basis, table, strict=True):
            if factor := costs.get(one):
                for column, value in row.items():
                    reduced[column] = reduced.get(column, Fraction(0)) - factor * value
        entering = min((j for j, value in reduced.items() if 0 <= j < usable and value < 0), default=None)
        if entering is None:
            return -reduced.get(VALUE, Fraction(0))
        ratios = [
            (row.get(VALUE, Fraction(0)) / row[entering], basis[at], at)
            for at, row in enumerate(table)
            if row.get(entering, 0) > 0
        ]
        if not ratios:
            return None
        _pivot(table, basis, min(ratios)[2], entering)


def _pivot(table: list[Row], basis: list[int], at: int, column: int) -> None:
    factor = table[at][column]
    own = table[at] = {j: value / factor for j, value in table[at].items()}
    for other, row in enumerate(table):
        if other != at and (times := row.get(column)):
            mixed = {**row}
            for j, value in own.items():
                mixed[j] = mixed.get(j, Fraction(0)) - times * value
            table[other] = {j: value for j, value in mixed.items() if value}
    basis[at] = column
