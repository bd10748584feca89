"""What is being made or checked, as it stands; whoever looks ends what a dead process was at."""

from __future__ import annotations

from songhe.accounts.models import User
from songhe.reports.domain.ordering import MOVING, mend
from songhe.reports.models import Order, Report
from songhe.reports.queries import orders_for, proposals_for

_SHOWN = 10


def orders_of(viewer: User) -> list[Order]:
    """The newest of those that are not done."""
    found = list(orders_for(viewer)[:_SHOWN])
    if any(one.state in MOVING for one in found) and mend():
        found = list(orders_for(viewer)[:_SHOWN])
    return found


def proposal_of(viewer: User, report: Report) -> Order | None:
    """The last proposal to publish a report, until it is made."""
    last = proposals_for(viewer, report).first()
    if last is not None and last.state in MOVING and mend():
        last = proposals_for(viewer, report).first()
    return None if last is None or last.state == Order.State.DONE else last
