"""People a run found entitled who never applied (主动发现): offered without a form, or invited, as the item says."""

from __future__ import annotations

from songhe.accounts.models import User
from songhe.accounts.scope import Action, require
from songhe.casework.domain.offers import Offered, offer_many
from songhe.casework.models import Case
from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Found, Run, State


def offer_found(*, run: Run, by: User) -> dict[str, Offered]:
    """A case for everybody newly entitled to an item that needs no application: item → what came of it.

    Left out is who ever had a case about the item, whatever became of it. Doing it twice opens no more. Raises RunError
    before the run is accepted, OutOfScope without the right.
    """
    require(by, Action.RUN_ACCEPT, run)
    if run.state != State.ACCEPTED:
        raise RunError("请先采用此次核定。", "Accept the run first.")
    found = Found.objects.filter(run=run, kind=Found.Kind.NEW).exclude(delivery="apply")
    return {
        item: offer_many(package=run.package, item=item, people=_never_asked(run, item))
        for item in found.order_by("item").values_list("item", flat=True).distinct()
    }


def _never_asked(run: Run, item: str) -> list[int]:
    people = Found.objects.filter(run=run, kind=Found.Kind.NEW, item=item).order_by("person")
    asked = Case.objects.filter(package=run.package, item=item, person__isnull=False).values("person")
    return list(people.exclude(person__in=asked).values_list("person", flat=True))
