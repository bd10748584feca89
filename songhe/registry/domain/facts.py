"""Recording facts: of one person by hand, of a million from a department's file."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from songhe.accounts.domain.audit import append
from songhe.registry.domain import storing
from songhe.registry.domain.confirming import confirm
from songhe.registry.domain.statements import Prepared, Preparer, Statement, is_key
from songhe.registry.domain.writing import Author, day_of, must_stand, tell, writing
from songhe.registry.groups import groups_of
from songhe.registry.models import Person, Transaction
from songhe.registry.pinyin import reading
from songhe.registry.projection import BLOCK, project
from songhe.registry.resolve import ALIVE, DEATH_DATE
from songhe.registry.sets import among_sql, by_index
from songhe.registry.sources import SETTLED

# Person, fact and the day from which it holds → value and the day to which: a source's last word.
Said = dict[tuple[int, str, str | None], tuple[str | None, str | None]]


class File(NamedTuple):
    """What is said about one person; `person` None opens a file for somebody new.

    A statement may come prepared, by a `Preparer` of the same day.
    """

    person: int | None
    statements: Sequence[Statement | Prepared]


@dataclass(kw_only=True)
class Recorded:
    """What was written: the transaction's number, records, and statements that their source had already made.

    `people` holds the ids of Person in the order of the files, new ones included.
    """

    transaction: int
    records: int = 0
    unchanged: int = 0
    opened: int = 0
    people: array[int] = field(default_factory=lambda: array("q"))


def register_person(*, by: Author, statements: Iterable[Statement]) -> Person:
    """A file for somebody new, with what is known. Raises StatementError; nothing is written then."""
    with writing(by) as transaction:
        recorded = _record(transaction, by, [File(None, tuple(statements))])
        person = Person.objects.get(pk=recorded.people[0])
        tell(by, "person.registered", person, {"transaction": transaction.pk, "source": by.source})
    return person


def record_facts(*, by: Author, person: Person, statements: Iterable[Statement]) -> Recorded:
    """New statements about one person. Raises StatementError; nothing is written then.

    What the source has already said, and not changed since, is not recorded again.
    """
    said = tuple(statements)
    facts = ", ".join(statement.fact for statement in said)
    return _record_one(by, person, said, "person.facts_recorded", {"facts": facts})


def record_death(*, by: Author, person: Person, on: dt.date) -> Recorded:
    """A death (死亡登记): the date, and not alive from that day on. Raises StatementError for a day to come.

    It absorbs: nothing that arrives later brings the person back, only retracting these records does.
    """
    said = (Statement(DEATH_DATE, on), Statement(ALIVE, False, on))
    return _record_one(by, person, said, "person.death_recorded", {"on": on})


def settle_conflict(
    *, by: Author, person: Person, fact: str, value: object, valid_from: dt.date | None = None
) -> Recorded:
    """What a person found to hold where sources disagree (裁定): a record that stands before all sources.

    A source that says otherwise afterwards opens the conflict again. A settled value of None withdraws the settlement.
    """
    settling = replace(by, source=SETTLED)
    said = (Statement(fact, value, valid_from),)
    return _record_one(settling, person, said, "conflict.settled", {"fact": fact})


def record_many(*, by: Author, files: Iterable[File]) -> Recorded:
    """Statements about any number of people, all or none of them; `files` may be a generator of any length.

    A person may come several times. Raises StatementError for the first statement that cannot be recorded: whoever
    imports a file checks its rows first, with `Preparer`. Others who write wait until this ends.
    """
    with writing(by) as transaction:
        recorded = _record(transaction, by, files)
        append(
            user=by.user,
            action="import.run",
            subject_kind="transaction",
            subject_id=transaction.pk,
            details={
                "source": by.source,
                "batch": by.batch,
                "count": len(recorded.people),
                "opened": recorded.opened,
                "records": recorded.records,
                "unchanged": recorded.unchanged,
            },
        )
    return recorded


def _record_one(
    by: Author, person: Person, said: Sequence[Statement], action: str, details: dict[str, object]
) -> Recorded:
    with writing(by) as transaction:
        recorded = _record(transaction, by, [File(person.pk, said)])
        tell(by, action, person, {**details, "transaction": transaction.pk, "source": by.source})
    return recorded


def _record(transaction: Transaction, by: Author, files: Iterable[File]) -> Recorded:
    recorded = Recorded(transaction=transaction.pk)
    preparer = Preparer(day_of(transaction), by.codes_on)
    remaining = iter(files)
    while block := list(islice(remaining, BLOCK)):
        _record_block(block, preparer, transaction, by, recorded)
    return recorded


def _record_block(
    block: Sequence[File], preparer: Preparer, transaction: Transaction, by: Author, recorded: Recorded
) -> None:
    known = [file.person for file in block if file.person is not None]
    must_stand(known)
    number = transaction.pk
    new = iter(storing.add_people(len(block) - len(known), number))
    people = [next(new) if file.person is None else file.person for file in block]
    fresh = _Fresh(preparer, last_words(known, by.source))
    # Statements are checked and sealed while the database takes in those before them.
    storing.add_records(
        (person, one.fact, one.value, one.sealed(), one.division, one.valid_from, one.valid_to, number, by.source)
        for file, person in zip(block, people, strict=True)
        for one in fresh.of(person, file)
    )
    storing.add_readings([(name, *reading(name)) for name in sorted(fresh.names)])
    storing.add_keys(fresh.keys)
    confirm(source=by.source, on=preparer.today, said=fresh.repeated)
    project(list(dict.fromkeys(people)))
    recorded.people.extend(people)
    recorded.opened += len(block) - len(known)
    recorded.records += fresh.number
    recorded.unchanged += sum(len(file.statements) for file in block) - fresh.number


class _Fresh:
    """The statements that are news, and what is noted beside them: how many, names, keys, and what was no news."""

    def __init__(self, preparer: Preparer, said: Said) -> None:
        self._preparer = preparer
        self._said = said
        self.number = 0
        self.names: set[str] = set()
        self.keys: list[tuple[int, str, str]] = []
        self.repeated: dict[int, set[str]] = defaultdict(set)

    def of(self, person: int, file: File) -> Iterator[Prepared]:
        for statement in file.statements:
            one = statement if isinstance(statement, Prepared) else self._preparer.prepare(statement)
            if file.person is not None and not is_news(person, one, self._said):
                self.repeated[person].add(one.fact)
                continue
            self.number += 1
            if one.value is not None:
                if one.fact == "name":
                    self.names.add(one.value)
                elif one.text is not None and is_key(one.fact):
                    self.keys.append((person, one.fact, one.value))
            yield one


def is_news(person: int, one: Prepared, said: Said) -> bool:
    """Whether the source's last word on this fact from this day is another one; takes note of the new word."""
    key = (person, one.fact, _text(one.valid_from))
    word = (one.value, _text(one.valid_to))
    if said.get(key) == word:
        return False
    said[key] = word
    return True


def _text(day: dt.date | str | None) -> str | None:
    # SQLite hands out days as texts.
    return None if day is None else str(day)


def last_words(people: Sequence[int], source: str) -> Said:
    """The last word of a source on every fact and day from which it holds, unless it was retracted.

    Of people merged into one, what was said last of any of them must agree: or it would be news.
    """
    if not people:
        return {}
    merged = groups_of(people).merged_into(people)
    own: Said = {}
    of_all: Said = {}
    for person, fact, start, value, end in _words([*people, *merged], source):
        word = (value, _text(end))
        of_all[merged.get(person, person), fact, _text(start)] = own[person, fact, _text(start)] = word
    return {key: word for key, word in own.items() if of_all.get(key) == word} if merged else own


def _words(people: Sequence[int], source: str) -> list[Any]:
    among, parameter = among_sql("r.person_id", people)
    statement = (
        "SELECT r.person_id, r.fact, r.valid_from, r.value, r.valid_to FROM registry_factrecord r "
        f"LEFT JOIN registry_retraction x ON x.record_id = r.id WHERE {among} "
        "AND r.source = %s AND x.record_id IS NULL ORDER BY r.transaction_id, r.id"
    )
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement, [parameter, source])
        return cursor.fetchall()
