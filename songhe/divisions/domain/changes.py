"""The changes a division can go through. Each is dated and one transaction; the past stays as it was.

All take `on` (the first day of the new state), `note` and `document` (what ordered it), and raise DivisionError with
nothing written. `codes` maps old codes to new ones for whatever else gets a new code that day, as the towns of a
county that moves do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import QuerySet

from songhe.divisions.domain import checks
from songhe.divisions.domain.plan import New, Plan, changing
from songhe.divisions.errors import DivisionError
from songhe.divisions.models import Division, Version

NO_CODES: Mapping[str, str] = {}


def found(
    *,
    code: str,
    name: str,
    on: dt.date,
    parent: Division | None = None,
    is_committee: bool = False,
    note: str = "",
    document: str = "",
) -> Division:
    """A new division (设立); its level follows from the length of its code."""
    with changing("founded", on, note, document) as plan:
        return plan.found(New(code=code, name=name, parent=parent, is_committee=is_committee))


def rename(*, division: Division, name: str, on: dt.date, note: str = "", document: str = "") -> None:
    """A new name (更名), as a county has that becomes a city of county level."""
    with changing("renamed", on, note, document) as plan:
        plan.revise(division, name=checks.clean_name(name))


def recode(
    *,
    division: Division,
    code: str,
    on: dt.date,
    codes: Mapping[str, str] = NO_CODES,
    note: str = "",
    document: str = "",
) -> None:
    """A new code (代码变更)."""
    with changing("recoded", on, note, document) as plan:
        plan.recode({plan.close(division).code: code, **codes})


def move(
    *,
    division: Division,
    to: Division,
    on: dt.date,
    codes: Mapping[str, str] = NO_CODES,
    note: str = "",
    document: str = "",
) -> None:
    """Another parent (划转), with all that lies below; its own new code goes into `codes` too."""
    with changing("moved", on, note, document) as plan:
        plan.revise(division, parent_id=to.pk)
        plan.recode(codes)


def merge(
    *,
    divisions: Sequence[Division],
    into: Division | New,
    on: dt.date,
    codes: Mapping[str, str] = NO_CODES,
    note: str = "",
    document: str = "",
) -> Division:
    """Divisions of one level go on as one (合并), which takes all that lay below them.

    `into` is one that exists (among `divisions` or not) and stays what it was, or a new one, whose parent is the
    first division's unless it names another. Returns it.
    """
    ceasing = list({one.pk: one for one in divisions if one != into}.values())
    if not ceasing or (isinstance(into, New) and len(ceasing) < 2):
        raise DivisionError("合并至少涉及两个区划。", "A merger needs two divisions at least.")
    with changing("merged", on, note, document) as plan:
        last = [plan.close(one) for one in ceasing]
        target = _target(plan, into, last[0])
        for one, version in zip(ceasing, last, strict=True):
            _check_same_level(plan, target, version)
            plan.succeed(one, target)
            plan.adopt(_children(one, on), target)
        plan.recode(codes)
    return target


def split(
    *,
    division: Division,
    parts: Sequence[Division | New],
    on: dt.date,
    children: Mapping[Division, int],
    continues: bool = False,
    codes: Mapping[str, str] = NO_CODES,
    note: str = "",
    document: str = "",
) -> tuple[Division, ...]:
    """One division goes on as several (拆分): new ones, or others that exist and take a share.

    `children` says which part (its place in `parts`) takes each division right below. With `continues` the divided one
    lives on and keeps the children that are not named; otherwise every child must be. Returns the parts.
    """
    if len(parts) + continues < 2 or division in parts:
        raise DivisionError("拆分后至少应有两个不同的区划。", "A split leaves two different divisions at least.")
    with changing("split", on, note, document) as plan:
        last = plan.current(division) if continues else plan.close(division)
        made = tuple(_target(plan, part, last) for part in parts)
        for part in made:
            _check_same_level(plan, part, last)
            plan.succeed(division, part)
        _assign(plan, division, made, children, continues)
        plan.recode(codes)
    return made


def dissolve(*, division: Division, on: dt.date, note: str = "", document: str = "") -> None:
    """A division ends with no successor (撤销); nothing may lie below it by then."""
    with changing("dissolved", on, note, document) as plan:
        plan.close(division)


def _target(plan: Plan, target: Division | New, last: Version) -> Division:
    if isinstance(target, New):
        return plan.found(target if target.parent else replace(target, parent=last.parent))
    return target


def _check_same_level(plan: Plan, target: Division, last: Version) -> None:
    """A target that exists must do so from the day of the change, which may be the day it last changed."""
    version = plan.opening.get(target.pk) or plan.current(target, same_day=True)
    checks.level(last.level, version.code)


def _children(division: Division, on: dt.date) -> QuerySet[Division]:
    versions = Version.objects.filter(checks.still(on), parent=division)
    return Division.objects.filter(pk__in=versions.values("division")).order_by("pk")


def _assign(
    plan: Plan, division: Division, parts: Sequence[Division], children: Mapping[Division, int], continues: bool
) -> None:
    there = set(_children(division, plan.on))
    strangers = children.keys() - there
    forgotten = set() if continues else there - children.keys()
    if strangers or forgotten:
        names = "、".join(
            Version.objects.filter(division__in=strangers | forgotten, valid_to=None).values_list("name", flat=True)
        )
        raise DivisionError(
            f"拆分须把每个下级（且只把下级）划给一个部分：{names}。",
            f"A split gives every division right below, and no other, to one part: {names}.",
        )
    for child, place in children.items():
        if not 0 <= place < len(parts):
            raise DivisionError(f"没有第 {place} 个部分。", f"There is no part {place}: parts count from 0.")
        plan.adopt([child], parts[place])
