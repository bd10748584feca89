"""How far unknown numbers can go when some sums of them are known: exact, and shown by tables that are possible.

Unknowns are whole and not negative. Beginning with the true point, the search walks along the edges of all that fits
the equations (a simplex method that needs no first phase); every whole point on the way is a table that a reader
cannot rule out. Nothing is estimated: numbers are integers, or fractions where a step needs them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
Number = int | Fraction
Equation = Mapping[Name, int]


def narrow(point: Mapping[Name, int], equations: Iterable[Equation[Name]], width: int) -> list[Name]:
    """The unknowns that readers can pin down to fewer than `width` + 1 consecutive values, in the order of `point`.

    `point` is what the unknowns really are; each equation gives the factors of a sum that readers know.
    """
    walk = _Walk(point, equations)
    return [name for name in point if not walk.spreads(name, width)]


class _Walk:
    """A point that moves among all that fits, and the lowest and highest whole value seen of each unknown."""

    def __init__(self, point: Mapping[Name, int], equations: Iterable[Equation[Name]]) -> None:
        self._names = list(point)
        index = {name: number for number, name in enumerate(self._names)}
        self._index: dict[Hashable, int] = dict(index)
        self._at: list[Number] = [point[name] for name in self._names]
        self._low = [point[name] for name in self._names]
        self._high: list[int | None] = [point[name] for name in self._names]
        # Basic unknown → factors of the free ones: basic + Σ factor · free does not change.
        self._rows: dict[int, dict[int, Number]] = {}
        self._holders: list[set[int]] = [set() for _ in self._names]
        for equation in equations:
            self._add({index[name]: factor for name, factor in equation.items() if factor})

    def spreads(self, name: Hashable, width: int) -> bool:
        """Whether the unknown can take `width` + 1 values or more."""
        one = self._index[name]
        return self._is_wide(one, width) or any(
            self._is_wide(one, width) for sign in (1, -1) for _ in self._push(one, sign, width)
        )

    def _is_wide(self, one: int, width: int) -> bool:
        high = self._high[one]
        return high is None or high - self._low[one] >= width

    def _push(self, one: int, sign: int, width: int) -> Iterator[None]:
        """Move the unknown up or down as far as it goes, step by step."""
        while (way := self._improving(one, sign)) is not None:
            self._step(*way)
            yield

    def _improving(self, one: int, sign: int) -> tuple[int, int] | None:
        """A free unknown and its direction, always the first that helps: so no walk runs in circles."""
        if one not in self._rows:
            return (one, sign) if sign > 0 or self._at[one] > 0 else None
        for free, factor in sorted(self._rows[one].items()):
            direction = sign if factor < 0 else -sign
            if direction > 0 or self._at[free] > 0:
                return free, direction
        return None

    def _step(self, free: int, direction: int) -> None:
        """Move a free unknown until it, or a basic one, comes to zero."""
        moved = {row: -self._rows[row][free] * direction for row in self._holders[free]}
        limits = [(_share(self._at[row], -speed), row) for row, speed in moved.items() if speed < 0]
        if direction < 0:
            limits.append((self._at[free], free))
        if not limits:
            # Nothing stops it: what rises with it has no upper end.
            self._move(free, direction, moved, 1)
            for row in (free, *(row for row, speed in moved.items() if speed > 0)):
                self._high[row] = None
            return
        far, first = min(limits)
        self._move(free, direction, moved, far)
        if first != free:
            self._pivot(first, free)

    def _move(self, free: int, direction: int, moved: Mapping[int, Number], far: Number) -> None:
        """Go so far, and remember the last point on the way at which everything is whole."""
        ways = {free: direction, **moved}
        was_whole = all(map(_is_whole, self._at))
        start = {one: self._at[one] for one in ways}
        for one, speed in ways.items():
            self._at[one] += speed * far
        if all(map(_is_whole, self._at)):
            self._see(ways)
        elif was_whole and all(map(_is_whole, moved.values())):
            for one, speed in ways.items():
                self._see_value(one, int(start[one] + speed * int(far)))

    def _see(self, ways: Iterable[int]) -> None:
        for one in ways:
            self._see_value(one, int(self._at[one]))

    def _see_value(self, one: int, whole: int) -> None:
        self._low[one] = min(self._low[one], whole)
        high = self._high[one]
        self._high[one] = None if high is None else max(high, whole)

    def _add(self, equation: dict[int, Number]) -> None:
        """One more equation: written with free unknowns alone, the first of which becomes basic."""
        row: dict[int, Number] = {}
        for one, factor in equation.items():
            if one in self._rows:
                _add_to(row, self._rows[one], -factor)
            else:
                _add_to(row, {one: factor}, 1)
        if not row:
            return
        basic = min(row, key=lambda one: (abs(row[one]) != 1, one))
        self._make_basic(basic, row)

    def _make_basic(self, basic: int, row: dict[int, Number]) -> None:
        pivot = row.pop(basic)
        own = {one: _share(factor, pivot) for one, factor in row.items()}
        self._replace(basic, own)
        self._store(basic, own)

    def _pivot(self, leaving: int, entering: int) -> None:
        """A basic unknown that came to zero changes places with a free one."""
        row = self._rows.pop(leaving)
        for one in row:
            self._holders[one].discard(leaving)
        row[leaving] = 1
        self._make_basic(entering, row)

    def _replace(self, basic: int, own: Mapping[int, Number]) -> None:
        """Put the new row in the place of its unknown in all others."""
        for holder in list(self._holders[basic]):
            other = self._rows[holder]
            factor = other.pop(basic)
            before = set(other)
            _add_to(other, own, -factor)
            for one in before - set(other):
                self._holders[one].discard(holder)
            for one in set(other) - before:
                self._holders[one].add(holder)
        self._holders[basic] = set()

    def _store(self, basic: int, own: dict[int, Number]) -> None:
        self._rows[basic] = own
        for one in own:
            self._holders[one].add(basic)


def _add_to(row: dict[int, Number], more: Mapping[int, Number], factor: Number) -> None:
    for one, value in more.items():
        total = row.get(one, 0) + value * factor
        if total:
            row[one] = total
        else:
            row.pop(one, None)


def _share(value: Number, by: Number) -> Number:
    if by == 1:
        return value
    if by == -1:
        return -value
    share = Fraction(value) / by
    return share.numerator if share.denominator == 1 else share


def _is_whole(value: Number) -> bool:
    return isinstance(value, int) or value.denominator == 1


def components(unknowns: Iterable[Name], equations: Sequence[Equation[Name]]) -> list[tuple[list[Name], list[int]]]:
    """Unknowns that hang together, each group with the numbers of its equations; in the order of the unknowns."""
    ordered = list(unknowns)
    parent = {name: name for name in ordered}

    def root(name: Name) -> Name:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for equation in equations:
        first, *others = equation
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[Name, tuple[list[Name], list[int]]] = {}
    for name in ordered:
        groups.setdefault(root(name), ([], []))[0].append(name)
    for number, equation in enumerate(equations):
        groups[root(next(iter(equation)))][1].append(number)
    return list(groups.values())
