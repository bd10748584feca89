"""What goes wrong in every city, planted: twice recorded, late deaths, sources that disagree, mistakes and moves.

Numbers are those of the published size; a smaller city has as many in proportion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from songhe.common.resident_id import is_valid
from songhe.demo.cast import Cast
from songhe.demo.chapters import Chapter
from songhe.registry.domain.statements import Statement
from songhe.synth.dirt import dirty_copies, lookalikes

COPIES, LOOKALIKES, MISREAD, LATE_DEATHS = 300, 40, 100, 200
# Days ago: copies, lookalikes and what follows of them; the first and last batch of deaths, and how far apart.
_COPIED, _CORRECTED, _MOVED, _VISITED, _ADJUSTED = 455, 250, 185, 130, 95
_DEATHS_FROM, _DEATHS_TO, _DEATHS_EVERY = 360, 4, 14
_LATE_FROM, _LATE_TO = 30, 180
_TOLD = ("name", "birth_date", "sex", "residence")
_OTHER_SEX = {"M": "F", "F": "M"}
_OTHER_LIVING = {"with_children": "alone", "alone": "with_children", "empty_nest_couple": "left_behind"}


def misread_births(cast: Cast) -> dict[int, dt.date]:
    """Whose birth date public security first wrote down wrongly: the person's place → the wrong day."""
    drawn = cast.draw(range(len(cast)), MISREAD)
    return {one: cast.columns["birth_date"][one] + dt.timedelta(days=10) for one in drawn}


def mistakes(cast: Cast, misread: dict[int, dt.date], became: dict[str, str]) -> list[Chapter]:
    """Everything that goes wrong, as chapters."""
    return [
        *_twice_recorded(cast),
        _corrections(cast, misread),
        *_conflicts(cast, became),
        *_changes(cast, became),
        *_deaths(cast),
    ]


def _twice_recorded(cast: Cast) -> list[Chapter]:
    living = cast.table.filter(cast.table["alive"]).drop_columns(["ability"])
    copies = [copy.row for copy in dirty_copies(living, count=cast.share(COPIES), seed=1)]
    others = [other.row for other in lookalikes(living, count=cast.share(LOOKALIKES), seed=1)]
    return [
        Chapter(_COPIED, "civil_affairs", "救助申请人（另建档）", lambda: map(_stranger, copies), opens=True),
        Chapter(_COPIED, "police", "迁入人口", lambda: map(_stranger, others), opens=True),
    ]


def _stranger(row: dict[str, Any]) -> tuple[None, Sequence[Statement]]:
    said = [Statement(fact, row[fact]) for fact in _TOLD if row[fact] is not None]
    number = row["resident_id"]
    # A number with a slip is refused at the door; what remains is a file without one.
    if number and is_valid(number):
        said.append(Statement("resident_id", number))
    return None, [*said, Statement("alive", True)]


def _corrections(cast: Cast, misread: dict[int, dt.date]) -> Chapter:
    right = cast.columns["birth_date"]
    found = [one for one in misread if cast.entry[one] > _CORRECTED]
    return Chapter(_CORRECTED, "police", "更正出生日期", lambda: (
        (one, [Statement("birth_date", right[one])]) for one in found
    ))  # fmt: skip


def _conflicts(cast: Cast, became: dict[str, str]) -> list[Chapter]:
    known = [one for one in cast.known_by(400) if cast.alive_on(one, cast.today)]
    columns = cast.columns

    def told(fact: str, among: list[int], count: int, other: Any) -> Any:
        drawn = cast.draw(among, count)
        return lambda: ((one, [Statement(fact, other(columns[fact][one]))]) for one in drawn)

    swappable = [one for one in known if (born := columns["birth_date"][one]).day <= 12 and born.day != born.month]
    housed = [one for one in known if columns["living"][one] in _OTHER_LIVING]
    villages = sorted({place for place in columns["residence"] if place and place not in became})
    unsupported = [one for one in known if columns["dibao"][one] is False]
    return [
        Chapter(220, "social_security", "待遇核对", told("sex", known, 40, _OTHER_SEX.get)),
        Chapter(220, "social_security", "待遇核对", told("birth_date", swappable, 100, _swapped)),
        Chapter(160, "police", "居住登记", told("residence", known, 120, lambda _: cast.rng.choice(villages))),
        Chapter(_VISITED, "person", "电话回访", told("living", housed, 60, _OTHER_LIVING.get)),
        Chapter(_VISITED, "community", "低保公示比对", told("dibao", unsupported, 80, lambda _: True)),
    ]


def _swapped(born: dt.date) -> dt.date:
    return dt.date(born.year, born.day, born.month)


def _changes(cast: Cast, became: dict[str, str]) -> list[Chapter]:
    """People move, live otherwise, and come in and out of support."""
    known = [one for one in cast.known_by(500) if cast.alive_on(one, cast.today)]
    villages = sorted({place for place in cast.columns["residence"] if place and place not in became})
    moving, ageing = cast.draw(known, 300), cast.draw(known, 500)
    adjusted = [one for one in cast.draw(known, 4000) if cast.columns["dibao"][one] is not None]
    quarter = (cast.today - dt.timedelta(_ADJUSTED)).replace(day=1)
    moved = cast.today - dt.timedelta(_MOVED)

    def adjust() -> Iterator[tuple[int, Sequence[Statement]]]:
        for one in adjusted:
            was = cast.columns["dibao"][one]
            if was or cast.rng.random() < 0.03:
                yield one, [Statement("dibao", not was, quarter)]

    return [
        Chapter(_MOVED - 2, "community", "迁居", lambda: (
            (one, [Statement("residence", cast.rng.choice(villages), moved)]) for one in moving
        )),
        Chapter(_VISITED, "community", "探访", lambda: (
            (one, [Statement("living", "alone", cast.today - dt.timedelta(_VISITED + 5))]) for one in ageing
        )),
        Chapter(_ADJUSTED, "civil_affairs", "低保动态调整", adjust),
    ]  # fmt: skip


def _deaths(cast: Cast) -> list[Chapter]:
    """Reported by public security within weeks, except those that another department reports months later."""
    days = {ago: cast.today - dt.timedelta(ago) for ago in range(_DEATHS_FROM, _DEATHS_TO - 1, -_DEATHS_EVERY)}
    dead = [one for one, died in enumerate(cast.columns["death_date"]) if died is not None]
    long_ago = cast.today - dt.timedelta(_LATE_FROM + _DEATHS_EVERY)
    late = set(cast.draw([one for one in dead if cast.columns["death_date"][one] < long_ago], LATE_DEATHS))
    reported: dict[tuple[int, str], list[int]] = {}
    for one in dead:
        died = cast.columns["death_date"][one]
        wait = cast.rng.randint(_LATE_FROM, _LATE_TO) if one in late else 3
        ago = next((ago for ago, day in days.items() if day >= died + dt.timedelta(wait)), _DEATHS_TO)
        if days[min(days)] >= died and ago < cast.entry[one]:
            source = cast.rng.choice(("civil_affairs", "health")) if one in late else "police"
            reported.setdefault((ago, source), []).append(one)
    return [_report(cast, ago, source, found) for (ago, source), found in reported.items()]


def _report(cast: Cast, ago: int, source: str, found: list[int]) -> Chapter:
    def told() -> Iterator[tuple[int, Sequence[Statement]]]:
        for one in found:
            died = cast.columns["death_date"][one]
            yield one, [Statement("death_date", died), Statement("alive", False, died)]

    return Chapter(ago, source, "死亡登记" if source == "police" else "补报死亡", told)
