"""Counting every computable indicator of a package for a division and all below it: whole or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.decision.figure import Reading
from songhe.divisions.queries import Tree, tree_on
from songhe.entitlement.files import hashes, placed, tidied, working
from songhe.indicators.domain.storing import Basis, store
from songhe.indicators.errors import IndicatorError
from songhe.indicators.measures.amounts import Amount, Asked, Occasion, Spread, asked_of, rolled_up
from songhe.indicators.measures.cases import count_cases
from songhe.indicators.measures.funds import count_funds
from songhe.indicators.measures.persons import count_people
from songhe.indicators.measures.places import count_places
from songhe.indicators.measures.things import count_things, things
from songhe.indicators.models import Computation
from songhe.policy.package import Package
from songhe.registry.models import Transaction
from songhe.registry.snapshot import LIVING, NobodyThere, write_snapshot

PERSON, THINGS = "person", ("institution", "estate", "estate_pool")
# Below settings.RUNS; who was counted, in each folder.
FOLDER, MEMBERS = "indicators", "members.parquet"


def compute(
    *,
    by: User | None,
    package: Package,
    division: int,
    day: dt.date,
    known: dt.datetime | None = None,
    snapshot: Path | None = None,
) -> tuple[Computation, bool]:
    """The computation, and whether it is new: what comes to the same as before adds nothing.

    `known` is the moment as known at which facts are read, now without one. A `snapshot` of everybody who lives in the
    division on the day saves writing one. `by` is None for the platform itself.
    Raises IndicatorError where nothing can be counted, and OutOfScope. What is killed half-way leaves nothing.
    """
    if by is not None:
        require_division(by, Action.INDICATOR_CONFIRM, division)
    if day > clock.today():
        raise IndicatorError("不能核算将来的日期。", "A day to come cannot be counted.")
    if division not in tree_on(day):
        raise IndicatorError(f"{day}没有该区划。", f"The division did not exist on {day}.")
    asked = list(asked_of(package))
    if not asked:
        raise IndicatorError(
            f"政策包{package.id}没有可由平台记录核算的指标。", f"No indicator of {package.id} is counted from records."
        )
    known_in = _last_transaction(known)
    occasion = Occasion(package, division, day, known)
    name = f"{FOLDER}/{tree_on(day).node(division).code}-{day}-{package.id}-{clock.now():%Y%m%dT%H%M%S%f}"
    with working(name) as folder:
        spreads, people = _people(asked, occasion, folder, snapshot, known_in)
        spreads |= _others(asked, occasion)
        tidied(folder)
        files = hashes(folder)
        found = _readings(spreads, asked, tree_on(day), division)
        basis = Basis(
            known_in=known_in,
            known_at=known or clock.now(),
            people=people,
            folder=name if files else "",
            files=files,
        )
        with placed(name) as place, transaction.atomic():
            made, is_new = store(by=by, package=package, division=division, day=day, found=found, basis=basis)
            if files and is_new:
                place(folder)
    return made, is_new


def _last_transaction(known: dt.datetime | None) -> int | None:
    recorded = Transaction.objects.all() if known is None else Transaction.objects.filter(at__lte=known)
    return recorded.order_by("-pk").values_list("pk", flat=True).first()


def _people(
    asked: Sequence[Asked], occasion: Occasion, folder: Path, snapshot: Path | None, known_in: int | None
) -> tuple[dict[str, Spread], int]:
    wanted = [one for one in asked if one.rule.subject == PERSON]
    if not wanted:
        return {}, 0
    nobody: dict[str, Spread] = {one.name: {} for one in wanted}
    if known_in is None:
        return nobody, 0
    try:
        path = snapshot or write_snapshot(
            county=occasion.division, valid_on=occasion.day, known_at=known_in, folder=folder, by=LIVING
        )
    except NobodyThere:
        return nobody, 0
    counted, people = count_people(wanted, occasion, path, folder / MEMBERS)
    if snapshot is None:
        path.unlink()
    return dict(counted), people


def _others(asked: Sequence[Asked], occasion: Occasion) -> dict[str, Spread]:
    """What is counted of no persons; each kind of thing is read once."""
    kinds = {one.rule.subject for one in asked}
    known = {subject: things(subject, occasion) for subject in THINGS if subject in kinds}
    counters: dict[str | None, Callable[[Asked, Occasion], Spread]] = {
        None: count_funds,
        "division": count_places,
        "case": count_cases,
        **{subject: lambda one, when, some=some: count_things(one, when, some) for subject, some in known.items()},
    }
    return {one.name: counters[one.rule.subject](one, occasion) for one in asked if one.rule.subject != PERSON}


def _readings(
    spreads: dict[str, Spread], asked: Iterable[Asked], tree: Tree, top: int
) -> dict[int, dict[str, Reading]]:
    """Division → indicator → reading, for the division and everything below it."""
    sides: dict[str, dict[str, Spread]] = {}
    for one in asked:
        own = spreads[one.name]
        # A fund is its own level's: it is not part of the one above, and where there is none nothing is known.
        whole = own if one.rule.kind == "fund" else rolled_up(own, tree, top)
        sides.setdefault(one.indicator, {})[one.side] = whole
    inside = [node.id for node in tree if tree.holds(top, node.id)]
    return {
        id: {indicator: _reading({side: whole.get(id) for side, whole in by_side.items()})
             for indicator, by_side in sides.items()}
        for id in inside
    }  # fmt: skip


def _reading(amounts: dict[str, Amount | None]) -> Reading:
    """Without a size of everything that counts, or may, nobody can say how much: no number then."""
    numerator, widest = _whole(amounts.get("numerator")), _whole(amounts.get("widest"))
    denominator = _whole(amounts.get("denominator"))
    most = widest or numerator
    return Reading(
        numerator=numerator.sure if numerator else None,
        denominator=denominator.sure if denominator else None,
        possible=_beyond(numerator, most),
        possible_denominator=_beyond(denominator, denominator),
    )


def _whole(amount: Amount | None) -> Amount | None:
    return None if amount is None or amount.possible is None else amount


def _beyond(sure: Amount | None, most: Amount | None) -> Fraction | None:
    """The number with everything unknown, where that is another one."""
    if sure is None or most is None or most.possible is None or most.possible == sure.sure:
        return None
    return most.possible
