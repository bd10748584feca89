"""Cost shares of levels (分担比例): exact fractions, and sums divided to the fen."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from songhe.payment.errors import PaymentError

K = TypeVar("K", bound=Hashable)


def split(fen: int, shares: Mapping[K, Fraction]) -> dict[K, int]:
    """What each bears of a sum; together exactly the sum.

    Whole fen first, then one more for the largest remainders, the earlier named first among equals; a negative sum
    is divided like the positive one. Raises PaymentError unless the shares come to exactly one.
    """
    if sum(shares.values()) != 1 or any(share < 0 for share in shares.values()):
        raise PaymentError("分担比例合计须恰好为一。", "The shares must come to exactly one.")
    sign, whole = (-1, -fen) if fen < 0 else (1, fen)
    exact = {key: whole * share for key, share in shares.items()}
    borne = {key: part.numerator // part.denominator for key, part in exact.items()}
    left = whole - sum(borne.values())
    for key in sorted(exact, key=lambda key: borne[key] - exact[key])[:left]:
        borne[key] += 1
    return {key: sign * part for key, part in borne.items()}
