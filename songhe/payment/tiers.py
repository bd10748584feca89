"""Approval tiers (审批权限): how many people approve a batch of a sum."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml


class Tier(NamedTuple):
    """Up to so many fen (None: any sum), so many approvals, one of them by the city's bureau or not."""

    up_to: int | None
    approvals: int
    bureau: bool = False


def tier_for(fen: int) -> Tier:
    """The first tier that takes the sum."""
    return next(tier for tier in tiers() if tier.up_to is None or fen <= tier.up_to)


@cache
def tiers() -> tuple[Tier, ...]:
    """All tiers in rising order. ValueError when the file leaves a sum without a tier."""
    text = resources.files("songhe.payment").joinpath("tiers.yaml").read_text(encoding="utf-8")
    read = tuple(
        Tier(entry.get("up_to"), entry["approvals"], entry.get("bureau", False))
        for entry in yaml.safe_load(text)["tiers"]
    )
    limits = [tier.up_to for tier in read]
    if limits[-1] is not None or None in limits[:-1] or limits[:-1] != sorted(limits[:-1]):
        raise ValueError("tiers.yaml: 限额须递增，最后一档不设限额。 Limits must rise, and the last tier has none.")
    if any(tier.approvals < 1 for tier in read):
        raise ValueError("tiers.yaml: 每档至少一人审批。 Every tier needs an approval.")
    return read
