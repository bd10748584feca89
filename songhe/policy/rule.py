"""An entitlement with its conditions and amount as checked trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from songhe.policy.indicator import Measure
from songhe.policy.schema import Entitlement, Standard, Variant
from songhe.rules import tree
from songhe.rules.amount import Money
from songhe.rules.quantity import Quantity


@dataclass(frozen=True)
class VariantRule:
    """A level of an entitlement and when it is the one."""

    variant: Variant
    condition: tree.Node


@dataclass(frozen=True)
class TierRule:
    condition: tree.Node
    money: Money


@dataclass(frozen=True)
class AmountRule:
    """What is paid: nothing, an unwritten sum, one sum, or the sum of the first tier that holds."""

    kind: str
    unit: str | None = None
    money: Money | None = None
    tiers: tuple[TierRule, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One entitlement, ready to be decided.

    `premise` is what every entitlement of the subject takes (being alive); `who` is the item's own condition.
    """

    entitlement: Entitlement
    premise: tree.Node
    who: tree.Node
    variants: tuple[VariantRule, ...]
    amount: AmountRule

    @property
    def id(self) -> str:
        return self.entitlement.id

    @property
    def condition(self) -> tree.Node:
        """The whole condition: the premise, the item's own, and at least one variant where there are any."""
        return tree.All((self.premise, self.own_condition))

    @property
    def own_condition(self) -> tree.Node:
        if not self.variants:
            return self.who
        return tree.All((self.who, tree.Any(tuple(variant.condition for variant in self.variants))))

    @property
    def conditions(self) -> tuple[tree.Node, ...]:
        """Every condition of the rule, those of the amount included."""
        return (self.condition, *(tier.condition for tier in self.amount.tiers))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it reads, each once, in reading order."""
        return tuple(dict.fromkeys(fact for node in self.conditions for fact in tree.facts_of(node)))

    @property
    def clauses(self) -> tuple[str, ...]:
        """Its clauses: those of the item first, then those of single conditions."""
        return self._clauses(with_terms=False)

    @property
    def clauses_with_terms(self) -> tuple[str, ...]:
        """Its clauses and those of the terms it uses, which other items may share."""
        return self._clauses(with_terms=True)

    def _clauses(self, *, with_terms: bool) -> tuple[str, ...]:
        cited = (clause for node in self.conditions for clause in tree.clauses_of(node, with_terms=with_terms))
        return tuple(dict.fromkeys([*self.entitlement.clauses, *cited]))


@dataclass(frozen=True)
class StandardRule:
    """A standard (or an institution's subsidy) with its conditions and quantities as checked trees.

    A subsidy has an `amount`; another standard has either `met_when` or both `actual` and `required`, or none of them
    where the vocabulary cannot compute it.
    """

    standard: Standard
    applies: tree.Node
    met_when: tree.Node | None = None
    actual: Quantity | None = None
    required: Quantity | None = None
    counted: Quantity | None = None
    amount: AmountRule | None = None

    @property
    def id(self) -> str:
        return self.standard.id

    @property
    def is_subsidy(self) -> bool:
        return self.amount is not None

    @property
    def amount_unit(self) -> str | None:
        return self.amount.unit if self.amount else None

    @property
    def is_computable(self) -> bool:
        return self.is_subsidy or self.met_when is not None or (self.actual is not None and self.required is not None)

    @property
    def clauses(self) -> tuple[str, ...]:
        conditions = [node for node in (self.applies, self.met_when) if node is not None]
        cited = (clause for node in conditions for clause in tree.clauses_of(node, with_terms=False))
        return tuple(dict.fromkeys([*self.standard.clauses, *cited]))


@dataclass(frozen=True)
class MeasureRule:
    """What is counted in the platform's own records, with its condition and quantity as checked trees.

    `where` is read in three values: whoever it is unknown of may count and may not. Of persons it asks that they live.
    """

    measure: Measure
    where: tree.Node = tree.ALWAYS
    total: Quantity | None = None

    @property
    def kind(self) -> Literal["count", "sum", "fund"]:
        return self.measure.kind

    @property
    def subject(self) -> str | None:
        """person, institution, estate, estate_pool, division or case; None of a fund."""
        return self.measure.subject


@dataclass(frozen=True)
class ComputedRule:
    """An indicator's numerator and denominator from the records; None is entered with evidence."""

    numerator: MeasureRule | None = None
    denominator: MeasureRule | None = None
    widest: MeasureRule | None = None
