"""How many people of each age band and ability a city of a given size has.

Counts are shared out with largest remainders, so that they add up exactly and, at the published size, equal
the published counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from songhe.synth.city import City

Counts = npt.NDArray[np.int64]
LEVELS = ("intact", "mild", "moderate", "severe", "complete")


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """`total` shared out by weight, in whole numbers; equal remainders go to the earlier part."""
    parts = [Fraction(weight) for weight in weights]
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    exact = [total * part / whole for part in parts]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda part: shares[part] - exact[part])
    for part in by_remainder[: total - sum(shares)]:
        shares[part] += 1
    return shares


def fill(total: int, weights: Sequence[float], room: Sequence[int]) -> list[int]:
    """Like `largest_remainder`, but no part takes more than its room; what is over goes to the others."""
    shares = [0] * len(weights)
    while missing := total - sum(shares):
        parts = zip(weights, shares, room, strict=True)
        open_weights = [weight if share < most else 0 for weight, share, most in parts]
        if not any(open_weights):
            raise ValueError(f"no room for {missing} of {total}")
        more = largest_remainder(missing, open_weights)
        shares = [min(share + extra, most) for share, extra, most in zip(shares, more, room, strict=True)]
    return shares


def age_quotas(city: City, people: int) -> list[int]:
    """People per age band, youngest band first."""
    over = [group.count for group in city.ages] + [0]
    groups = largest_remainder(people, [here - above for here, above in pairwise(over)])
    return [
        quota
        for group, size in zip(city.ages, groups, strict=True)
        for quota in largest_remainder(size, list(group.bands.values()))
    ]


def death_quotas(city: City, deaths: int) -> list[int]:
    """Recently dead persons per age band: the band's people times its risk of dying."""
    living = age_quotas(city, city.ages[0].count)
    weights = [people * city.deaths.risk[band] for people, band in zip(living, city.bands(), strict=True)]
    return largest_remainder(deaths, weights)


def ability_quotas(city: City, people: int) -> dict[str, int]:
    """People per level of ability; the half and the fully disabled keep their published share."""
    counted = sum(group.count or 0 for group in city.ability.groups)
    rest = city.ages[0].count - counted
    sizes = [rest if group.count is None else group.count for group in city.ability.groups]
    groups = largest_remainder(people, sizes)
    quotas: dict[str, int] = {}
    for group, size in zip(city.ability.groups, groups, strict=True):
        quotas |= dict(zip(group.levels, largest_remainder(size, list(group.levels.values())), strict=True))
    return quotas


def strata(city: City, bands: Sequence[int]) -> Counts:
    """People per age band (rows) and level of ability (columns) that keep both sets of totals.

    The worst level is placed first and leans most to the old; whoever is left is intact.
    """
    quotas = ability_quotas(city, sum(bands))
    table = np.zeros((len(bands), len(LEVELS)), np.int64)
    room = list(bands)
    for level in reversed(range(1, len(LEVELS))):
        taken = fill(quotas[LEVELS[level]], _weights(city.ability.risk, city.bands(), room), room)
        table[:, level] = taken
        room = [left - used for left, used in zip(room, taken, strict=True)]
    table[:, 0] = room
    return table


def deal(left: Counts, size: int, rng: np.random.Generator) -> Counts:
    """A random chunk of `size` people out of those `left` per stratum, who are then fewer.

    The split is hypergeometric, as if all people had been shuffled first; no list of them is ever made.
    """
    dealt = rng.multivariate_hypergeometric(left.ravel(), size, method="marginals")
    counts: Counts = dealt.reshape(left.shape)
    left -= counts
    return counts


def _weights(risk: Mapping[str, float], bands: Sequence[str], room: Sequence[int]) -> list[float]:
    return [risk[band] * people for band, people in zip(bands, room, strict=True)]
