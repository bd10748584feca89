"""What a package says of an institution's subsidy (机构补贴) on a day: entitled or not, and how much for which period.

Sums come from the package and its overlays alone: where they give none, nothing can be paid, and the answer says which
document leaves it open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.decision.person import ENTITLED
from songhe.decision.standard import StandardDecision, decide_standards
from songhe.organisations.errors import OrganisationError
from songhe.organisations.facts import SUBJECT, fact_of, facts_on, vocabulary
from songhe.organisations.models import Organisation
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.holding import packages_at
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.rule import StandardRule
from songhe.policy.schema import Clause
from songhe.rules.vocabulary import Fact, Value

ONCE, MONTHLY, YEARLY = "once", "month", "year"
# The end of an amount's unit says for how long a sum is: 元/张 is paid once, 元/张/月 every month.
_PERIODS = {"月": MONTHLY, "年": YEARLY}
_EXACT = "exact"


@dataclass(frozen=True)
class Answer:
    """The package's answer for an institution's facts on a day. `fen` is None where nothing can be paid."""

    package: Package
    day: dt.date
    decision: StandardDecision
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def rule(self) -> StandardRule:
        return self.decision.rule

    @property
    def is_entitled(self) -> bool:
        return self.decision.answer == ENTITLED

    @property
    def period(self) -> str:
        """ONCE, MONTHLY or YEARLY: for how long one sum is."""
        return _PERIODS.get((self.rule.amount_unit or "").rpartition("/")[2], ONCE)

    @property
    def counted(self) -> int | None:
        """Units that are paid for, such as beds; None when unknown or when nothing is counted."""
        number = self.decision.counted
        return None if number is None or number.denominator != 1 else int(number)

    @property
    def each(self) -> int | None:
        """Fen for one unit; None unless the package gives exactly that."""
        amount = self.decision.amount
        return amount.fen if amount is not None and amount.kind == _EXACT else None

    @property
    def fen(self) -> int | None:
        """What one period is worth."""
        if not self.is_entitled or self.each is None or self.counted is None:
            return None
        return self.each * self.counted

    @property
    def arithmetic(self) -> str | None:
        """`3,000元 × 120 = 360,000元`."""
        if self.fen is None or self.each is None:
            return None
        return f"{format_yuan(self.each)} × {self.counted} = {format_yuan(self.fen)}"

    @property
    def clauses(self) -> list[Clause]:
        return [self.package.clauses[id] for id in self.rule.clauses if id in self.package.clauses]

    @property
    def missing(self) -> list[Fact]:
        """The facts that are not known."""
        return [fact_of(name) for name in self.decision.found.missing if name in vocabulary()]

    @property
    def why_nothing(self) -> Text | None:
        """Why nothing can be paid; None when something can."""
        if self.fen is not None:
            return None
        if not self.is_entitled:
            return _NO_ANSWER[self.decision.answer]
        if self.each is None:
            titles = self.package.document.title
            clauses = "、".join(self.rule.clauses)
            return say(
                f"《{titles.zh}》没有写明金额（{clauses}），须由县（市、区）另行规定。",
                f"“{titles.en}” gives no sum ({clauses}); the county must set it.",
            )
        return say("计数项（如核定床位数）不详或没有写明。", "What is counted, such as approved beds, is not known.")


_NO_ANSWER = {
    "not_entitled": say("按所登记的事实不符合条件。", "By the recorded facts it is not entitled."),
    "undetermined": say("事实或用语尚不清楚，不能核定。", "A fact or a term is open: it cannot be settled yet."),
}


def subsidy_rule(package: str, item: str) -> tuple[Package, StandardRule]:
    """A subsidy of institutions. Raises OrganisationError for one that the package does not have."""
    try:
        found = load_package(package)
    except (UnknownPackage, PackageError):
        raise OrganisationError(f"没有政策包{package}。", f"There is no package {package}.") from None
    rule = found.standard_rules.get(item)
    if rule is None or not _is_subsidy(rule):
        raise OrganisationError(f"{package}没有机构补贴{item}。", f"{package} has no subsidy {item} of institutions.")
    return found, rule


def answer(
    organisation: Organisation, package: str, item: str, day: dt.date, known: dt.datetime | None = None
) -> Answer:
    """What is due on a day, with the facts as known at a moment (now without one). Raises OrganisationError."""
    found, rule = subsidy_rule(package, item)
    facts = facts_on(organisation, day, known)
    decisions = decide_standards(found, day, SUBJECT, facts)
    return Answer(found, day, next(one for one in decisions if one.rule.id == rule.id), facts)


def subsidies_at(code: str) -> Iterator[tuple[Package, StandardRule]]:
    """The subsidies of institutions of every package that holds for a place (its division code)."""
    for package in packages_at(code):
        yield from ((package, rule) for rule in package.standard_rules.values() if _is_subsidy(rule))


def _is_subsidy(rule: StandardRule) -> bool:
    return rule.is_subsidy and rule.standard.subject == SUBJECT
