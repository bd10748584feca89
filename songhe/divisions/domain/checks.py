"""What must hold on every day of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import Min, Q

from songhe.divisions.codes import COUNTY, level_of
from songhe.divisions.errors import DivisionError
from songhe.divisions.models import Version

# SQLite takes no more than some thousand values in one question.
_AT_ONCE = 5000


def still(on: dt.date) -> Q:
    """Versions in force on a day or later."""
    return Q(valid_to=None) | Q(valid_to__gte=on)


def clean_name(name: str) -> str:
    if not name.strip():
        raise DivisionError("区划名称不能为空。", "A division needs a name.")
    return name.strip()


def committee(is_committee: bool, code: str) -> bool:
    """A management committee stands beside counties."""
    if is_committee and level_of(code) != COUNTY:
        raise DivisionError(f"管委会 {code} 应与县同级。", f"The committee {code} must be of county level.")
    return is_committee


def level(old: int, code: str) -> None:
    """A division keeps its level for life; another level is another division."""
    if level_of(code) != old:
        raise DivisionError(
            f"代码 {code} 的层级与该区划不同；升降级请设立新区划。",
            f"The code {code} is of another level than the division; found a new division instead.",
        )


def codes(opening: Collection[Version], on: dt.date) -> None:
    """No code may stand for two divisions on any day."""
    holders: dict[str, Version] = {}
    for version in opening:
        if holders.setdefault(version.code, version) is not version:
            _refuse_code(holders[version.code])
    for start in range(0, len(holders), _AT_ONCE):
        some = list(holders)[start : start + _AT_ONCE]
        taken = Version.objects.filter(still(on), code__in=some).first()
        if taken is not None:
            _refuse_code(taken)


def _refuse_code(holder: Version) -> None:
    raise DivisionError(
        f"代码 {holder.code} 已属于{holder.name}。", f"The code {holder.code} already belongs to {holder.name}."
    )


def parents(opening: Mapping[int, Version], on: dt.date) -> None:
    """A parent exists from the day on, for good, and is of a coarser level; towns and villages have one."""
    above = Version.objects.filter(division__in={version.parent_id for version in opening.values()} - {None})
    since = dict.fromkeys(opening, on) | dict(above.values_list("division").annotate(Min("valid_from")))
    levels = dict(above.filter(valid_to=None).values_list("division", "level"))
    levels |= {division: version.level for division, version in opening.items()}
    for version in opening.values():
        if version.parent_id is None:
            fits = version.level <= COUNTY
        else:
            there = version.parent_id in levels and since[version.parent_id] <= on
            fits = there and levels[version.parent_id] < version.level
        if not fits:
            raise DivisionError(
                f"{version.name}（{version.code}）须有自 {on} 起存在的上一级区划作为上级。",
                f"{version.name} ({version.code}) needs a parent of a coarser level that exists from {on} on.",
            )
