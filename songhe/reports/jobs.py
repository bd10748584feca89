"""Reports in the background: put in the queue by a page, taken from it by the worker of imports."""

from __future__ import annotations

import logging

from django.db import transaction
from django_tasks import task

from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope
from songhe.reports.domain import ordering
from songhe.reports.models import Order, Report
from songhe.reports.period import Period

_log = logging.getLogger("django.songhe.reports")


@transaction.atomic
def start(*, by: User, division: int, period: Period) -> Order:
    """As `songhe.reports.domain.ordering.order_report`, and into the queue."""
    return _queued(ordering.order_report(by=by, division=division, period=period))


@transaction.atomic
def start_proposal(*, by: User, report: Report) -> Order:
    """As `songhe.reports.domain.ordering.order_proposal`, and into the queue."""
    return _queued(ordering.order_proposal(by=by, report=report))


def _queued(order: Order) -> Order:
    work_on.enqueue(order.pk)
    return order


@task()
def work_on(order_id: int) -> None:
    """What the worker does."""
    try:
        ordering.work_off(order_id)
    except OutOfScope:
        ordering.end_failed(order_id, "您已没有这项权限。", "You may not do this any more.")
    except Exception as error:
        _log.error("report order %s broke down: %s", order_id, type(error).__name__)
        ordering.end_failed(order_id, "系统出错，请稍后重试或联系管理员。", "Something went wrong; try again later.")
