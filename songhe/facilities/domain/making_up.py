"""Making up what lacks (补足): planned by a way that the clause names, stated as done, confirmed by another person.

Only what was confirmed becomes a fact of the estate, and says where it comes from.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.common.text import Text
from songhe.facilities.domain.registering import documented, tell, write_fact
from songhe.facilities.errors import FacilityError
from songhe.facilities.facts import PREMISES, known_estates
from songhe.facilities.models import Estate, FactRecord, MakeUp
from songhe.organisations.facts import counting
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package


def ways_of(package: str, standard: str) -> tuple[Text, ...]:
    """The ways to make up that a standard's clause names; none where it names none."""
    try:
        found = load_package(package).standards.get(standard)
    except (UnknownPackage, PackageError):
        found = None
    if found is None:
        raise FacilityError(f"{package}没有标准{standard}。", f"{package} has no standard {standard}.")
    return tuple(found.make_up)


def plan(
    *,
    by: User,
    estate: Estate,
    package: str,
    standard: str,
    way: str,
    square_metres: Decimal,
    due: dt.date,
    document: str,
) -> MakeUp:
    """So many square metres by a way (its Chinese name) until a day. Raises OutOfScope and FacilityError."""
    require(by, Action.ESTATE_WRITE, estate)
    documented(document)
    names = [one.zh for one in ways_of(package, standard)]
    if way not in names:
        named = "、".join(names) or "无"
        raise FacilityError(
            f"条款没有写“{way}”。条款写明的方式：{named}。", f"The clause does not name “{way}”. It names: {named}."
        )
    _positive(square_metres)
    if due < clock.today():
        raise FacilityError("期限不能早于今天。", "It cannot be due before today.")
    with transaction.atomic():
        held = Estate.objects.select_for_update().get(pk=estate.pk)
        if held.closed_on is not None:
            raise FacilityError("此小区已注销。", "The estate was closed before.")
        made = MakeUp.objects.create(
            estate=held,
            package=package,
            standard=standard,
            way=way,
            square_metres=square_metres,
            due=due,
            document=document.strip(),
            planned_by=by,
        )
        details = {"name": held.name, "standard": standard, "way": way, "square_metres": str(square_metres)}
        tell(by, "estate.make_up_planned", held, {**details, "due": due.isoformat(), "document": document.strip()})
    return made


def state_done(*, by: User, make_up: MakeUp, on: dt.date, square_metres: Decimal, document: str) -> None:
    """It was done; counts for nothing until another confirms it, and may be stated anew until then."""
    require(by, Action.ESTATE_WRITE, make_up.estate)
    documented(document)
    _positive(square_metres)
    if not make_up.estate.began_on <= on <= clock.today():
        raise FacilityError(
            "完成日期须在小区起算日与今天之间。", "It was done between the estate's beginning and today."
        )
    with transaction.atomic():
        held = _open(make_up)
        MakeUp.objects.filter(pk=held.pk).update(
            done_on=on,
            done_square_metres=square_metres,
            done_document=document.strip(),
            done_by=by,
            done_at=clock.now(),
        )
        details = {"name": held.estate.name, "on": on.isoformat(), "square_metres": str(square_metres)}
        tell(by, "estate.make_up_stated", held.estate, {**details, "document": document.strip()})
    make_up.refresh_from_db()


def confirm(*, by: User, make_up: MakeUp) -> FactRecord:
    """Confirmed by somebody who did not state it: from its day on the estate has so much more.

    Raises FacilityError where what it had before is not known, or a later record of the premises speaks already.
    """
    require(by, Action.ESTATE_WRITE, make_up.estate)
    with transaction.atomic():
        held = _open(make_up)
        if held.done_on is None or held.done_square_metres is None:
            raise FacilityError("还没有填报完成。", "Nobody stated it as done yet.")
        if held.done_by_id == by.pk:
            raise FacilityError("完成由您填报，须由另一人复核。", "You stated it yourself; somebody else confirms it.")
        whole = _premises_before(held.estate, held.done_on) + held.done_square_metres
        MakeUp.objects.filter(pk=held.pk).update(confirmed_by=by, confirmed_at=clock.now())
        details = {"name": held.estate.name, "way": held.way, "square_metres": str(held.done_square_metres)}
        record = write_fact(
            by=by,
            of=held.estate,
            fact=PREMISES,
            text=f"{whole:f}",
            valid_from=held.done_on,
            document=held.done_document,
            make_up=held,
        )
        tell(by, "estate.make_up_confirmed", held.estate, {**details, "premises": f"{whole:f}"})
    make_up.refresh_from_db()
    return record


def give_up(*, by: User, make_up: MakeUp, reason: str) -> None:
    """The plan is given up (取消), with the reason; what was confirmed cannot be."""
    require(by, Action.ESTATE_WRITE, make_up.estate)
    if not reason.strip():
        raise FacilityError("请填写事由。", "Give the reason.")
    with transaction.atomic():
        held = _open(make_up)
        MakeUp.objects.filter(pk=held.pk).update(ended_by=by, ended_at=clock.now(), end_reason=reason.strip())
        tell(
            by,
            "estate.make_up_given_up",
            held.estate,
            {"name": held.estate.name, "way": held.way, "reason": reason.strip()},
        )
    make_up.refresh_from_db()


def _open(make_up: MakeUp) -> MakeUp:
    Estate.objects.select_for_update().get(pk=make_up.estate_id)
    held = MakeUp.objects.select_for_update().get(pk=make_up.pk)
    if held.confirmed_by_id is not None:
        raise FacilityError("此补足已复核。", "It was confirmed before.")
    if held.ended_by_id is not None:
        raise FacilityError("此补足计划已取消。", "The plan was given up before.")
    return held


def _premises_before(estate: Estate, on: dt.date) -> Decimal:
    later = counting(FactRecord.objects.filter(estate=estate, fact=PREMISES, valid_from__gt=on))
    if later.exists():
        raise FacilityError(
            "完成日期之后已另有面积记录。请核对：已含此次面积的，取消本计划；不含的，先撤回那条记录。",
            "A later record of the premises exists. If it includes this, give the plan up; otherwise retract it first.",
        )
    known = known_estates(Estate.objects.filter(pk=estate.pk), on)
    before = known[0].facts.get(PREMISES) if known else None
    if not isinstance(before, Decimal):
        raise FacilityError(
            "补足前的面积不详，请先登记养老服务用房面积（没有的记0）。",
            "What there was before is not known: record the care premises first, 0 where there are none.",
        )
    return before


def _positive(square_metres: Decimal) -> None:
    if square_metres <= 0:
        raise FacilityError("面积须大于零。", "The area must be more than zero.")
