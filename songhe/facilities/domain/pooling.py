"""Estates that share a facility: founding a pool, and who belongs to it from which day to which."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.common import clock
from songhe.divisions.models import Division
from songhe.facilities.domain.registering import documented, named, tell
from songhe.facilities.errors import FacilityError
from songhe.facilities.models import Estate, Member, Pool


def found_pool(*, by: User, name: str, division: Division) -> Pool:
    """A pool without members yet; nobody is asked anything of it before it has some."""
    require_division(by, Action.ESTATE_WRITE, division.pk)
    name = named(name)
    with transaction.atomic():
        made = Pool.objects.create(name=name, division=division, recorded_by=by)
        tell(by, "pool.founded", made, {"name": name})
    return made


def join(*, by: User, pool: Pool, estate: Estate, valid_from: dt.date, document: str) -> Member:
    """An estate shares the pool's facility from a day on. Raises OutOfScope and FacilityError."""
    require(by, Action.ESTATE_WRITE, pool)
    require(by, Action.ESTATE_WRITE, estate)
    documented(document)
    with transaction.atomic():
        held = Estate.objects.select_for_update().get(pk=estate.pk)
        if held.closed_on is not None:
            raise FacilityError("此小区已注销。", "The estate was closed before.")
        if not held.began_on <= valid_from <= clock.today():
            raise FacilityError("起日须在小区起算日与今天之间。", "It joins between its beginning and today.")
        if overlapping := _overlapping(held, valid_from):
            raise FacilityError(
                f"{held.name}已在“{overlapping.pool.name}”统筹，请先终止。",
                f"{held.name} belongs to “{overlapping.pool.name}”; end that first.",
            )
        made = Member.objects.create(
            pool=pool, estate=held, valid_from=valid_from, document=document.strip(), recorded_by=by
        )
        details = {"pool": pool.name, "estate": held.name, "from": valid_from.isoformat()}
        tell(by, "pool.joined", pool, {**details, "document": document.strip()})
    return made


def leave(*, by: User, member: Member, on: dt.date, document: str) -> None:
    """The last day on which an estate belongs to a pool."""
    require(by, Action.ESTATE_WRITE, member.pool)
    documented(document)
    with transaction.atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        if held.ended_by_id is not None:
            raise FacilityError("已终止。", "It was ended before.")
        if not held.valid_from <= on <= clock.today():
            raise FacilityError("止日须在起日与今天之间。", "It ends between its beginning and today.")
        Member.objects.filter(pk=held.pk).update(
            valid_to=on, ended_by=by, ended_at=clock.now(), end_document=document.strip()
        )
        details = {"pool": held.pool.name, "estate": held.estate.name, "on": on.isoformat()}
        tell(by, "pool.left", held.pool, {**details, "document": document.strip()})


def _overlapping(estate: Estate, valid_from: dt.date) -> Member | None:
    members = Member.objects.filter(estate=estate).select_related("pool")
    return next((one for one in members if one.valid_to is None or one.valid_to >= valid_from), None)
