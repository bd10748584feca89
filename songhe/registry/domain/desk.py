"""Recording at a desk (窗口登记): what staff write about people within their reach, for sources they may speak for.

Everything here may be sent twice: the second time finds that it was done, and writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, require, visible
from songhe.common.fieldcrypto import unseal
from songhe.divisions.queries import resolve
from songhe.registry.conflicts import facts_in_conflict
from songhe.registry.domain import facts, family, retraction
from songhe.registry.domain.facts import Recorded
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.groups import group_of
from songhe.registry.models import Consent, CurrentPerson, FactRecord, Kinship, Membership, Person, Transaction
from songhe.registry.queries import find_by_key
from songhe.registry.resolve import ALIVE, DEATH_DATE
from songhe.registry.sets import take_turn
from songhe.registry.sources import SETTLED, precedence
from songhe.registry.speaking import sources_of
from songhe.registry.vocabulary import StatementError, from_text, is_sealed, to_text


class AlreadyThere(StatementError):
    """There is a file already: `person` is its public id when the user may see it, None otherwise."""

    def __init__(self, fact: str, zh: str, en: str, person: UUID | None = None) -> None:
        super().__init__(fact, zh, en)
        self.person = person


def author(*, user: User, source: str, reason: str = "") -> Author:
    """Who records. Raises StatementError for a source for which the user may not speak."""
    if source not in sources_of(user):
        known = precedence().names.get(source)
        name = known.zh if known else source
        raise StatementError("source", f"您不能以“{name}”为来源登记。", f"You may not record for the source {source}.")
    return Author(user=user, source=source, reason=reason)


def open_file(*, user: User, source: str, statements: Iterable[Statement], is_another: bool = False) -> Person:
    """A file for somebody who has none, in a division within reach.

    `is_another`: a file of the same name and date of birth is somebody else's. Raises AlreadyThere, and StatementError
    also when neither residence nor registration lies within reach.
    """
    said = tuple(statements)
    known = {statement.fact: statement.value for statement in said}
    by = author(user=user, source=source)
    _must_be_reached(user, known)
    with transaction.atomic():
        take_turn()
        if number := known.get("resident_id"):
            _must_be_new(user, str(number))
        elif not is_another:
            _must_have_no_namesake(user, known)
        return facts.register_person(by=by, statements=said)


def record(*, user: User, person: Person, source: str, statements: Iterable[Statement]) -> Recorded:
    """New statements about somebody within reach."""
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    return facts.record_facts(by=by, person=person, statements=statements)


def record_death(*, user: User, person: Person, source: str, on: dt.date) -> Recorded:
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    born = CurrentPerson.objects.values_list("birth_date", flat=True).get(pk=person.pk)
    if born is not None and on < born:
        raise StatementError("on", "死亡日期早于出生日期。", "The date of death lies before the date of birth.")
    return facts.record_death(by=by, person=person, on=on)


def retract(*, user: User, person: Person, record: FactRecord, reason: str) -> Transaction:
    """Takes a record back, if it is of a source for which the user may speak."""
    by = author(user=user, source=record.source, reason=reason)
    require(user, Action.PERSON_WRITE, person)
    return retraction.retract(by=by, person=person, records=[record.pk])


def add_kin(*, user: User, person: Person, source: str, **said: Any) -> Kinship:
    """As `family.add_kin`; a `relative` must be within the user's sight."""
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    if said.get("relative") is not None:
        require(user, Action.PERSON_READ, said["relative"])
    with transaction.atomic():
        take_turn()
        same = {name: said.get(name) for name in ("kind", "relation", "relative", "valid_from")}
        open_ones = Kinship.objects.filter(person__in=group_of(person.pk), valid_to=None, **same)
        there = open_ones.filter(name=said.get("name", "") if said.get("relative") is None else "").first()
        return there or family.add_kin(by=by, person=person, **said)


def end_kin(*, user: User, person: Person, source: str, kinship: Kinship, last_day: dt.date) -> None:
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    family.end_kin(by=by, kinship=kinship, last_day=last_day)


def found_household(*, user: User, person: Person, source: str, on: dt.date | None, note: str) -> None:
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    family.found_household(by=by, people=[person], on=on, note=note)


def join_household(*, user: User, person: Person, source: str, housemate: Person, on: dt.date) -> None:
    """The person moves in with somebody in sight. Raises StatementError when that one has no household."""
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    require(user, Action.PERSON_READ, housemate)
    with transaction.atomic():
        take_turn()
        theirs = Membership.objects.filter(person__in=group_of(housemate.pk), valid_to=None).first()
        if theirs is None:
            raise StatementError("number", "此人没有登记家庭户，请先为其立户。", "That person has no household yet.")
        own = Membership.objects.filter(person__in=group_of(person.pk), valid_to=None)
        if own.filter(household=theirs.household_id).exists():
            raise StatementError("number", "已在同一户。", "They belong to the same household already.")
        family.join_household(by=by, household=theirs.household, person=person, on=on)


def leave_household(*, user: User, person: Person, source: str, membership: Membership, last_day: dt.date) -> None:
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    family.leave_household(by=by, membership=membership, last_day=last_day)


def record_consent(*, user: User, person: Person, source: str, **said: Any) -> Consent:
    """As `family.record_consent`; the same answer of the same day is there only once."""
    by = author(user=user, source=source)
    require(user, Action.PERSON_WRITE, person)
    with transaction.atomic():
        take_turn()
        rows = Consent.objects.filter(person__in=group_of(person.pk), matter=said["matter"], on=said["on"])
        last = rows.order_by("-recorded_in_id", "-pk").first()
        if last is not None and last.given == said["given"] and last.given_by == said.get("given_by"):
            return last
        return family.record_consent(by=by, person=person, **said)


def _must_be_reached(user: User, known: dict[str, Any]) -> None:
    """Or the file would be out of sight as soon as it was opened."""
    places = {resolve(str(known[name])) for name in ("residence", "hukou") if known.get(name)}
    if not places & divisions_for(user, Action.PERSON_WRITE):
        raise StatementError(
            "residence",
            "常住地或户籍地须在您的区划范围内。",
            "Residence or registration must lie within your divisions.",
        )


def _must_be_new(user: User, number: str) -> None:
    if people := find_by_key("resident_id", number):
        raise _there(user, people, "resident_id")


def _must_have_no_namesake(user: User, known: dict[str, Any]) -> None:
    name, born = to_text("name", known.get("name")), known.get("birth_date")
    if name is None or born is None:
        return
    same = CurrentPerson.objects.filter(name=name, birth_date=born)
    seen = visible(same, user, Action.PERSON_READ, in_passing=True).values_list("person__public_id", flat=True).first()
    if seen is not None:
        raise AlreadyThere(
            "is_another",
            "已有同名、同日出生的档案，请先核对。确是另一人的，请勾选后再提交。",
            "There is a file of the same name and date of birth: check it. If it is another person, say so below.",
            seen,
        )


def _there(user: User, people: Sequence[int], fact: str) -> AlreadyThere:
    """Whoever may not see the file learns that there is one, and nothing else."""
    seen = visible(Person.objects.filter(pk__in=people), user, Action.PERSON_READ).first()
    if seen is not None:
        return AlreadyThere(fact, "此人已有档案。", "This person has a file already.", seen.public_id)
    return AlreadyThere(fact, "已在其他区划建档。", "There is a file in another division.")


def settle(
    *,
    user: User,
    person: Person,
    fact: str,
    reason: str,
    record: FactRecord | None = None,
    value: object = None,
    valid_from: dt.date | None = None,
) -> Recorded:
    """What holds where sources disagree: what one of their records says, or another value.

    Raises StatementError when nobody disagrees (any more), without a reason, and for a death: its records are taken
    back, or it stands.
    """
    require(user, Action.CONFLICT_SETTLE, person)
    if not reason.strip():
        raise StatementError("reason", "裁定须写明事由。", "Settling needs a reason.")
    if fact in (ALIVE, DEATH_DATE):
        raise StatementError(
            "value", "死亡不能裁定，请撤回有误的记录。", "A death is not settled: take back the record that is wrong."
        )
    by = Author(user=user, source=SETTLED, reason=reason)
    with transaction.atomic():
        take_turn()
        if fact not in facts_in_conflict(CurrentPerson.objects.get(pk=person.pk)):
            raise StatementError("value", "各来源对此已无冲突。", "Nobody disagrees about this any more.")
        said, since = (value, valid_from) if record is None else (_content(record), valid_from or record.valid_from)
        return facts.settle_conflict(by=by, person=person, fact=fact, value=said, valid_from=since)


def _content(record: FactRecord) -> object:
    if is_sealed(record.fact):
        return None if record.sealed is None else unseal(record.fact, record.sealed)
    return from_text(record.fact, record.value)
