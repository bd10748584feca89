"""What a report says, in a form that never changes once it is written: sections, tables, sources (报告内容)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from songhe.common.text import Text

_STRICT = ConfigDict(extra="forbid", frozen=True)

# count and fen are whole numbers, share is a fraction written 13001/30000, text is in both languages.
Kind = Literal["text", "count", "fen", "share", "date"]
Value = int | str | Text | None


class Column(BaseModel):
    """`unit` says what is counted. `people`: each one counted is a person, or what belongs to one.

    `hides_zero`: that nobody is counted says something of those who could be. `follows` are the columns from which, or
    from whose people, this one comes: where they are withheld it is withheld too. `is_internal`: it is not published.
    """

    model_config = _STRICT
    id: str
    name: Text
    kind: Kind = "text"
    unit: Text | None = None
    people: bool = False
    hides_zero: bool = False
    follows: tuple[str, ...] = ()
    is_internal: bool = False


class Row(BaseModel):
    """`people`: its counts are of people, also where the column does not say so. `same_as`
    names the cells, where several rows show the same ones. `clauses` are what it rests on."""

    model_config = _STRICT
    id: str
    cells: tuple[Value, ...]
    clauses: tuple[str, ...] = ()
    people: bool = False
    same_as: str = ""


class Sum(BaseModel):
    """The total is the sum of the parts: of rows, in the columns named, or of columns, in every row."""

    model_config = _STRICT
    axis: Literal["rows", "columns"]
    total: str
    parts: tuple[str, ...]
    columns: tuple[str, ...] = ()


class Share(BaseModel):
    """A column that is one column over another, of which it is a part."""

    model_config = _STRICT
    share: str
    numerator: str
    denominator: str


class Table(BaseModel):
    """`publish`: `counts` are published with small ones withheld, `open` as they are, `no` not at all.

    `scope` begins the names of its cells: a cell of the same name in another table, or in the report of another place
    for the same period, counts the same.
    """

    model_config = _STRICT
    id: str
    title: Text
    basis: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...] = ()
    shares: tuple[Share, ...] = ()
    publish: Literal["counts", "open", "no"] = "no"
    scope: str = ""
    empty: Text | None = None

    def place(self, column: str) -> int:
        return next(number for number, one in enumerate(self.columns) if one.id == column)


class Section(BaseModel):
    model_config = _STRICT
    id: str
    title: Text
    notes: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()


class Source(BaseModel):
    """A clause that figures of the report go back to."""

    model_config = _STRICT
    clause: str
    place: str
    text: Text


class Content(BaseModel):
    """A whole report. `known_at` is the moment up to which records count, `as_of` the day on which things stand."""

    model_config = _STRICT
    format: int = 1
    division: str
    place: str
    level: int
    kind: str
    period: int
    as_of: str
    known_at: str
    package: str
    document: Text | None
    package_hash: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]


def as_json(content: BaseModel) -> dict[str, Any]:
    return content.model_dump(mode="json")


def hash_of(data: Any) -> str:
    """SHA-256 of the one way to write it down."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
