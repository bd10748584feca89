"""Recording estates and what is known of them: records are only ever added."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.common import clock
from songhe.divisions.models import Division, Level
from songhe.divisions.queries import tree_on
from songhe.facilities.errors import FacilityError
from songhe.facilities.facts import BOOKS, ESTATE, POOL, POOL_RECORDED
from songhe.facilities.models import Change, Estate, FactRecord, MakeUp, Pool, Retraction


def register(*, by: User, name: str, division: Division, began_on: dt.date, document: str, address: str = "") -> Estate:
    """A new estate of a community or village. Raises OutOfScope and FacilityError."""
    require_division(by, Action.ESTATE_WRITE, division.pk)
    name = named(name)
    documented(document)
    node = tree_on().get(division.pk)
    if node is None or node.level != Level.VILLAGE:
        raise FacilityError("所在区划须是社区（村）。", "An estate lies in a community or village.")
    if began_on > clock.today():
        raise FacilityError("起算日期不能在将来。", "It cannot begin in the future.")
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=division.pk)
        if Estate.objects.filter(division=division, name=name, closed_on=None).exists():
            raise FacilityError(f"此社区已登记{name}。", f"{name} of this community is recorded already.")
        made = Estate.objects.create(
            name=name, division=division, began_on=began_on, address=address.strip(), recorded_by=by
        )
        tell(by, "estate.registered", made, {"name": name, "document": document.strip()})
    return made


def rename(*, by: User, estate: Estate, name: str, on: dt.date, document: str) -> None:
    """Another name from a day on; the earlier ones stay in its history."""
    require(by, Action.ESTATE_WRITE, estate)
    name = named(name)
    with transaction.atomic():
        held = _held(estate, on, document)
        if Estate.objects.filter(division=held.division_id, name=name, closed_on=None).exists():
            raise FacilityError(f"此社区已登记{name}。", f"{name} of this community is recorded already.")
        _changed(by, held, Change.Kind.RENAMED, on, document)
        Estate.objects.filter(pk=held.pk).update(name=name)
        tell(by, "estate.renamed", held, {"from": held.name, "to": name, "document": document.strip()})
    estate.refresh_from_db()


def close(*, by: User, estate: Estate, on: dt.date, document: str) -> None:
    """It is no more (注销), as after demolition: from that day on it counts for nothing."""
    require(by, Action.ESTATE_WRITE, estate)
    with transaction.atomic():
        held = _held(estate, on, document)
        _changed(by, held, Change.Kind.CLOSED, on, document)
        Estate.objects.filter(pk=held.pk).update(closed_on=on, closed_at=clock.now())
        tell(by, "estate.closed", held, {"name": held.name, "on": on.isoformat(), "document": document.strip()})
    estate.refresh_from_db()


def record_fact(
    *, by: User, of: Estate | Pool, fact: str, value: Any, valid_from: dt.date, document: str
) -> FactRecord:
    """One fact of an estate or pool from a day on; None is unknown from then. Raises OutOfScope and FacilityError."""
    require(by, Action.ESTATE_WRITE, of)
    if isinstance(of, Pool) and fact not in POOL_RECORDED:
        raise FacilityError(
            "统筹配置的户数由成员小区得出，不能直接登记。", "The households of a pool follow from its members."
        )
    text = checked(of, fact, value, valid_from, document)
    with transaction.atomic():
        return write_fact(by=by, of=of, fact=fact, text=text, valid_from=valid_from, document=document)


def checked(of: Estate | Pool, fact: str, value: Any, valid_from: dt.date, document: str) -> str | None:
    """The text of a fact that may be recorded so. Raises FacilityError."""
    text = BOOKS[subject_of(of)].to_text(fact, value)
    documented(document)
    if valid_from > clock.today():
        raise FacilityError("起日不能在将来。", "A fact cannot begin in the future.")
    return text


def write_fact(
    *,
    by: User,
    of: Estate | Pool,
    fact: str,
    text: str | None,
    valid_from: dt.date,
    document: str,
    make_up: MakeUp | None = None,
) -> FactRecord:
    """Within a transaction: the record, and the line of the audit trail that tells of it."""
    made = FactRecord.objects.create(
        estate=of if isinstance(of, Estate) else None,
        pool=of if isinstance(of, Pool) else None,
        fact=fact,
        value=text,
        valid_from=valid_from,
        document=document.strip(),
        make_up=make_up,
        recorded_by=by,
    )
    label = BOOKS[subject_of(of)].fact(fact).label.zh
    tell(
        by,
        "estate.fact_recorded",
        of,
        {"name": of.name, "fact": label, "value": text, "from": valid_from.isoformat()},
    )
    return made


def retract(*, by: User, record: FactRecord, reason: str) -> None:
    """A record that should never have been (撤回). Raises FacilityError without a reason and for a second time."""
    of = record.estate or record.pool
    assert of is not None
    require(by, Action.ESTATE_WRITE, of)
    if not reason.strip():
        raise FacilityError("请填写事由。", "Give the reason.")
    with transaction.atomic():
        FactRecord.objects.select_for_update().get(pk=record.pk)
        if Retraction.objects.filter(record=record).exists():
            raise FacilityError("此记录已撤回。", "The record was retracted before.")
        Retraction.objects.create(record=record, reason=reason.strip(), user=by)
        label = BOOKS[subject_of(of)].fact(record.fact).label.zh
        tell(by, "estate.fact_retracted", of, {"name": of.name, "fact": label, "reason": reason.strip()})


def subject_of(of: Estate | Pool) -> str:
    return ESTATE if isinstance(of, Estate) else POOL


def named(name: str) -> str:
    if not (name := name.strip()):
        raise FacilityError("请填写名称。", "Give the name.")
    return name


def documented(document: str) -> None:
    if not document.strip():
        raise FacilityError("请填写依据。", "Give the document it rests on.")


def _held(estate: Estate, on: dt.date, document: str) -> Estate:
    """The estate, held until the transaction ends, if something may happen to it on a day."""
    documented(document)
    held = Estate.objects.select_for_update().get(pk=estate.pk)
    if held.closed_on is not None:
        raise FacilityError("此小区已注销。", "The estate was closed before.")
    if not held.began_on <= on <= clock.today():
        raise FacilityError("日期须在起算日与今天之间。", "The day lies between its beginning and today.")
    return held


def _changed(by: User, estate: Estate, kind: Change.Kind, on: dt.date, document: str) -> None:
    Change.objects.create(estate=estate, kind=kind, on=on, before=estate.name, document=document.strip(), user=by)


def tell(by: User, action: str, of: Estate | Pool, details: dict[str, object]) -> None:
    """The line of the audit trail about an estate or a pool: the last thing to do in a transaction."""
    append(
        user=by,
        action=action,
        subject_kind=subject_of(of),
        subject_id=str(of.public_id),
        division=of.division_id,
        details=details,
    )
