"""Changing divisions for a user: in scope, in the trail, and with the people's rows right at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from songhe.accounts.models import Entry, Role, User
from songhe.accounts.queries import told
from songhe.accounts.scope import OutOfScope
from songhe.divisions.domain import DivisionError, New
from songhe.divisions.models import Change, Division
from songhe.divisions.queries import resolve, tree_on
from songhe.registry.domain.division_orders import Dissolve, Found, Merge, Move, Recode, Rename, Split
from songhe.registry.domain.divisions import change_divisions, living_in, preview_change
from songhe.registry.models import CurrentPerson
from tests.accounts.builders import holder

DAY = dt.date(2026, 1, 1)


@pytest.fixture
def one(divisions: dict[str, int]) -> Callable[[str], Division]:
    return lambda code: Division.objects.get(pk=divisions[code])


@pytest.fixture
def bureau(one: Callable[[str], Division]) -> User:
    return holder(Role.CITY_BUREAU, one("640300"), "bureau")


@pytest.fixture
def person(register: Callable[..., Any]) -> Any:
    """Somebody who lives in the first village."""
    return register(name="张三", residence="640381001201", alive=True)


def place_of(person: Any) -> int | None:
    return CurrentPerson.objects.get(pk=person.pk).residence_division_id


def test_people_follow_a_merger_at_once(bureau: User, one: Callable[[str], Division], person: Any) -> None:
    order = Merge(divisions=[one("640381001201")], into=one("640381001202"), on=DAY, document="吴民发1号")
    change_divisions(by=bureau, order=order)
    assert place_of(person) == one("640381001202").pk
    entry = Entry.objects.get(action="division.merged")
    assert entry.details["divisions"] == ["640381001201"]
    assert told(entry).zh == "Bureau（bureau）将区划640381001201并为640381001202 村12"


def test_a_preview_changes_nothing(bureau: User, one: Callable[[str], Division], person: Any) -> None:
    clerk = holder(Role.TOWN_CLERK, one("640381001"), "clerk")
    lines, changes = Entry.objects.count(), Change.objects.count()
    order = Move(division=one("640381001201"), to=one("640381002"), code="640381002203", on=DAY)
    preview = preview_change(by=bureau, order=order)
    assert (preview.divisions, preview.people) == (1, 1)
    assert [(entry.user, entry.gained, entry.lost) for entry in preview.affected] == [(clerk, 0, 1)]
    assert preview.after == (("640381002203", "吴忠市青铜峡市镇2村11"),)
    assert (Entry.objects.count(), Change.objects.count()) == (lines, changes)
    assert resolve("640381001201", DAY) == one("640381001201").pk
    assert place_of(person) == one("640381001201").pk


def test_a_clerk_gains_what_is_merged_into_their_town(bureau: User, one: Callable[[str], Division]) -> None:
    clerk = holder(Role.TOWN_CLERK, one("640381002"), "clerk")
    preview = preview_change(by=bureau, order=Merge(divisions=[one("640381001")], into=one("640381002"), on=DAY))
    # The town that ceases and its two villages.
    assert [(entry.user, entry.gained, entry.lost) for entry in preview.affected] == [(clerk, 3, 0)]
    assert preview.divisions == 3


@pytest.mark.parametrize("code", ["640302", "640302001201"])
def test_nobody_changes_what_they_do_not_reach(
    divisions: dict[str, int], one: Callable[[str], Division], code: str
) -> None:
    other = holder(Role.CITY_BUREAU, one("640381"), "other")
    for do in (change_divisions, preview_change):
        with pytest.raises(OutOfScope):
            do(by=other, order=Rename(division=one(code), name="新名", on=DAY))
        with pytest.raises(OutOfScope):
            do(by=other, order=Move(division=one("640381001"), to=one(code), on=DAY))
    assert not Change.objects.filter(kind="renamed").exists()


def test_a_role_without_the_right_changes_nothing(one: Callable[[str], Division]) -> None:
    county = holder(Role.COUNTY_BUREAU, one("640381"), "county")
    with pytest.raises(OutOfScope):
        change_divisions(by=county, order=Rename(division=one("640381001"), name="新名", on=DAY))


def test_what_cannot_be_writes_nothing(bureau: User, one: Callable[[str], Division]) -> None:
    lines = Entry.objects.count()
    with pytest.raises(DivisionError, match="would lose its parent"):
        change_divisions(by=bureau, order=Dissolve(division=one("640381001"), on=DAY))
    with pytest.raises(DivisionError, match="too far ahead"):
        change_divisions(by=bureau, order=Rename(division=one("640381001"), name="甲", on=dt.date(2126, 1, 1)))
    assert Entry.objects.count() == lines


def test_codes_below_follow_a_new_code(bureau: User, one: Callable[[str], Division]) -> None:
    change_divisions(by=bureau, order=Recode(division=one("640381001"), code="640381009", on=DAY))
    tree = tree_on(DAY)
    assert [node.code for node in tree.children(one("640381001").pk)] == ["640381009201", "640381009202"]
    change_divisions(by=bureau, order=Recode(division=one("640381002"), code="640381008", with_below=False, on=DAY))
    assert [node.code for node in tree_on(DAY).children(one("640381002").pk)] == ["640381002201", "640381002202"]


def test_each_kind_is_told_in_words(bureau: User, one: Callable[[str], Division]) -> None:
    found = Found(parent=one("640381001"), new=New("640381001209", "新村", one("640381001")), on=DAY)
    village, town = one("640381001202"), one("640381002")
    parts = [New("640381003", "北镇"), New("640381004", "南镇")]
    children = {one("640381002201"): 0, one("640381002202"): 1}
    for order in (
        found,
        Rename(division=one("640381001201"), name="和平村", on=DAY),
        Dissolve(division=village, on=DAY),
        Split(division=town, parts=parts, children=children, on=DAY),
    ):
        change_divisions(by=bureau, order=order)
    said = [told(entry).zh for entry in Entry.objects.filter(subject_kind="division").order_by("sequence")]
    assert said == [
        "Bureau（bureau）设立区划640381001209 新村",
        "Bureau（bureau）将区划640381001201 村11更名为和平村",
        "Bureau（bureau）撤销区划640381001202 村12",
        "Bureau（bureau）将区划640381002 镇2拆为北镇、南镇",
    ]


def test_the_living_are_counted_where_they_live_or_are_registered(
    divisions: dict[str, int], register: Callable[..., Any]
) -> None:
    register(residence="640381001201", hukou="640302001201", alive=True)
    register(hukou="640381001201", alive=True)
    register(residence="640381001201", alive=False)
    assert living_in([divisions["640381001201"]]) == 2
    assert living_in([divisions["640302001201"]]) == 0
