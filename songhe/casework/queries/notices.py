"""What the public sees while a notice runs: a partly masked name, the village and the item. Never more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from songhe.casework.models import Case
from songhe.casework.queries.names import matter_of
from songhe.common.text import Text
from songhe.divisions.queries import tree_on


@dataclass(frozen=True)
class PublicNotice:
    """One line of a public notice. `case` is the public id, by which somebody objects."""

    case: str
    name: str
    village: str
    matter: Text
    since: dt.date
    until: dt.date


def public_notices(*, below: int, day: dt.date) -> list[PublicNotice]:
    """The notices that run on a day in a division (its id) and everything below it, oldest first."""
    tree = tree_on(day)
    running = Case.objects.filter(
        state="running",
        notice_from__lte=day,
        notice_to__gte=day,
        outcome="",
        division__in=tree.subtree([below]),
    ).select_related("person__current", "procedure")
    return [
        PublicNotice(
            case=str(case.public_id),
            name=_masked(_name(case)),
            village=node.name if (node := tree.get(case.division_id)) else "",
            matter=matter_of(case),
            since=case.notice_from,
            until=case.notice_to,
        )
        for case in running.order_by("notice_from", "pk")
    ]


def _name(case: Case) -> str:
    current = getattr(case.person, "current", None)
    return (current.name if current else None) or ""


def _masked(name: str) -> str:
    """`王**`: one character, so that two people of one village can be told apart by the item and not much more."""
    return name[:1] + "*" * (len(name) - 1)
