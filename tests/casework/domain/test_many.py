"""Many cases at once: a block is written whole or not at all, and each case has its own line."""

import pytest

from songhe.accounts.domain.audit import verify
from songhe.accounts.models import Entry
from songhe.casework.domain.appeals import appeal
from songhe.casework.domain.many import pass_many, publish_many
from songhe.casework.domain.notice import object_to
from songhe.casework.domain.steps import refuse
from songhe.casework.models import Act, Case
from tests.casework.conftest import CLAUSE, Desk


def ready(desk: Desk, number: int) -> list[Case]:
    return [desk.up_to("approve") for _ in range(number)]


def ids(cases: list[Case]) -> list[int]:
    return [case.pk for case in cases]


def states(cases: list[Case]) -> list[str]:
    return [Case.objects.get(pk=case.pk).outcome for case in cases]


def test_each_case_has_its_act_and_its_audit_line(desk: Desk) -> None:
    cases = ready(desk, 3)
    by = desk.staff("zhou")
    before = Entry.objects.count()
    done = pass_many(by=by, cases=ids(cases), step="approve")
    assert (done.written, done.hindered) == (3, ())
    assert states(cases) == ["granted"] * 3
    assert Entry.objects.count() == before + 3
    assert verify() is None
    acts = Act.objects.filter(step="approve", verb="passed", user=desk.user("zhou"), duty="approver", on=desk.day)
    assert set(acts.values_list("case_id", flat=True)) == set(ids(cases))


def test_it_leads_where_one_by_one_would_have_led(desk: Desk) -> None:
    one, other = ready(desk, 2)
    one = Case.objects.get(pk=one.pk)
    desk.wait(-14)
    desk.day = other.notice_to
    desk.wait(14)
    pass_many(by=desk.staff("zhou"), cases=[one.pk], step="approve")
    desk.passes("zhou", other, "approve")
    one.refresh_from_db()
    from songhe.casework.flow import COLUMNS

    alike = [name for name in COLUMNS if name not in ("notice_from", "notice_to")]
    assert [getattr(one, name) for name in (*alike, "acts")] == [getattr(other, name) for name in (*alike, "acts")]


def test_one_that_is_hindered_keeps_its_block_and_not_the_others(desk: Desk) -> None:
    first, second, third = ready(desk, 3)
    desk.passes("qian", second, "approve")
    done = pass_many(by=desk.staff("zhou"), cases=ids([first, second, third]), step="approve", block=2)
    assert states([first, third]) == ["", "granted"]
    assert done.written == 1
    assert [(one.case, one.why.zh) for one in done.hindered] == [(second.pk, "已不在此环节")]


def test_it_is_no_way_round_another_pair_of_eyes(desk: Desk) -> None:
    case = desk.up_to("verify")
    desk.passes("zhou", case, "verify")
    publish_many(by=desk.staff("zhou"), cases=[case.pk], step="notice")
    desk.wait(14)
    assert pass_many(by=desk.staff("zhou"), cases=[case.pk], step="notice").written == 1
    done = pass_many(by=desk.staff("zhou"), cases=[case.pk], step="approve")
    assert (done.written, done.hindered[0].why.zh) == (0, "您已在其他岗位经办过")


@pytest.mark.parametrize("who", ["far", "lan", "village"])
def test_nor_round_scope(desk: Desk, who: str) -> None:
    cases = ready(desk, 1)
    done = pass_many(by=desk.staff(who), cases=[*ids(cases), 10**9], step="approve")
    assert {one.why.zh for one in done.hindered} == {"不在您的权限范围内"}
    assert states(cases) == [""]


def test_a_notice_is_published_for_many_and_waits_for_answers(desk: Desk) -> None:
    one, other = desk.up_to("notice"), desk.up_to("notice")
    assert publish_many(by=desk.staff("mei"), cases=ids([one, other])).written == 2
    one.refresh_from_db()
    assert (one.notice_from, one.history.last().details["to"]) == (desk.day, str(one.notice_to))
    early = pass_many(by=desk.staff("mei"), cases=[one.pk], step="notice")
    assert "公示到" in early.hindered[0].why.zh
    object_to(by=desk.party("public"), case=other, text="户籍已迁出")
    desk.wait(14)
    done = pass_many(by=desk.staff("mei"), cases=ids([one, other]), step="notice")
    assert [(one.case, one.why.zh) for one in done.hindered] == [(other.pk, "还有异议没有答复")]


def test_appeals_are_decided_one_by_one(desk: Desk) -> None:
    case = desk.up_to("approve")
    refuse(by=desk.staff("zhou"), case=case, step="approve", reason="理由", clause=CLAUSE)
    desk.passes("lan", case, "inform")
    mine = appeal(by=desk.applicant, case=case, reason="已满八十周岁")
    own = pass_many(by=desk.staff("zhou"), cases=[mine.pk], step="accept")
    assert own.hindered[0].why.zh == "您已在其他岗位经办过"
    assert pass_many(by=desk.staff("qian"), cases=[mine.pk], step="accept").written == 1
    done = pass_many(by=desk.staff("sun"), cases=[mine.pk], step="review")
    assert done.hindered[0].why.zh == "申诉和机构补贴须逐件决定"


def test_the_number_of_queries_does_not_grow_with_the_cases(desk: Desk, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first, one, *more = ready(desk, 5)
    by = desk.staff("zhou")
    pass_many(by=by, cases=[first.pk], step="approve")
    with CaptureQueriesContext(connection) as queries:
        pass_many(by=by, cases=[one.pk], step="approve")
    with django_assert_num_queries(len(queries)):
        pass_many(by=by, cases=ids(more), step="approve")


def test_nobody_passes_many_as_nobody(desk: Desk) -> None:
    with pytest.raises(ValueError, match="somebody"):
        pass_many(by=desk.system, cases=[], step="approve")
