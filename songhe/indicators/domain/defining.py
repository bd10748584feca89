"""Laying down what an indicator counts where its document leaves it open (口径界定), dated; another confirms it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.common.text import Text
from songhe.decision.openness import open_parts
from songhe.indicators.definitions import CODES, WORDS
from songhe.indicators.domain.entering import indicator_of
from songhe.indicators.domain.settling import tell
from songhe.indicators.errors import IndicatorError
from songhe.indicators.exact import read_number
from songhe.indicators.models import Definition
from songhe.policy.package import Package

DIRECTIONS = ("at_least", "at_most", "equal", "more_than", "less_than")
BOUNDS = ("included", "excluded")
_LONGEST = 200


def define(
    *,
    by: User,
    package: Package,
    indicator: str,
    division: int,
    parts: Mapping[str, Text | str],
    document: str,
    valid_from: dt.date,
) -> Definition:
    """What is open of an indicator laid down from a day on: words as a Text, unit, direction, value and bound as texts.

    Days before are not touched: what was open then stays open. Raises OutOfScope and IndicatorError, also for a part
    that the document itself says.
    """
    require_division(by, Action.INDICATOR_DEFINE, division)
    one = indicator_of(package, indicator)
    if not document.strip():
        raise IndicatorError("请写明依据的文件。", "Name the document that lays it down.")
    if not parts:
        raise IndicatorError("请至少界定一项。", "Define at least one part.")
    closed = sorted(set(parts) - set(open_parts(one, valid_from)))
    if closed:
        raise IndicatorError("文件自己已经写明的不能另行界定。", f"The document says itself: {', '.join(closed)}.")
    with transaction.atomic():
        made = Definition.objects.create(
            package=package.id,
            indicator=one.id,
            division_id=division,
            parts={name: _part(name, value) for name, value in parts.items()},
            document=document.strip()[:_LONGEST],
            valid_from=valid_from,
            stated_by=by,
            stated_at=clock.now(),
        )
        tell(by, "indicator.defined", made, {"from": valid_from, "parts": sorted(made.parts)})
    return made


def _part(name: str, value: Text | str) -> object:
    if name in WORDS:
        return value.model_dump() if isinstance(value, Text) else {"zh": value, "en": value}
    text = str(value).strip()
    allowed = {"direction": DIRECTIONS, "bound": BOUNDS}.get(name)
    if name not in CODES or not text or (allowed and text not in allowed):
        raise IndicatorError(f"“{text}”不能作为界定。", f"{text!r} defines nothing.")
    return read_number(text) if name == "value" else text
