"""How often a sum is paid, as its unit says it."""

from __future__ import annotations

from typing import Literal

from songhe.policy.rule import Rule

Rhythm = Literal["monthly", "once", "once_a_household"]

# Of a sum by the occasion, or by the month and household, a condition alone does not say how often or to whom.
_RHYTHMS: dict[str, Rhythm] = {
    "元/月": "monthly",
    "元/月/人": "monthly",
    "元/人/月": "monthly",
    "元": "once",
    "元/人": "once",
    "元/户": "once_a_household",
}


def rhythm(rule: Rule) -> Rhythm | None:
    """None where the unit does not say how often a sum is paid: the run counts the item and does not pay it."""
    return _RHYTHMS.get((rule.amount.unit or "").replace(" ", ""))


def is_monthly(rule: Rule) -> bool:
    return rhythm(rule) == "monthly"


def is_once(rule: Rule) -> bool:
    return rhythm(rule) in ("once", "once_a_household")
