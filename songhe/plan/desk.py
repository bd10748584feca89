"""What waits for somebody: reports to hand up, to confirm, and those that came back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, visible
from songhe.divisions.codes import TOWN
from songhe.divisions.queries import tree_on
from songhe.plan.models import Act, Report
from songhe.plan.packages import city_of
from songhe.plan.rules import BY_UNIT
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package

_SETTLED = (Act.Kind.CONFIRM, Act.Kind.RETURN)


def _had(*kinds: str) -> Exists:
    return Exists(Act.objects.filter(report=OuterRef("pk"), kind__in=kinds))


def to_settle(user: User) -> QuerySet[Report]:
    """Reports that the user may confirm or return: handed up to them, or made at their own city by somebody else."""
    confirms, tree = divisions_for(user, Action.PLAN_CONFIRM), tree_on()
    below = [node.id for node in tree if node.level <= TOWN and node.parent in confirms]
    handed = Q(_had(Act.Kind.HAND_UP), division_id__in=below)
    waiting = Report.objects.filter(~_had(*_SETTLED)).exclude(reported_by=user)
    for name in waiting.order_by().values_list("package", flat=True).distinct():
        city = _city(name)
        if city in confirms:
            handed |= Q(package=name, division_id=city)
    own_hands = Act.objects.filter(report=OuterRef("pk"), kind=Act.Kind.HAND_UP, user=user)
    return visible(waiting.filter(handed).exclude(Exists(own_hands)), user, Action.PLAN_CONFIRM)


def to_hand_up(user: User) -> QuerySet[Report]:
    """Reports of the user's own places that have gone no further yet."""
    own = divisions_for(user, Action.PLAN_REPORT, without=BY_UNIT)
    granted = {node.id for node in tree_on() if node.id in own and node.parent not in own}
    waiting = Report.objects.filter(~_had(Act.Kind.HAND_UP, *_SETTLED), division_id__in=granted)
    for name in waiting.order_by().values_list("package", flat=True).distinct():
        waiting = waiting.exclude(package=name, division_id=_city(name))
    return visible(waiting, user, Action.PLAN_REPORT)


def came_back(user: User) -> QuerySet[Report]:
    """The user's reports that were returned, or whose confirmation was undone, with none of them told anew since."""
    later = Report.objects.filter(
        package=OuterRef("package"),
        task=OuterRef("task"),
        division=OuterRef("division"),
        reported_by=user,
        pk__gt=OuterRef("pk"),
    )
    back = Report.objects.filter(_had(Act.Kind.RETURN, Act.Kind.UNDO), reported_by=user).exclude(Exists(later))
    return visible(back, user, Action.PLAN_READ)


def _city(package: str) -> int | None:
    try:
        city = city_of(load_package(package), tree_on())
    except (UnknownPackage, PackageError):
        return None
    return city.id if city else None
