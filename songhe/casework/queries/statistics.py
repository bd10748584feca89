"""How long things take: steps ended in time and late, by kind and step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.casework.models import Act


@dataclass(frozen=True)
class Figure:
    """Steps of a kind of case that ended in the days asked for; `by_staff` leaves out what the platform did itself."""

    kind: str
    step: str
    ended: int
    late: int
    by_staff: int

    @property
    def on_time(self) -> int:
        return self.ended - self.late


def figures(user: User, *, since: dt.date, until: dt.date) -> list[Figure]:
    """Within the user's reach, both days included. A step is late when it ended after the day it was due."""
    ended = visible(Act.objects.filter(ends=True, on__gte=since, on__lte=until), user, Action.CASE_READ)
    rows = (
        ended.values("case__kind", "step")
        .annotate(
            ended=Count("pk"),
            late=Count("pk", filter=Q(on__gt=F("due_on"))),
            by_staff=Count("pk", filter=Q(user__isnull=False)),
        )
        .order_by("case__kind", "step")
    )
    return [Figure(row["case__kind"], row["step"], row["ended"], row["late"], row["by_staff"]) for row in rows]
