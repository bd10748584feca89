"""Keeping `CurrentPerson` right: set-based, in the transaction that recorded something, and rebuilt whole on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from songhe.common import clock
from songhe.registry.groups import Groups, groups_of
from songhe.registry.models import CurrentPerson, FactRecord, Person, ProjectionState
from songhe.registry.places import moved
from songhe.registry.resolve_sql import Moment, counting_sql, nothing_sql, resolved_columns, resolved_sql
from songhe.registry.sets import among_sql, by_index, ids_sql, take_turn

BLOCK = 20_000
_TABLE = "registry_currentperson"
# Whom `project_at_end` will project.
_waiting: ContextVar[set[int] | None] = ContextVar("waiting", default=None)


@dataclass(frozen=True)
class Difference:
    """A row that the records do not bear out; `columns` names what differs, none for a lacking row.

    Of somebody merged into another there must be no row; where there is one, `columns` is `("merged_into",)`.
    """

    person_id: int
    columns: tuple[str, ...]


def project(people: Sequence[int], *, on: dt.date | None = None) -> None:
    """Make the rows of these people anew from their records, as valid on a day (today) and known now.

    Who was merged into another has no row; the survivor's says what was recorded of all of them.
    """
    if (waiting := _waiting.get()) is not None:
        waiting.update(people)
        return
    day = on or clock.today()
    for start in range(0, len(people), BLOCK):
        block = people[start : start + BLOCK]
        groups = groups_of(block)
        _remove_merged(block, groups)
        _project_block(groups.survivors(block), groups, day)


@contextmanager
def project_at_end() -> Iterator[None]:
    """Many transactions with one projection after the last: for loading a history, all of it or nothing.

    Until the end the current view says what it said before, and an audit line about one person names no division.
    """
    # Without savepoints: what SQLite keeps for one, it walks through again with every row of a long load.
    with transaction.atomic(savepoint=False):
        take_turn()
        token = _waiting.set(people := set())
        try:
            yield
        finally:
            _waiting.reset(token)
        project(sorted(people))


def is_loading() -> bool:
    """Whether `project_at_end` is on."""
    return _waiting.get() is not None


def rebuild(*, on: dt.date | None = None, write: bool = True) -> Iterator[Difference]:
    """Every row that differs from what the records say, block by block, and mended unless `write` is false."""
    day = on or clock.today()
    last = 0
    while ids := list(Person.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BLOCK]):
        last = ids[-1]
        with transaction.atomic():
            take_turn()
            before = _rows(ids)
            groups = groups_of(ids)
            _remove_merged(ids, groups)
            _project_block([id for id in ids if id not in groups.survivor_of], groups, day)
            found = list(_differences(ids, before, _rows(ids)))
            if not write:
                transaction.set_rollback(True)
        yield from found
    if write:
        ProjectionState.objects.update_or_create(pk=1, defaults={"day": day})


def refresh(*, on: dt.date | None = None) -> int:
    """What a new day changes by itself: records that begin or end, and divisions that went on as others.

    Returns the number of people looked at. To be run after midnight and after a change of divisions.
    """
    day = on or clock.today()
    with transaction.atomic():
        take_turn()
        state, _ = ProjectionState.objects.get_or_create(pk=1, defaults={"day": dt.date.min})
        begun = Q(valid_from__gt=state.day, valid_from__lte=day)
        ended = Q(valid_to__gte=state.day, valid_to__lt=day)
        touched = set(FactRecord.objects.filter(begun | ended).values_list("person_id", flat=True).distinct())
        gone = list(moved(day))
        in_gone = Q(residence_division_id__in=gone) | Q(hukou_division_id__in=gone)
        touched.update(CurrentPerson.objects.filter(in_gone).values_list("person_id", flat=True))
        project(sorted(touched), on=day)
        state.day = day
        state.save()
    return len(touched)


def _remove_merged(people: Sequence[int], groups: Groups) -> None:
    if merged := [person for person in people if person in groups.survivor_of]:
        CurrentPerson.objects.filter(pk__in=merged).delete()


def _project_block(people: Sequence[int], groups: Groups, day: dt.date) -> None:
    if not people:
        return
    merged = groups.merged_into(people)
    among, parameter = among_sql("r.person_id", [*people, *merged])
    wanted, survivors = ids_sql(people)
    counting = f"{counting_sql(Moment(day), among, merged=merged)} UNION ALL {nothing_sql(wanted)}"
    resolved = resolved_sql(counting, valid_on=day, vendor=connection.vendor)
    facts = [column for column in resolved_columns() if column not in _NOT_COPIED]
    targets = ["person_id", *facts, "residence_division_id", "hukou_division_id"]
    targets += ["conflicts", "name_pinyin", "name_initials"]
    values = ["c.person_id", *(f"c.{fact}" for fact in facts)]
    values += [_place("residence", day), _place("hukou", day)]
    values += ["c.conflicts", "COALESCE(n.pinyin, '')", "COALESCE(n.initials, '')"]
    updates = ", ".join(f"{target} = excluded.{target}" for target in targets[1:])
    statement = (
        f"INSERT INTO {_TABLE} ({', '.join(targets)}) SELECT {', '.join(values)} FROM ({resolved}) c "
        "LEFT JOIN registry_namereading n ON n.name = c.name "
        f"WHERE true ON CONFLICT (person_id) DO UPDATE SET {updates}"
    )
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement, [parameter, survivors])


_NOT_COPIED = {"person_id", "residence_division", "hukou_division", "conflicts"}


def _place(name: str, day: dt.date) -> str:
    """The division of a place as it is on the day."""
    became = moved(day)
    if not became:
        return f"c.{name}_division"
    cases = " ".join(f"WHEN {before} THEN {'NULL' if after is None else after}" for before, after in became.items())
    return f"CASE c.{name}_division {cases} ELSE c.{name}_division END"


def _rows(people: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    rows = CurrentPerson.objects.filter(pk__gte=people[0], pk__lte=people[-1]).values()
    return {row["person_id"]: row for row in rows}


def _differences(
    people: Sequence[int], before: Mapping[int, Mapping[str, Any]], after: Mapping[int, Mapping[str, Any]]
) -> Iterator[Difference]:
    for person in people:
        old, new = before.get(person), after.get(person)
        if new is None:
            if old is not None:
                yield Difference(person, ("merged_into",))
        elif old is None:
            yield Difference(person, ())
        elif columns := tuple(name for name in new if not _same(name, old[name], new[name])):
            yield Difference(person, columns)


def _same(name: str, old: Any, new: Any) -> bool:
    if name == "conflicts":
        return set(old.split(",")) == set(new.split(","))
    # Drivers hand out bytes as they like.
    if isinstance(old, memoryview) or isinstance(new, memoryview):
        return old is not None and new is not None and bytes(old) == bytes(new)
    return bool(old == new)
