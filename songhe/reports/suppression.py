"""Small cells are withheld, and others with them, so that no total gives them away (小数抑制).

A sheet is all that would be published at once: cells with their true values and the sums that hold between them, in
any number of tables that share cells. What was published before about the same cells is known for ever; a cell whose
value has not changed since is the same cell, and one that was corrected is another. `suppress` chooses what is
withheld, `audit` proves it: every withheld cell can have at least `protection` + 1 consecutive values for whoever knows
all that is or was published, that nothing counts less than zero, and how the sums go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from songhe.reports.bounds import components, narrow

Key = str
# A cell with its value: what two publications say alike is one unknown, what was corrected is two.
Point = tuple[Key, int]


class SuppressionError(ValueError):
    """What cannot be published safely however much is withheld; `zh` and `en` say what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Cell:
    """A count. `is_shown`: it stands in a table; others only follow from those that do, as what a share leaves over.

    `is_sensitive` cells are withheld when they are small; `hides_zero`: when they are zero as well.
    """

    value: int
    is_shown: bool = True
    is_sensitive: bool = True
    hides_zero: bool = False


@dataclass(frozen=True)
class Sum:
    """The total is the sum of its parts, and everybody knows it."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Sheet:
    cells: Mapping[Key, Cell]
    sums: tuple[Sum, ...] = ()

    def faults(self) -> list[str]:
        """Sums that name no cell or do not hold: no conclusion could be drawn from them."""
        return [
            one.total
            for one in self.sums
            if not {one.total, *one.parts} <= self.cells.keys()
            or self.cells[one.total].value != sum(self.cells[part].value for part in one.parts)
        ]


@dataclass(frozen=True)
class Published:
    """A sheet that was published before, and what was withheld of it."""

    sheet: Sheet
    withheld: frozenset[Key]


@dataclass(frozen=True)
class Limits:
    """Cells from 1 to below `threshold` are small; a withheld cell must stay open over a range of `protection`."""

    threshold: int = 10
    protection: int = 9


@dataclass(frozen=True)
class Pattern:
    """What is withheld: `small` for itself, `others` so that the small ones do not follow from totals."""

    small: frozenset[Key]
    others: frozenset[Key]

    @property
    def withheld(self) -> frozenset[Key]:
        return self.small | self.others


def is_small(cell: Cell, limits: Limits) -> bool:
    lowest = 0 if cell.hides_zero else 1
    return cell.is_sensitive and lowest <= cell.value < limits.threshold


def suppress(sheet: Sheet, limits: Limits, before: Sequence[Published] = ()) -> Pattern:
    """What to withhold of a sheet, as little as a careful search finds; the same for the same sheet.

    Raises SuppressionError when nothing that could still be withheld would protect what must be.
    """
    return _Search(_System(sheet, limits, before)).pattern()


def audit(sheet: Sheet, withheld: Collection[Key], limits: Limits, before: Sequence[Published] = ()) -> list[Key]:
    """The cells that a reader could work out too closely: of this sheet and, by its help, of earlier ones."""
    system = _System(sheet, limits, before)
    hidden = frozenset(point for point in system.current if point[0] in withheld) - system.public
    open_small = [key for key, cell in sheet.cells.items() if is_small(cell, limits) and cell.is_shown]
    shown = [key for key in open_small if key not in withheld]
    public = [key for key in withheld if key in sheet.cells and (key, sheet.cells[key].value) in system.public]
    return sorted({*shown, *public, *(point[0] for point in system.weak(hidden))})


class _System:
    """All points of the sheet and of what was published before, with the equations among them."""

    def __init__(self, sheet: Sheet, limits: Limits, before: Sequence[Published]) -> None:
        _refuse_faults(sheet)
        self.limits = limits
        self.current = {(key, cell.value): cell for key, cell in sheet.cells.items()}
        self.public: set[Point] = set()
        self.small = {point for point, cell in self.current.items() if is_small(cell, limits)}
        self.never = {point for point, cell in self.current.items() if not cell.is_shown}
        self._guarded = {point for point, cell in self.current.items() if cell.is_shown} | self.small
        self._earlier: set[Point] = set()
        sums = list(_sums(sheet))
        for one in before:
            sums += _sums(one.sheet)
            self._remember(one)
        self._equations = list(dict.fromkeys(sums))
        self._weak: dict[frozenset[Point], list[Point]] = {}
        self.sums_of: dict[Point, list[tuple[Point, ...]]] = {}
        for total, parts in self._equations:
            for point in (total, *parts):
                self.sums_of.setdefault(point, []).append((total, *parts))

    def _remember(self, one: Published) -> None:
        for key, cell in one.sheet.cells.items():
            point = (key, cell.value)
            if cell.is_shown and key not in one.withheld:
                self.public.add(point)
            else:
                self._earlier.add(point)
                if key in one.withheld or is_small(cell, self.limits):
                    self._guarded.add(point)

    def weak(self, hidden: frozenset[Point]) -> list[Point]:
        """The unknowns that must stay open and do not, when these points of the sheet are withheld."""
        shown = {point for point, cell in self.current.items() if cell.is_shown and point not in hidden} | self.public
        unknown = sorted((hidden | self.never | self._earlier) - shown)
        given_away = sorted(self._earlier & shown & self._guarded - self.public)
        return given_away + [point for point in self._narrow(unknown) if point in self._guarded]

    def _narrow(self, unknown: Sequence[Point]) -> list[Point]:
        there = set(unknown)
        equations = [one for one in (_equation(total, parts, there) for total, parts in self._equations) if one]
        found: list[Point] = []
        for points, numbers in components(unknown, equations):
            group = frozenset(points)
            if group not in self._weak:
                point = {one: one[1] for one in points}
                chosen = [equations[number] for number in numbers]
                self._weak[group] = narrow(point, chosen, self.limits.protection)
            found += self._weak[group]
        return found


def _refuse_faults(sheet: Sheet) -> None:
    if faults := sheet.faults():
        raise SuppressionError(
            f"合计与分项不符，不能发布：{'、'.join(faults[:5])}。请核对报告数据。",
            f"Totals differ from their parts, nothing can be published: {', '.join(faults[:5])}. Check the report.",
        )


def _sums(sheet: Sheet) -> Iterable[tuple[Point, tuple[Point, ...]]]:
    for one in sheet.sums:
        yield _point(sheet, one.total), tuple(_point(sheet, part) for part in one.parts)


def _point(sheet: Sheet, key: Key) -> Point:
    return key, sheet.cells[key].value


def _equation(total: Point, parts: tuple[Point, ...], unknown: Collection[Point]) -> dict[Point, int]:
    factors = {part: -1 for part in parts if part in unknown}
    if total in unknown:
        factors[total] = factors.get(total, 0) + 1
    return {point: factor for point, factor in factors.items() if factor}


# Up to so many cells, every smaller choice is tried; beyond it, cells are given back one by one.
_TRIED = 24
_TRIALS = 600
_GIVEN_BACK = 400


class _Search:
    """Withhold until nothing is weak, then give back whatever is not needed."""

    def __init__(self, system: _System) -> None:
        self._system = system
        self._must = frozenset(point for point in system.small if system.current[point].is_shown)
        # A reader may know by other ways that nobody is there: what hides behind a zero hides badly.
        self._may = {
            point
            for point, cell in system.current.items()
            if cell.is_shown and cell.value and point not in system.public and point not in self._must
        }

    def pattern(self) -> Pattern:
        if public := sorted(self._must & self._system.public):
            raise SuppressionError(
                f"先前的发布已公开应抑制的数：{public[0][0]}。请先撤回并处理先前的发布。",
                f"An earlier publication shows what must be withheld: {public[0][0]}. Deal with that one first.",
            )
        chosen = self._fewer(self._enough())
        return Pattern(
            frozenset(key for key, _ in self._must),
            frozenset(key for key, _ in chosen) - {key for key, _ in self._must},
        )

    def _enough(self) -> frozenset[Point]:
        """More and more is withheld, the cheapest first, until nothing is weak."""
        hidden = self._must
        while weak := self._system.weak(hidden):
            more = self._beside(weak, hidden)
            if more is None:
                raise SuppressionError(
                    f"无论抑制多少，都会推算出：{weak[0][0]}。此报告不能发布，请合并区划或延长期间。",
                    f"Whatever is withheld, this follows: {weak[0][0]}. Publish a larger place or a longer period.",
                )
            hidden |= {more}
        return hidden

    def _beside(self, weak: Sequence[Point], hidden: frozenset[Point]) -> Point | None:
        """The next cell to withhold: in a sum with a weak one, or near it."""
        known, frontier = set(weak), list(weak)
        gone = {point for point in weak if point in self._may and point not in hidden}
        if gone:
            return min(gone)
        while frontier:
            sums = [one for point in frontier for one in self._system.sums_of.get(point, ())]
            near = {point for one in sums for point in one}
            if fitting := (near & self._may) - hidden:
                return min(fitting, key=lambda point: self._cost(point, hidden))
            frontier = sorted(near - known)
            known |= near
        return None

    def _cost(self, point: Point, hidden: frozenset[Point]) -> tuple[int, int, Key]:
        """Sums in which it would be withheld alone, then how much would be lost."""
        sums = self._system.sums_of.get(point, ())
        alone = sum(1 for one in sums if not any(other in hidden for other in one))
        return alone, point[1], point[0]

    def _fewer(self, hidden: frozenset[Point]) -> frozenset[Point]:
        extra = sorted(hidden - self._must, key=lambda point: (-point[1], point[0]))
        for point in extra[:_GIVEN_BACK]:
            if not self._system.weak(hidden - {point}):
                hidden -= {point}
        return self._fewest(hidden)

    def _fewest(self, hidden: frozenset[Point]) -> frozenset[Point]:
        """Of a small sheet: the fewest others that do, and of equally many the least people."""
        pool = sorted(self._may, key=lambda point: (point[1], point[0]))
        if len(pool) > _TRIED:
            return hidden
        tried = 0
        for number in range(len(hidden - self._must)):
            for others in sorted(combinations(pool, number), key=lambda some: sum(point[1] for point in some)):
                tried += 1
                if tried > _TRIALS:
                    return hidden
                if not self._system.weak(self._must | set(others)):
                    return self._must | set(others)
        return hidden
