"""Everybody's records, a block of people at a time; who was ever taken for one person stays in one block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from songhe.registry.models import FactRecord, Merge, Person
from songhe.registry.resolve import Record
from songhe.registry.vocabulary import rule_facts

BLOCK = 4_000
# SQLite takes a limited number of parameters.
_PART = 500
_COLUMNS = (
    *("id", "fact", "value", "source", "transaction_id"),
    *("valid_from", "valid_to", "retraction__transaction_id"),
)
# Records of a person, each with the division that it names.
Stated = Sequence[tuple[Record, int | None]]


def blocks(size: int = BLOCK) -> Iterator[list[int]]:
    """Ids of all people, in blocks of about that many."""
    block: list[int] = []
    for together in _together():
        block += together
        if len(block) >= size:
            yield block
            block = []
    if block:
        yield block


def _together() -> Iterator[list[int]]:
    """Those who ever counted as one, the merges that were undone included."""
    linked: dict[int, set[int]] = defaultdict(set)
    for one, other in Merge.objects.values_list("person_id", "into_id"):
        linked[one].add(other)
        linked[other].add(one)
    seen: set[int] = set()
    for person in Person.objects.order_by("pk").values_list("pk", flat=True).iterator():
        if person not in seen:
            group = _reached(person, linked) if person in linked else {person}
            seen |= group if len(group) > 1 else set()
            yield sorted(group)


def _reached(person: int, linked: Mapping[int, set[int]]) -> set[int]:
    found, ask = set(), [person]
    while ask:
        one = ask.pop()
        if one not in found:
            found.add(one)
            ask += linked[one]
    return found


def records_of(people: Sequence[int]) -> dict[int, Stated]:
    """Person → what was ever recorded of the facts that rules read, also what was taken back since."""
    held: dict[int, list[tuple[Record, int | None]]] = defaultdict(list)
    for start in range(0, len(people), _PART):
        stated = FactRecord.objects.filter(person__in=people[start : start + _PART], fact__in=list(rule_facts()))
        for person, division, *record in stated.values_list("person_id", "division_id", *_COLUMNS):
            held[person].append((Record(*record), division))
    return held
