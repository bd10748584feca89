"""People with two files, people who move, towns that merge: nobody paid twice, nobody lost."""

import datetime as dt

import pytest

from songhe.divisions.domain import changes
from songhe.divisions.models import Division
from songhe.entitlement.models import Line
from songhe.entitlement.queries import accounted, fen_by_division, overlaps
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.merging import merge, unmerge
from songhe.registry.domain.statements import Statement
from tests.entitlement.conftest import ELSEWHERE, NEXT_VILLAGE, VILLAGE, born


@pytest.fixture
def li(register):
    return register(hukou=VILLAGE, alive=True, birth_date=born(82))


@pytest.fixture
def also_li(register):
    return register(hukou=VILLAGE, alive=True, birth_date=born(82))


def test_two_files_of_one_person_were_both_paid_and_the_second_is_taken_back(li, also_li, pay, lines, by):
    pay(202604)
    merge(by=by(reason="同一人"), person=also_li, into=li)
    assert lines(pay(202605)) == [
        (li.pk, "ALLOWANCE", 202604, -6000, "recovery"),
        (li.pk, "ALLOWANCE", 202605, 6000, "due"),
    ]
    assert accounted(li.pk) == {("ALLOWANCE", 202604): 6000, ("ALLOWANCE", 202605): 6000}


def test_a_wrong_merge_is_undone_and_both_are_made_whole(li, also_li, pay, lines, by):
    pay(202604)
    made = merge(by=by(reason="同一人"), person=also_li, into=li)
    pay(202605)
    unmerge(by=by(reason="不是同一人"), merge=made)
    assert sorted(lines(pay(202606))) == sorted(
        [
            (li.pk, "ALLOWANCE", 202604, 6000, "arrears"),
            (li.pk, "ALLOWANCE", 202606, 6000, "due"),
            (also_li.pk, "ALLOWANCE", 202605, 6000, "arrears"),
            (also_li.pk, "ALLOWANCE", 202606, 6000, "due"),
        ]
    )
    for person in (li, also_li):
        assert accounted(person.pk) == {("ALLOWANCE", month): 6000 for month in (202604, 202605, 202606)}


def test_a_merge_and_its_undoing_between_two_runs_change_nothing(li, also_li, pay, lines, by):
    pay(202604)
    unmerge(by=by(reason="误并"), merge=merge(by=by(reason="同一人"), person=also_li, into=li))
    assert [(person, month) for person, _, month, _, _ in lines(pay(202605))] == [(li.pk, 202605), (also_li.pk, 202605)]


@pytest.fixture
def next_county(divisions, pay):
    """`next_county(202605)`: the month of 利通区, where somebody else lives too, accepted."""
    return lambda month, **more: pay(month, county=divisions["640302"], by=None, **more)


@pytest.fixture
def city_clerks(clerks, divisions):
    """Ma answers for the whole city."""
    from songhe.accounts.domain.grants import grant
    from songhe.accounts.models import Role

    city = Division.objects.get(pk=divisions["640300"])
    grant(user=clerks["ma"], role=Role.CITY_BUREAU, division=city, by=None)
    return clerks


def moves(by, person, on):
    record_facts(by=by(), person=person, statements=[Statement("hukou", ELSEWHERE, on)])


def test_who_moved_is_paid_by_the_new_county_from_the_month_of_the_move(
    li, register, pay, next_county, city_clerks, lines, by
):
    register(hukou=ELSEWHERE, birth_date=born(60), alive=True)
    register(hukou=VILLAGE, birth_date=born(60), alive=True)
    pay(202604), next_county(202604)
    moves(by, li, dt.date(2026, 5, 3))
    assert lines(pay(202605)) == []
    assert lines(next_county(202605)) == [(li.pk, "ALLOWANCE", 202605, 6000, "due")]


def test_a_move_reported_late_is_never_paid_twice_whichever_county_runs_first(
    li, register, pay, next_county, city_clerks, lines, by
):
    register(hukou=ELSEWHERE, birth_date=born(60), alive=True)
    register(hukou=VILLAGE, birth_date=born(60), alive=True)
    pay(202604), next_county(202604)
    pay(202605)
    moves(by, li, dt.date(2026, 5, 3))
    # The new county owes May, but the old one has paid it: shown, and not paid a second time.
    run = next_county(202605)
    assert lines(run) == []
    assert overlaps(run) == [
        {"person_id": li.pk, "item": "ALLOWANCE", "month": 202605, "fen": 6000, "overlap": 6000},
    ]
    assert accounted(li.pk) == {("ALLOWANCE", 202604): 6000, ("ALLOWANCE", 202605): 6000}
    # The old county takes it back, and the new one then pays it.
    assert lines(pay(202606)) == [(li.pk, "ALLOWANCE", 202605, -6000, "recovery")]
    assert Line.objects.get(kind="recovery").answer == "elsewhere"
    assert lines(next_county(202606)) == [
        (li.pk, "ALLOWANCE", 202605, 6000, "arrears"),
        (li.pk, "ALLOWANCE", 202606, 6000, "due"),
    ]


def test_villages_merge_and_nothing_is_paid_again_or_taken_back(li, divisions, pay, lines, county, package):
    pay(202604)
    old, new = (Division.objects.get(pk=divisions[code]) for code in (VILLAGE, NEXT_VILLAGE))
    changes.merge(divisions=[old], into=new, on=dt.date(2026, 5, 10))
    assert lines(pay(202605)) == [(li.pk, "ALLOWANCE", 202605, 6000, "due")]
    assert list(Line.objects.order_by("month").values_list("division", flat=True)) == [old.pk, new.pk]
    # As it was then, and in the divisions as they are now.
    figures = {"county": county, "level": 5, "package": package}
    assert fen_by_division(month=202604, **figures) == {old.pk: 6000}
    assert fen_by_division(month=202604, as_of=dt.date(2026, 6, 1), **figures) == {new.pk: 6000}


def test_a_town_goes_to_another_county_and_so_do_the_months_from_then_on(
    li, register, divisions, pay, next_county, city_clerks, lines
):
    register(hukou=ELSEWHERE, birth_date=born(60), alive=True)
    register(hukou=NEXT_VILLAGE, birth_date=born(60), alive=True)
    pay(202604), next_county(202604)
    pay(202605)
    town, county = (Division.objects.get(pk=divisions[code]) for code in (VILLAGE[:9], "640302"))
    changes.move(division=town, to=county, on=dt.date(2026, 5, 1))
    assert lines(next_county(202605)) == []
    assert lines(pay(202606)) == [(li.pk, "ALLOWANCE", 202605, -6000, "recovery")]
    assert lines(next_county(202606)) == [
        (li.pk, "ALLOWANCE", 202605, 6000, "arrears"),
        (li.pk, "ALLOWANCE", 202606, 6000, "due"),
    ]
