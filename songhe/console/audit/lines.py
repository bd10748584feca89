"""Lines of the trail as somebody asked for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from songhe.accounts.models import Entry, User
from songhe.accounts.queries import told, trail_for
from songhe.common.text import Text
from songhe.console.places import names_of

_SEVERAL = 200


@dataclass(frozen=True)
class Line:
    entry: Entry
    said: Text
    place: str


def wanted(viewer: User, asked: Mapping[str, Any]) -> QuerySet[Entry]:
    """The lines within reach that fit the filters `who`, `group`, `subject`, `first` and `last`."""
    found = trail_for(viewer)
    if who := asked.get("who"):
        found = found.filter(_by(who))
    if group := asked.get("group"):
        # The dot and what follows it in ASCII: a range, where LIKE would read every line.
        found = found.filter(action__gte=f"{group}.", action__lt=f"{group}/")
    if subject := asked.get("subject"):
        found = found.filter(subject_id=subject)
    if first := asked.get("first"):
        found = found.filter(at__gte=_midnight(first))
    if last := asked.get("last"):
        found = found.filter(at__lt=_midnight(last + dt.timedelta(days=1)))
    return found


def _by(who: str) -> Q:
    """A user by name; else a name in the line itself, as of a job or of somebody unknown at sign-in."""
    named = User.objects.filter(Q(username=who.lower()) | Q(display_name=who)).values_list("pk", flat=True)
    ids = list(named[:_SEVERAL])
    return Q(user_id__in=ids) if ids else Q(actor__icontains=who)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def lines(entries: Iterable[Entry]) -> list[Line]:
    shown = list(entries)
    names = names_of(entry.division_id for entry in shown)
    return [Line(entry, told(entry), names.get(entry.division_id, "")) for entry in shown]
