"""The public notice: how long it runs, and who objects."""

import datetime as dt

import pytest

from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.casework.domain.notice import answer_objection, object_to, publish, reveal_contact
from songhe.casework.errors import CaseMoved, NotAllowed, SamePerson
from songhe.casework.models import Case
from tests.casework.conftest import Desk


@pytest.fixture
def shown(desk: Desk) -> Case:
    case = desk.up_to("notice")
    publish(by=desk.staff("mei"), case=case)
    return case


def test_it_runs_its_seven_days_to_a_working_day(desk: Desk, shown: Case) -> None:
    assert (shown.notice_from, shown.notice_to) == (dt.date(2026, 3, 2), dt.date(2026, 3, 9))
    desk.day = dt.date(2026, 3, 9)
    with pytest.raises(NotAllowed, match="2026-03-09"):
        desk.passes("mei", shown, "notice")
    desk.wait()
    desk.passes("mei", shown, "notice")
    assert shown.step == "approve"


def test_it_is_not_over_before_it_began(desk: Desk) -> None:
    case = desk.up_to("notice")
    with pytest.raises(NotAllowed, match="还没有公示"):
        desk.passes("mei", case, "notice")


def test_it_is_published_once(desk: Desk, shown: Case) -> None:
    with pytest.raises(NotAllowed):
        publish(by=desk.staff("mei"), case=shown)


def test_whoever_accepted_does_not_publish(desk: Desk) -> None:
    case = desk.up_to("notice")
    with pytest.raises(SamePerson):
        publish(by=desk.staff("lan"), case=case)


def test_an_objection_is_answered_before_it_goes_on(desk: Desk, shown: Case) -> None:
    object_to(by=desk.party("public"), case=shown, text="户籍已迁出")
    desk.wait(14)
    with pytest.raises(NotAllowed, match="异议"):
        desk.passes("mei", shown, "notice")
    number = shown.history.get(verb="objected").number
    answer_objection(by=desk.staff("mei"), case=shown, objection=number, upheld=False, reason="户籍仍在本村")
    desk.passes("mei", shown, "notice")
    assert shown.step == "approve"


def test_one_that_is_right_has_the_case_verified_again(desk: Desk, shown: Case) -> None:
    object_to(by=desk.party("public"), case=shown, text="户籍已迁出")
    number = shown.history.get(verb="objected").number
    answer_objection(by=desk.staff("mei"), case=shown, objection=number, upheld=True, reason="属实")
    assert (shown.step, shown.notice_from, shown.notice_to) == ("verify", None, None)
    with pytest.raises(CaseMoved):
        answer_objection(by=desk.staff("mei"), case=shown, objection=number, upheld=True, reason="属实")
    assert desk.up_to("approve", shown).notice_from is not None


def test_an_objection_is_answered_once(desk: Desk, shown: Case) -> None:
    object_to(by=desk.party("public"), case=shown, text="户籍已迁出")
    number = shown.history.get(verb="objected").number
    answer_objection(by=desk.staff("mei"), case=shown, objection=number, upheld=False, reason="户籍仍在本村")
    with pytest.raises(NotAllowed):
        answer_objection(by=desk.staff("mei"), case=shown, objection=number, upheld=True, reason="又属实")


def test_how_to_reach_who_objected_is_sealed_and_shown_on_the_record(desk: Desk, shown: Case) -> None:
    object_to(by=desk.party("public"), case=shown, text="户籍已迁出", contact="13800000000")
    act = shown.history.get(verb="objected")
    assert b"13800000000" not in bytes(act.contact)
    for name in ("far", "village"):
        with pytest.raises(OutOfScope):
            reveal_contact(user=desk.user(name), act=act)
    assert reveal_contact(user=desk.user("mei"), act=act) == "13800000000"
    assert Entry.objects.filter(action="case.contact_revealed", user=desk.user("mei")).count() == 1


def test_nobody_objects_before_or_after_it(desk: Desk) -> None:
    case = desk.up_to("notice")
    with pytest.raises(NotAllowed):
        object_to(by=desk.party("public"), case=case, text="户籍已迁出")
    publish(by=desk.staff("mei"), case=case)
    desk.wait(14)
    with pytest.raises(NotAllowed):
        object_to(by=desk.party("public"), case=case, text="户籍已迁出")
