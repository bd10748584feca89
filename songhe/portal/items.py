"""Decisions as a reader sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from songhe.common.days import age_reached_on
from songhe.common.text import Text, say
from songhe.decision.explain import explain_decision, next_change
from songhe.decision.person import ENTITLED, NOT_ENTITLED, Decision
from songhe.policy.package import Package
from songhe.policy.schema import Clause, Convention, Entitlement
from songhe.portal.amounts import Amount, amount_of
from songhe.portal.questions import Question
from songhe.portal.shelf import decider
from songhe.portal.why import NOT_ANSWERED, Explainer, Why, open_term_note, reasons
from songhe.rules.explain import Explained
from songhe.rules.vocabulary import Value

ANSWERS = {
    ENTITLED: say("可以享受", "Owed"),
    NOT_ENTITLED: say("目前不能享受", "Not owed now"),
}
UNDECIDED = say("还不能确定", "Not yet decided")
CATEGORIES = {
    "universal": say("普惠项目", "for everyone of the age"),
    "special": say("特定群体项目", "for certain groups"),
    "extension": say("本地增加项目", "added by the city"),
}
DELIVERIES = {
    "offer": say("直接提供", "it is simply there to use"),
    "invite": say("由有关单位通知或邀请", "those responsible invite you"),
    "apply": say("需要申请或提出", "it has to be asked for"),
}


@dataclass(frozen=True)
class Change:
    """The next day an answer turns: the age reached on it, and the answer from then on."""

    day: dt.date
    age: int | None
    answer: Text
    variant: Text | None


@dataclass(frozen=True)
class Item:
    """One entitlement with its answer and everything behind it."""

    entitlement: Entitlement
    answer: str
    answer_text: Text
    amount: Amount
    variant: Text | None
    reasons: tuple[Why, ...]
    missing: tuple[Question, ...]
    open_terms: tuple[Text, ...]
    unwritten: tuple[Text, ...]
    why: Why
    conventions: tuple[Convention, ...]
    clauses: tuple[Clause, ...]
    change: Change | None

    @property
    def id(self) -> str:
        return self.entitlement.id

    @property
    def category(self) -> Text | None:
        return CATEGORIES.get(self.entitlement.category or "")

    @property
    def delivery(self) -> Text:
        return DELIVERIES[self.entitlement.delivery]


@dataclass(frozen=True)
class Reader:
    """What all items of one person on one day are read with."""

    package: Package
    day: dt.date
    facts: Mapping[str, Value]
    questions: Mapping[str, Question]
    # What is said of a fact that nobody gave and a rule assumes.
    silent: Text = NOT_ANSWERED

    def items(self) -> list[Item]:
        return [self.item(decision) for decision in decider(self.package.id, self.day).decide(self.facts)]

    def item(self, decision: Decision) -> Item:
        package, found = self.package, decision.found
        explained = explain_decision(decision, self.facts, package, self.day)
        why = self._why(decision, explained)
        return Item(
            entitlement=decision.rule.entitlement,
            answer=decision.answer,
            answer_text=ANSWERS.get(decision.answer, UNDECIDED),
            amount=amount_of(decision, package, self.day, self.facts),
            variant=variant_name(decision),
            reasons=tuple(reasons(why)),
            missing=tuple(self.questions[name] for name in found.missing if name in self.questions),
            open_terms=tuple(open_term_note(term, package) for term in found.open_terms),
            unwritten=tuple(package.parameters[id].name for id in found.figures),
            why=why,
            conventions=tuple(package.conventions[id] for id in found.conventions),
            clauses=tuple(package.clauses[id] for id in decision.rule.clauses if id in package.clauses),
            change=self.change(decision),
        )

    def _why(self, decision: Decision, explained: Explained) -> Why:
        """The item's own condition; being alive, which the page takes for granted, is left out."""
        own = explained.parts[1]
        read = Explainer(self.package, self.day, decision.rule.entitlement.in_force, self.silent).read
        if decision.rule.variants and len(own.parts) == 2 and own.parts[1].truth is True:
            return read(own.parts[0])
        return read(own)

    def change(self, decision: Decision) -> Change | None:
        day = next_change(decision, self.facts, self.package, self.day)
        if day is None:
            return None
        later = next(d for d in decider(self.package.id, day).decide(self.facts) if d.rule.id == decision.rule.id)
        birth = self.facts.get("birth_date")
        age = age_reached_on(birth if isinstance(birth, dt.date) else None, day)
        return Change(day, age, ANSWERS.get(later.answer, UNDECIDED), variant_name(later))


def variant_name(decision: Decision) -> Text | None:
    variants = decision.rule.entitlement.variants
    return next((variant.name for variant in variants if variant.id == decision.variant), None)
