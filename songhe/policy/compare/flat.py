"""The table as rows of a file: a row for what each entry says, and one for each document that is silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from songhe.common.text import Text, say
from songhe.policy.compare.said import Said
from songhe.policy.compare.table import KINDS, STATES, Cell, Table, TableLine

HEADER: Mapping[str, Text] = {
    "kind": say("类别", "Kind"),
    "capability": say("能力", "Capability"),
    "row": say("行号", "Row"),
    "name": say("事项", "What"),
    "city": say("城市", "City"),
    "package": say("政策包", "Package"),
    "state": say("状态", "State"),
    "entry": say("条目编号", "Entry"),
    "entry_name": say("条目", "Entry name"),
    "value": say("内容", "What it says"),
    "details": say("详情", "Details"),
    "ours": say("本平台折算（文件没有写）", "Converted by us (not in the document)"),
    "certainty": say("确定程度", "Certainty"),
    "clauses": say("条款（位置）", "Clauses (place)"),
    "open": say("没有写清的", "Left open"),
    "conflicts": say("前后不一的各读法", "Contradictions, all readings"),
    "note": say("说明", "Note"),
}
CERTAINTIES: Mapping[str, Text] = {
    "exact": say("确数", "exact"),
    "at_least": say("最低数", "at least"),
    "unset": say("没有写数", "no figure"),
    "": say("—", "—"),
}


@dataclass(frozen=True)
class FlatRow:
    """One cell's entry with its line."""

    line: TableLine
    cell: Cell
    said: Said | None


def flat_rows(table: Table) -> Iterator[FlatRow]:
    for line in table.lines:
        for cell in line.cells:
            for said in cell.said:
                yield FlatRow(line, cell, said)
            if not cell.said:
                yield FlatRow(line, cell, None)


def cells_of(table: Table, language: str) -> Iterator[Sequence[str]]:
    """The rows as texts in one language, in the order of HEADER."""
    for row in flat_rows(table):
        values = {**_about(table, row), **_said(row)}
        yield [_text(values.get(name), language) for name in HEADER]


def _about(table: Table, row: FlatRow) -> dict[str, Any]:
    line, cell = row.line, row.cell
    return {
        "kind": KINDS[line.kind],
        "capability": table.name_of(line.capability),
        "row": line.id,
        "name": line.name,
        "city": cell.package.city,
        "package": cell.package.id,
        "state": STATES[cell.state],
        "clauses": [_clause(clause.id, clause.place) for clause in cell.mentions],
        "note": [text for text in (line.note, line.reason) if text],
    }


def _said(row: FlatRow) -> dict[str, Any]:
    said = row.said
    if said is None:
        return {}
    return {
        "entry": said.entry,
        "entry_name": said.name,
        "value": said.value,
        "details": [say(f"{one.label.zh}：{one.text.zh}", f"{one.label.en}: {one.text.en}") for one in said.details],
        "ours": said.ours,
        "certainty": CERTAINTIES[said.certainty],
        "clauses": [_clause(clause.id, clause.place) for clause in said.clauses],
        "open": list(said.open),
        "conflicts": [
            say(f"{reading.clause}：{reading.says.zh}", f"{reading.clause}: {reading.says.en}")
            for conflict in said.conflicts
            for reading in conflict.readings
        ],
    }


def _clause(id: str, place: str) -> Text:
    return say(f"{id}（{place}）", f"{id} ({place})")


def _text(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, list):
        return "\n".join(_text(one, language) for one in value)
    return str(value)


def as_json(table: Table) -> dict[str, Any]:
    """The whole table with both languages, for programs."""
    return {
        "as_of": table.day.isoformat(),
        "packages": [
            {"package": one.id, "city": _both(one.city), "title": _both(one.document.title), "hash": one.hash}
            for one in table.packages
        ],
        "lines": [_line(table, line) for line in table.lines],
    }


def _line(table: Table, line: TableLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "row": line.id,
        "name": _both(line.name),
        "capability": line.capability,
        "capability_name": _both(table.name_of(line.capability)),
        "note": _both(line.note),
        "alone": _both(line.reason),
        "cells": [_cell(cell) for cell in line.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "package": cell.package.id,
        "state": cell.state,
        "entries": [_entry(said) for said in cell.said],
        "mentions": [{"id": clause.id, "place": clause.place, "text": _both(clause.text)} for clause in cell.mentions],
    }


def _entry(said: Said) -> dict[str, Any]:
    return {
        "entry": said.entry,
        "name": _both(said.name),
        "value": _both(said.value),
        "certainty": said.certainty or None,
        "details": [{"label": _both(one.label), "text": _both(one.text)} for one in said.details],
        "ours": _both(said.ours),
        "clauses": [{"id": clause.id, "place": clause.place} for clause in said.clauses],
        "open": [_both(text) for text in said.open],
        "conflicts": [
            {
                "id": conflict.id,
                "about": _both(conflict.about),
                "readings": [{"clause": one.clause, "says": _both(one.says)} for one in conflict.readings],
            }
            for conflict in said.conflicts
        ],
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
