"""Which months a run decides: its own and those nobody decided yet for everybody, the others again for some."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Run
from songhe.entitlement.months import months_from, shifted, shown

# One statement holds 62 months; three years is what the books are kept open for unless settings.RUN_MONTHS_BACK says.
DEFAULT_BACK = 36
MOST = 60


@dataclass(frozen=True)
class Span:
    """`fresh` months are decided for everybody, the run's own is the last; `past` for those of whom there is news."""

    fresh: tuple[int, ...]
    past: tuple[int, ...]
    accounts_from: int

    @property
    def first(self) -> int:
        return (*self.past, *self.fresh)[0]


def span_of(month: int, base: Run | None, accounts_from: int | None) -> Span:
    """Raises RunError when the month lies before the last accepted one, or the accounts begin where they cannot."""
    back = min(int(getattr(settings, "RUN_MONTHS_BACK", DEFAULT_BACK)), MOST)
    earliest = shifted(month, -back)
    if base is None:
        return _first(month, accounts_from or month, earliest)
    if accounts_from not in (None, base.accounts_from):
        raise RunError(
            f"本县自 {shown(base.accounts_from)} 起记账，不能更改。",
            f"The county's accounts begin with {shown(base.accounts_from)}; that does not change.",
        )
    if month < base.month:
        raise RunError(
            f"{shown(base.month)} 已采用，更早的月份由以后的核定补发或追回。",
            f"{shown(base.month)} is accepted already; what concerns earlier months comes with the next run.",
        )
    fresh = months_from(max(shifted(base.month, 1), earliest), month) or [month]
    past = months_from(max(base.accounts_from, earliest), shifted(fresh[0], -1))
    return Span(tuple(fresh), tuple(past), base.accounts_from)


def _first(month: int, accounts_from: int, earliest: int) -> Span:
    if not earliest <= accounts_from <= month:
        raise RunError(
            f"记账起始月须在 {shown(earliest)} 与 {shown(month)} 之间。",
            f"The accounts must begin between {shown(earliest)} and {shown(month)}.",
        )
    return Span(tuple(months_from(accounts_from, month)), (), accounts_from)
