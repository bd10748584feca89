"""Whose file a row that arrives belongs to: thousands at a time, in a handful of queries."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from songhe.common.fieldcrypto import search_hash, unseal
from songhe.linkage.names import alike, normal
from songhe.linkage.numbers import Number, neighbours, swapped_day
from songhe.linkage.rules import Identity, Kind, Reading, Rule, judge, reading, swapped
from songhe.registry.groups import groups_of
from songhe.registry.models import FactRecord
from songhe.registry.pinyin import reading as letters
from songhe.registry.sets import among_sql, by_index

_NUMBER = "resident_id"


@dataclass(frozen=True, slots=True)
class Match:
    """What is known of whose file a row belongs to; ids of Person, only of those who stand for themselves.

    `certain`: the number is the same, and this is `person`'s. Else `person` is whom the rules take for the same, for
    somebody to confirm, and `candidates` are all they found, the likeliest first. `rule` is None when there is nobody.
    """

    person: int | None
    rule: Rule | None
    certain: bool
    candidates: tuple[int, ...]


NOBODY = Match(None, None, False, ())


class _File(NamedTuple):
    """A file of the register as the rules read it."""

    person: int
    reading: Reading


def find(identities: Sequence[Identity]) -> list[Match]:
    """A match for each row, in their order; up to some 20,000 rows at a time.

    A number that a file has, or ever had and nobody took back, decides, also under another name: the rule says so then,
    and whoever reads the row should look at it. A number that cannot be right is looked for one
    slip of the hand away. Who has none, or none that is known, is looked for by name, birth and sex.
    """
    rows = [reading(one) for one in identities]
    owners = _owners({number for row in rows for number in _numbers(row)})
    found = [_by_number(row, owners) for row in rows]
    open_rows = [at for at, match in enumerate(found) if match is NOBODY]
    files = _Files(identities, rows, open_rows, owners)
    for at in open_rows:
        found[at] = _by_rules(rows[at], files.near(at))
    return _named_otherwise(rows, found)


def _numbers(row: Reading) -> Collection[str]:
    """The valid numbers under which the person of a row may be known."""
    if row.number is None:
        return ()
    if row.number.valid:
        text = row.number.text
        return (text, swapped_day(text)) if text[12:14] <= "12" else (text,)
    return _neighbours(row.number.text)


@lru_cache(maxsize=20_000)
def _neighbours(text: str) -> frozenset[str]:
    return frozenset(neighbours(text))


def _by_number(row: Reading, owners: dict[str, list[int]]) -> Match:
    if row.number is None or not row.number.valid:
        return NOBODY
    people = owners.get(row.number.text, [])
    if len(people) == 1:
        return Match(people[0], Rule.NUMBER, True, tuple(people))
    return Match(None, Rule.NUMBER, False, tuple(people)) if people else NOBODY


def _named_otherwise(rows: Sequence[Reading], found: Sequence[Match]) -> list[Match]:
    """The matches, with another rule for a number under quite another name."""
    names = dict(_names_of({match.person for match in found if match.certain and match.person is not None}))

    def told(row: Reading, match: Match) -> Match:
        name = names.get(match.person) if match.certain else None
        if not row.name or not name or alike(row.name, normal(name)):
            return match
        return replace(match, rule=Rule.NUMBER_OTHER_NAME)

    return [told(row, match) for row, match in zip(rows, found, strict=True)]


def _names_of(people: Collection[int]) -> list[tuple[int, str]]:
    if not people:
        return []
    among, parameter = among_sql("person_id", list(people))
    with by_index(), connection.cursor() as cursor:
        cursor.execute(f"SELECT person_id, name FROM registry_currentperson WHERE {among}", [parameter])
        return cursor.fetchall()


def _by_rules(row: Reading, files: Sequence[_File]) -> Match:
    judged = [(judge(row, file.reading), file.person) for file in files]
    same = [(verdict, person) for verdict, person in judged if verdict.kind is Kind.SAME]
    likely = [(verdict, person) for verdict, person in judged if verdict.kind is Kind.LIKELY]
    people = tuple(dict.fromkeys(person for _, person in (*same, *likely)))
    if not people:
        return NOBODY
    verdict, person = (same or likely)[0]
    agreed = bool(same) and len({one for _, one in same}) == 1 and not (verdict.if_unique and len(people) > 1)
    return Match(person if agreed else None, verdict.rule, False, people)


class _Files:
    """The files that rows without a certain match may belong to."""

    def __init__(
        self,
        identities: Sequence[Identity],
        rows: Sequence[Reading],
        wanted: Sequence[int],
        owners: dict[str, list[int]],
    ) -> None:
        self._rows = rows
        self._owners = owners
        self._sought = {at: _sought(identities[at].name or "", rows[at]) for at in wanted if rows[at].name}
        pairs = {pair for sought in self._sought.values() for pair in sought}
        without_number = {pair for at, sought in self._sought.items() for pair in sought if not _is_numbered(rows[at])}
        numbered = {person for at in wanted for number in _numbers(rows[at]) for person in owners.get(number, ())}
        self._named: dict[tuple[str, str], list[_File]] = {}
        for key, file in _named_files(sorted(pairs - without_number), only_unnumbered=True):
            self._named.setdefault(key, []).append(file)
        for key, file in _named_files(sorted(without_number), only_unnumbered=False):
            self._named.setdefault(key, []).append(file)
        self._by_id = dict(_files_of(sorted(numbered)))

    def near(self, at: int) -> list[_File]:
        """The files to compare a row with, each once, those found by number first."""
        row = self._rows[at]
        near = {}
        for number in _numbers(row):
            for person in self._owners.get(number, ()):
                if person in self._by_id:
                    # Found by a number it had, which need not be the one it has today.
                    file = self._by_id[person]._replace(number=Number(number, True))
                    near[person] = _File(person, file)
        for key in self._sought.get(at, ()):
            for one in self._named.get(key, ()):
                near.setdefault(one.person, one)
        return list(near.values())


def _is_numbered(row: Reading) -> bool:
    return row.number is not None and row.number.valid


def _sought(name: str, row: Reading) -> list[tuple[str, str]]:
    """(ISO birth date, letters of the name) under which a row's file may stand."""
    if row.birth_date is None or row.sex is None:
        return []
    days = [row.birth_date, *filter(None, [swapped(row.birth_date)])]
    spellings = {_letters(name), _letters(row.name)}
    return [(day.isoformat(), spelling) for day in dict.fromkeys(days) for spelling in sorted(spellings)]


@lru_cache(maxsize=50_000)
def _letters(name: str) -> str:
    return letters(name)[0]


def _owners(numbers: Collection[str]) -> dict[str, list[int]]:
    """Who stands for the files of which these numbers were stated, and not retracted since."""
    hashes = {search_hash(_NUMBER, number).hex(): number for number in numbers}
    if not hashes:
        return {}
    listed, parameter = _texts_sql("hash", list(hashes))
    with by_index(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, hash FROM registry_personkey WHERE kind = '{_NUMBER}' AND {listed}",
            [parameter],
        )
        stated = cursor.fetchall()
    taken_back = _taken_back([person for person, _ in stated])
    groups = groups_of([person for person, _ in stated]) if stated else None
    owners: dict[str, list[int]] = {}
    for person, hash in sorted(stated):
        if groups is not None and (person, hash) not in taken_back:
            owner = groups.survivor_of.get(person, person)
            known = owners.setdefault(hashes[hash], [])
            if owner not in known:
                known.append(owner)
    return owners


def _taken_back(people: Sequence[int]) -> set[tuple[int, str]]:
    """(person, hash) of numbers every record of which was retracted."""
    if not people:
        return set()
    among, parameter = among_sql("f.person_id", people)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT f.person_id, f.value FROM registry_retraction x "
            f"JOIN registry_factrecord f ON f.id = x.record_id WHERE f.fact = '{_NUMBER}' AND {among}",
            [parameter],
        )
        return {(person, hash) for person, hash in cursor.fetchall() if hash and not _still_said(person, hash)}


def _still_said(person: int, hash: str) -> bool:
    return FactRecord.objects.filter(person=person, fact=_NUMBER, value=hash, retraction=None).exists()


_COLUMNS = "c.person_id, c.name, c.resident_id, c.birth_date, c.sex, c.residence"


def _named_files(pairs: Sequence[tuple[str, str]], *, only_unnumbered: bool) -> Iterator[tuple[tuple[str, str], _File]]:
    """The files of these birth dates and names in letters, under their pair."""
    if not pairs:
        return
    wanted, parameters = _pairs_sql(pairs)
    extra = " AND c.resident_id IS NULL" if only_unnumbered else ""
    statement = (
        f"SELECT {_COLUMNS}, c.name_pinyin FROM ({wanted}) w JOIN registry_currentperson c "
        f"ON c.birth_date = w.day AND c.name_pinyin = w.spelling{extra} ORDER BY c.person_id"
    )
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for *row, spelling in cursor.fetchall():
            yield (str(row[3]), spelling), _file(row)


def _files_of(people: Sequence[int]) -> Iterator[tuple[int, Reading]]:
    if not people:
        return
    among, parameter = among_sql("c.person_id", people)
    with by_index(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM registry_currentperson c WHERE {among}", [parameter])
        for row in cursor.fetchall():
            yield _file(row)


def _file(row: Sequence[Any]) -> _File:
    person, name, sealed, born, sex, residence = row
    number = None if sealed is None else unseal(_NUMBER, sealed)
    # SQLite hands out days as texts.
    birth = dt.date.fromisoformat(born) if isinstance(born, str) else born
    return _File(person, reading(Identity(name, number, birth, sex, residence)))


def _texts_sql(column: str, texts: Sequence[str]) -> tuple[str, Any]:
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::text[])", list(texts)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(texts))


def _pairs_sql(pairs: Sequence[tuple[str, str]]) -> tuple[str, list[Any]]:
    """SQL for rows (day, spelling), and its parameters."""
    if connection.vendor == "postgresql":
        days, spellings = zip(*pairs, strict=True)
        return "SELECT * FROM unnest(%s::date[], %s::text[]) AS u(day, spelling)", [list(days), list(spellings)]
    rows = "SELECT json_extract(value, '$[0]') AS day, json_extract(value, '$[1]') AS spelling FROM json_each(%s)"
    return rows, [json.dumps(pairs)]
