"""Loading a list of divisions: what is new is founded, what is there already must agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from songhe.divisions.codes import canonical
from songhe.divisions.domain import checks
from songhe.divisions.domain.plan import New, changing
from songhe.divisions.errors import DivisionError
from songhe.divisions.models import Division, Version

_NAMED = 5


class Row(NamedTuple):
    """A division of a list; `parent` is a code, empty for a root."""

    code: str
    name: str
    parent: str = ""
    is_committee: bool = False


class Loaded(NamedTuple):
    founded: int
    unchanged: int


class _There(NamedTuple):
    """A division that exists on the day."""

    id: int
    name: str
    parent: int | None
    is_committee: bool


def load_divisions(*, rows: Iterable[Row], on: dt.date, note: str = "", document: str = "") -> Loaded:
    """Found every division of the rows that does not exist on the day, parents in any order, in one change.

    The same rows twice change nothing. Rows that disagree with what exists on the day raise DivisionError and nothing
    is written: a list cannot say whether a division was renamed, moved or merged.
    """
    wanted = [_canonical(row) for row in rows]
    there = _existing(on)
    _check_agreement([row for row in wanted if row.code in there], there)
    new = [row for row in wanted if row.code not in there]
    if new:
        with changing("founded", on, note, document) as plan:
            made = Division.objects.bulk_create([Division() for _ in new], batch_size=5000)
            ids = {code: one.id for code, one in there.items()}
            ids |= {row.code: division.pk for row, division in zip(new, made, strict=True)}
            for row, division in zip(new, made, strict=True):
                plan.begin(division, New(row.code, row.name, _parent(row, ids), row.is_committee))
    return Loaded(founded=len(new), unchanged=len(wanted) - len(new))


def _canonical(row: Row) -> Row:
    parent = canonical(row.parent) if row.parent else ""
    return Row(canonical(row.code), checks.clean_name(row.name), parent, row.is_committee)


def _existing(on: dt.date) -> dict[str, _There]:
    versions = Version.objects.filter(checks.still(on), valid_from__lte=on)
    rows = versions.values_list("code", "division_id", "name", "parent_id", "is_committee")
    return {code: _There(*rest) for code, *rest in rows}


def _parent(row: Row, ids: dict[str, int]) -> Division | None:
    if not row.parent:
        return None
    if row.parent not in ids:
        raise DivisionError(
            f"{row.name}（{row.code}）的上级 {row.parent} 不在名录中。",
            f"{row.name} ({row.code}) lies under {row.parent}, which is neither in the list nor known.",
        )
    return Division(pk=ids[row.parent])


def _check_agreement(rows: Sequence[Row], there: dict[str, _There]) -> None:
    ids = {code: one.id for code, one in there.items()}
    different = [
        f"{row.name}（{row.code}）"
        for row in rows
        if there[row.code] != _There(ids[row.code], row.name, ids.get(row.parent), row.is_committee)
    ]
    if different:
        some = "、".join(different[:_NAMED])
        raise DivisionError(
            f"名录与已有区划不一致，共 {len(different)} 处：{some}。请按变更（更名、划转、合并等）办理。",
            f"The list disagrees with {len(different)} divisions that exist: {some}. Record what happened as changes.",
        )
