"""A report is put together as known at a moment, frozen, and made again to the same byte."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.models import Role
from songhe.accounts.scope import OutOfScope
from songhe.common import clock
from songhe.entitlement.processes import own
from songhe.reports.content import Content, Table, hash_of
from songhe.reports.domain.making import make_report
from songhe.reports.domain.ordering import mend, order_proposal, order_report, work_off
from songhe.reports.errors import ReportError
from songhe.reports.models import Order, Report
from songhe.reports.period import Period, read_period
from tests.accounts.builders import holder
from tests.reports.conftest import MOMENT, MONTH, Told
from tests.reports.people import settle

pytestmark = pytest.mark.django_db


def table(report: Report, id: str) -> Table:
    content = Content.model_validate(report.content)
    return next(one for section in content.sections for one in section.tables if one.id == id)


def figures(report: Report, id: str, row: str) -> dict[str, object]:
    found = table(report, id)
    cells = next(one.cells for one in found.rows if one.id == row)
    return {column.id: value for column, value in zip(found.columns, cells, strict=True)}


@pytest.mark.parametrize(("text", "kind", "number"), [("2024-05", "month", 202405), ("2024年5月", "month", 202405),
                                                      ("202405", "month", 202405), ("2024", "year", 2024)])  # fmt: skip
def test_a_period_is_read_as_people_write_it(text: str, kind: str, number: int):
    assert read_period(text) == Period(kind, number)


def test_what_is_no_period_is_told():
    with pytest.raises(ReportError, match="2024-05"):
        read_period("2024-13")


def test_people_are_counted_by_age_and_place(told: Told):
    county = figures(told.report, "population", "990101")
    assert (county["total"], county["age60"], county["age80"], county["age90"]) == (148, 66, 25, 3)
    assert figures(told.report, "population", "990101002")["age80"] == 2
    assert figures(told.report, "ability", "990101")["ability-unknown"] == 148


def test_totals_are_those_of_their_parts(told: Told):
    found = table(told.report, "population")
    rows = {row.id: dict(zip((c.id for c in found.columns), row.cells, strict=True)) for row in found.rows}
    for one in found.sums:
        if one.axis == "rows":
            for column in one.columns:
                assert rows[one.total][column] == sum(int(str(rows[part][column])) for part in one.parts)
        else:
            assert all(row[one.total] == sum(int(str(row[part])) for part in one.parts) for row in rows.values())


def test_the_same_moment_gives_the_same_bytes_whatever_was_recorded_since(told: Told):
    with clock.standing_at(MOMENT + dt.timedelta(days=40)):
        settle("990101001001", 65, 2)
        settle("990101", 75, 1)
        again = make_report(by=told.ma, division=told.city.counties[0].pk, period=MONTH, known_at=MOMENT)
        assert again == told.report
        later = make_report(by=told.ma, division=told.city.counties[0].pk, period=MONTH)
    assert (later.version, told.report.version) == (2, 1)
    assert figures(later, "population", "990101")["total"] == 151
    assert figures(later, "population", "990101-rest")["total"] == 1
    assert hash_of(told.report.content) == told.report.hash


def test_while_the_month_runs_things_stand_as_on_the_day(told: Told):
    with clock.standing_at(dt.datetime(2024, 6, 10, 8, 0, tzinfo=clock.ZONE)):
        made = make_report(by=told.chen, division=told.city.towns[0].pk, period=read_period("2024-06"))
    assert made.content["as_of"] == "2024-06-10"


def test_a_period_to_come_and_a_place_out_of_reach_are_refused(told: Told):
    with clock.standing_at(MOMENT):
        with pytest.raises(ReportError, match="尚未开始"):
            make_report(by=told.chen, division=told.city.counties[0].pk, period=read_period("2024-07"))
        with pytest.raises(OutOfScope):
            make_report(by=told.chen, division=told.city.counties[1].pk, period=MONTH)


def test_nobody_changes_a_report(told: Told):
    for change in (lambda: Report.objects.update(hash="0"), lambda: Report.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_order_is_worked_off_once(told: Told):
    with clock.standing_at(MOMENT):
        town = told.city.towns[1].pk
        order = order_report(by=told.chen, division=town, period=MONTH)
        with pytest.raises(ReportError, match="正在编制"):
            order_report(by=told.ma, division=town, period=MONTH)
        work_off(order.pk)
        work_off(order.pk)
    order.refresh_from_db()
    assert order.state == Order.State.DONE
    assert order.report.division_id == town


def test_what_a_dead_process_was_at_is_ended_and_can_be_asked_for_again(told: Told):
    with clock.standing_at(MOMENT):
        order = order_report(by=told.chen, division=told.city.towns[1].pk, period=MONTH)
        Order.objects.filter(pk=order.pk).update(state="running", runner=own(), heartbeat=timezone.now())
        assert mend() == 0
        Order.objects.filter(pk=order.pk).update(runner=own().replace("-", "-9"))
        assert order_report(by=told.ma, division=told.city.towns[1].pk, period=MONTH).state == "waiting"
    order.refresh_from_db()
    assert order.state == Order.State.FAILED
    assert "重新开始" in order.problem_zh


def test_a_proposal_is_worked_out_in_the_background(told: Told):
    with clock.standing_at(MOMENT):
        order = order_proposal(by=told.chen, report=told.report)
        assert not told.report.publications.exists()
        work_off(order.pk)
        order.refresh_from_db()
        assert (order.state, told.report.publications.get().proposed_by) == (Order.State.DONE, told.chen)
        with pytest.raises(ReportError, match="已提请发布"):
            order_proposal(by=told.ma, report=told.report)
        with pytest.raises(OutOfScope):
            order_proposal(by=holder(Role.AUDITOR, told.city.counties[0], "auditor"), report=told.report)
