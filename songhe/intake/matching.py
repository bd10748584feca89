"""Whom a row is about: exact by resident number, certain by name, birth date, sex and place, or not decided at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from songhe.intake.rows import Row
from songhe.registry.models import CurrentPerson
from songhe.registry.pinyin import reading
from songhe.registry.sets import among_sql, by_index
from songhe.registry.sources.mapping import BIRTH, NAME, NUMBER, SEX

Kind = Literal["number", "likeness", "ambiguous", "nobody"]
Places = tuple[int | None, int | None]
# Digits of the code of a town: people of one name and birth date in one town are one.
_TOWN = 9


@dataclass(frozen=True, slots=True)
class Match:
    """`person` is the id of Person, the survivor where files were merged; None unless it is certain."""

    kind: Kind
    person: int | None = None


_NOBODY, _AMBIGUOUS = Match("nobody"), Match("ambiguous")


def people_of(rows: Sequence[Row]) -> list[Match]:
    """A match for each row, in their order."""
    by_number = _by_number({hash for row in rows if (hash := row.value(NUMBER)) is not None})
    unnumbered = [row for row in rows if row.value(NUMBER) is None]
    likely = _by_likeness(unnumbered) if unnumbered else {}
    return [_match(by_number, likely, row) for row in rows]


def places_of(people: Iterable[int]) -> dict[int, Places]:
    """Where people live and are registered: person → ids of the two divisions."""
    ids = list(people)
    if not ids:
        return {}
    among, parameter = among_sql("person_id", ids)
    statement = f"SELECT person_id, residence_division_id, hukou_division_id FROM registry_currentperson WHERE {among}"
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement, [parameter])
        return {person: (residence, hukou) for person, residence, hukou in cursor.fetchall()}


def _match(by_number: dict[str, set[int]], likely: dict[int, Match], row: Row) -> Match:
    hash = row.value(NUMBER)
    if hash is None:
        return likely.get(id(row), _NOBODY)
    found = by_number.get(hash)
    if not found:
        return _NOBODY
    return Match("number", next(iter(found))) if len(found) == 1 else _AMBIGUOUS


def _by_number(hashes: set[str]) -> dict[str, set[int]]:
    """Keyed hash of a number → the people who bear it, survivors for merged files."""
    if not hashes:
        return {}
    wanted: Any = list(hashes)
    among = "k.hash = ANY(%s::text[])"
    if connection.vendor != "postgresql":
        wanted, among = json.dumps(wanted), "k.hash IN (SELECT value FROM json_each(%s))"
    statement = (
        "SELECT k.hash, p.id, p.merged_into_id FROM registry_personkey k JOIN registry_person p ON p.id = k.person_id "
        f"WHERE k.kind = '{NUMBER}' AND {among}"
    )
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement, [wanted])
        found: dict[str, set[int]] = {}
        for hash, person, into in cursor.fetchall():
            found.setdefault(hash, set()).add(person if into is None else into)
    return found


def _by_likeness(rows: Sequence[Row]) -> dict[int, Match]:
    """By `id` of the row: who has its name and birth date, if that is one person beyond doubt."""
    names = {str(row.value(NAME)) for row in rows}
    readings = {reading(name)[0] for name in names}
    known: dict[tuple[str, str], list[dict[str, Any]]] = {}
    candidates = CurrentPerson.objects.filter(name_pinyin__in=readings, person__merged_into=None, name__in=names)
    for one in candidates.values("person_id", "name", BIRTH, SEX, "residence", "hukou"):
        known.setdefault((one["name"], str(one[BIRTH])), []).append(one)
    return {id(row): _likeness(row, known.get((str(row.value(NAME)), str(row.value(BIRTH))), [])) for row in rows}


def _likeness(row: Row, candidates: list[dict[str, Any]]) -> Match:
    sex = row.value(SEX)
    alike = [one for one in candidates if sex is None or one[SEX] in (None, sex)]
    if not alike:
        return _NOBODY
    towns = {str(row.value(place))[:_TOWN] for place in ("residence", "hukou") if row.value(place) is not None}
    near = [one for one in alike if towns & {str(one[place])[:_TOWN] for place in ("residence", "hukou") if one[place]}]
    if len(alike) == 1 and near and sex is not None and alike[0][SEX] == sex:
        return Match("likeness", alike[0]["person_id"])
    return _AMBIGUOUS
