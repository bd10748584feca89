"""What the public sees while a notice runs: a partly masked name, the village and the item. Never more.

An institution's name is no secret: it stands in full.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from songhe.casework.models import Case
from songhe.casework.queries.names import matter_of
from songhe.casework.subjects import organisation_names
from songhe.common.text import Text
from songhe.divisions.queries import Tree, tree_on

_WITH = ("person__current", "person__merged_into__current", "procedure")


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
    running = _running(day).filter(division__in=tree.subtree([below])).select_related(*_WITH)
    found = list(running.order_by("notice_from", "pk"))
    organisations = organisation_names(found)
    return [_shown(case, tree, organisations) for case in found]


def public_notice(public_id: UUID, day: dt.date) -> PublicNotice | None:
    """The notice of one case; None when none of it runs on that day."""
    case = _running(day).filter(public_id=public_id).select_related(*_WITH).first()
    return None if case is None else _shown(case, tree_on(day), organisation_names([case]))


def notices_by_division(day: dt.date) -> dict[int, int]:
    """How many notices run on a day, by the id of the division that handles them."""
    rows = _running(day).order_by().values_list("division").annotate(number=Count("pk"))
    return dict(rows)


def _running(day: dt.date) -> QuerySet[Case]:
    return Case.objects.filter(state="running", notice_from__lte=day, notice_to__gte=day, outcome="")


def _shown(case: Case, tree: Tree, organisations: Mapping[int, str]) -> PublicNotice:
    return PublicNotice(
        case=str(case.public_id),
        name=organisations.get(case.pk) or _masked(_name(case)),
        village=node.name if (node := tree.get(case.division_id)) else "",
        matter=matter_of(case),
        since=case.notice_from,
        until=case.notice_to,
    )


def _name(case: Case) -> str:
    # A file that was merged is read as the one that stayed.
    person = case.person and (case.person.merged_into or case.person)
    current = getattr(person, "current", None)
    return (current.name if current else None) or ""


def _masked(name: str) -> str:
    """`王**`: one character, so that two people of one village can be told apart by the item and not much more."""
    return name[:1] + "*" * (len(name) - 1)
