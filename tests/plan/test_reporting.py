"""Reports and what becomes of them: who may, what is refused, and what the database itself refuses."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.models import Entry, Role, User
from songhe.accounts.scope import OutOfScope
from songhe.plan.desk import came_back, to_hand_up, to_settle
from songhe.plan.domain.reporting import attach
from songhe.plan.domain.seats import end_seat, give_seat
from songhe.plan.domain.settling import confirm, hand_up, send_back, undo
from songhe.plan.errors import PlanError
from songhe.plan.evidence import opened, path_of, sweep
from songhe.plan.models import Act, Evidence, Reminder, Report, Seat, SeatEnd
from songhe.plan.queries import rows
from tests.accounts.builders import holder
from tests.plan.builders import COUNTIES, NOVEMBER, PACKAGE, TOGETHER, Office, day, on

EACH = "各县市区政府及管委会"


@pytest.fixture(autouse=True)
def december() -> Any:
    with on("2023-12-02"):
        yield


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"text": " "}, "请填写进展情况"),
        ({"told_for": day("2023-12-03")}, "不能在将来"),
        ({"done_on": day("2023-12-02"), "told_for": day("2023-12-01")}, "不能晚于情况截至日期"),
        ({"percent": 101}, "0至100之间"),
        ({"milestone": 1, "done_on": day("2023-12-01")}, "没有这个里程碑"),
        ({"figures": [{"name": "户数", "value": "很多", "unit": "户"}]}, "数据“户数”有误"),
        ({"figures": [{"name": "户数", "value": "1e3", "unit": "户"}]}, "数据“户数”有误"),
        ({"links": [{"kind": "indicator", "id": "SZ-0"}]}, "没有这条关联记录"),
        ({"links": [{"kind": "run", "id": "x"}]}, "没有这条关联记录"),
    ],
)
def test_a_report_that_cannot_be_is_refused(office: Office, wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(PlanError, match=what):
        office.tell(office.one, NOVEMBER, office.top, **wrong)
    assert not Report.objects.exists()


def test_who_cooperates_contributes_and_claims_nothing(office: Office) -> None:
    made = office.tell(office.one, NOVEMBER, office.top, unit="市财政局")
    assert made.kind == Report.Kind.CONTRIBUTION
    with pytest.raises(PlanError, match="配合单位只填报配合情况"):
        office.tell(office.one, NOVEMBER, office.top, unit="市财政局", done_on=day("2023-12-01"))


def test_nobody_speaks_for_a_unit_or_a_place_that_is_not_theirs(office: Office) -> None:
    with pytest.raises(OutOfScope):
        office.tell(office.one, NOVEMBER, office.top, unit="市教育局")
    with pytest.raises(OutOfScope):
        office.tell(office.east_one, COUNTIES, office.west, unit=EACH)
    with pytest.raises(PlanError, match="不涉及这个区划"):
        office.tell(office.east_one, NOVEMBER, office.city.villages[0].pk, unit="市民政局")


def test_a_department_needs_a_seat_and_speaks_for_its_unit_alone(office: Office) -> None:
    with pytest.raises(OutOfScope):
        office.tell(office.finance, NOVEMBER, office.top, unit="市财政局")
    seat = give_seat(by=office.one, user=office.finance, package=PACKAGE, unit="市财政局", division_id=office.top)
    assert office.tell(office.finance, NOVEMBER, office.top, unit="市财政局").unit == "市财政局"
    with pytest.raises(OutOfScope):
        office.tell(office.finance, NOVEMBER, office.top, unit="市民政局")
    end_seat(by=office.one, seat=seat, last_day=day("2023-12-01"), reason="调离")
    with pytest.raises(OutOfScope):
        office.tell(office.finance, NOVEMBER, office.top, unit="市财政局")


def test_a_seat_for_one_of_many_reaches_its_own_place_alone(office: Office) -> None:
    one_of_them = holder(Role.DEPARTMENT, office.city.counties[0], "county-office")
    give_seat(by=office.east_one, user=one_of_them, package=PACKAGE, unit=EACH, division_id=office.east)
    assert {one.task.id for one in rows(one_of_them, office.east, day("2023-12-01"))} >= {COUNTIES, TOGETHER}
    assert office.tell(one_of_them, COUNTIES, office.east, unit=EACH).kind == Report.Kind.REPORT
    assert office.tell(one_of_them, TOGETHER, office.east, unit=EACH).kind == Report.Kind.CONTRIBUTION
    with pytest.raises(OutOfScope):
        office.tell(one_of_them, COUNTIES, office.west, unit=EACH)
    with pytest.raises(OutOfScope):
        rows(one_of_them, office.west, day("2023-12-01"))


@pytest.mark.parametrize(
    ("unit", "place", "what"),
    [("市财政局", "east", "不指这个区划"), (EACH, "top", "不指这个区划"), ("市水利局", "top", "不指这个区划")],
)
def test_a_seat_is_where_the_document_means_the_unit(office: Office, unit: str, place: str, what: str) -> None:
    with pytest.raises(PlanError, match=what):
        give_seat(by=office.one, user=office.finance, package=PACKAGE, unit=unit, division_id=getattr(office, place))


def test_a_report_goes_up_from_the_town_to_the_county_and_from_there_to_the_city(office: Office) -> None:
    town = office.city.towns[0].pk
    made = office.tell(office.clerk, COUNTIES, town, unit=EACH, done_on=day("2023-12-01"))
    with pytest.raises(PlanError, match="还没有上报"):
        confirm(by=office.east_one, report=made)
    hand_up(by=office.clerk, report=made)
    assert list(to_settle(office.east_one)) == [made] and made in to_settle(office.one)
    confirm(by=office.east_one, report=made)
    # What a town has done is not what the county owes.
    assert office.row(COUNTIES, office.east, "2023-12-02").state == "open"
    county = office.tell(office.east_one, COUNTIES, office.east, unit=EACH, done_on=day("2023-12-01"))
    assert list(to_hand_up(office.east_other)) == [county]
    hand_up(by=office.east_other, report=county)
    with pytest.raises(OutOfScope):
        confirm(by=office.east_one, report=county)
    confirm(by=office.one, report=county)
    assert office.row(COUNTIES, office.east, "2023-12-02").state == "done"


def test_nobody_settles_what_they_reported_or_handed_up(office: Office) -> None:
    own = office.tell(office.one, NOVEMBER, office.top)
    with pytest.raises(PlanError, match="填报人不能确认"):
        confirm(by=office.one, report=own)
    handed = office.tell(office.east_one, COUNTIES, office.east, unit=EACH)
    hand_up(by=office.one, report=handed)
    with pytest.raises(PlanError, match="上报人不能确认"):
        confirm(by=office.one, report=handed)
    confirm(by=office.other, report=handed)


def test_what_was_settled_is_not_settled_again(office: Office) -> None:
    made = office.tell(office.one, NOVEMBER, office.top)
    with pytest.raises(PlanError, match="退回的理由"):
        send_back(by=office.other, report=made, reason=" ")
    send_back(by=office.other, report=made, reason="没有附件")
    assert list(came_back(office.one)) == [made]
    for again in (confirm, send_back):
        with pytest.raises(PlanError, match="已确认或退回"):
            again(by=office.other, report=made, reason="再来")
    with pytest.raises(PlanError, match="只能撤销已确认"):
        undo(by=office.other, report=made, reason="再来")
    office.tell(office.one, NOVEMBER, office.top, text="补充后重报")
    assert not came_back(office.one).exists()


def test_evidence_that_no_report_names_goes_after_a_day(office: Office) -> None:
    with on("2023-11-20"):
        made = office.tell(office.one, NOVEMBER, office.top)
        kept = path_of(attach(by=office.one, report=made, file_name="清单.pdf", content=io.BytesIO(b"x")))
    lost, cut = kept.with_name(f"{uuid4()}.sealed"), kept.with_name(f"{uuid4()}.partial")
    for path in (lost, cut):
        path.write_bytes(b"x")
    assert sweep(now=timezone.now()) == 0
    assert sweep(now=timezone.now() + dt.timedelta(hours=25)) == 2
    assert (kept.exists(), lost.exists(), cut.exists()) == (True, False, False)


def test_evidence_is_sealed_and_ends_with_the_settlement(office: Office) -> None:
    made = office.tell(office.one, NOVEMBER, office.top)
    kept = attach(by=office.one, report=made, file_name="../清单.pdf", content=io.BytesIO("内容".encode()))
    assert (kept.file_name, kept.size) == ("清单.pdf", 6)
    assert "内容".encode() not in path_of(kept).read_bytes()
    with opened(kept) as content:
        assert content.read() == "内容".encode()
    with pytest.raises(PlanError, match="空的"):
        attach(by=office.one, report=made, file_name="空.pdf", content=io.BytesIO())
    with pytest.raises(OutOfScope):
        attach(by=office.other, report=made, file_name="别人.pdf", content=io.BytesIO(b"x"))
    confirm(by=office.other, report=made)
    with pytest.raises(PlanError, match="已办结"):
        attach(by=office.one, report=made, file_name="迟.pdf", content=io.BytesIO(b"x"))
    assert [path.name for path in path_of(kept).parent.iterdir()] == [path_of(kept).name]


def test_every_step_leaves_its_line(office: Office) -> None:
    made = office.finish(COUNTIES, office.east, "2023-11-01", at="2023-12-02", unit=EACH)
    undo(by=office.one, report=made, reason="不实")
    told = Entry.objects.filter(subject_kind="task").order_by("sequence").values_list("action", flat=True)
    assert list(told) == ["plan.reported", "plan.handed_up", "plan.confirmed", "plan.undone"]


class TestTheDatabaseItself:
    def act(self, report: Report, user: User, kind: str = Act.Kind.CONFIRM, **more: Any) -> Act:
        given = {"reporter": report.reported_by, "division_id": report.division_id, "reason": "因"}
        return Act.objects.create(report=report, user=user, kind=kind, **(given | more))

    def test_refuses_one_person_in_both_parts(self, office: Office) -> None:
        made = office.tell(office.east_one, COUNTIES, office.east, unit=EACH)
        wrong: list[dict[str, Any]] = [
            {"user": office.east_one},
            {"user": office.east_one, "reporter": office.one},
            {"user": office.one, "kind": Act.Kind.UNDO},
        ]
        for given in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                self.act(made, **given)
        self.act(made, office.one, Act.Kind.HAND_UP)
        with pytest.raises(IntegrityError), transaction.atomic():
            self.act(made, office.one)
        self.act(made, office.other)
        with pytest.raises(IntegrityError), transaction.atomic():
            self.act(made, office.other, Act.Kind.RETURN)

    def test_only_takes_new_rows(self, office: Office) -> None:
        made = office.finish(TOGETHER, office.top, "2023-11-01", at="2023-12-02")
        attached = Evidence.objects.create(report=made, file_name="a", size=1, sha256="0")
        seat = give_seat(by=office.one, user=office.finance, package=PACKAGE, unit="市财政局", division_id=office.top)
        ended = end_seat(by=office.one, seat=seat, last_day=day("2023-12-02"), reason="调离")
        called = Reminder.objects.create(
            package=PACKAGE.id, task=NOVEMBER, division_id=office.top, due=day("2023-11-30"), offset=1
        )
        for row in (made, made.acts.first(), attached, seat, ended, called):
            model = type(row)
            with pytest.raises(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=row.pk)._raw_delete("default")
            with pytest.raises(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(id=row.pk)
        assert {Seat, SeatEnd, Report, Evidence, Act, Reminder} == {
            type(row) for row in (made, made.acts.first(), attached, seat, ended, called)
        }
