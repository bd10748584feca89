"""A person's entitlements month by month: what the accepted runs decided last, and what is accounted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import duckdb

from songhe.decision.masks import TIER_MARK, VARIANT_MARK
from songhe.entitlement.deciding import PAST
from songhe.entitlement.files import folder_of
from songhe.entitlement.models import Run, State
from songhe.entitlement.months import months_from, shifted
from songhe.entitlement.queries import accounted, lines_of
from songhe.entitlement.views import fresh_months, past_months
from songhe.registry.groups import group_of


@dataclass(frozen=True)
class Cell:
    """One item in one month: `answer` as the last accepted run said, None when none decided it; `fen` accounted."""

    month: int
    answer: str | None
    fen: int
    run: Run | None


@dataclass(frozen=True)
class Months:
    """`rows` is item → a cell for each month; items never entitled, undetermined or accounted are left out."""

    months: Sequence[int]
    rows: Mapping[str, Sequence[Cell]]
    last: Run | None


def months_of(person: int, counties: Iterable[int], *, number: int = 12) -> Months:
    """The last months of a person (id), as decided by the counties given; the newest run says what holds."""
    done = Run.objects.filter(county__in=list(counties), state=State.ACCEPTED).order_by("pk")
    last = done.last()
    if last is None:
        return Months((), {}, None)
    months = months_from(shifted(last.month, 1 - number), last.month)
    said: dict[tuple[str, int], tuple[str, Run]] = {}
    with closing(duckdb.connect(config={"memory_limit": "200MB", "threads": 1})) as engine:
        for run in done.filter(month__gte=months[0]):
            for member in group_of(person):
                said |= {key: (answer, run) for key, answer in _answers(engine, run, member).items()}
    paid, moved = accounted(person), set(lines_of(person).order_by().values_list("item", "month"))
    items = sorted({item for item, month in (*said, *moved) if month in months})
    rows = {item: [_cell(item, month, said, paid) for month in months] for item in items}
    return Months(months, {item: cells for item, cells in rows.items() if _says_something(item, cells, moved)}, last)


def _cell(
    item: str, month: int, said: Mapping[tuple[str, int], tuple[str, Run]], paid: Mapping[tuple[str, int], int]
) -> Cell:
    answer, run = said.get((item, month), (None, None))
    return Cell(month, answer, paid.get((item, month), 0), run)


def _says_something(item: str, cells: Sequence[Cell], moved: Collection[tuple[str, int]]) -> bool:
    """Also where what was paid was taken back since, and nothing is left."""
    return any(cell.answer in ("entitled", "undetermined") or (item, cell.month) in moved for cell in cells)


def _answers(engine: duckdb.DuckDBPyConnection, run: Run, person: int) -> dict[tuple[str, int], str]:
    """(item, month) → answer, of everything the run decided for a file."""
    fresh = fresh_months(run)
    answers: dict[tuple[str, int], str] = {}
    past = folder_of(run) / PAST
    if past.is_file():
        for row in _rows(engine, str(past), person):
            for step, month in enumerate(past_months(run)):
                if row["months"] >> step & 1:
                    answers |= _read(row, step, month)
    for month in fresh:
        for row in _rows(engine, str(folder_of(run) / str(month) / "decisions.parquet"), person):
            answers |= _read(row, 0, month)
    return answers


def _rows(engine: duckdb.DuckDBPyConnection, path: str, person: int) -> list[dict[str, int]]:
    cursor = engine.execute("SELECT * FROM read_parquet(?) WHERE id = ?", [path, person])
    names = [name for name, *_ in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _read(row: Mapping[str, int], step: int, month: int) -> dict[tuple[str, int], str]:
    marks = ("?", TIER_MARK, VARIANT_MARK)
    items = [name for name in row if f"{name}?" in row and not any(mark in name for mark in marks)]
    return {(item, month): _answer(row[item] >> step & 1, row[f"{item}?"] >> step & 1) for item in items}


def _answer(entitled: int, unknown: int) -> str:
    return "entitled" if entitled else "undetermined" if unknown else "not_entitled"
