"""What a run pays and takes back, read page by page from its own file: before and after it is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from songhe.accounts.models import User
from songhe.accounts.scope import Action, require, visible
from songhe.divisions.queries import count_by, tree_on
from songhe.entitlement.asking import rows_of
from songhe.entitlement.differences import LINES
from songhe.entitlement.files import folder_of
from songhe.entitlement.models import Run
from songhe.registry.models import CurrentPerson

PAST = ("arrears", "recovery")
_BLOCK = 2_000


@dataclass(frozen=True)
class Wanted:
    """Which lines: of these kinds, of one item (all), in a division (id) and below it, of one person (id)."""

    kinds: Sequence[str] = PAST
    item: str = ""
    division: int | None = None
    person: int | None = None


@dataclass(frozen=True)
class Difference:
    """A line with whose it is; `person` is the row of the register, `place` the division the file lay in."""

    person: CurrentPerson
    item: str
    month: int
    fen: int
    kind: str
    answer: str
    place: int | None
    decided: int
    accounted: int


@dataclass(frozen=True)
class Part:
    """Lines of one kind together: people, lines and signed fen."""

    kind: str
    people: int
    lines: int
    fen: int


def page(run: Run, *, user: User, wanted: Wanted, start: int = 0, size: int = 50) -> tuple[list[Difference], bool]:
    """Rows from the `start`-th on in the order of people, and whether there are more; people out of scope stay out.

    Raises OutOfScope when the run is out of it.
    """
    require(user, Action.RUN_READ, run)
    found = _read(run, wanted, f"LIMIT {size + 1} OFFSET {int(start)}")
    return list(_named(found[:size], user)), len(found) > size


def every(run: Run, *, user: User, wanted: Wanted) -> Iterator[Difference]:
    """All of them. Raises OutOfScope when the run is out of scope."""
    require(user, Action.RUN_READ, run)
    found = _read(run, wanted, "")
    for start in range(0, len(found), _BLOCK):
        yield from _named(found[start : start + _BLOCK], user)


def parts(run: Run, wanted: Wanted) -> list[Part]:
    """What the wanted lines come to, kind by kind."""
    condition, parameters = _condition(wanted)
    sql = (
        "SELECT kind, count(DISTINCT person_id), count(*), sum(fen)::BIGINT FROM read_parquet(?) "
        f"WHERE {condition} GROUP BY kind ORDER BY kind"
    )
    return [Part(*row) for row in rows_of(sql, [_file(run), *parameters])]


def by_division(run: Run, day: dt.date, level: int) -> Mapping[int | None, Mapping[str, int]]:
    """Division of a level (4: town, 5: village) → kind → signed fen, in the tree of a day; None: nowhere."""
    sql = "SELECT kind, place, sum(fen)::BIGINT FROM read_parquet(?) GROUP BY kind, place"
    figures: dict[int | None, dict[str, int]] = {}
    for kind, place, fen in rows_of(sql, [_file(run)]):
        spread = {None: fen} if place is None else count_by(level, [(place, day, fen)])
        for division, part in spread.items():
            of = figures.setdefault(division, {})
            of[kind] = of.get(kind, 0) + part
    return figures


def items_in(run: Run, kinds: Sequence[str] = PAST) -> list[str]:
    """The items that have such lines."""
    sql = f"SELECT DISTINCT item FROM read_parquet(?) WHERE kind IN ({_marks(kinds)}) ORDER BY item"
    return [item for (item,) in rows_of(sql, [_file(run), *kinds])]


_COLUMNS = "person_id, item, month, fen, kind, answer, place, decided, accounted"


def _read(run: Run, wanted: Wanted, part: str) -> list[tuple[Any, ...]]:
    condition, parameters = _condition(wanted)
    sql = f"SELECT {_COLUMNS} FROM read_parquet(?) WHERE {condition} ORDER BY person_id, month, item {part}"
    return rows_of(sql, [_file(run), *parameters])


def _condition(wanted: Wanted) -> tuple[str, list[Any]]:
    parts, parameters = [f"kind IN ({_marks(wanted.kinds)})"], list[Any](wanted.kinds)
    if wanted.item:
        parts.append("item = ?")
        parameters.append(wanted.item)
    if wanted.division is not None:
        parts.append("list_contains(?, place)")
        parameters.append(sorted(tree_on().subtree([wanted.division])))
    if wanted.person is not None:
        parts.append("person_id = ?")
        parameters.append(wanted.person)
    return " AND ".join(parts), parameters


def _named(rows: Sequence[tuple[Any, ...]], user: User) -> Iterator[Difference]:
    within = CurrentPerson.objects.filter(pk__in={row[0] for row in rows}).select_related("person")
    people = {one.pk: one for one in visible(within, user, Action.ENTITLEMENT_READ)}
    for person, *rest in rows:
        if person in people:
            yield Difference(people[person], *rest)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)


def _file(run: Run) -> str:
    return str(folder_of(run) / LINES)
