"""The story of a case: in full for the staff, in plain words for whoever applied."""

import datetime as dt
import re

import pytest

from songhe.casework.domain.appeals import appeal
from songhe.casework.domain.notice import answer_objection, object_to, publish
from songhe.casework.domain.steps import refuse, resubmit, return_for_mending, withdraw
from songhe.casework.models import Act, Case
from songhe.casework.queries.timeline import _PLAIN, _STAFF, standing, timeline_for_applicant, timeline_for_staff
from songhe.common.text import Text
from tests.casework.conftest import CLAUSE, Desk


@pytest.fixture
def eventful(desk: Desk) -> Case:
    """Returned, mended, objected to in vain, refused."""
    case = desk.open(who=desk.staff("village"), how="village")
    return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
    desk.wait(3)
    resubmit(by=desk.applicant, case=case)
    desk.up_to("notice", case)
    publish(by=desk.staff("mei"), case=case)
    object_to(by=desk.party("public"), case=case, text="户籍已迁出", contact="13800000000")
    number = case.history.get(verb="objected").number
    answer_objection(by=desk.staff("mei"), case=case, objection=number, upheld=False, reason="内部核查记录")
    desk.wait(30)
    desk.passes("mei", case, "notice")
    refuse(by=desk.staff("zhou"), case=case, step="approve", reason="未满八十周岁", clause=CLAUSE)
    desk.passes("lan", case, "inform")
    return case


def test_the_staff_read_who_did_what_and_why(eventful: Case) -> None:
    told = [line.text.zh for line in timeline_for_staff(eventful)]
    assert told[1] == "Lan在“受理”退回补正：缺户口簿"
    assert told[4] == "Mei完成“审核”"
    assert told[6] == "收到异议：户籍已迁出"
    assert told[-2] == f"Zhou在“审批”不予同意，依据{CLAUSE}：未满八十周岁"


def test_the_applicant_reads_plain_words_and_no_names(eventful: Case) -> None:
    told = [line.text.zh for line in timeline_for_applicant(eventful)]
    assert told[1] == "材料还缺一些，请补上：缺户口簿"
    assert told[3] == "“受理”已完成。"
    whole = "".join(told)
    assert not re.search("Lan|Mei|Zhou|Village|户籍已迁出|内部核查记录|13800000000", whole)
    (refusal,) = (line for line in told if "没有同意" in line)
    assert "未满八十周岁" in refusal and CLAUSE in refusal and "申诉" in refusal


def test_it_is_told_in_english_too(eventful: Case) -> None:
    told = [line.text.en for line in timeline_for_applicant(eventful)]
    (refusal,) = (line for line in told if "not granted" in line)
    assert "administrative reconsideration" in refusal
    assert not any("{" in line for line in told)


def test_what_was_late_is_marked_for_the_staff_only(eventful: Case) -> None:
    assert [line.verb for line in timeline_for_staff(eventful) if line.late] == ["passed"]
    assert not any(line.late for line in timeline_for_applicant(eventful))


@pytest.mark.parametrize("verb", Act.Verb.values)
def test_every_act_has_its_words(verb: str) -> None:
    assert verb in _STAFF
    # That the office was called to hurry is not the applicant's to read.
    assert (verb in _PLAIN) == (verb != "escalated")


def test_where_it_stands_is_said_with_the_day(desk: Desk) -> None:
    case = desk.open()
    assert standing(case).zh == "工作人员正在看申请材料是否齐全，应在2026年3月9日前办完。"
    return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
    assert standing(case) == Text(
        zh="请在2026年3月23日前补上缺少的材料。", en="Please add what is missing by 23 March 2026."
    )
    withdraw(by=desk.applicant, case=case)
    assert standing(case).zh == "已终止：已撤回。"


def test_when_it_is_refused_it_says_until_when_to_appeal(eventful: Case, desk: Desk) -> None:
    until = desk.day + dt.timedelta(days=60)
    assert "可以在2026年" in standing(eventful).zh
    assert f"{until.year}" in standing(eventful).en
    mine = appeal(by=desk.applicant, case=eventful, reason="已满八十周岁")
    assert "原经办以外的人" in standing(mine).zh
