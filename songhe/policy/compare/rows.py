"""The rows of the comparison: which entries of which documents are the same thing, as reviewed data.

`policies/comparison/` holds `rows.yaml`, `alone.yaml` and `capabilities.yaml`; they lie outside `cn/`, because no
package's text changes with them. An operator's own folder of packages may hold a `comparison/` that adds to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import Field

from songhe.common.text import Text
from songhe.policy.entries import Model, read_entries, validate
from songhe.policy.errors import PackageError, Problem
from songhe.policy.folders import roots
from songhe.policy.package import Package
from songhe.policy.schema import Entry
from songhe.policy.yamlfile import YamlProblem, read_yaml

FOLDER = "comparison"
# What is placed, as the files of a package are named.
PLACED = ("entitlements", "parameters", "standards", "indicators")


class Members(Entry):
    """The entries of one document."""

    entitlements: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    # Clauses that name the thing while nothing is computed of them.
    mentions: tuple[str, ...] = ()

    def each(self) -> Iterator[tuple[str, str]]:
        """(file, entry id) of every one."""
        for kind in PLACED:
            for id in getattr(self, kind):
                yield kind, id

    def joined(self, other: Members) -> Members:
        kinds = (*PLACED, "mentions")
        return Members(**{kind: (*getattr(self, kind), *getattr(other, kind)) for kind in kinds})

    @property
    def is_empty(self) -> bool:
        return not any(self.each())


class Row(Entry):
    """`rows.yaml`: one thing that several documents write of."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: Text
    capability: str
    members: dict[str, Members]
    note: Text | None = None


class Alone(Entry):
    """`alone.yaml`: entries that stand beside nothing, and why."""

    reason: Text
    members: dict[str, Members]


class Capability(Entry):
    """`capabilities.yaml`: what clauses are sorted by, in the order of pages."""

    id: str
    name: Text


@dataclass(frozen=True)
class Rows:
    """The comparison of all roots together; `folders` are where it was read."""

    rows: tuple[Row, ...]
    alone: tuple[Alone, ...]
    capabilities: Mapping[str, Text]
    folders: tuple[Path, ...]

    def members_of(self, row: Row | Alone, package: Package) -> Members:
        """What a package has in a row: its own entries and those of what it is laid over."""
        found = Members()
        for layer in package.layers:
            if layer in row.members:
                found = found.joined(row.members[layer])
        return found

    @property
    def every(self) -> tuple[Row | Alone, ...]:
        return (*self.rows, *self.alone)

    @cached_property
    def names(self) -> Mapping[str, Text]:
        """The name of each row."""
        return {row.id: row.name for row in self.rows}

    def documents(self) -> tuple[str, ...]:
        """The packages that are placed, in the order in which they are first named."""
        return tuple(dict.fromkeys(id for entry in self.every for id in entry.members))


def load_rows() -> Rows:
    """The comparison, read once per process. Raises PackageError with every problem of shape."""
    return _read(tuple(root / FOLDER for root in reversed(roots()) if (root / FOLDER).is_dir()))


@lru_cache(maxsize=4)
def _read(folders: tuple[Path, ...]) -> Rows:
    problems: list[Problem] = []
    rows: dict[str, Row] = {}
    alone: list[Alone] = []
    capabilities: dict[str, Text] = {}
    for folder in folders:
        for row in _entries(folder, "rows", Row, problems):
            rows[row.id] = _merged(rows[row.id], row) if row.id in rows else row
        alone += _listed(folder, problems)
        capabilities |= {one.id: one.name for one in _entries(folder, "capabilities", Capability, problems)}
    if problems:
        raise PackageError(FOLDER, problems)
    return Rows(tuple(rows.values()), tuple(alone), capabilities, folders)


def _entries(folder: Path, name: str, model: type[Model], problems: list[Problem]) -> Sequence[Model]:
    raw = read_entries([folder], name, problems).values()
    return [item for entry in raw if (item := validate(entry, model, problems)) is not None]


def _listed(folder: Path, problems: list[Problem]) -> list[Alone]:
    """`alone.yaml` has no ids: its entries are told apart by their place."""
    path = folder / "alone.yaml"
    if not path.exists():
        return []
    try:
        located = read_yaml(path)
    except YamlProblem as error:
        problems.append(error.problem)
        return []
    found = []
    for index, raw in enumerate(located.data or []):
        try:
            found.append(Alone.model_validate(raw))
        except ValueError as error:
            what = str(error).splitlines()[0]
            problems.append(located.problem((index,), what, "write `reason` and `members` as in the other entries"))
    return found


def _merged(row: Row, more: Row) -> Row:
    """An operator's row adds members to the built-in one of the same id."""
    members = dict(row.members)
    for package, added in more.members.items():
        members[package] = members[package].joined(added) if package in members else added
    return row.model_copy(update={"members": members})
