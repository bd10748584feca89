"""The masks a run needs: per entitlement the months entitled and undetermined, its variants and its tiers."""

from __future__ import annotations

from collections.abc import Sequence

from songhe.policy.rule import Rule
from songhe.rules import tree

# In column names: `SZ-L-09` is the item, `SZ-L-09?` its undetermined months, `SZ-L-09#half` a variant,
# `SZ-L-03~1` its first tier of amounts.
VARIANT_MARK = "#"
TIER_MARK = "~"


def mask_conditions(rules: Sequence[Rule]) -> dict[str, tree.Node]:
    """Column name to condition, items in list order."""
    conditions: dict[str, tree.Node] = {}
    for rule in rules:
        # As a term of its own the item is worked out once, also where variants and tiers build on it.
        item = tree.Noted(rule.condition, term=f"={rule.id}", kind="term")
        conditions[rule.id] = item
        levels = first_that_holds([variant.condition for variant in rule.variants])
        for variant, condition in zip(rule.variants, levels, strict=True):
            conditions[f"{rule.id}{VARIANT_MARK}{variant.variant.id}"] = tree.All((item, condition))
        tiers = first_that_holds([tier.condition for tier in rule.amount.tiers])
        for number, condition in enumerate(tiers, start=1):
            conditions[f"{rule.id}{TIER_MARK}{number}"] = tree.All((item, condition))
    return conditions


def first_that_holds(conditions: Sequence[tree.Node]) -> list[tree.Node]:
    """Each condition as the first that holds: all earlier ones are known not to."""
    return [
        tree.every(*(tree.Not(earlier) for earlier in conditions[:index]), condition)
        for index, condition in enumerate(conditions)
    ]


def read_facts_of(rules: Sequence[Rule]) -> list[str]:
    """The facts that a run reads from the population."""
    return list(dict.fromkeys(fact for rule in rules for fact in rule.facts))
