"""What will happen to whom in the year (剧本): drawn before it begins, told month by month as it is reported."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from songhe.common.calendar import latest_birth_date
from songhe.demo.cast import ELDER
from songhe.demo.departments import DEPARTMENTS, POLICE
from songhe.demo.year.stage import Stage, day_in
from songhe.registry.domain.statements import Statement

NEIGHBOUR = "640302"
# Numbers at the published size; a smaller city has as many in proportion, one at least.
MOVES_IN, MOVES_OUT, MOVES_WITHIN, COPIES, MISREAD, BACKDATED, LATE = 150, 150, 220, 120, 120, 500, 3
# Of a department's facts about those whom they concern, so many in a hundred come only during the year.
_LATER = 12
_CONCERNS = {
    "civil_affairs": ("dibao", "low_income_family", "tekun", "self_care_unable_recognised"),
    "disabled_federation": ("disability_grade",),
    "health": ("special_family",),
}
_NOTHING: tuple[object, ...] = (None, False, "none", "")


@dataclass(frozen=True)
class Told:
    """What a source says of somebody of the cast in a month of the year (by its place)."""

    source: str
    reason: str
    one: int
    said: Sequence[Statement]


@dataclass
class Script:
    """By the place of the month: whose file is opened, who is reported dead and since when, and what else is told.

    `held_back`: facts of a department that come later; `born`: birth dates that are wrong at first; `moving_in`: who
    is registered elsewhere at first; `copies`: the second files (ids) of those who are `copied`.
    """

    opened: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    deaths: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    news: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    held_back: set[tuple[int, str]] = field(default_factory=set)
    born: dict[int, dt.date] = field(default_factory=dict)
    moving_in: set[int] = field(default_factory=set)
    copied: list[int] = field(default_factory=list)
    copies: dict[int, int] = field(default_factory=dict)
    wrongly_dead: list[int] = field(default_factory=list)


def write_script(stage: Stage, opening: dt.date) -> Script:
    script = Script()
    _open(stage, script, opening)
    there = [one for one in script.opened[-1] if stage.cast.columns["death_date"][one] is None]
    here = [one for one in there if str(stage.cast.columns["hukou"][one]).startswith("640381")]
    _die(stage, script)
    _move(stage, script, here)
    _hold_back(stage, script, there)
    old = [one for one in here if _age(stage, one) >= 80 and one not in script.moving_in]
    script.copied = stage.a_few(old, COPIES)
    script.wrongly_dead = stage.a_few([one for one in old if one not in script.copied], 1)
    _misread(stage, script, [one for one in old if one not in script.copied])
    return script


def _age(stage: Stage, one: int) -> int:
    return (stage.cast.today - stage.cast.columns["birth_date"][one]).days // 365


def _open(stage: Stage, script: Script, opening: dt.date) -> None:
    """Who is sixty at the opening, and month by month those who turned so since the month before."""
    days = [opening, *(day_in(month, 3) for month in stage.months)]
    limits = [latest_birth_date(day, ELDER) or dt.date.min for day in days]
    for one, born in enumerate(stage.cast.columns["birth_date"]):
        place = next((place for place, limit in enumerate(limits) if born <= limit), None)
        if place is not None:
            script.opened[place - 1].append(one)


def _die(stage: Stage, script: Script) -> None:
    """Reported in the month after, or one to four months late; what is never reported in the year is not told."""
    opened = {one: place for place, people in script.opened.items() for one in people}
    for one, died in enumerate(stage.cast.columns["death_date"]):
        if died is None or one not in opened:
            continue
        late = 1 + stage.rng.randrange(4) if stage.rng.randrange(100) < 30 else 0
        days = [day_in(month, 3) for month in stage.months]
        place = next((place for place, day in enumerate(days) if day >= died), len(days)) + late
        if opened[one] < place < len(days):
            script.deaths[place].append(one)


def _move(stage: Stage, script: Script, here: list[int]) -> None:
    """Into the county, out of it, and between its towns; one in three is told two months late."""
    villages = sorted({str(stage.cast.columns["hukou"][one]) for one in here})
    movers = stage.rng.sample(here, min(len(here), sum(map(stage.cast.share, (MOVES_IN, MOVES_OUT, MOVES_WITHIN)))))
    coming, going = stage.cast.share(MOVES_IN), stage.cast.share(MOVES_OUT)
    script.moving_in = set(movers[:coming])
    for number, one in enumerate(movers):
        place = 1 + stage.rng.randrange(max(1, len(stage.months) - 1))
        late = 2 if stage.rng.randrange(3) == 0 else 0
        since = day_in(stage.months[max(0, place - late)], 1 + stage.rng.randrange(20))
        if number < coming:
            to, reason = str(stage.cast.columns["hukou"][one]), "迁入"
        elif number < coming + going:
            to, reason = NEIGHBOUR, "迁出"
        else:
            to, reason = stage.rng.choice(villages), "市内迁移"
        said = [Statement("hukou", to, since)]
        if to != NEIGHBOUR:
            said.append(Statement("residence", to, since))
        _tell(script, place, Told("police", reason, one, said))
        stage.happened[{"迁入": "moved in", "迁出": "moved out"}.get(reason, "moved within")] += 1


def _hold_back(stage: Stage, script: Script, there: list[int]) -> None:
    """Certificates and recognitions of the year; one in three is back-dated."""
    for department in DEPARTMENTS:
        for one in there:
            if not _concerned(stage, department.source, one) or stage.rng.randrange(100) >= _LATER:
                continue
            script.held_back.add((one, department.source))
            place = stage.rng.randrange(len(stage.months))
            back = 1 + stage.rng.randrange(3) if stage.rng.randrange(3) == 0 else 0
            since = day_in(stage.months[max(0, place - back)], 1)
            said = [
                Statement(fact, value, since)
                for fact in department.facts
                if (value := stage.cast.columns[fact][one]) not in _NOTHING
            ]
            _tell(script, place, Told(department.source, "当年新认定", one, said))
            stage.happened["back-dated" if back else "newly recognised"] += 1


def _concerned(stage: Stage, source: str, one: int) -> bool:
    columns = stage.cast.columns
    return any(columns[fact][one] not in _NOTHING for fact in _CONCERNS.get(source, ()))


def _misread(stage: Stage, script: Script, old: list[int]) -> None:
    """Written down two years too old or too young, and put right in the middle of the year."""
    half = len(stage.months) // 2
    for one in stage.a_few(old, MISREAD):
        right = stage.cast.columns["birth_date"][one]
        script.born[one] = right - dt.timedelta(stage.rng.choice((-730, 730)))
        _tell(script, half, Told("police", "更正出生日期", one, [Statement("birth_date", right)]))
        stage.happened["birth dates corrected"] += 1


def _tell(script: Script, place: int, told: Told) -> None:
    script.news[place].append(told)


def police_facts(stage: Stage, script: Script, one: int) -> dict[str, object]:
    """What public security says of somebody at first, with its mistakes."""
    facts: dict[str, object] = {fact: stage.cast.columns[fact][one] for fact in POLICE[:-1]}
    facts["birth_date"] = script.born.get(one, facts["birth_date"])
    if one in script.moving_in:
        facts["hukou"] = NEIGHBOUR
    return {fact: value for fact, value in facts.items() if value is not None}
