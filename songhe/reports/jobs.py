"""Reports in the background: put in the queue by a page, taken from it by the worker of imports."""

from __future__ import annotations

import logging

from django.db import transaction
from django_tasks import task

from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope
from songhe.reports.domain import making
from songhe.reports.models import Order
from songhe.reports.period import Period

_log = logging.getLogger("django.songhe.reports")


@transaction.atomic
def start(*, by: User, division: int, period: Period) -> Order:
    """As `songhe.reports.domain.making.order_report`, and into the queue."""
    order = making.order_report(by=by, division=division, period=period)
    work_on.enqueue(order.pk)
    return order


@task()
def work_on(order_id: int) -> None:
    """What the worker does."""
    try:
        making.work_off(order_id)
    except OutOfScope:
        making.end_failed(order_id, "您已没有这项权限。", "You may not do this any more.")
    except Exception as error:
        _log.error("report order %s broke down: %s", order_id, type(error).__name__)
        making.end_failed(order_id, "系统出错，请稍后重试或联系管理员。", "Something went wrong; try again later.")
