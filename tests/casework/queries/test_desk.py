"""What waits for whom, and in how many queries."""

import datetime as dt

from songhe.casework.domain.appeals import complain
from songhe.casework.domain.steps import return_for_mending
from songhe.casework.models import Case
from songhe.casework.queries.desk import cases_for, counts_for, find_for, overdue_for, waiting_for
from songhe.pages.keyset import window
from tests.casework.conftest import Desk


def desk_of(desk: Desk, name: str) -> list[int]:
    return [case.pk for case in window(waiting_for(desk.user(name)), by="due_on").rows]


def test_it_waits_for_those_whose_step_it_is(desk: Desk) -> None:
    case = desk.open()
    assert {name: desk_of(desk, name) for name in ("lan", "zhou", "village", "assessor", "far")} == {
        "lan": [case.pk],
        "zhou": [case.pk],
        "village": [],
        "assessor": [],
        "far": [],
    }
    desk.up_to("approve", case)
    assert (desk_of(desk, "lan"), desk_of(desk, "zhou")) == ([], [case.pk])


def test_not_for_those_who_must_leave_it_to_somebody_else(desk: Desk) -> None:
    case = desk.up_to("verify")
    assert (desk_of(desk, "lan"), desk_of(desk, "mei")) == ([], [case.pk])
    desk.passes("zhou", case, "verify")
    complaint = complain(by=desk.applicant, person=case.person, about=case, text="态度不好")
    assert complaint.pk not in desk_of(desk, "zhou")
    assert complaint.pk in desk_of(desk, "qian")


def test_informing_is_for_anybody_of_the_office(desk: Desk) -> None:
    case = desk.up_to("inform")
    assert (desk_of(desk, "lan"), desk_of(desk, "mei")) == ([case.pk], [case.pk])


def test_nobodys_desk_has_what_waits_for_the_applicant(desk: Desk) -> None:
    case = desk.open()
    return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
    assert desk_of(desk, "lan") == []
    assert list(cases_for(desk.user("village"))) == [case]


def test_the_most_urgent_comes_first_page_by_page(desk: Desk) -> None:
    desk.wait(3)
    late = [desk.open().pk for _ in range(2)]
    desk.wait(-3)
    urgent = [desk.open().pk for _ in range(2)]
    queryset = waiting_for(desk.user("lan"))
    first = window(queryset, by="due_on", size=3)
    second = window(queryset, by="due_on", size=3, cursor=first.after)
    assert [case.pk for case in (*first.rows, *second.rows)] == urgent + late


def test_the_number_of_queries_does_not_grow(desk: Desk, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = desk.user("zhou")
    desk.open()
    list(waiting_for(user))
    with CaptureQueriesContext(connection) as queries:
        list(waiting_for(user))
    for _ in range(2):
        desk.open()
    with django_assert_num_queries(len(queries)):
        assert len(list(waiting_for(user))) == 3


def test_counts_are_by_what_is_waited_for(desk: Desk) -> None:
    desk.open()
    desk.up_to("approve")
    desk.up_to("end")
    expected = {"case.accept": 1, "case.approve": 1, "granted": 1}
    assert counts_for(desk.user("village")) == expected
    assert counts_for(desk.user("far")) == {}


def test_overdue_is_what_waits_for_staff_past_its_day(desk: Desk) -> None:
    case = desk.open()
    assert not overdue_for(desk.user("zhou"), case.due_on).exists()
    assert list(overdue_for(desk.user("zhou"), case.due_on + dt.timedelta(days=1))) == [case]


def test_a_case_is_found_by_its_public_id_within_reach_only(desk: Desk) -> None:
    case = desk.open()
    assert find_for(desk.user("village"), str(case.public_id)) == case
    assert find_for(desk.user("far"), str(case.public_id)) is None
    assert Case.objects.count() == 1
