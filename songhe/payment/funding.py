"""Reading who bears what: the last confirmed shares of a county, item and budget year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from songhe.payment.models import Funding, FundingShare


def standing(division: int, year: int) -> dict[str, Funding]:
    """Item → the statement that holds in a county (id of Division) for a year."""
    confirmed = Funding.objects.filter(division=division, year=year, confirmed_by__isnull=False)
    return {one.item: one for one in confirmed.order_by("confirmed_at", "pk")}


def funding_for(division: int, year: int, items: Collection[str]) -> Mapping[str, Mapping[int, Fraction]]:
    """Item → id of Fund → the share it bears; an item of which nobody said it is not in the answer."""
    held = {item: one for item, one in standing(division, year).items() if item in items}
    found: dict[str, dict[int, Fraction]] = {item: {} for item in held}
    shares = FundingShare.objects.filter(funding__in=held.values()).select_related("funding").order_by("pk")
    for share in shares:
        found[share.funding.item][share.fund_id] = share.fraction
    return found
