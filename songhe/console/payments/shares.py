"""Lottery shares as a table shows them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from songhe.console.payments.sources import written
from songhe.payment.models import Fund
from songhe.payment.queries import lottery_shares
from songhe.policy.package import Package


def share_rows(fund: Fund, package: Package | None) -> list[dict[str, Any]]:
    """A fund beside each clause that sets a limit; none without a document."""
    shares = lottery_shares([fund], package) if package else ()
    return [
        {"at": one, "limit": written(one.at_least), "share": None if one.share is None else in_percent(one.share)}
        for one in shares
    ]


def in_percent(share: Fraction) -> str:
    """`69.01%` of 4848/7025, cut off and never rounded up: what misses its limit never reads as if it met it."""
    return written(Fraction(share * 10_000 // 1, 10_000))
