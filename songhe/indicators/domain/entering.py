"""Figures that the platform has no records for (指标填报): entered with their evidence, confirmed by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from pathlib import PurePath
from typing import IO

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import Role, User
from songhe.accounts.reach import reach
from songhe.accounts.roles import roles_for
from songhe.accounts.scope import held_by, require_division
from songhe.common import clock
from songhe.common.sealedfolder import keep
from songhe.decision.figure import FigureError, Reading, check_reading
from songhe.divisions.queries import tree_on
from songhe.indicators.domain.settling import tell
from songhe.indicators.errors import IndicatorError
from songhe.indicators.evidence import LARGEST, path_of
from songhe.indicators.exact import read_number
from songhe.indicators.models import Evidence, Figure
from songhe.policy.package import Package
from songhe.policy.schema import Indicator

_LONGEST = {"document": 200, "name": 120}
# A file of evidence: its name and its content.
Upload = tuple[str, IO[bytes]]


def enter(
    *,
    by: User,
    package: Package,
    indicator: str,
    division: int,
    day: dt.date,
    document: str,
    numerator: str = "",
    denominator: str = "",
    note: str = "",
    files: Sequence[Upload] = (),
    units: Collection[str] = (),
) -> Figure:
    """A figure of a day as people write it; counts for nothing until another user confirms it.

    A correction is a new figure of the same day. Who enters for a unit alone (责任单位) names in `units` those
    they speak for; the document must hold one of them responsible. Raises OutOfScope and IndicatorError; nothing is
    kept then.
    """
    require_division(by, Action.INDICATOR_ENTER, division)
    one = indicator_of(package, indicator)
    _check_units(by, one, division, units)
    _check_day(day, division)
    figures = {"numerator": _number(numerator), "denominator": _number(denominator)}
    _check_figures(package, one, figures)
    if not document.strip():
        raise IndicatorError("请写明依据。", "Say what the figure rests on.")
    kept: list[Evidence] = []
    try:
        with transaction.atomic():
            figure = Figure.objects.create(
                package=package.id,
                indicator=one.id,
                division_id=division,
                day=day,
                document=document.strip()[: _LONGEST["document"]],
                note=note.strip(),
                stated_by=by,
                **figures,
            )
            kept.extend(_keep(by, figure, files))
            tell(by, "indicator.stated", figure, {"day": day, **figures, "files": len(kept)})
    except BaseException:
        for evidence in kept:
            path_of(evidence).unlink(missing_ok=True)
        raise
    return figure


def indicator_of(package: Package, id: str) -> Indicator:
    """Raises IndicatorError for one that the package has not."""
    if id not in package.indicators:
        raise IndicatorError(f"{package.id}没有指标{id}。", f"{id} is no indicator of {package.id}.")
    return package.indicators[id]


def _check_units(by: User, indicator: Indicator, division: int, units: Collection[str]) -> None:
    if is_free(by, division):
        return
    named = {*indicator.responsible, *indicator.cooperating}
    if not named & set(units):
        raise IndicatorError(
            "您所代表的单位不是这项指标的责任单位。", "The document does not hold a unit you speak for responsible."
        )


def is_free(by: User, division: int) -> bool:
    """Whether the user may enter any indicator there, and not only those of a unit."""
    roles = roles_for(Action.INDICATOR_ENTER) - {Role.DEPARTMENT}
    granted = [(place, since) for role, place, since in held_by(by) if role in roles]
    return division in reach(granted, clock.today())


def _check_day(day: dt.date, division: int) -> None:
    if day > clock.today():
        raise IndicatorError("截至日期不能在将来。", "The day is not in the future.")
    if division not in tree_on(day):
        raise IndicatorError(f"{day}没有该区划。", f"The division did not exist on {day}.")


def _number(text: str) -> str | None:
    return read_number(text) if text.strip() else None


def _check_figures(package: Package, indicator: Indicator, figures: dict[str, str | None]) -> None:
    rule = package.computed.get(indicator.id)
    counted = {"numerator": rule and rule.numerator, "denominator": rule and rule.denominator}
    if not any(figures.values()):
        raise IndicatorError("请填写数据。", "Give the figure.")
    if figures["numerator"] is None and not counted["numerator"]:
        raise IndicatorError("请填写分子。", "Give the numerator.")
    parts = [None if figures[side] is None else Fraction(figures[side]) for side in ("numerator", "denominator")]
    try:
        check_reading(Reading(*parts), is_share=any(target.unit == "%" for target in indicator.targets))
    except FigureError as error:
        raise IndicatorError(error.zh, error.en) from None


def _keep(by: User, figure: Figure, files: Iterable[Upload]) -> Iterable[Evidence]:
    for name, content in files:
        evidence = Evidence(figure=figure, name=PurePath(name.replace("\\", "/")).name[: _LONGEST["name"]], added_by=by)
        kept = keep(path_of(evidence), content, name=str(evidence.public_id))
        if not 0 < kept.size <= LARGEST:
            path_of(evidence).unlink(missing_ok=True)
            raise IndicatorError(
                f"“{evidence.name}”是空的或超过{LARGEST >> 20}兆字节。",
                f"{evidence.name} is empty or larger than {LARGEST >> 20} MB.",
            )
        evidence.size, evidence.sha256 = kept.size, kept.sha256
        evidence.save(force_insert=True)
        yield evidence
