"""Households (家庭户), kin (亲属) and consent (同意): rows are added and ended, never changed."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from songhe.common.fieldcrypto import seal
from songhe.registry.domain.writing import Author, must_stand, tell, writing
from songhe.registry.groups import group_of
from songhe.registry.models import Consent, Household, Kinship, Membership, Person
from songhe.registry.vocabulary import StatementError, to_text


def found_household(*, by: Author, people: list[Person], on: dt.date | None = None, note: str = "") -> Household:
    """A household of these people from a day on; who lived in another one leaves it the day before."""
    with writing(by) as transaction:
        must_stand([person.pk for person in people])
        household = Household.objects.create(recorded_in=transaction, note=note)
        for person in people:
            _enter(household, person, on, transaction_id=transaction.pk)
            tell(by, "household.changed", person, {"household": household.pk, "transaction": transaction.pk})
    return household


def join_household(*, by: Author, household: Household, person: Person, on: dt.date) -> Membership:
    """The person lives in the household from a day on, and leaves another one the day before.

    Raises StatementError when the person joined the other one on that day or later.
    """
    with writing(by) as transaction:
        must_stand([person.pk])
        membership = _enter(household, person, on, transaction_id=transaction.pk)
        tell(by, "household.changed", person, {"household": household.pk, "transaction": transaction.pk})
    return membership


def leave_household(*, by: Author, membership: Membership, last_day: dt.date) -> None:
    """The person lived there up to and including a day. Raises StatementError when that is before it began."""
    with writing(by) as transaction:
        _end(membership, last_day, transaction.pk)
        details = {"household": membership.household_id, "transaction": transaction.pk}
        tell(by, "household.changed", membership.person, details)


def add_kin(
    *,
    by: Author,
    person: Person,
    kind: Kinship.Kind,
    relation: Kinship.Relation,
    relative: Person | None = None,
    name: str = "",
    phone: str | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Kinship:
    """A carer, an emergency contact, or somebody who may act for the person: a `relative` of the registry or a `name`.

    Raises StatementError when it is neither or both, or the telephone is none.
    """
    if (relative is None) == (not name.strip()):
        raise StatementError("kin", "须填在册亲属或姓名之一。", "Give either a person of the registry or a name.")
    if relative is not None and relative.pk == person.pk:
        raise StatementError("kin", "不能登记本人。", "Nobody is their own kin.")
    if valid_from and valid_to and valid_to < valid_from:
        raise StatementError("kin", "止早于起。", "It ends before it begins.")
    number = to_text("phone", phone)
    with writing(by) as transaction:
        must_stand([one.pk for one in (person, relative) if one is not None])
        kinship = Kinship.objects.create(
            person=person,
            kind=kind,
            relation=relation,
            relative=relative,
            name=to_text("name", name) or "" if relative is None else "",
            phone=None if number is None else seal("phone", number),
            valid_from=valid_from,
            valid_to=valid_to,
            recorded_in=transaction,
        )
        tell(by, "kinship.changed", person, {"kinship": kinship.pk, "kind": kind, "transaction": transaction.pk})
    return kinship


def end_kin(*, by: Author, kinship: Kinship, last_day: dt.date) -> None:
    """It held up to and including a day. Raises StatementError when that is before it began."""
    with writing(by) as transaction:
        _end(kinship, last_day, transaction.pk)
        tell(by, "kinship.changed", kinship.person, {"kinship": kinship.pk, "transaction": transaction.pk})


def record_consent(
    *,
    by: Author,
    person: Person,
    matter: Consent.Matter,
    given: bool,
    on: dt.date,
    given_by: Kinship | None = None,
    note: str = "",
) -> Consent:
    """The person agreed, or took it back, on a day; `given_by` is who may act for the person and said it.

    Raises StatementError when that kinship is somebody else's, allows no acting, or did not hold on the day.
    """
    if given_by is not None and not _may_act(given_by, person, on):
        raise StatementError("consent", "此人当日无权代办。", "That relative could not act for the person on the day.")
    with writing(by) as transaction:
        must_stand([person.pk])
        consent = Consent.objects.create(
            person=person,
            matter=matter,
            given=given,
            on=on,
            given_by=given_by,
            note=note,
            recorded_in=transaction,
        )
        action = "consent.given" if given else "consent.withdrawn"
        tell(by, action, person, {"purpose": Consent.Matter(matter).label, "on": on, "transaction": transaction.pk})
    return consent


def _may_act(kinship: Kinship, person: Person, on: dt.date) -> bool:
    holds = (kinship.valid_from or on) <= on <= (kinship.valid_to or on)
    return kinship.person_id in group_of(person.pk) and kinship.kind == Kinship.Kind.MAY_ACT and holds


def _enter(household: Household, person: Person, on: dt.date | None, *, transaction_id: int) -> Membership:
    overlapping = Membership.objects.filter(person__in=group_of(person.pk))
    if on is not None:
        overlapping = overlapping.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    for earlier in overlapping:
        if on is None or earlier.valid_to is not None or (earlier.valid_from and earlier.valid_from >= on):
            raise StatementError(
                "household", "此人当时已在另一户。", "The person belongs to another household then; end that first."
            )
        _end(earlier, on - dt.timedelta(days=1), transaction_id)
    return Membership.objects.create(household=household, person=person, valid_from=on, recorded_in_id=transaction_id)


def _end(row: Membership | Kinship, last_day: dt.date, transaction_id: int) -> None:
    if row.valid_to is not None or (row.valid_from is not None and last_day < row.valid_from):
        raise StatementError("end", "已终止，或止早于起。", "It has ended already, or would end before it begins.")
    row.valid_to, row.ended_in_id = last_day, transaction_id
    row.save(update_fields=["valid_to", "ended_in"])
