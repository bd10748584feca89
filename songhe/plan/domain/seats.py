"""Who speaks for a unit (单位席位): given and ended by the bureau of the place."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, require_division
from songhe.common import clock
from songhe.divisions.queries import tree_on
from songhe.plan.errors import PlanError
from songhe.plan.models import Seat, SeatEnd
from songhe.plan.packages import city_of
from songhe.plan.rules import seats_on
from songhe.plan.undertakings import WHOLE, at
from songhe.policy.package import Package


def give_seat(
    *,
    by: User,
    user: User,
    package: Package,
    unit: str,
    division_id: int,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Seat:
    """The user speaks for a unit of the package at a place, from today without another day.

    Raises OutOfScope, and PlanError when the unit means no such place, the user may not report there, or has the seat.
    """
    require_division(by, Action.PLAN_CONFIRM, division_id)
    start, tree = valid_from or clock.today(), tree_on()
    city, node = city_of(package, tree), tree.get(division_id)
    if city is None or node is None or unit not in package.units or not _is_meant(package, unit, division_id):
        raise PlanError(
            f"文件中的“{unit}”不指这个区划。", f"The document does not mean this place when it says {unit}."
        )
    if by.pk == user.pk:
        raise PlanError("不能给自己指定席位。", "Nobody gives a seat to themselves.")
    if division_id not in divisions_for(user, Action.PLAN_REPORT):
        raise PlanError(
            "此用户在这里没有填报任务的角色，请先授予“责任单位”角色。",
            "The user may not report there yet: give the role of a department first.",
        )
    if valid_to is not None and valid_to < start:
        raise PlanError("止日早于起日。", "The last day lies before the first.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if seats_on(start).filter(user=user, unit=unit, city_id=city.id, division_id=division_id).exists():
            raise PlanError("此用户已有这个席位。", "The user has this seat already.")
        made = Seat.objects.create(
            user=user,
            unit=unit,
            city_id=city.id,
            division_id=division_id,
            valid_from=start,
            valid_to=valid_to,
            given_by=by,
        )
        _tell(by, "plan.seat_given", made, {"from": start.isoformat()})
    return made


def end_seat(*, by: User, seat: Seat, last_day: dt.date, reason: str) -> SeatEnd:
    """The seat is held up to that day and no longer. Raises PlanError without a reason or for a second time."""
    require_division(by, Action.PLAN_CONFIRM, seat.division_id)
    if not reason.strip():
        raise PlanError("请填写事由。", "Give the reason.")
    if seat.valid_to is not None and last_day > seat.valid_to:
        raise PlanError("不能晚于原定的最后一天。", "It cannot end later than it was given for.")
    with transaction.atomic():
        Seat.objects.select_for_update().get(pk=seat.pk)
        if SeatEnd.objects.filter(seat=seat).exists():
            raise PlanError("此席位已终止。", "The seat was ended before.")
        made = SeatEnd.objects.create(seat=seat, last_day=last_day, reason=reason.strip(), user=by)
        _tell(by, "plan.seat_ended", seat, {"on": last_day.isoformat(), "reason": reason.strip()})
    return made


def _is_meant(package: Package, unit: str, division_id: int) -> bool:
    """Whether some row of the package means the place by this name."""
    tree = tree_on()
    city, node = city_of(package, tree), tree.get(division_id)
    if city is None or node is None or not tree.holds(city.id, division_id):
        return False
    if package.units[unit].each is None:
        return node.id == city.id
    rows = (
        at(package, task, node, city, tree)
        for task in package.tasks.values()
        if unit in (*task.lead, *task.cooperating)
    )
    return any(row is not None and row.duty != WHOLE for row in rows)


def _tell(by: User, action: str, seat: Seat, details: dict[str, object]) -> None:
    append(
        user=by,
        action=action,
        subject_kind="user",
        subject_id=seat.user.username,
        division=seat.division_id,
        details={"unit": seat.unit, **details},
    )
