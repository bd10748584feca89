"""What people had before the platform becomes granted cases: stated by one, confirmed by another, all or nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from songhe.accounts.domain.audit import verify
from songhe.accounts.models import Entry
from songhe.casework.domain.taking_over import Stated, take_over
from songhe.casework.errors import SamePerson
from songhe.casework.models import Act, Case
from songhe.casework.queries.timeline import standing, timeline_for_applicant, timeline_for_staff
from songhe.registry.domain.facts import record_death
from songhe.registry.domain.merging import merge
from tests.casework.conftest import ITEM, PACKAGE, VILLAGE, Desk

ON = dt.date(2024, 3, 1)


def takes(desk: Desk, *people, stated_by: str = "lan", confirmed_by: str = "zhou", **more):
    rows = [
        Stated(**{"person": person.pk, "item": ITEM, "granted_on": ON, "document": "2024年名册"} | more)
        for person in people
    ]
    return take_over(stated_by=desk.user(stated_by), confirmed_by=desk.user(confirmed_by), package=PACKAGE, rows=rows)


def test_each_row_is_a_closed_case_that_was_granted_on_its_day(desk: Desk) -> None:
    elders = [desk.elder(), desk.elder()]
    assert takes(desk, *elders).made == 2
    case = Case.objects.get(person=elders[0])
    assert (case.state, case.outcome, case.decided_on, case.how) == ("closed", "granted", ON, "taken_over")
    assert (case.division_id, case.opened_by, case.acts) == (desk.divisions[VILLAGE], desk.user("lan"), 2)
    acts = case.history.order_by("number").values_list("verb", "user__username", "duty", "reason")
    assert list(acts) == [("taken_over", "lan", "maker", "2024年名册"), ("passed", "zhou", "approver", "")]
    trail = Entry.objects.filter(subject_id=str(case.public_id)).order_by("sequence")
    assert list(trail.values_list("action", "user__username")) == [("case.taken_over", "lan"), ("case.passed", "zhou")]
    assert verify() is None


def test_it_is_told_in_plain_words(desk: Desk) -> None:
    takes(desk, desk.elder())
    case = Case.objects.get()
    assert "2024" in timeline_for_staff(case)[0].text.zh
    assert "已转入本平台" in timeline_for_applicant(case)[0].text.zh
    assert standing(case).zh == "已办结：同意。"


def test_doing_it_again_makes_no_more_also_after_a_merge(desk: Desk, by) -> None:
    gone, stays = desk.elder(), desk.elder()
    takes(desk, gone)
    merge(by=by("civil_affairs", reason="同一人"), person=gone, into=stays)
    again = takes(desk, stays)
    assert (again.made, again.there) == (0, 1)
    assert takes(desk, gone).there == 1
    assert Case.objects.count() == 1


def test_one_person_is_not_both(desk: Desk) -> None:
    with pytest.raises(SamePerson):
        takes(desk, desk.elder(), stated_by="zhou")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"item": "QTX-99"}, "没有事项"),
        ({"granted_on": dt.date(2099, 1, 1)}, "今天以前"),
        ({"document": "  "}, "依据文件"),
    ],
)
def test_a_row_that_is_wrong_keeps_all_of_the_list_from_being_written(desk: Desk, more, why) -> None:
    elder = desk.elder()
    rows = [
        Stated(elder.pk, ITEM, ON, "名册"),
        Stated(**{"person": desk.elder().pk, "item": ITEM, "granted_on": ON, "document": "名册"} | more),
    ]
    done = take_over(stated_by=desk.user("lan"), confirmed_by=desk.user("zhou"), package=PACKAGE, rows=rows)
    ((fault),) = done.faults
    assert (fault.row, why in fault.why.zh) == (1, True)
    assert not Case.objects.exists() and not Act.objects.exists()


def test_the_dead_the_placeless_the_busy_the_twice_named_and_those_out_of_reach_are_told(desk: Desk, by) -> None:
    dead, nowhere, busy = desk.elder(), desk.elder(hukou=None, residence=None), desk.elder()
    record_death(by=by("police"), person=dead, on=dt.date(2026, 1, 5))
    desk.open(busy)
    twice = desk.elder()
    found = takes(desk, dead, nowhere, busy, twice, twice, stated_by="city", confirmed_by="zhou")
    assert [(fault.row, fault.why.zh) for fault in found.faults] == [
        (0, "已登记死亡或没有此人"),
        (1, "户籍地和常住地都没有登记"),
        (2, "此事项有未办结的件，请先办结"),
        (4, "与第4条重复"),
    ]
    elder = desk.elder()
    assert [fault.why.zh for fault in takes(desk, elder, stated_by="far").faults] == ["不在登记人的权限范围内"]
    assert [fault.why.zh for fault in takes(desk, elder, confirmed_by="far").faults] == ["不在确认人的权限范围内"]
    assert [fault.why.zh for fault in takes(desk, elder, confirmed_by="mei").faults] == ["不在确认人的权限范围内"]


def test_a_trial_writes_nothing(desk: Desk) -> None:
    rows = [Stated(desk.elder().pk, ITEM, ON, "名册")]
    done = take_over(stated_by=desk.user("lan"), confirmed_by=desk.user("zhou"), package=PACKAGE, rows=rows, trial=True)
    assert (done.made, Case.objects.count()) == (1, 0)


def test_many_take_no_more_queries_than_a_few(desk: Desk, django_assert_max_num_queries) -> None:
    elders = [desk.elder() for _ in range(20)]
    desk.user("lan"), desk.user("zhou")
    takes(desk, elders[0])
    with django_assert_max_num_queries(40):
        takes(desk, *elders)
