"""Appeals and complaints: their own case, their own clock, other people."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from songhe.casework.domain.appeals import appeal, appeal_until, complain
from songhe.casework.domain.steps import refuse
from songhe.casework.errors import Incomplete, NotAllowed, OpenAlready, SamePerson
from songhe.casework.models import Act, Case
from tests.casework.conftest import CLAUSE, Desk


@pytest.fixture
def refused(desk: Desk) -> Case:
    case = desk.up_to("approve")
    refuse(by=desk.staff("zhou"), case=case, step="approve", reason="未满八十周岁", clause=CLAUSE)
    desk.passes("lan", case, "inform")
    return case


def test_an_appeal_is_a_case_with_its_own_clock(desk: Desk, refused: Case) -> None:
    mine = appeal(by=desk.applicant, case=refused, reason="已满八十周岁")
    assert (mine.kind, mine.about, mine.person, mine.item) == ("appeal", refused, refused.person, refused.item)
    assert (mine.step, mine.awaits, mine.division_id) == ("accept", "case.review", refused.division_id)
    assert mine.due_on == dt.date(2026, 3, 23)
    assert refused.state == "closed"


def test_nobody_who_handled_the_case_handles_the_appeal(desk: Desk, refused: Case) -> None:
    mine = appeal(by=desk.applicant, case=refused, reason="已满八十周岁")
    with pytest.raises(SamePerson):
        desk.passes("zhou", mine, "accept")
    desk.passes("qian", mine, "accept")
    with pytest.raises(SamePerson):
        desk.passes("qian", mine, "review")
    with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
        Act.objects.create(
            case=mine, number=9, at=desk.now, on=desk.day, party="staff", user=desk.user("zhou"), verb="passed",
            duty="approver",
        )  # fmt: skip
    desk.passes("sun", mine, "review")
    assert mine.outcome == "granted"


def test_the_clerk_may_take_it_down_for_her_all_the_same(desk: Desk, refused: Case) -> None:
    assert appeal(by=desk.staff("lan"), case=refused, reason="已满八十周岁", how="village").opened_by.username == "lan"


def test_when_it_is_upheld_the_matter_is_handled_anew(desk: Desk, refused: Case) -> None:
    mine = appeal(by=desk.applicant, case=refused, reason="已满八十周岁")
    desk.passes("qian", mine, "accept")
    desk.passes("sun", mine, "review")
    anew = Case.objects.get(about=mine)
    assert (anew.kind, anew.item, anew.person) == ("benefit_application", refused.item, refused.person)
    assert (anew.how, anew.state, anew.step) == ("system", "running", "verify")
    assert anew.history.get().verb == "offered"
    desk.passes("lan", mine, "inform")
    assert mine.state == "closed"


def test_when_it_is_not_the_first_result_stands(desk: Desk, refused: Case) -> None:
    mine = appeal(by=desk.applicant, case=refused, reason="已满八十周岁")
    desk.passes("qian", mine, "accept")
    refuse(by=desk.staff("sun"), case=mine, step="review", reason="查无新证据", clause=CLAUSE)
    assert not Case.objects.filter(about=mine).exists()
    assert "法院" in mine.history.get(verb="refused").way_to_appeal


def test_there_is_time_until_sixty_days_after_being_informed(desk: Desk, refused: Case) -> None:
    until = appeal_until(refused)
    assert until == dt.date(2026, 5, 15)
    desk.day = until + dt.timedelta(days=1)
    with pytest.raises(NotAllowed, match="2026-05-15"):
        appeal(by=desk.applicant, case=refused, reason="已满八十周岁")
    desk.day = until
    appeal(by=desk.applicant, case=refused, reason="已满八十周岁")


def test_one_appeal_at_a_time(desk: Desk, refused: Case) -> None:
    appeal(by=desk.applicant, case=refused, reason="已满八十周岁")
    with pytest.raises(OpenAlready):
        appeal(by=desk.applicant, case=refused, reason="再次申诉")


def test_what_is_not_decided_is_complained_of_and_not_appealed(desk: Desk) -> None:
    case = desk.open()
    with pytest.raises(NotAllowed, match="可以投诉"):
        appeal(by=desk.applicant, case=case, reason="太慢")
    mine = complain(by=desk.applicant, person=case.person, about=case, text="太慢")
    assert (mine.kind, mine.about, mine.awaits) == ("complaint", case, "case.review")


def test_a_complaint_need_not_be_about_a_case(desk: Desk) -> None:
    mine = complain(
        by=desk.applicant, text="助餐点停了三天", subject=("meal_point", "7"), division=desk.division("640381001")
    )
    assert (mine.person, mine.subject_id, mine.about) == (None, "7", None)
    with pytest.raises(Incomplete):
        complain(by=desk.applicant, text=" ", subject=("meal_point", "7"), division=desk.division("640381001"))
    with pytest.raises(Incomplete):
        complain(by=desk.applicant, text="助餐点停了三天")


def test_those_complained_of_do_not_answer(desk: Desk) -> None:
    case = desk.up_to("verify")
    desk.passes("zhou", case, "verify")
    mine = complain(by=desk.applicant, person=case.person, about=case, text="态度不好")
    with pytest.raises(SamePerson):
        desk.passes("zhou", mine, "accept")
    desk.passes("qian", mine, "accept")
    refuse(by=desk.staff("sun"), case=mine, step="answer", reason="未查实", clause="无")
    assert mine.outcome == "refused"
