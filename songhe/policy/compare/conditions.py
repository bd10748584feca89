"""A condition on one line, and the limits it sets: ages, days, beds, income."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from songhe.common.division import stem
from songhe.common.text import Text, join, say
from songhe.policy.package import Package
from songhe.policy.phrases import Words, period_in_words
from songhe.policy.rule import Rule
from songhe.rules import tree

_AND = ("，并且", ", and ")
_OR = ("，或者", ", or ")


class Line:
    """Conditions of one package in words."""

    def __init__(self, package: Package, words: Words) -> None:
        self.package = package
        self.words = words

    def of(self, node: tree.Node, *, is_inner: bool = False) -> Text:
        """A condition on one line; a term stands by its name, and one the document leaves undefined is marked."""
        match node:
            case tree.Noted(part, label=label, kind=kind, term=term):
                if kind == "term" and term is not None:
                    return self._term(part, label or say(term, term))
                return label or self.of(part, is_inner=is_inner)
            case tree.All():
                return self._joined(tuple(_all_of(node)), _AND, is_inner=is_inner)
            case tree.Any(parts):
                return self._joined(parts, _OR, is_inner=is_inner)
            case tree.Assume(part):
                return self.of(part, is_inner=is_inner)
            case tree.Period(start, end):
                return period_in_words(start, end)
            case tree.Open(term):
                return self._open(self.package.terms[term].name)
            case tree.Not(part) if tree.children(part):
                inner = self.of(part)
                return say(f"并非（{inner.zh}）", f"not ({inner.en})")
            case _:
                return self.words.of(node)

    def _term(self, part: tree.Node, name: Text) -> Text:
        return self._open(name) if isinstance(part, tree.Open) else name

    def _open(self, name: Text) -> Text:
        return say(f"{name.zh}（文件没有说清）", f"{name.en} (not defined)")

    def _joined(self, parts: tuple[tree.Node, ...], words: tuple[str, str], *, is_inner: bool) -> Text:
        if len(parts) == 1:
            return self.of(parts[0], is_inner=is_inner)
        text = join([self.of(part, is_inner=True) for part in parts], *words)
        return say(f"（{text.zh}）", f"({text.en})") if is_inner else text


def _all_of(node: tree.Node) -> Iterator[tree.Node]:
    """The parts of an `all`, those of an `all` inside it among them, so that brackets are few."""
    match node:
        case tree.All(parts):
            for part in parts:
                yield from _all_of(part)
        case tree.Noted(tree.All() as inner, label=None, kind=kind) if kind != "term":
            yield from _all_of(inner)
        case _:
            yield node


def area_namer(package: Package) -> Callable[[str], Text]:
    """Names the package's own place; another division goes by its code."""

    def name(code: str) -> Text:
        city = package.city
        if city is not None and stem(city.division) == stem(code):
            return say(city.zh, city.en)
        return say(f"行政区划{code}", f"division {code}")

    return name


# A comparison with a number, and the name of the term it comes from where it is not the item's own.
Limit = tuple[tree.Node, Text | None]


def limits_of(rule: Rule) -> Iterator[Limit]:
    """The parts of an entitlement's own conditions that compare a number, each once."""
    yield from limits_in(rule.own_condition, *(tier.condition for tier in rule.amount.tiers))


def limits_in(*nodes: tree.Node) -> Iterator[Limit]:
    seen: dict[tree.Node, Limit] = {}
    for node in nodes:
        for limit in _limits(node, None):
            seen.setdefault(limit[0], limit)
    yield from seen.values()


def _limits(node: tree.Node, term: Text | None) -> Iterator[Limit]:
    match node:
        case tree.Noted(part, label=label, kind="term"):
            yield from _limits(part, term or label)
        case tree.Not(tree.AgeReached()) | tree.AgeReached():
            yield node, term
        case tree.Open():
            # What every reading includes is no limit that the document sets.
            return
        case tree.Compare(_, _, operand) if _is_number(operand):
            yield node, term
        case _:
            for child in tree.children(node):
                yield from _limits(child, term)


def _is_number(operand: tree.Operand) -> bool:
    if isinstance(operand, tree.ParameterRef):
        return True
    return isinstance(operand.value, (int, Decimal)) and not isinstance(operand.value, bool)
