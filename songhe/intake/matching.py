"""Whom a row is about: the bearer of its number, somebody the rules of linkage take for the same, or not decided."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.db import connection

from songhe.common import resident_id
from songhe.intake.rows import Row
from songhe.linkage import match as linkage
from songhe.linkage.rules import Identity, Rule
from songhe.registry.domain.statements import Prepared
from songhe.registry.models import CurrentPerson
from songhe.registry.sets import among_sql, by_index
from songhe.registry.sources.mapping import BIRTH, NAME, NUMBER, SEX

Kind = Literal["number", "likeness", "ambiguous", "nobody"]
Places = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Match:
    """`person` is the id of Person, the survivor where files were merged; None unless it is certain.

    `named_otherwise`: the file of this number is under quite another name.
    """

    kind: Kind
    person: int | None = None
    named_otherwise: bool = False


_NOBODY, _AMBIGUOUS = Match("nobody"), Match("ambiguous")


class People:
    """Looks up the people of many rows. Made once for a file: files without a number are few, and their birth dates
    tell of nearly every new row, without asking further, that it is about nobody known.
    """

    def __init__(self) -> None:
        unnumbered = CurrentPerson.objects.filter(resident_id=None, person__merged_into=None)
        self._days = {str(day) for day in unnumbered.values_list("birth_date", flat=True).distinct()}

    def of(self, rows: Sequence[Row]) -> list[Match]:
        """A match for each row, in their order."""
        known = _known({hash for row in rows if (hash := row.value(NUMBER)) is not None})
        asked = [row for row in rows if self._may_be_known(row, known)]
        found = linkage.find([_identity(row) for row in asked]) if asked else []
        matches = {id(row): _match(row, one) for row, one in zip(asked, found, strict=True)}
        # Somebody whose file this very import opens may come again.
        self._days.update(str(row.value(BIRTH)) for row in rows if NUMBER not in row.said)
        return [matches.get(id(row), _NOBODY) for row in rows]

    def _may_be_known(self, row: Row, known: set[str]) -> bool:
        number = row.said.get(NUMBER)
        if number is None or number.value in known:
            return True
        day = resident_id.birth_date(str(number.text)).isoformat()
        return day in self._days or f"{day[:5]}{day[8:]}-{day[5:7]}" in self._days


def _known(hashes: set[str]) -> set[str]:
    """Those keyed hashes of numbers that anybody's file has."""
    if not hashes:
        return set()
    parameter: object
    if connection.vendor == "postgresql":
        listed, parameter = "hash = ANY(%s::text[])", list(hashes)
    else:
        listed, parameter = "hash IN (SELECT value FROM json_each(%s))", json.dumps(list(hashes))
    statement = f"SELECT hash FROM registry_personkey WHERE kind = '{NUMBER}' AND {listed}"
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement, [parameter])
        return {hash for (hash,) in cursor.fetchall()}


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


def _match(row: Row, found: linkage.Match) -> Match:
    if found.person is not None:
        kind: Kind = "number" if found.certain else "likeness"
        return Match(kind, found.person, found.rule is Rule.NUMBER_OTHER_NAME)
    if not found.candidates:
        return _NOBODY
    # Of a row with a number of its own, a likeness is left to the review of duplicates; several bearers are not.
    is_numbered = NUMBER in row.said and found.rule is not Rule.NUMBER
    return _NOBODY if is_numbered else _AMBIGUOUS


def _identity(row: Row) -> Identity:
    said = row.said
    number, birth = said.get(NUMBER), said.get(BIRTH)
    place = said.get("residence") or said.get("hukou")
    return Identity(
        name=_value(said.get(NAME)),
        resident_id=number and number.text,
        birth_date=None if birth is None or birth.value is None else _day(birth.value),
        sex=_value(said.get(SEX)),
        residence=_value(place),
    )


def _value(one: Prepared | None) -> str | None:
    return None if one is None else one.value


@lru_cache(maxsize=50_000)
def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
