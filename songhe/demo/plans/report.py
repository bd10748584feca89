"""The report of last month, proposed by one and approved by another: it stands on the portal."""

from __future__ import annotations

from songhe.demo.plans.cast import Cast
from songhe.reports.domain.making import make_report
from songhe.reports.domain.publishing import approve, propose
from songhe.reports.period import MONTH, Period


def publish_report(cast: Cast) -> None:
    last = cast.months[-1]
    period = Period(MONTH, last.year * 100 + last.month)
    made = make_report(by=cast.bureau, division=cast.county.pk, period=period)
    approve(by=cast.above, publication=propose(by=cast.bureau, report=made))
