"""Whose files count as one person's, as known at any transaction: merges are few, so they are followed in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from songhe.registry.sets import among_sql


@dataclass(frozen=True)
class Groups:
    """`survivor_of` leads from everybody merged away to the one who stands for them; others are not in it."""

    survivor_of: Mapping[int, int]

    @cached_property
    def members_of(self) -> Mapping[int, Sequence[int]]:
        """Everybody merged into a survivor, in rising order."""
        members: dict[int, list[int]] = {}
        for member, survivor in sorted(self.survivor_of.items()):
            members.setdefault(survivor, []).append(member)
        return members

    def survivors(self, people: Iterable[int]) -> list[int]:
        """Who stands for these people, each once, in the order of first coming."""
        return list(dict.fromkeys(self.survivor_of.get(person, person) for person in people))

    def merged_into(self, survivors: Iterable[int]) -> dict[int, int]:
        """Of everybody merged into one of these: member → survivor."""
        if not self.survivor_of:
            return {}
        return {member: survivor for survivor in survivors for member in self.members_of.get(survivor, ())}


def all_groups(*, known_at: int | None = None) -> Groups:
    """All there are, as known at a transaction (now)."""
    return _followed(_merges("true", [], known_at))


def groups_of(people: Sequence[int], *, known_at: int | None = None) -> Groups:
    """Those to which these people belong, whole; one query where nobody is merged."""
    merges: dict[int, int] = {}
    asked: set[int] = set()
    ask = list(people)
    while ask:
        asked.update(ask)
        person, first = among_sql("person_id", ask)
        into, second = among_sql("into_id", ask)
        merges |= _merges(f"({person} OR {into})", [first, second], known_at)
        ask = sorted({*merges, *merges.values()} - asked)
    return _followed(merges)


def group_of(person: int, *, known_at: int | None = None) -> list[int]:
    """Ids of everybody who counts as the same person, the survivor first."""
    groups = groups_of([person], known_at=known_at)
    (survivor,) = groups.survivors([person])
    return [survivor, *groups.members_of.get(survivor, ())]


def survivors(people: Sequence[int], *, known_at: int | None = None) -> list[int]:
    """Ids of those who stand for these people, each once."""
    return groups_of(people, known_at=known_at).survivors(people)


def _merges(condition: str, parameters: list[Any], known_at: int | None) -> dict[int, int]:
    known = "undone_in_id IS NULL"
    if known_at is not None:
        known = f"made_in_id <= {int(known_at)} AND ({known} OR undone_in_id > {int(known_at)})"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT person_id, into_id FROM registry_merge WHERE {condition} AND {known}", parameters)
        return dict(cursor.fetchall())


def _followed(merges: Mapping[int, int]) -> Groups:
    ends = {}
    for person in merges:
        end = merges[person]
        while end in merges:
            end = merges[end]
        ends[person] = end
    return Groups(ends)
