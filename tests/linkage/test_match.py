"""Whose file a row belongs to."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songhe.linkage.match import NOBODY, Match, find
from songhe.linkage.rules import Identity, Rule
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.merging import merge
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.models import FactRecord
from tests.registry.conftest import number

BORN = dt.date(1944, 2, 9)
NUMBER = number(7, "19440209")
CHANGED = NUMBER[:4] + ("9" if NUMBER[4] != "9" else "1") + NUMBER[5:]
VILLAGE, OTHER = "640381001201", "640381001202"
FACTS = {"name": "张伟", "birth_date": "1944-02-09", "sex": "M", "residence": VILLAGE}
ROW = Identity("张伟", None, BORN, "M", VILLAGE)


@pytest.fixture
def zhang(register):
    return register(resident_id=NUMBER, **FACTS)


def one(row: Identity) -> Match:
    (found,) = find([row])
    return found


class TestByNumber:
    @pytest.mark.parametrize("raw", [NUMBER, f" {NUMBER.lower()} ", NUMBER[:6] + NUMBER[8:17]])
    def test_a_number_decides(self, zhang, raw):
        assert one(Identity("张炜", raw)) == Match(zhang.pk, Rule.NUMBER, True, (zhang.pk,))

    def test_under_quite_another_name_it_says_so(self, zhang):
        assert one(Identity("李明", NUMBER)) == Match(zhang.pk, Rule.NUMBER_OTHER_NAME, True, (zhang.pk,))

    def test_a_number_that_nobody_has_is_new(self, zhang):
        assert one(ROW._replace(resident_id=number(9, "19440209"))) == NOBODY

    def test_a_number_of_two_files_is_certain_of_neither(self, zhang, register):
        other = register(resident_id=NUMBER)
        assert one(Identity(resident_id=NUMBER)) == Match(None, Rule.NUMBER, False, (zhang.pk, other.pk))

    def test_a_number_that_was_taken_back_is_nobodys(self, zhang, by):
        record = FactRecord.objects.get(person=zhang, fact="resident_id")
        retract(by=by(reason="错录"), person=zhang, records=[record.pk])
        assert one(Identity(resident_id=NUMBER)) == NOBODY
        record_facts(by=by(), person=zhang, statements=[Statement("resident_id", NUMBER)])
        assert one(Identity(resident_id=NUMBER)).certain

    def test_the_survivor_answers(self, zhang, register, by):
        kept = register(name="张伟")
        merge(by=by(reason="同一人"), person=zhang, into=kept)
        assert one(Identity(resident_id=NUMBER)).person == kept.pk
        assert one(ROW._replace(resident_id=CHANGED)).candidates == (kept.pk,)


class TestByRules:
    def test_a_slip_of_the_hand_under_the_same_name(self, zhang):
        row = ROW._replace(resident_id=CHANGED, name="張偉")
        assert one(row) == Match(zhang.pk, Rule.NUMBER_SLIP, False, (zhang.pk,))

    def test_a_slip_under_another_name_is_for_a_person(self, zhang):
        row = ROW._replace(resident_id=CHANGED, name="章伟", residence=None)
        assert one(row) == Match(None, Rule.NUMBER_SLIP_OTHER, False, (zhang.pk,))

    def test_without_a_number_name_birth_sex_and_place(self, zhang):
        assert one(ROW) == Match(zhang.pk, Rule.NAME_BIRTH_SEX_PLACE, False, (zhang.pk,))
        assert one(ROW._replace(residence=OTHER)) == Match(None, Rule.NAME_BIRTH_SEX, False, (zhang.pk,))
        assert one(ROW._replace(name="李明")) == NOBODY

    def test_a_namesake_makes_it_a_question(self, zhang, register):
        namesake = register(resident_id=number(9, "19440209"), **FACTS | {"residence": OTHER})
        assert one(ROW) == Match(None, Rule.NAME_BIRTH_SEX_PLACE, False, (zhang.pk, namesake.pk))

    def test_the_traditional_name_and_the_day_for_the_month(self, zhang):
        assert one(ROW._replace(name="張偉")).person == zhang.pk
        assert one(ROW._replace(birth_date=dt.date(1944, 9, 2))).rule is Rule.NAME_SWAPPED_DAY

    def test_a_file_without_a_number_is_found_for_a_row_with_one(self, register):
        unnumbered = register(**FACTS)
        assert one(ROW._replace(resident_id=NUMBER)) == Match(
            unnumbered.pk, Rule.NAME_BIRTH_SEX_PLACE, False, (unnumbered.pk,)
        )

    def test_who_was_merged_away_is_no_candidate(self, zhang, register, by):
        other = register(**FACTS)
        merge(by=by(reason="同一人"), person=other, into=zhang)
        assert one(ROW).candidates == (zhang.pk,)


def test_answers_come_in_the_order_of_the_rows_in_a_handful_of_queries(zhang, register):
    people = [register(resident_id=number(n, "19500101")) for n in range(1, 30)]
    rows = [Identity(resident_id=number(n, "19500101")) for n in range(1, 30)] + [ROW, Identity()]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = find(rows)
    assert [match.person for match in found] == [*(person.pk for person in people), zhang.pk, None]
    assert len([query for query in queries if "registry_" in query["sql"]]) <= 6


def test_nothing_asked_nothing_found(db):
    assert find([]) == []
