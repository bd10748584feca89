"""Asking for a report, or for the proposal to publish one, worked on in the background, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.common import clock
from songhe.entitlement.processes import left_behind, own
from songhe.reports.domain.making import make_report
from songhe.reports.domain.publishing import propose, refuse_open
from songhe.reports.errors import ReportError
from songhe.reports.models import Order, Report
from songhe.reports.period import Period

# Nobody has been heard of for so long: dead, wherever it ran.
STALE = dt.timedelta(hours=2)
MOVING = (Order.State.WAITING, Order.State.RUNNING)
_TASK = "songhe.reports.jobs.work_on"
_BROKEN = ("处理程序中断，没有留下任何结果，请重新开始。", "The worker broke off and left nothing: start again.")


def order_report(*, by: User, division: int, period: Period) -> Order:
    """Ask for a report. Raises OutOfScope, and ReportError when one is being made."""
    require_division(by, Action.REPORT_MAKE, division)
    if period.first > clock.today():
        raise ReportError(f"{period.label.zh}尚未开始。", f"{period.label.en} has not begun.")
    return _ordered(by, Order.Work.MAKE, division, period)


def order_proposal(*, by: User, report: Report) -> Order:
    """Ask for what may be published of a report to be worked out and proposed. Raises OutOfScope and ReportError."""
    require(by, Action.REPORT_PUBLISH, report)
    refuse_open(report)
    return _ordered(by, Order.Work.PROPOSE, report.division_id, report.period, report=report)


def _ordered(by: User, work: str, division: int, period: Period, **more: Any) -> Order:
    mend()
    try:
        with transaction.atomic():
            return Order.objects.create(
                work=work, division_id=division, kind=period.kind, number=period.number, by=by, **more
            )
    except IntegrityError:
        raise ReportError(
            "此地此期的报告正在编制或核算，请稍候。",
            "A report of this place and period is being made or checked; wait for it.",
        ) from None


def work_off(order_id: int) -> None:
    """Do what was asked for; doing it twice does nothing."""
    mine = Order.objects.filter(pk=order_id, state=Order.State.WAITING)
    if not mine.update(state=Order.State.RUNNING, runner=own(), heartbeat=timezone.now()):
        return
    order = Order.objects.select_related("by", "report").get(pk=order_id)
    try:
        report = _done(order)
    except ReportError as error:
        end_failed(order_id, error.zh, error.en)
        return
    Order.objects.filter(pk=order_id).update(state=Order.State.DONE, report=report, runner="")


def _done(order: Order) -> Report:
    if order.work == Order.Work.MAKE:
        return make_report(by=order.by, division=order.division_id, period=order.period)
    assert order.report is not None
    propose(by=order.by, report=order.report)
    return order.report


def end_failed(order_id: int, zh: str, en: str) -> None:
    Order.objects.filter(pk=order_id).update(state=Order.State.FAILED, problem_zh=zh, problem_en=en, runner="")


def mend() -> int:
    """Ends what a dead process was at; the number of them."""
    dead = left_behind(Order.objects.all(), task=_TASK, stale=STALE)
    for one in dead:
        end_failed(one.pk, *_BROKEN)
    return len(dead)
