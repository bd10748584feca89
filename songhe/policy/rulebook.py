"""Reads the conditions, amounts and quantities of a package into checked trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from songhe.policy.entries import RawEntry
from songhe.policy.errors import Problem
from songhe.policy.measures import read_computed
from songhe.policy.rule import AmountRule, ComputedRule, Rule, StandardRule, TierRule, VariantRule
from songhe.policy.schema import Amount, Entitlement, Standard, SubjectEntry, Term
from songhe.policy.yamlfile import Path_
from songhe.rules import tree
from songhe.rules.amount import parse_amount
from songhe.rules.condition import read_condition
from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope
from songhe.rules.quantity import parse_quantity
from songhe.rules.vocabulary import Vocabulary

Parts = Mapping[str, Mapping[str, tuple[Any, RawEntry]]]


MAX_TERM_DEPTH = 30
MAX_TERM_SIZE = 2_000


class AlreadyTold(RuleError):
    """Something rests on a term whose own problem is already noted."""

    def __init__(self, name: str, path: Path_ = ()) -> None:
        super().__init__(f"the term {name} is broken", "mend the term", path)
        self.name = name

    def below(self, path: Path_) -> AlreadyTold:
        return AlreadyTold(self.name, path + self.path)


class RuleReader:
    """Holds what conditions may name while they are read; notes every problem with its file and line."""

    def __init__(
        self,
        vocabularies: Mapping[str, Vocabulary],
        subjects: Mapping[str, SubjectEntry],
        parts: Parts,
        problems: list[Problem],
    ) -> None:
        self.vocabularies = vocabularies
        self.subjects = subjects
        self.parts = parts
        self.problems = problems
        self.parameter_types = {id: item.type for id, (item, _) in parts["parameters"].items()}
        self.terms: dict[str, tree.Node] = {}
        self.broken: set[str] = set()
        self.reading: list[str] = []
        self.cited: list[tuple[str, str, RawEntry, Path_]] = []

    def read(self) -> dict[str, Rule]:
        """Every entitlement as a rule; terms and standards are checked on the way."""
        for id, (_, entry) in self.parts["terms"].items():
            self.guard(entry, (), lambda id=id: self.term(id))  # type: ignore[misc]
        rules = {id: self._rule(item, entry) for id, (item, entry) in self.parts["entitlements"].items()}
        return {id: rule for id, rule in rules.items() if rule is not None}

    def read_measures(self, standards: Mapping[str, StandardRule]) -> dict[str, ComputedRule]:
        """What every indicator counts in the platform's own records, where it says so."""
        found = {
            id: read_computed(self, item.computed, entry, standards)
            for id, (item, entry) in self.parts["indicators"].items()
            if item.computed is not None
        }
        return {id: rule for id, rule in found.items() if rule is not None}

    def read_standards(self) -> dict[str, StandardRule]:
        """Every standard whose subject has a vocabulary."""
        found = {
            id: self._standard(standard, entry)
            for id, (standard, entry) in self.parts["standards"].items()
            if standard.subject in self.vocabularies
        }
        return {id: rule for id, rule in found.items() if rule is not None}

    # -- terms

    def term(self, name: str, subject: str | None = None) -> tree.Node:
        """The tree behind a term; RuleError when there is none, it needs itself, or speaks of another subject."""
        if name not in self.parts["terms"]:
            raise RuleError(f"unknown term {name}", "define it in terms.yaml")
        term, entry = self.parts["terms"][name]
        if subject is not None and term.subject != subject:
            raise RuleError(f"{name} is a term of a {term.subject}, not of a {subject}", "use one of its own")
        if name not in self.terms:
            self._check_reading(name)
            self.terms[name] = self._read_guarded(name, term, entry)
        return self.terms[name]

    def _check_reading(self, name: str) -> None:
        if name in self.reading:
            circle = " → ".join([*self.reading[self.reading.index(name) :], name])
            raise RuleError(f"terms need each other in a circle: {circle}", "cut the circle")
        if len(self.reading) >= MAX_TERM_DEPTH:
            chain = " → ".join(self.reading[:2])
            raise RuleError(f"terms are nested more than {MAX_TERM_DEPTH} deep: {chain} → …", "use fewer steps")

    def _read_guarded(self, name: str, term: Term, entry: RawEntry) -> tree.Node:
        """Reads a term; a broken one is told once, at its own line, and not again by whatever uses it."""
        if name in self.broken:
            raise AlreadyTold(name)
        self.reading.append(name)
        try:
            node = self._read_term(term, entry)
            if tree.size_of(node) > MAX_TERM_SIZE:
                what = f"the term {name} has over {MAX_TERM_SIZE} parts (read for {' → '.join(self.reading)})"
                raise RuleError(what, "say it more simply")
            return node
        except RuleError as error:
            self.broken.add(name)
            if not isinstance(error, AlreadyTold):
                self.problems.append(entry.problem(error.path, error.what, error.mend))
            raise AlreadyTold(name) from None
        finally:
            self.reading.pop()

    def _read_term(self, term: Term, entry: RawEntry) -> tree.Node:
        part = self._defined(term, entry) if term.definition is not None else self._open(term, entry)
        return tree.Noted(
            part,
            clauses=tuple(term.clauses),
            label=term.name,
            convention=term.convention,
            term=term.id,
            kind="term",
        )

    def _defined(self, term: Term, entry: RawEntry) -> tree.Node:
        return self._condition(term.definition, term.subject, entry, ("is",))

    def _open(self, term: Term, entry: RawEntry) -> tree.Node:
        if term.surely is None and term.surely_not is None and not (term.note or term.clauses):
            raise RuleError(f"the term {term.id} says nothing", "give it `is`, or `surely` and `surely_not`, or a note")

        def side(raw: Any, key: str) -> tree.Node:
            return tree.NEVER if raw is None else self._condition(raw, term.subject, entry, (key,))

        return tree.Open(term.id, side(term.surely, "surely"), side(term.surely_not, "surely_not"))

    # -- entitlements

    def _rule(self, item: Entitlement, entry: RawEntry) -> Rule | None:
        before = len(self.problems)
        if item.subject not in self.vocabularies:
            self.problems.append(entry.problem(("subject",), f"unknown subject {item.subject}", "see cn/facts.yaml"))
            return None
        who = self.guarded(item.who, item.subject, entry, ("who",))
        variants = [
            VariantRule(variant, node)
            for index, variant in enumerate(item.variants)
            if (node := self.guarded(variant.when, item.subject, entry, ("variants", index, "when"))) is not None
        ]
        amount = self._amount(item.amount, item.subject, entry)
        if len(self.problems) > before or who is None or amount is None:
            return None
        period = tree.Period(item.in_force.start, item.in_force.end)
        if period != tree.Period(None, None):
            who = tree.All((period, who))
        return Rule(item, self.premise(item.subject), who, tuple(variants), amount)

    def premise(self, subject: str) -> tree.Node:
        """What every entitlement of this kind of subject takes."""
        name = self.subjects[subject].premise
        if not name:
            return tree.ALWAYS
        try:
            return self.term(name, subject)
        except AlreadyTold:
            return tree.NEVER  # the package is refused for the term; nobody is entitled meanwhile

    def _amount(self, amount: Amount, subject: str, entry: RawEntry) -> AmountRule | None:
        if amount.kind != "value":
            if amount.value or amount.tiers:
                self.problems.append(
                    entry.problem(("amount",), f"kind {amount.kind} with a value", "remove one of them")
                )
            return AmountRule(amount.kind, amount.unit)
        if bool(amount.value) == bool(amount.tiers):
            self.problems.append(
                entry.problem(("amount",), "an amount needs either `value` or `tiers`", "or kind: none, kind: unset")
            )
            return None
        scope = self.scope(subject)
        if amount.value:
            text = amount.value
            money = self.guard(entry, ("amount", "value"), lambda: parse_amount(text, scope))
            return AmountRule("value", amount.unit, money) if money else None
        tiers = []
        for index, tier in enumerate(amount.tiers):
            path = ("amount", "tiers", index)
            node = self.guarded(tier.when, subject, entry, (*path, "when"))
            money = self.guard(entry, (*path, "value"), lambda tier=tier: parse_amount(tier.value, scope))  # type: ignore[misc]
            if node is not None and money is not None:
                tiers.append(TierRule(node, money))
        return AmountRule("value", amount.unit, tiers=tuple(tiers))

    # -- standards

    def _standard(self, item: Standard, entry: RawEntry) -> StandardRule | None:
        before = len(self.problems)
        applies = self.guarded(True if item.applies is None else item.applies, item.subject, entry, ("applies",))
        met_when = None
        if item.met_when is not None:
            met_when = self.guarded(item.met_when, item.subject, entry, ("met_when",))
        scope = self.scope(item.subject)
        quantities = {}
        for key in ("actual", "required", "counted"):
            if (text := getattr(item, key)) is not None:
                quantities[key] = self.guard(entry, (key,), lambda text=text: parse_quantity(text, scope))  # type: ignore[misc]
        amount = None if item.amount is None else self._amount(item.amount, item.subject, entry)
        if len(self.problems) > before or applies is None:
            return None
        return StandardRule(item, applies, met_when, amount=amount, **quantities)

    # -- help

    def scope(self, subject: str) -> Scope:
        return Scope(self.vocabularies[subject], self.parameter_types)

    def _condition(self, raw: Any, subject: str, entry: RawEntry, path: Path_) -> tree.Node:
        """A condition inside an entry; an error in it is noted at its line and raised again as the entry's."""
        if subject not in self.vocabularies:
            raise RuleError(f"unknown subject {subject}", "see cn/facts.yaml")
        try:
            node = read_condition(raw, self.scope(subject), lambda name: self.term(name, subject))
        except RuleError as error:
            raise error.below(path) from None
        self.cited.extend((kind, name, entry, place) for kind, name, place in _citations(raw, path))
        return node

    def guarded(self, raw: Any, subject: str, entry: RawEntry, path: Path_) -> tree.Node | None:
        node: tree.Node | None = self.guard(entry, (), lambda: self._condition(raw, subject, entry, path))
        return node

    def guard(self, entry: RawEntry, path: Path_, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except AlreadyTold:
            return None
        except RuleError as error:
            self.problems.append(entry.problem((*path, *error.path), error.what, error.mend))
            return None


def _citations(raw: Any, path: Path_) -> Iterator[tuple[str, str, Path_]]:
    """The clauses and conventions that the parts of a condition name, with their places."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            if key in ("clause", "convention") and isinstance(value, str):
                yield key, value, (*path, key)
            else:
                yield from _citations(value, (*path, key))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from _citations(value, (*path, index))
