"""What happens by itself: notices end, what is late is called for, deaths and mergers are followed."""

import datetime as dt

import pytest

from songhe.accounts.models import Entry
from songhe.casework.domain.appeals import complain
from songhe.casework.domain.moving import hand_over
from songhe.casework.domain.nightly import Night, run_night
from songhe.casework.domain.notice import object_to, publish
from songhe.casework.domain.steps import return_for_mending
from songhe.casework.errors import Incomplete, NotAllowed
from songhe.divisions.domain.changes import merge
from songhe.registry.domain.facts import record_death, record_facts
from songhe.registry.domain.statements import Statement
from tests.casework.conftest import OTHER_COUNTY, TOWN, VILLAGE, Desk

NOTHING = Night(notices=0, overdue=0, lapsed=0, deaths=0, divisions=0, moves=0)


def test_a_notice_that_is_over_goes_on_unless_somebody_objected(desk: Desk) -> None:
    quiet, disputed, unpublished = (desk.up_to("notice") for _ in range(3))
    for case in (quiet, disputed):
        publish(by=desk.staff("mei"), case=case)
    object_to(by=desk.party("public"), case=disputed, text="户籍已迁出")
    desk.day = quiet.notice_to
    assert run_night(by=desk.system).notices == 0
    desk.wait()
    assert run_night(by=desk.system).notices == 1
    for case in (quiet, disputed, unpublished):
        case.refresh_from_db()
    assert [case.step for case in (quiet, disputed, unpublished)] == ["approve", "notice", "notice"]
    act = quiet.history.get(verb="passed", step="notice")
    assert (act.party, act.user, act.duty) == ("system", None, "")


def test_what_is_overdue_is_called_for_once(desk: Desk) -> None:
    case = desk.open()
    desk.day = case.due_on
    assert run_night(by=desk.system) == NOTHING
    desk.wait()
    assert run_night(by=desk.system).overdue == 1
    assert run_night(by=desk.system) == NOTHING
    case.refresh_from_db()
    assert (case.escalated_on, case.step) == (desk.day, "accept")
    desk.passes("lan", case, "accept")
    assert case.escalated_on is None
    assert case.history.get(verb="passed").due_on < desk.day


def test_what_was_not_mended_lapses(desk: Desk) -> None:
    case = desk.open()
    return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
    desk.day = case.due_on
    assert run_night(by=desk.system) == NOTHING
    desk.wait()
    assert run_night(by=desk.system).lapsed == 1
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "lapsed")


def test_a_death_ends_what_is_undecided_and_leaves_the_rest(desk: Desk, by) -> None:
    elder = desk.elder()
    asked = desk.open(elder)
    decided = desk.up_to("inform", desk.open(elder, item="QTX-M-1.1c"))
    complaint = complain(by=desk.applicant, person=elder, text="太慢")
    record_death(by=by("police"), person=elder, on=dt.date(2026, 3, 1))
    night = run_night(by=desk.system)
    assert night.deaths == 1
    for case in (asked, decided, complaint):
        case.refresh_from_db()
    assert (asked.state, asked.outcome) == ("closed", "died")
    assert (decided.state, complaint.state) == ("running", "running")
    assert Entry.objects.filter(action="case.ended", subject_id=str(asked.public_id)).exists()
    assert run_night(by=desk.system).deaths == 0


def test_when_towns_merge_the_case_goes_with_the_village(desk: Desk) -> None:
    case = desk.open()
    first, second = desk.division(VILLAGE), desk.division("640381001202")
    merge(divisions=[first], into=second, on=dt.date(2026, 3, 10))
    desk.day = dt.date(2026, 3, 11)
    assert run_night(by=desk.system).divisions == 1
    case.refresh_from_db()
    assert (case.division_id, case.step) == (second.pk, "accept")
    assert run_night(by=desk.system).divisions == 0


class TestHandingOver:
    def test_within_the_county_it_keeps_its_step_and_its_clock(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        due = case.due_on
        desk.wait(2)
        hand_over(by=desk.staff("lan"), case=case, to=desk.division("640381002201"), reason="户籍迁至镇2")
        assert (case.step, case.due_on, case.division_id) == ("verify", due, desk.divisions["640381002201"])

    def test_in_another_county_it_begins_again(self, desk: Desk) -> None:
        case = desk.up_to("approve")
        hand_over(by=desk.staff("lan"), case=case, to=desk.division("640302001201"), reason="户籍迁至利通区")
        assert (case.step, case.notice_from, case.awaits) == ("accept", None, "case.accept")
        desk.passes("far", case, "accept")

    def test_it_needs_a_reason_and_no_decision(self, desk: Desk) -> None:
        case = desk.up_to("inform")
        with pytest.raises(Incomplete):
            hand_over(by=desk.staff("lan"), case=case, to=desk.division(TOWN), reason="")
        with pytest.raises(NotAllowed):
            hand_over(by=desk.staff("lan"), case=case, to=desk.division(OTHER_COUNTY), reason="迁出")


def test_an_open_case_goes_with_who_moved_to_another_county_and_begins_there_anew(desk: Desk, by) -> None:
    case = desk.up_to("verify")
    decided = desk.up_to("inform")
    for one in (case, decided):
        record_facts(by=by(), person=one.person, statements=[Statement("hukou", "640302001201", desk.day)])
    assert run_night(by=desk.system).moves == 1
    case.refresh_from_db(), decided.refresh_from_db()
    assert (case.division_id, case.step) == (desk.divisions["640302001201"], "accept")
    assert decided.division_id == desk.divisions[VILLAGE]
    assert case.history.order_by("-number")[0].reason == "本人迁往他县"
    assert run_night(by=desk.system) == NOTHING
