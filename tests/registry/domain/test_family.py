"""Households, kin and consent."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from songhe.accounts.models import Entry
from songhe.registry.domain.family import (
    add_kin,
    end_kin,
    found_household,
    join_household,
    leave_household,
    record_consent,
)
from songhe.registry.models import Consent, Kinship, Membership
from songhe.registry.queries import consents, timeline
from songhe.registry.vocabulary import StatementError

MAY_ACT, CARER = Kinship.Kind.MAY_ACT, Kinship.Kind.CARER
SPOUSE, CHILD = Kinship.Relation.SPOUSE, Kinship.Relation.CHILD
SHARING = Consent.Matter.DATA_SHARING


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(2024, month, number)


def test_who_joins_another_household_leaves_the_first(register, by):
    wang, li = register(name="王桂兰"), register(name="李军")
    first = found_household(by=by(), people=[wang], on=day(1))
    second = found_household(by=by(), people=[li], on=day(1))
    join_household(by=by(), household=second, person=wang, on=day(3))
    lived = Membership.objects.filter(person=wang).order_by("valid_from")
    assert [(one.household, one.valid_from, one.valid_to) for one in lived] == [
        (first, day(1), day(2, 29)),
        (second, day(3), None),
    ]


def test_nobody_lives_in_two_households_at_once(register, by):
    person = register()
    household = found_household(by=by(), people=[person], on=day(3))
    with pytest.raises(StatementError, match="another household"):
        join_household(by=by(), household=household, person=person, on=day(2))


def test_who_has_left_has_left(register, by):
    person = register()
    found_household(by=by(), people=[person], on=day(3))
    membership = Membership.objects.get()
    with pytest.raises(StatementError):
        leave_household(by=by(), membership=membership, last_day=day(2))
    leave_household(by=by(), membership=membership, last_day=day(4))
    with pytest.raises(StatementError):
        leave_household(by=by(), membership=membership, last_day=day(5))


def test_kin_are_in_the_registry_or_have_a_name(register, by):
    wang, li = register(name="王桂兰"), register(name="李军")
    add_kin(by=by(), person=wang, kind=CARER, relation=SPOUSE, relative=li)
    add_kin(by=by(), person=wang, kind=CARER, relation=CHILD, name="李明", phone="13800138000")
    assert b"13800138000" not in bytes(Kinship.objects.get(name="李明").phone)
    for wrong in ({}, {"relative": li, "name": "李军"}, {"relative": wang}):
        with pytest.raises(StatementError):
            add_kin(by=by(), person=wang, kind=CARER, relation=CHILD, **wrong)


def test_consent_is_given_and_withdrawn(register, by):
    person = register()
    assert consents(person) == {}
    record_consent(by=by(), person=person, matter=SHARING, given=True, on=day(1))
    record_consent(by=by(), person=person, matter=SHARING, given=False, on=day(3))
    assert consents(person) == {"data_sharing": False}
    assert consents(person, on=day(2)) == {"data_sharing": True}
    assert [entry.action for entry in Entry.objects.order_by("sequence")][1:] == ["consent.given", "consent.withdrawn"]


def test_only_who_may_act_that_day_gives_it_for_the_person(register, by):
    person = register()
    son = add_kin(by=by(), person=person, kind=MAY_ACT, relation=CHILD, name="李明", valid_from=day(2))
    carer = add_kin(by=by(), person=person, kind=CARER, relation=CHILD, name="李明")
    record_consent(by=by(), person=person, matter=SHARING, given=True, on=day(2), given_by=son)
    end_kin(by=by(), kinship=son, last_day=day(4))
    for kinship, on in ((son, day(1)), (son, day(5)), (carer, day(3))):
        with pytest.raises(StatementError, match="could not act"):
            record_consent(by=by(), person=person, matter=SHARING, given=True, on=on, given_by=kinship)
    with pytest.raises(StatementError, match="could not act"):
        record_consent(by=by(), person=register(), matter=SHARING, given=True, on=day(3), given_by=son)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE registry_kinship SET name = 'x'",
        "DELETE FROM registry_kinship",
        "DELETE FROM registry_membership",
        "UPDATE registry_consent SET given = given",
    ],
)
def test_the_database_refuses_to_change_them(register, by, change):
    person = register()
    found_household(by=by(), people=[person])
    add_kin(by=by(), person=person, kind=CARER, relation=CHILD, name="李明")
    record_consent(by=by(), person=person, matter=SHARING, given=True, on=day(1))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_timeline_tells_all_of_it_in_order(register, by):
    person = register(sex="F")
    kinship = add_kin(by=by("community"), person=person, kind=CARER, relation=CHILD, name="李明")
    record_consent(by=by(), person=person, matter=SHARING, given=True, on=day(1))
    end_kin(by=by(), kinship=kinship, last_day=day(4))
    events = [(event.kind, event.subject, event.value) for event in timeline(person)]
    assert events == [
        ("recorded", "sex", "F"),
        ("kin", "carer", "李明"),
        ("consent", "data_sharing", True),
        ("kin", "carer", None),
    ]
