"""How an application goes its way, and what is refused on it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from songhe.accounts.domain.audit import verify
from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.casework.domain.notice import publish
from songhe.casework.domain.steps import lapse, pass_step, refuse, resubmit, return_for_mending, withdraw
from songhe.casework.errors import CaseError, CaseMoved, Incomplete, NotAllowed, SamePerson
from songhe.casework.models import Act, Case
from tests.casework.conftest import CLAUSE, Desk


def verbs(case: Case) -> list[str]:
    return list(case.history.order_by("number").values_list("verb", flat=True))


def test_an_application_is_accepted_verified_shown_approved_and_told(desk: Desk) -> None:
    case = desk.up_to("end")
    assert (case.state, case.outcome, case.awaits, case.due_on) == ("closed", "granted", "", None)
    assert (case.decided_on, case.informed_on, case.closed_on) == (desk.day, desk.day, desk.day)
    assert verbs(case) == ["opened", "passed", "passed", "published", "passed", "passed", "passed"]
    hands = case.history.filter(verb="passed").order_by("number")
    assert list(hands.values_list("step", "user__username", "duty")) == [
        ("accept", "lan", "maker"),
        ("verify", "mei", "checker"),
        ("notice", "mei", "checker"),
        ("approve", "zhou", "approver"),
        ("inform", "lan", ""),
    ]


def test_every_act_has_its_own_audit_line_and_the_chain_holds(desk: Desk) -> None:
    case = desk.up_to("end")
    lines = Entry.objects.filter(subject_id=str(case.public_id)).order_by("sequence")
    assert [line.action for line in lines] == [f"case.{verb}" for verb in verbs(case)]
    assert {line.division_id for line in lines} == {case.division_id}
    assert verify() is None


def test_each_step_has_its_working_days(desk: Desk) -> None:
    # A Thursday; nine days off from the 15th, and the 14th and the 28th are worked.
    desk.day = dt.date(2026, 2, 12)
    case = desk.open()
    assert (case.awaits, case.due_on, case.due_unsure) == ("case.accept", dt.date(2026, 2, 26), False)
    desk.day = dt.date(2026, 2, 26)
    desk.passes("lan", case, "accept")
    assert (case.step, case.awaits, case.due_on) == ("verify", "case.verify", dt.date(2026, 3, 6))


class TestTwoPeople:
    def test_who_accepted_does_not_verify(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        with pytest.raises(SamePerson, match="另一人"):
            desk.passes("lan", case, "verify")
        assert verbs(case) == ["opened", "passed"]

    def test_who_verified_does_not_approve_even_with_the_right_to(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        desk.passes("zhou", case, "verify")
        publish(by=desk.staff("zhou"), case=case)
        desk.wait(14)
        desk.passes("zhou", case, "notice")
        with pytest.raises(SamePerson):
            desk.passes("zhou", case, "approve")
        desk.passes("qian", case, "approve")
        assert case.outcome == "granted"

    def test_who_handed_it_in_for_her_may_accept_it_and_not_verify_it(self, desk: Desk) -> None:
        case = desk.open(who=desk.staff("lan"), how="village")
        desk.passes("lan", case, "accept")
        with pytest.raises(SamePerson):
            desk.passes("lan", case, "verify")

    @pytest.mark.parametrize("duty", ["checker", "approver"])
    def test_the_database_refuses_it_too(self, desk: Desk, duty: str) -> None:
        case = desk.up_to("verify")
        with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
            self.forge(desk, case, duty)

    def test_the_same_duty_twice_is_no_matter(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        self.forge(desk, case, "maker")
        assert case.history.filter(user=desk.user("lan"), duty="maker").count() == 2

    def test_a_duty_is_somebodys(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        with pytest.raises(IntegrityError), transaction.atomic():
            self.forge(desk, case, "checker", user=None, party="system")

    def forge(self, desk: Desk, case: Case, duty: str, **more: object) -> None:
        given = {"user": desk.user("lan"), "party": "staff"} | more
        number = case.history.count() + 1
        Act.objects.create(case=case, number=number, at=desk.now, on=desk.day, verb="passed", duty=duty, **given)


class TestReturning:
    def test_the_clock_stands_still_while_the_applicant_mends(self, desk: Desk) -> None:
        case = desk.open()
        assert case.due_on == dt.date(2026, 3, 9)
        desk.wait(2)
        return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
        assert (case.state, case.awaits, case.clock_left) == ("returned", "applicant", 3)
        desk.wait(12)
        resubmit(by=desk.applicant, case=case)
        assert (case.state, case.step, case.awaits) == ("running", "accept", "case.accept")
        assert (case.due_on, case.clock_left) == (dt.date(2026, 3, 19), None)

    def test_it_says_what_is_missing(self, desk: Desk) -> None:
        case = desk.open()
        with pytest.raises(Incomplete, match="补正"):
            return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason=" ")

    def test_nobody_works_on_it_meanwhile(self, desk: Desk) -> None:
        case = desk.open()
        return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
        with pytest.raises(CaseMoved):
            desk.passes("lan", case, "accept")

    def test_what_is_not_mended_in_time_lapses_and_not_before(self, desk: Desk) -> None:
        case = desk.open()
        return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
        with pytest.raises(NotAllowed):
            lapse(by=desk.system, case=case)
        desk.wait(60)
        lapse(by=desk.system, case=case)
        assert (case.state, case.outcome) == ("closed", "lapsed")


class TestRefusing:
    def test_it_names_the_clause_and_the_way_to_appeal(self, desk: Desk) -> None:
        case = desk.up_to("approve")
        refuse(by=desk.staff("zhou"), case=case, step="approve", reason="未满八十周岁", clause=CLAUSE)
        act = case.history.get(verb="refused")
        assert (act.clause, act.reason, act.duty) == (CLAUSE, "未满八十周岁", "approver")
        assert "申诉" in act.way_to_appeal
        assert (case.outcome, case.step) == ("refused", "inform")
        desk.passes("lan", case, "inform")
        assert (case.state, case.outcome, case.informed_on) == ("closed", "refused", desk.day)

    @pytest.mark.parametrize(("reason", "clause"), [("", CLAUSE), ("理由", ""), ("理由", "SZ-L-03")])
    def test_not_without_reason_or_a_clause_of_the_package(self, desk: Desk, reason: str, clause: str) -> None:
        case = desk.up_to("approve")
        with pytest.raises(Incomplete):
            refuse(by=desk.staff("zhou"), case=case, step="approve", reason=reason, clause=clause)
        assert case.outcome == ""

    def test_the_database_wants_them_too(self, desk: Desk) -> None:
        case = desk.open()
        said = {"party": "staff", "user": desk.user("lan"), "verb": "refused"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Act.objects.create(case=case, number=9, at=desk.now, on=desk.day, **said)

    def test_a_public_notice_refuses_nobody(self, desk: Desk) -> None:
        case = desk.up_to("notice")
        with pytest.raises(NotAllowed, match="公示"):
            refuse(by=desk.staff("mei"), case=case, step="notice", reason="理由", clause=CLAUSE)


class TestScope:
    def test_another_county_does_nothing_here(self, desk: Desk) -> None:
        case = desk.open()
        with pytest.raises(OutOfScope):
            desk.passes("far", case, "accept")

    def test_the_town_does_not_approve_and_the_village_does_not_accept(self, desk: Desk) -> None:
        case = desk.open()
        with pytest.raises(OutOfScope):
            desk.passes("village", case, "accept")
        case = desk.up_to("approve", case)
        with pytest.raises(OutOfScope):
            desk.passes("lan", case, "approve")

    def test_an_applicant_approves_nothing(self, desk: Desk) -> None:
        case = desk.up_to("approve")
        with pytest.raises(NotAllowed):
            pass_step(by=desk.applicant, case=case, step="approve")


def test_of_two_who_read_the_same_page_one_acts(desk: Desk) -> None:
    case = desk.up_to("approve")
    stale = Case.objects.get(pk=case.pk)
    desk.passes("zhou", case, "approve")
    with pytest.raises(CaseMoved):
        refuse(by=desk.staff("qian"), case=stale, step="approve", reason="理由", clause=CLAUSE)


def test_she_takes_it_back_as_long_as_nothing_is_decided(desk: Desk) -> None:
    case = desk.up_to("verify")
    withdraw(by=desk.applicant, case=case, reason="不需要了")
    assert (case.state, case.outcome) == ("closed", "withdrawn")
    decided = desk.up_to("inform")
    with pytest.raises(NotAllowed, match="已作出决定"):
        withdraw(by=desk.applicant, case=decided)


@pytest.mark.parametrize(
    "forge",
    [
        lambda case: Case.objects.filter(pk=case.pk).update(outcome="refused"),
        lambda case: Case.objects.filter(pk=case.pk)._raw_delete("default"),
        lambda case: Act.objects.filter(case=case).update(reason="别的"),
        lambda case: Act.objects.filter(case=case).delete(),
    ],
)
def test_what_is_closed_stays_closed_and_what_was_said_stays_said(desk: Desk, forge) -> None:
    case = desk.up_to("end")
    with pytest.raises(IntegrityError), transaction.atomic():
        forge(case)


def test_how_it_was_opened_cannot_be_changed_while_it_runs(desk: Desk) -> None:
    case = desk.open()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(item="QTX-L-01")


def test_a_history_is_loaded_in_its_order_only(desk: Desk) -> None:
    case = desk.up_to("verify")
    desk.wait(-1)
    with pytest.raises(CaseError, match="上一次"):
        desk.passes("mei", case, "verify")
