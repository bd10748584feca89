"""Asking for months to be counted in the background, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.entitlement.processes import left_behind, own
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Order
from songhe.indicators.packages import packages_for

# Nobody has been heard of for so long: dead, wherever it ran.
STALE = dt.timedelta(minutes=30)
MOST = 60
_TASK = "songhe.indicators.jobs.work_on"
MOVING = (Order.State.WAITING, Order.State.RUNNING)
_BROKEN = (
    "处理程序中断，已核算的月份有效，请重新开始。",
    "The worker broke off; months already counted hold: start again.",
)


def order(*, by: User, package: str, division: int, last: dt.date, months: int = 1) -> Order:
    """Months to be counted, one order of a division at a time. Raises OutOfScope and IndicatorError."""
    require_division(by, Action.INDICATOR_CONFIRM, division)
    mend()
    if last > clock.today() or not 1 <= months <= MOST:
        raise IndicatorError(f"请选择过去的1至{MOST}个月。", f"Choose 1 to {MOST} months that are over.")
    if package not in {one.id for one in packages_for(division, last)}:
        raise IndicatorError(f"政策包{package}不适用于此地。", f"The package {package} does not apply to the place.")
    try:
        with transaction.atomic():
            made = Order.objects.create(package=package, division_id=division, last=last, months=months, by=by)
            details = {"package": package, "count": months, "day": last}
            append(user=by, action="indicator.ordered", division=division, details=details)
    except IntegrityError:
        raise IndicatorError(
            "此地已有一次核算正在进行。", "Indicators of this place are being counted already."
        ) from None
    return made


def claim(made: Order) -> bool:
    """Whether it is this process's to do; it is nobody else's from then on."""
    waiting = Order.objects.filter(pk=made.pk, state=Order.State.WAITING)
    taken = waiting.update(state=Order.State.RUNNING, runner=own(), heartbeat=timezone.now())
    made.refresh_from_db()
    return bool(taken)


def note(made: Order, done: int) -> None:
    """So many months are counted."""
    running = Order.objects.filter(pk=made.pk, state=Order.State.RUNNING)
    running.update(done=done, heartbeat=timezone.now())


def end(made: Order, zh: str = "", en: str = "") -> None:
    """Done, or failed with what was wrong."""
    state = Order.State.FAILED if zh else Order.State.DONE
    _end(made, state=state, problem_zh=zh, problem_en=en)


def mend() -> int:
    """Ends what a dead process was at; the number of them."""
    dead = left_behind(Order.objects.all(), task=_TASK, stale=STALE)
    for one in dead:
        end(one, *_BROKEN)
    return len(dead)


def _end(made: Order, **values: Any) -> None:
    Order.objects.filter(pk=made.pk).update(**values, ended_at=timezone.now(), runner="")
    made.refresh_from_db()
