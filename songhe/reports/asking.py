"""What every section is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from songhe.accounts.models import User
from songhe.policy.package import Package
from songhe.reports.period import Period
from songhe.reports.places import Grid


@dataclass(frozen=True)
class Asked:
    """A report of a division for a period, as known at a moment, read by somebody within their reach.

    `as_of` is the last day of the period, or the day of `known_at` while the period runs. `publish` says by table how
    it is published.
    """

    user: User
    grid: Grid
    period: Period
    as_of: dt.date
    known_at: dt.datetime
    package: Package | None
    publish: dict[str, Any]

    @property
    def division(self) -> int:
        return self.grid.division
