"""The table: a line for each thing and kind, a cell for each package (五市对照)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.policy.compare.amounts import say_amounts
from songhe.policy.compare.items import say_items, say_thresholds
from songhe.policy.compare.rows import PLACED, Alone, Members, Row, Rows
from songhe.policy.compare.said import Said, clauses_of
from songhe.policy.compare.standards import say_standards
from songhe.policy.compare.targets import say_targets
from songhe.policy.compare.tasks import say_tasks
from songhe.policy.package import Package
from songhe.policy.schema import Clause

TASKS = "tasks"
_Teller = Callable[[Package, Members, dt.date], Iterable[Said]]
_TELLERS: Mapping[str, _Teller] = {
    "items": say_items,
    "thresholds": say_thresholds,
    "amounts": say_amounts,
    "standards": say_standards,
    "targets": say_targets,
}
KINDS: Mapping[str, Text] = {
    "items": say("服务项目", "List items"),
    "thresholds": say("年龄等门槛", "Thresholds"),
    "amounts": say("金额", "Amounts"),
    "standards": say("标准", "Standards"),
    "targets": say("指标", "Targets"),
    TASKS: say("任务和期限", "Tasks and deadlines"),
}

# What a cell without an entry means.
SAYS, MENTIONED, OTHERWISE, SILENT = "says", "mentioned", "otherwise", "silent"
STATES: Mapping[str, Text] = {
    SAYS: say("文件写了", "the document says it"),
    MENTIONED: say("文件提到，没有列入计算", "mentioned in the document, not computed"),
    OTHERWISE: say("文件写了这件事，没有写这一类内容", "the document has the thing, but nothing of this kind"),
    SILENT: say("文件没有写", "the document says nothing"),
}


@dataclass(frozen=True)
class Cell:
    """What one package says; `mentions` are clauses that name the thing while nothing is computed of them."""

    package: Package
    said: tuple[Said, ...]
    state: str
    mentions: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class TableLine:
    """One thing under one kind. `reason` tells of an entry that stands beside nothing why it does."""

    id: str
    kind: str
    name: Text
    capability: str
    cells: tuple[Cell, ...]
    note: Text | None = None
    reason: Text | None = None


@dataclass(frozen=True)
class Table:
    """Packages side by side on a day."""

    packages: tuple[Package, ...]
    day: dt.date
    lines: tuple[TableLine, ...]
    capabilities: Mapping[str, Text]

    def name_of(self, capability: str) -> Text:
        return self.capabilities.get(capability, say(capability, capability))


def compare_packages(
    rows: Rows,
    packages: Sequence[Package],
    day: dt.date,
    *,
    kinds: Sequence[str] = (),
    capability: str | None = None,
) -> Table:
    """The lines of these kinds (all) and of one capability (all), in the order of kinds, rows, then what is alone."""
    found: list[TableLine] = []
    for kind in KINDS:
        if kind in (kinds or KINDS):
            found += _tasks(rows, packages) if kind == TASKS else _of_kind(rows, packages, day, kind)
    lines = tuple(line for line in found if capability in (None, line.capability))
    return Table(tuple(packages), day, lines, rows.capabilities)


def _of_kind(rows: Rows, packages: Sequence[Package], day: dt.date, kind: str) -> Iterator[TableLine]:
    for row in rows.rows:
        cells = tuple(_cell(rows, row, package, day, kind) for package in packages)
        if any(cell.said for cell in cells):
            yield TableLine(row.id, kind, row.name, row.capability, cells, note=row.note)
    for alone in rows.alone:
        yield from _alone(rows, alone, packages, day, kind)
    yield from _unplaced(rows, packages, day, kind)


def _cell(rows: Rows, row: Row, package: Package, day: dt.date, kind: str) -> Cell:
    members = rows.members_of(row, package)
    said = tuple(_TELLERS[kind](package, members, day))
    mentions = clauses_of(package, members.mentions)
    state = SAYS if said else OTHERWISE if not members.is_empty else MENTIONED if mentions else SILENT
    return Cell(package, said, state, mentions)


def _alone(rows: Rows, alone: Alone, packages: Sequence[Package], day: dt.date, kind: str) -> Iterator[TableLine]:
    """A line for each entry; documents that share a base share its line."""
    told: dict[str, dict[str, Said]] = {}
    for package in packages:
        for said in _TELLERS[kind](package, rows.members_of(alone, package), day):
            told.setdefault(said.entry, {})[package.id] = said
    yield from (_single(entry, kind, packages, by, alone.reason) for entry, by in told.items())


def _single(
    entry: str, kind: str, packages: Sequence[Package], by: Mapping[str, Said], reason: Text | None
) -> TableLine:
    first = next(iter(by.values()))
    cells = tuple(Cell(p, (by[p.id],), SAYS) if p.id in by else Cell(p, (), SILENT) for p in packages)
    capability = first.clauses[0].capability if first.clauses else ""
    return TableLine(entry, kind, first.name, capability, cells, reason=reason)


UNPLACED = say("还没有放进对照表。", "Not placed in the comparison yet.")


def _unplaced(rows: Rows, packages: Sequence[Package], day: dt.date, kind: str) -> Iterator[TableLine]:
    """Entries of packages that the comparison does not name: an operator's own, or what an example adds."""
    told: dict[str, dict[str, Said]] = {}
    for package in packages:
        rest = _rest(rows, package)
        for said in _TELLERS[kind](package, rest, day):
            told.setdefault(said.entry, {})[package.id] = said
    yield from (_single(entry, kind, packages, by, UNPLACED) for entry, by in told.items())


def _rest(rows: Rows, package: Package) -> Members:
    placed = {one for entry in rows.every for one in rows.members_of(entry, package).each()}
    rest = {kind: tuple(id for id in getattr(package, kind) if (kind, id) not in placed) for kind in PLACED}
    return Members(**rest)


def _tasks(rows: Rows, packages: Sequence[Package]) -> Iterator[TableLine]:
    """Tasks stand together where they share a capability."""
    for capability, name in rows.capabilities.items():
        told = [tuple(say_tasks(package, capability)) for package in packages]
        if any(told):
            cells = tuple(
                Cell(package, said, SAYS if said else SILENT) for package, said in zip(packages, told, strict=True)
            )
            yield TableLine(capability, TASKS, name, capability, cells)
