"""What can be ordered of the divisions (区划变更), each kind with the divisions it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from songhe.common.division import stem
from songhe.divisions import domain
from songhe.divisions.domain import New
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on


@dataclass(frozen=True, kw_only=True)
class Order:
    """A change from the day `on`; `document` is what ordered it. Subclasses say what of."""

    on: dt.date
    document: str = ""
    note: str = ""
    action: ClassVar[str]

    @property
    def changing(self) -> tuple[Division, ...]:
        """Those that will be something else, whose people it concerns; the first is what the change is about."""
        raise NotImplementedError

    @property
    def receiving(self) -> tuple[Division, ...]:
        """Those that exist and take something over."""
        return ()

    def apply(self) -> Division:
        """Make the change; returns the division to be told of. Raises DivisionError."""
        raise NotImplementedError

    @property
    def becomes(self) -> str:
        """The new name, code or place, for the audit trail."""
        return ""

    @property
    def _when(self) -> dict[str, dt.date | str]:
        return {"on": self.on, "document": self.document, "note": self.note}

    def _written(self, division: Division) -> str:
        node = tree_on(self.on).get(division.pk)
        return "" if node is None else f"{node.code} {node.name}"


@dataclass(frozen=True, kw_only=True)
class Found(Order):
    """A new division below `parent` (设立)."""

    parent: Division
    new: New
    action: ClassVar[str] = "division.founded"

    @property
    def changing(self) -> tuple[Division, ...]:
        return ()

    @property
    def receiving(self) -> tuple[Division, ...]:
        return (self.parent,)

    @property
    def becomes(self) -> str:
        return self.new.name

    def apply(self) -> Division:
        new = self.new
        return domain.found(
            code=new.code, name=new.name, parent=self.parent, is_committee=new.is_committee, **self._when
        )


@dataclass(frozen=True, kw_only=True)
class _OfOne(Order):
    division: Division

    @property
    def changing(self) -> tuple[Division, ...]:
        return (self.division,)


@dataclass(frozen=True, kw_only=True)
class Rename(_OfOne):
    """A new name (更名)."""

    name: str
    action: ClassVar[str] = "division.renamed"

    @property
    def becomes(self) -> str:
        return self.name

    def apply(self) -> Division:
        domain.rename(division=self.division, name=self.name, **self._when)
        return self.division


@dataclass(frozen=True, kw_only=True)
class Recode(_OfOne):
    """A new code (代码变更); `with_below` gives all codes below that begin with the old one the new beginning."""

    code: str
    with_below: bool = True
    action: ClassVar[str] = "division.recoded"

    @property
    def becomes(self) -> str:
        return self.code

    def apply(self) -> Division:
        codes = codes_below(self.division, self.code, self.on) if self.with_below else {}
        domain.recode(division=self.division, code=self.code, codes=codes, **self._when)
        return self.division


@dataclass(frozen=True, kw_only=True)
class Move(_OfOne):
    """Another parent (划转), and a new code where one is given."""

    to: Division
    code: str = ""
    with_below: bool = True
    action: ClassVar[str] = "division.moved"

    @property
    def receiving(self) -> tuple[Division, ...]:
        return (self.to,)

    @property
    def becomes(self) -> str:
        return self._written(self.to)

    def apply(self) -> Division:
        domain.move(division=self.division, to=self.to, codes=self._codes(), **self._when)
        return self.division

    def _codes(self) -> Mapping[str, str]:
        if not self.code:
            return {}
        below = codes_below(self.division, self.code, self.on) if self.with_below else {}
        return {tree_on(self.on).node(self.division.pk).code: self.code, **below}


@dataclass(frozen=True, kw_only=True)
class Merge(Order):
    """Divisions go on as one (合并): one that exists, or a new one."""

    divisions: Sequence[Division]
    into: Division | New
    action: ClassVar[str] = "division.merged"

    @property
    def changing(self) -> tuple[Division, ...]:
        return tuple(one for one in self.divisions if one != self.into)

    @property
    def receiving(self) -> tuple[Division, ...]:
        return (self.into,) if isinstance(self.into, Division) else ()

    @property
    def becomes(self) -> str:
        return self.into.name if isinstance(self.into, New) else self._written(self.into)

    def apply(self) -> Division:
        domain.merge(divisions=self.divisions, into=self.into, **self._when)
        return self.divisions[0]


@dataclass(frozen=True, kw_only=True)
class Split(_OfOne):
    """One division goes on as several (拆分); `children` says which part, by its place, takes each one below."""

    parts: Sequence[Division | New]
    children: Mapping[Division, int] = field(default_factory=dict)
    continues: bool = False
    action: ClassVar[str] = "division.split"

    @property
    def receiving(self) -> tuple[Division, ...]:
        return tuple(part for part in self.parts if isinstance(part, Division))

    @property
    def becomes(self) -> str:
        return "、".join(part.name if isinstance(part, New) else self._written(part) for part in self.parts)

    def apply(self) -> Division:
        domain.split(
            division=self.division,
            parts=self.parts,
            children=self.children,
            continues=self.continues,
            **self._when,
        )
        return self.division


@dataclass(frozen=True, kw_only=True)
class Dissolve(_OfOne):
    """An end with nothing after it (撤销)."""

    action: ClassVar[str] = "division.dissolved"

    def apply(self) -> Division:
        domain.dissolve(division=self.division, **self._when)
        return self.division


def codes_below(division: Division, code: str, on: dt.date) -> dict[str, str]:
    """The codes below a division that begin with its own, as they are with its new one. DivisionError: not there."""
    tree = tree_on(on)
    old, new = stem(tree.node(division.pk).code), stem(code)
    below = (tree.node(one) for one in tree.subtree([division.pk]) if one != division.pk)
    return {node.code: new + node.code[len(old) :] for node in below if node.code.startswith(old)}
