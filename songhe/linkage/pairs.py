"""Pairs that were judged one by one, seen together: who else could be meant, and what need not be asked. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from songhe.linkage.rules import Kind, Rule, Verdict


class Pair(NamedTuple):
    """Two ids, the smaller first, and what the rules say of them: same or likely."""

    one: int
    other: int
    verdict: Verdict


class Judged(NamedTuple):
    """A pair, and the valid number that each of the two has."""

    pair: Pair
    one_number: str | None
    other_number: str | None


_BY_SLIP = frozenset({Rule.NUMBER_SLIP})
_BY_NAME = frozenset({Rule.NAME_BIRTH_SEX_PLACE, Rule.NAME_BIRTH_SEX})


def settled(judged: Sequence[Judged]) -> list[Pair]:
    """The pairs, `same` only where it holds: where nobody else is as near to one without a number.

    Not asked is whether two are one who are the same as others, and those others have two valid numbers.
    """
    by_slip = _where_unique(judged, _BY_SLIP, _Persons(()))
    persons = _Persons(one.pair for one in by_slip if one.pair.verdict.kind is Kind.SAME and not _by_name(one))
    by_name = _where_unique(by_slip, _BY_NAME, persons)
    numbers = _numbers(by_name, persons)
    return [one.pair for one in by_name if not _answered(one.pair, persons, numbers)]


def _by_name(one: Judged) -> bool:
    return one.pair.verdict.rule in _BY_NAME


def _where_unique(judged: Sequence[Judged], rules: Collection[Rule], persons: _Persons) -> list[Judged]:
    """With `likely` for `same` by one of these rules where somebody without a number is paired with two by them."""
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for (one, other, verdict), one_number, other_number in judged:
        if verdict.rule in rules:
            if one_number is None:
                partners[one].add(persons.of(other))
            if other_number is None:
                partners[other].add(persons.of(one))

    def tried(one: Judged) -> Judged:
        pair = one.pair
        several = len(partners[pair.one]) > 1 or len(partners[pair.other]) > 1
        if pair.verdict.rule not in rules or not pair.verdict.if_unique or not several:
            return one
        return one._replace(pair=pair._replace(verdict=Verdict(Kind.LIKELY, pair.verdict.rule)))

    return [tried(one) for one in judged]


def _numbers(judged: Iterable[Judged], persons: _Persons) -> dict[int, str]:
    """The valid number of each person who has one."""
    numbers = {}
    for (one, other, _), one_number, other_number in judged:
        for id, number in ((one, one_number), (other, other_number)):
            if number is not None:
                numbers[persons.of(id)] = number
    return numbers


def _answered(pair: Pair, persons: _Persons, numbers: dict[int, str]) -> bool:
    if pair.verdict.kind is not Kind.LIKELY or pair.verdict.rule not in _BY_NAME:
        return False
    one, other = numbers.get(persons.of(pair.one)), numbers.get(persons.of(pair.other))
    return one is not None and other is not None and one != other


class _Persons:
    """Who is the same person by these pairs (disjoint sets)."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._lead: dict[int, int] = {}
        for one, other, _ in pairs:
            self._lead[self.of(other)] = self.of(one)

    def of(self, id: int) -> int:
        while (lead := self._lead.get(id, id)) != id:
            id = lead
        return id
