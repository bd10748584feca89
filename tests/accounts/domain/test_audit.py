import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from songhe.accounts.chain import GENESIS, DetailError, Record
from songhe.accounts.domain.audit import Broken, Line, append, append_many, head, verify
from songhe.accounts.models import Entry
from tests.accounts.builders import user
from tests.divisions.builders import SmallCity

pytestmark = pytest.mark.django_db


def lines(count: int) -> list[Line]:
    return [Line(action="person.read", subject_kind="person", subject_id=number) for number in range(count)]


def test_a_line_says_who_did_what_to_whom_where(city: SmallCity) -> None:
    clerk = user("fang", display_name="王芳")
    town = city.towns[0]
    entry = append(
        user=clerk,
        action="person.facts_recorded",
        subject_kind="person",
        subject_id=42,
        division=town,
        details={"facts": ["ability"], "on": dt.date(2026, 3, 1)},
    )
    entry.refresh_from_db()
    assert (entry.sequence, entry.user, entry.actor, entry.action) == (
        1,
        clerk,
        "王芳（fang）",
        "person.facts_recorded",
    )
    assert (entry.subject_kind, entry.subject_id, entry.division) == ("person", "42", town)
    assert entry.details == {"facts": ["ability"], "on": "2026-03-01"}
    assert entry.previous_hash == GENESIS


def test_a_division_may_be_given_by_its_id(city: SmallCity) -> None:
    assert append(user=None, action="import.run", division=city.towns[0].pk).division == city.towns[0]


def test_without_a_user_it_was_the_system_or_whoever_is_named() -> None:
    assert append(user=None, action="projection.rebuilt").actor == "系统"
    assert append(user=None, action="import.run", actor="民政前置机").actor == "民政前置机"


def test_each_line_holds_the_one_before() -> None:
    first = append(user=None, action="audit.read")
    append_many(user=None, lines=lines(3))
    last = append(user=None, action="audit.read")
    entries = list(Entry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous_hash for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    assert head() == (5, last.hash)
    assert entries[0].hash == first.hash
    assert verify() is None


def test_an_empty_trail_is_whole() -> None:
    assert (verify(), head()) == (None, None)


def test_no_lines_write_nothing() -> None:
    assert append_many(user=None, lines=()) == 0
    assert not Entry.objects.exists()


def test_many_lines_may_come_one_by_one() -> None:
    assert append_many(user=None, lines=iter(lines(5000))) == 5000
    assert verify() is None


def test_all_lines_are_written_or_none() -> None:
    def broken_off():
        yield from lines(2500)
        raise RuntimeError("the file ended here")

    append(user=None, action="audit.read")
    with pytest.raises(RuntimeError):
        append_many(user=None, lines=broken_off())
    assert Entry.objects.count() == 1
    append(user=None, action="audit.read")
    assert verify() is None


def test_a_line_goes_with_the_transaction_it_tells_of() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        append(user=None, action="audit.read")
        raise RuntimeError
    assert append(user=None, action="audit.read").sequence == 1


def test_an_action_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'person.teleported'.*messages.py"):
        append(user=None, action="person.teleported")


def test_details_are_kept_by_both_engines_as_they_were_hashed() -> None:
    details = {"": "", "z": [10**30, -1, True, None], "a": {"王": "\u2028 \\ \" ' 🏮", "0": [[], {}]}, "x": "1e5"}
    entry = append(user=None, action="audit.read", details=details)
    entry.refresh_from_db()
    assert entry.details == details
    assert verify() is None


@pytest.mark.parametrize("part", [{"subject_id": "9" * 61}, {"subject_kind": "k" * 51}, {"actor": "a" * 111}])
def test_what_would_not_fit_is_refused_by_both_engines(part: dict[str, str]) -> None:
    with pytest.raises(DetailError, match="at most"):
        append(user=None, action="audit.read", **part)


def test_details_that_json_cannot_keep_are_refused() -> None:
    with pytest.raises(DetailError):
        append(user=None, action="audit.read", details={"share": 0.5})
    assert not Entry.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE accounts_entry SET actor = 'x'", "DELETE FROM accounts_entry"])
def test_the_database_itself_refuses_to_change_the_trail(statement: str) -> None:
    append(user=None, action="audit.read")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().actor == "系统"


@pytest.mark.postgresql
def test_the_database_refuses_to_empty_the_trail() -> None:
    append(user=None, action="audit.read")
    connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_entry")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE accounts_entry SET actor = 'x' WHERE sequence = 3", Broken(3, "changed")),
        ("UPDATE accounts_entry SET details = '{\"n\":1}' WHERE sequence = 4", Broken(4, "changed")),
        ("UPDATE accounts_entry SET subject_id = '9' WHERE sequence = 1", Broken(1, "changed")),
        ("UPDATE accounts_entry SET previous_hash = hash WHERE sequence = 2", Broken(2, "changed")),
        ("DELETE FROM accounts_entry WHERE sequence = 3", Broken(3, "missing")),
        ("DELETE FROM accounts_entry WHERE sequence = 1", Broken(1, "missing")),
        ("UPDATE accounts_entry SET sequence = 50 WHERE sequence = 2", Broken(2, "missing")),
    ],
)
def test_what_was_changed_by_hand_is_found(unguarded: None, change: str, found: Broken) -> None:
    append_many(user=None, lines=lines(5))
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert verify() == found


def test_a_line_forged_with_a_right_hash_breaks_the_link_to_the_next(unguarded: None) -> None:
    append_many(user=None, lines=lines(3))
    second = Entry.objects.get(sequence=2)
    record = Record(
        sequence=2,
        at=second.at,
        user=None,
        actor="forger",
        action=second.action,
        subject_kind=second.subject_kind,
        subject_id=second.subject_id,
        division=None,
        details={},
    )
    forged = record.hash_after(second.previous_hash)
    Entry.objects.filter(sequence=2).update(actor="forger", hash=forged)
    assert verify() == Broken(3, "unlinked")


def test_lines_cut_off_at_the_end_are_found_with_an_anchor(unguarded: None) -> None:
    append_many(user=None, lines=lines(5))
    anchor = head()
    Entry.objects.filter(sequence__gte=4).delete()
    assert verify() is None
    assert verify(anchor=anchor) == Broken(4, "cut_off")


def test_a_trail_written_anew_from_the_start_is_found_with_an_anchor(unguarded: None) -> None:
    append_many(user=None, lines=lines(3))
    anchor = head()
    Entry.objects.all().delete()
    append_many(user=None, lines=lines(7))
    assert verify() is None
    assert verify(anchor=anchor) == Broken(3, "changed")


def test_an_anchor_of_a_whole_trail_holds_while_it_grows() -> None:
    append_many(user=None, lines=lines(3))
    anchor = head()
    append_many(user=None, lines=lines(3))
    assert verify(anchor=anchor) is None
