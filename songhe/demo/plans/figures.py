"""Figures of two years, entered with what they rest on: towns that reach the target, one that never does, one dip.

One indicator stays open, and one is laid down half a year ago: its months before that stay undetermined.
"""

from __future__ import annotations

import datetime as dt
import io

from songhe.accounts.models import User
from songhe.demo.plans.cast import MADE_UP, Cast
from songhe.demo.plans.tasks import HEALTH
from songhe.indicators.domain.computing import compute
from songhe.indicators.domain.defining import define
from songhe.indicators.domain.entering import enter
from songhe.indicators.domain.settling import settle_definition, settle_figure
from songhe.indicators.models import Figure
from songhe.registry.models import CurrentPerson

GREEN_CHANNEL, VISITS, DOCTORS = "QTX-I-12", "QTX-I-03", "QTX-I-16"
_TOWNS, _CLINICS = 4, 4
_FAILING, _DIPPING, _DIPPED = 1, 2, 17
_LAID_DOWN = 6


def enter_figures(cast: Cast) -> None:
    _green_channel(cast)
    _visits(cast)
    _doctors(cast)
    for day in cast.months[-1:]:
        compute(by=None, package=cast.package, division=cast.county.pk, day=day)


def _green_channel(cast: Cast) -> None:
    """Of the medical institutions of each town, those with a fast lane for older people; the county is their sum."""
    for month, day in enumerate(cast.months):
        open_ones = [_with_lane(town, month) for town in range(_TOWNS)]
        places = [cast.county.pk, *(town.id for town in cast.towns[:_TOWNS])]
        counts = [(sum(open_ones), _TOWNS * _CLINICS), *((one, _CLINICS) for one in open_ones)]
        for place, (numerator, denominator) in zip(places, counts, strict=True):
            settle_figure(
                by=cast.bureau, figure=_enter(cast, cast.health, GREEN_CHANNEL, place, day, numerator, denominator)
            )


def _with_lane(town: int, month: int) -> int:
    if town == _FAILING:
        return _CLINICS - 1
    if town == _DIPPING and month == _DIPPED:
        return _CLINICS - 2
    return min(_CLINICS, 1 + month // 4)


def _visits(cast: Cast) -> None:
    """What is visited is known; of how many, the document leaves open until the bureau lays it down."""
    county, days = cast.county.pk, cast.months[-2 * _LAID_DOWN :]
    laid_down = define(
        by=cast.bureau,
        package=cast.package,
        indicator=VISITS,
        division=county,
        parts={"denominator": "登记在册的独居、空巢、留守、失能、重残、计划生育特殊家庭老年人人数"},
        document=f"{MADE_UP}：月探访统计口径的通知",
        valid_from=days[_LAID_DOWN].replace(day=1),
    )
    settle_definition(by=cast.above, definition=laid_down)
    for month, day in enumerate(days):
        made = _enter(cast, cast.bureau, VISITS, county, day, min(1860, 1790 + 10 * month), 1860)
        if day != days[-1]:
            settle_figure(by=cast.above, figure=made)


def _doctors(cast: Cast) -> None:
    """Stays undetermined: nobody says of whom. The newest figure was returned."""
    county, people = cast.county.pk, CurrentPerson.objects.exclude(alive=False).count()
    for day in cast.months[-4:]:
        made = _enter(cast, cast.health, DOCTORS, county, day, people * 58 // 100, people)
        reason = "与家庭医生系统的数字不符，请核对。" if day == cast.months[-1] else ""
        settle_figure(by=cast.bureau, figure=made, reason=reason)


def _enter(cast: Cast, by: User, indicator: str, place: int, day: dt.date, numerator: int, denominator: int) -> Figure:
    text = f"{MADE_UP}：{day.year}年{day.month}月统计表"
    with_file = place == cast.county.pk and day == cast.months[-1]
    return enter(
        by=by,
        package=cast.package,
        indicator=indicator,
        division=place,
        day=day,
        document=text,
        numerator=str(numerator),
        denominator=str(denominator),
        files=[("统计表.txt", io.BytesIO(text.encode()))] if with_file else [],
        units=[HEALTH] if by == cast.health else [],
    )
