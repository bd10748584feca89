"""Two files become one, and two again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from songhe.accounts.models import Entry, Role
from songhe.accounts.scope import visible
from songhe.divisions.models import Division
from songhe.registry.domain.facts import File, record_facts, record_many
from songhe.registry.domain.family import add_kin, found_household, join_household, record_consent
from songhe.registry.domain.merging import merge, unmerge
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.groups import group_of
from songhe.registry.models import Consent, CurrentPerson, FactRecord, Kinship, Merge, Person, Transaction
from songhe.registry.projection import rebuild
from songhe.registry.queries import consents, file_as_of, find_by_key, kin, memberships, timeline
from songhe.registry.snapshot import write_snapshot
from songhe.registry.vocabulary import StatementError
from tests.accounts.builders import holder

VILLAGE, ELSEWHERE = "640381001201", "640302001201"


def rows() -> dict[int, dict[str, Any]]:
    return {row["person_id"]: row for row in CurrentPerson.objects.values()}


@pytest.fixture
def joined(by: Callable[..., Any]) -> Callable[..., Merge]:
    return lambda person, into: merge(by=by(reason="同一人"), person=person, into=into)


@pytest.fixture
def two(register: Callable[..., Any]) -> tuple[Person, Person]:
    return register(name="张伟", sex="M", hukou=VILLAGE), register(
        source="health", name="張偉", hukou=VILLAGE, dibao=True, phone="13800138000"
    )


class TestMerge:
    def test_the_survivors_file_holds_what_was_said_of_both(self, two, joined):
        kept, gone = two
        joined(gone, kept)
        assert list(rows()) == [kept.pk]
        assert {"sex": "M", "dibao": True, "name": "张伟"}.items() <= rows()[kept.pk].items()
        assert rows()[kept.pk]["conflicts"] == ",name,"
        assert file_as_of(gone) == file_as_of(kept)

    def test_nothing_is_copied_or_rewritten(self, two, joined):
        before = list(FactRecord.objects.order_by("pk").values())
        joined(*two)
        assert list(FactRecord.objects.order_by("pk").values()) == before

    def test_what_was_known_before_stays_readable(self, two, joined):
        kept, gone = two
        then = Transaction.objects.order_by("-pk")[0].pk
        files = [file_as_of(person) for person in two]
        joined(gone, kept)
        assert [file_as_of(person, known_at=then) for person in two] == files

    def test_what_arrives_for_the_survivor_counts_for_both(self, two, joined, by):
        kept, gone = two
        joined(gone, kept)
        record_facts(by=by(), person=kept, statements=[Statement("dibao", False)])
        assert rows()[kept.pk]["dibao"] is False
        assert list(rebuild(write=False)) == []

    def test_what_arrives_for_the_one_that_went_is_refused_and_says_where(self, two, joined, by):
        kept, gone = two
        joined(gone, kept)
        for write in (
            lambda: record_facts(by=by(), person=gone, statements=[Statement("dibao", False)]),
            lambda: record_many(by=by(), files=[File(gone.pk, (Statement("dibao", False),))]),
            lambda: record_consent(
                by=by(), person=gone, matter=Consent.Matter.CONTACT, given=True, on=dt.date(2024, 1, 1)
            ),
            lambda: found_household(by=by(), people=[gone]),
        ):
            with pytest.raises(StatementError, match=str(kept.public_id)):
                write()

    def test_people_are_found_under_the_survivor(self, two, joined):
        kept, gone = two
        assert find_by_key("phone", "13800138000") == [gone.pk]
        joined(gone, kept)
        assert find_by_key("phone", "13800138000") == [kept.pk]

    def test_a_record_of_the_one_that_went_is_retracted_through_the_survivor(self, two, joined, by):
        kept, gone = two
        joined(gone, kept)
        record = FactRecord.objects.get(person=gone, fact="dibao")
        retract(by=by(reason="错录"), person=kept, records=[record.pk])
        assert rows()[kept.pk]["dibao"] is None

    def test_a_source_that_repeats_what_it_said_of_the_survivor_is_heard(self, register, joined, by):
        kept, gone = register(sex="F"), register(sex="M")
        joined(gone, kept)
        assert rows()[kept.pk]["sex"] == "M"
        for records in (1, 0):
            again = record_facts(by=by(), person=kept, statements=[Statement("sex", "F")])
            assert again.records == records
            assert rows()[kept.pk]["sex"] == "F"

    def test_it_is_audited_where_the_file_was(self, two, joined, divisions):
        kept, gone = two
        joined(gone, kept)
        entry = Entry.objects.order_by("-sequence")[0]
        assert (entry.action, entry.subject_id) == ("person.merged", str(gone.public_id))
        assert (entry.division_id, entry.details["into"]) == (divisions[VILLAGE], str(kept.public_id))
        assert entry.details["reason"] == "同一人"

    def test_the_story_tells_of_it_and_says_whose(self, two, joined):
        kept, gone = two
        joined(gone, kept)
        story = timeline(kept)
        assert {event.person for event in story if event.subject == "dibao"} == {gone.pk}
        last = story[-1]
        assert (last.kind, last.subject, last.value) == ("merged", str(gone.public_id), str(kept.public_id))
        assert last.reason == "同一人"

    def test_who_reaches_the_survivor_reaches_what_was_recorded_of_the_other(self, register, joined, divisions):
        kept, gone = register(hukou=VILLAGE), register(source="community", hukou=ELSEWHERE, dibao=True)
        clerk = holder(Role.TOWN_CLERK, Division.objects.get(pk=divisions["640381001"]))
        theirs = FactRecord.objects.filter(person=gone)
        assert not visible(theirs, clerk, "person.read").exists()
        joined(gone, kept)
        assert visible(theirs, clerk, "person.read").count() == 2
        assert visible(Person.objects.filter(pk=gone.pk), clerk, "person.read").exists()


class TestFamily:
    def test_it_is_read_through_the_group(self, two, joined, by):
        kept, gone = two
        found_household(by=by(), people=[gone])
        add_kin(by=by(), person=gone, kind=Kinship.Kind.CARER, relation=Kinship.Relation.CHILD, name="张强")
        record_consent(by=by(), person=gone, matter=Consent.Matter.CONTACT, given=True, on=dt.date(2024, 1, 1))
        joined(gone, kept)
        assert consents(kept) == {"contact": True}
        assert [one.name for one in kin(kept)] == ["张强"]
        assert [one.person_id for one in memberships(kept)] == [gone.pk]

    def test_who_moves_leaves_the_household_of_the_other_file(self, two, joined, by):
        kept, gone = two
        found_household(by=by(), people=[gone])
        other = found_household(by=by(), people=[])
        joined(gone, kept)
        join_household(by=by(), household=other, person=kept, on=dt.date(2024, 5, 1))
        assert [one.valid_to for one in memberships(kept)] == [dt.date(2024, 4, 30), None]

    def test_who_could_act_for_the_other_may_act(self, two, joined, by):
        kept, gone = two
        son = add_kin(by=by(), person=gone, kind=Kinship.Kind.MAY_ACT, relation=Kinship.Relation.CHILD, name="张强")
        joined(gone, kept)
        on = dt.date(2024, 1, 1)
        record_consent(by=by(), person=kept, matter=Consent.Matter.DEVICE, given=False, on=on, given_by=son)
        assert consents(kept) == {"device": False}


class TestUnmerge:
    def test_everything_is_as_it_was_before(self, two, joined, by):
        before = rows()
        made = joined(*two)
        unmerge(by=by(reason="误并"), merge=made)
        assert rows() == before
        assert Person.objects.filter(merged_into=None).count() == 2
        assert list(rebuild(write=False)) == []

    def test_what_came_between_stays_with_the_survivor(self, two, joined, by):
        kept, gone = two
        made = joined(gone, kept)
        between = record_facts(by=by(), person=kept, statements=[Statement("living", "alone")]).transaction
        unmerge(by=by(reason="误并"), merge=made)
        assert (rows()[kept.pk]["living"], rows()[gone.pk]["living"]) == ("alone", None)
        assert (rows()[kept.pk]["dibao"], rows()[gone.pk]["dibao"]) == (None, True)
        assert file_as_of(gone, known_at=between)["living"].value == "alone"

    def test_it_is_audited_and_told(self, two, joined, by, divisions):
        kept, gone = two
        unmerge(by=by(reason="误并"), merge=joined(gone, kept))
        entry = Entry.objects.order_by("-sequence")[0]
        assert (entry.action, entry.division_id) == ("person.unmerged", divisions[VILLAGE])
        for person in two:
            assert [event.kind for event in timeline(person)][-2:] == ["merged", "unmerged"]

    def test_they_can_be_merged_again_the_other_way_round(self, two, joined, by):
        kept, gone = two
        unmerge(by=by(reason="误并"), merge=joined(gone, kept))
        joined(kept, gone)
        assert list(rows()) == [gone.pk]


class TestChain:
    @pytest.fixture
    def chain(self, register: Callable[..., Any], joined: Callable[..., Merge]) -> tuple[list[Person], list[Merge]]:
        """C into B, then B into A."""
        a, b, c = register(sex="F"), register(source="health", dibao=True), register(source="community", living="alone")
        return [a, b, c], [joined(c, b), joined(b, a)]

    def test_the_last_one_stands_for_all(self, chain):
        (a, b, c), _ = chain
        assert group_of(c.pk) == [a.pk, b.pk, c.pk]
        assert {"sex": "F", "dibao": True, "living": "alone"}.items() <= rows()[a.pk].items()
        assert set(Person.objects.exclude(merged_into=None).values_list("merged_into", flat=True)) == {a.pk}

    def test_who_had_been_merged_goes_along(self, chain, by):
        (a, b, c), (_, upper) = chain
        unmerge(by=by(reason="误并"), merge=upper)
        assert set(rows()) == {a.pk, b.pk}
        assert rows()[b.pk]["living"] == "alone"
        assert group_of(c.pk) == [b.pk, c.pk]

    def test_the_lower_link_can_be_undone_first(self, chain, by):
        (a, b, c), (lower, _) = chain
        unmerge(by=by(reason="误并"), merge=lower)
        assert set(rows()) == {a.pk, c.pk}
        assert group_of(a.pk) == [a.pk, b.pk]

    def test_each_moment_has_its_groups(self, chain):
        (a, b, c), (lower, upper) = chain
        assert group_of(c.pk, known_at=lower.made_in_id - 1) == [c.pk]
        assert group_of(c.pk, known_at=lower.made_in_id) == [b.pk, c.pk]
        assert group_of(a.pk, known_at=upper.made_in_id) == [a.pk, b.pk, c.pk]


class TestRefused:
    def test_without_a_reason(self, two, by, joined):
        with pytest.raises(StatementError, match="reason"):
            merge(by=by(), person=two[1], into=two[0])
        with pytest.raises(StatementError, match="reason"):
            unmerge(by=by(reason=" "), merge=joined(*two))

    def test_into_itself(self, two, joined):
        with pytest.raises(StatementError):
            joined(two[0], two[0])

    def test_who_was_merged_already_and_into_them(self, two, joined, register):
        kept, gone = two
        joined(gone, kept)
        for pair in ((gone, register()), (register(), gone), (kept, gone)):
            with pytest.raises(StatementError, match=str(kept.public_id)):
                joined(*pair)

    def test_undone_twice(self, two, joined, by):
        made = joined(*two)
        for _ in range(2):
            unmerge(by=by(reason="误并"), merge=made)
            with pytest.raises(StatementError, match="undone already"):
                unmerge(by=by(reason="误并"), merge=made)
            made = joined(*two)


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE registry_merge SET person_id = person_id",
            "UPDATE registry_merge SET into_id = into_id",
            "UPDATE registry_merge SET made_in_id = made_in_id",
            "DELETE FROM registry_merge",
        ],
    )
    def test_a_merge_only_ends(self, two, joined, change):
        joined(*two)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_it_does_not_begin_again(self, two, joined, by):
        unmerge(by=by(reason="误并"), merge=joined(*two))
        with pytest.raises(IntegrityError), transaction.atomic():
            Merge.objects.update(undone_in=None)

    def test_there_is_no_circle(self, two, joined):
        made = joined(*two)
        with pytest.raises(IntegrityError), transaction.atomic():
            Merge.objects.create(person=made.into, into=made.person, made_in=made.made_in)

    def test_nobody_goes_two_ways(self, two, joined, register):
        made = joined(*two)
        with pytest.raises(IntegrityError), transaction.atomic():
            Merge.objects.create(person=made.person, into=register(), made_in=made.made_in)


class TestSnapshot:
    def test_a_place_that_only_the_other_file_tells_counts(self, register, joined, divisions, tmp_path):
        kept, gone = register(dibao=True), register(source="health", hukou=VILLAGE)
        joined(gone, kept)
        path = write_snapshot(county=divisions["640381"], valid_on=dt.date.today(), known_at=None, folder=tmp_path)
        import pyarrow.parquet as pq

        (row,) = pq.read_table(path, columns=["id", "dibao", "hukou"]).to_pylist()
        assert row == {"id": kept.pk, "dibao": True, "hukou": VILLAGE}

    def test_a_later_merge_changes_no_byte_of_it(self, two, joined, divisions, tmp_path, by):
        ask = {"county": divisions["640381"], "valid_on": dt.date.today(), "folder": tmp_path}
        numbers = [Transaction.objects.order_by("-pk")[0].pk]
        made = joined(*two)
        numbers.append(made.made_in_id)
        before = [write_snapshot(**ask, known_at=number).read_bytes() for number in numbers]
        unmerge(by=by(reason="误并"), merge=made)
        assert [write_snapshot(**ask, known_at=number).read_bytes() for number in numbers] == before
        assert before[0] != before[1]


def test_a_row_of_somebody_merged_is_a_difference(two, joined):
    kept, gone = two
    joined(gone, kept)
    CurrentPerson.objects.create(person=gone)
    (difference,) = rebuild()
    assert (difference.person_id, difference.columns) == (gone.pk, ("merged_into",))
    assert list(rows()) == [kept.pk]
