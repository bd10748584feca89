"""Changing the divisions (区划变更): in scope, told to the trail, and the people's rows made right at once.

`songhe.divisions.domain` knows neither users nor people; whoever changes divisions for a user does it here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from songhe.accounts.actions import Action
from songhe.accounts.domain import audit
from songhe.accounts.models import Grant, User
from songhe.accounts.reach import reach
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.divisions.errors import DivisionError
from songhe.divisions.models import Division
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.registry.domain.division_orders import Order
from songhe.registry.models import CurrentPerson
from songhe.registry.projection import refresh


@dataclass(frozen=True)
class Affected:
    """A user whose reach a change would alter: divisions that come into it, and that fall out of it."""

    user: User
    gained: int
    lost: int


@dataclass(frozen=True)
class Preview:
    """What would follow: `divisions` changed, those below included, living `people` in them, users with another reach.

    `after` is what the divisions concerned would be from that day on, with their full names.
    """

    divisions: int
    people: int
    affected: tuple[Affected, ...]
    after: tuple[tuple[str, str], ...]


@transaction.atomic
def change_divisions(*, by: User, order: Order) -> None:
    """Make the change and everything that follows from it. Raises OutOfScope, DivisionError."""
    _require(by, order)
    nodes = [tree_on(order.on).get(one.pk) for one in order.changing]
    division = order.apply()
    refresh()
    _tell(by, order, division, [node for node in nodes if node])


@transaction.atomic
def preview_change(*, by: User, order: Order) -> Preview:
    """What would follow, found out by making the change and taking it back. Raises OutOfScope, DivisionError."""
    _require(by, order)
    before, about = tree_on(order.on), [one.pk for one in order.changing]
    touched = before.subtree(about)
    # A change of the past alters what somebody reaches from today on.
    day = max(order.on, clock.today())
    held = _reached(_grants(before, [*about, *(one.pk for one in order.receiving)], day), day)
    people, trees = living_in(touched), [tree_on(day)]
    made = order.apply()
    trees.append(tree_on(day))
    affected = tuple(_affected(held, trees, day))
    names = _after(before, tree_on(order.on), {*about, made.pk})
    transaction.set_rollback(True)
    return Preview(len(touched), people, affected, names)


def living_in(divisions: Iterable[int]) -> int:
    """How many living people have their home, or else their registration, in these divisions today."""
    ids = list(divisions)
    home = Q(residence_division_id__in=ids) | Q(residence_division=None, hukou_division_id__in=ids)
    return CurrentPerson.objects.filter(home).exclude(alive=False).count()


def _require(by: User, order: Order) -> None:
    concerned = {*order.changing, *order.receiving}
    if not concerned:
        raise DivisionError("请说明是哪个区划。", "Say which division it is about.")
    for one in concerned:
        require_division(by, Action.DIVISION_CHANGE, one.pk)
    if order.on > clock.today().replace(year=clock.today().year + 5):
        raise DivisionError("生效日太远，请核对年份。", "The day lies too far ahead; check the year.")


def _tell(by: User, order: Order, division: Division, before: list[Node]) -> None:
    node = tree_on(order.on).get(division.pk)
    first = before[0] if before else node
    audit.append(
        user=by,
        action=order.action,
        subject_kind="division",
        subject_id="" if first is None else first.code,
        division=division,
        details={
            "name": "" if first is None else first.name,
            "to": order.becomes,
            "on": order.on,
            "document": order.document,
            "divisions": [one.code for one in before],
        },
    )


Granted = list[tuple[int, dt.date]]


def _grants(tree: Tree, about: Iterable[int], day: dt.date) -> dict[User, Granted]:
    """What users hold on a day over these divisions, above them or below them."""
    there = [one for one in about if one in tree]
    near = {*tree.subtree(there), *(node.id for one in there for node in tree.path(one))}
    held = Grant.objects.filter(division_id__in=near, revoked_at=None, user__is_active=True, valid_from__lte=day)
    granted: dict[User, Granted] = {}
    for one in held.filter(Q(valid_to=None) | Q(valid_to__gte=day)).select_related("user").order_by("user__username"):
        granted.setdefault(one.user, []).append((one.division_id, one.valid_from))
    return granted


def _reached(granted: Mapping[User, Granted], day: dt.date) -> dict[User, tuple[Granted, frozenset[int]]]:
    return {user: (some, reach(some, day)) for user, some in granted.items()}


def _affected(
    held: Mapping[User, tuple[Granted, frozenset[int]]], trees: Iterable[Tree], day: dt.date
) -> Iterator[Affected]:
    before, after = trees
    for user, (granted, old) in held.items():
        new = reach(granted, day)
        # What the change makes or ends is the user's own as much as it was.
        gained = sum(1 for one in new - old if one in before)
        lost = sum(1 for one in old - new if one in after)
        if gained or lost:
            yield Affected(user, gained, lost)


def _after(before: Tree, after: Tree, about: set[int]) -> tuple[tuple[str, str], ...]:
    """The divisions concerned, and those that the change makes, as they will be."""
    new = {node.id for node in after} - {node.id for node in before}
    shown = [after.node(one) for one in about | new if one in after]
    return tuple((node.code, after.full_name(node.id)) for node in sorted(shown, key=lambda node: node.code))
