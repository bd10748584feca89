"""By what a claim was decided, in words: a run by its month, anything else by its reference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.entitlement.models import Run
from songhe.entitlement.months import month_of
from songhe.payment.models import Claim

_RUN = "run "


@dataclass(frozen=True)
class Decided:
    """`run` is the public id of the run for whoever may read it."""

    text: Text
    run: UUID | None = None


def decided_by(user: User, claims: Iterable[Claim]) -> dict[int, Decided]:
    """By claim, with as many queries for one as for many."""
    shown = list(claims)
    wanted = {id for one in shown if (id := _run_of(one))}
    months = dict(Run.objects.filter(public_id__in=wanted).values_list("public_id", "month"))
    reached = visible(Run.objects.filter(public_id__in=wanted), user, Action.RUN_READ)
    readable = set(reached.values_list("public_id", flat=True))
    return {one.pk: _decided(one, months, readable) for one in shown}


def _decided(claim: Claim, months: dict[UUID, int], readable: set[UUID]) -> Decided:
    run = _run_of(claim)
    if run is None or run not in months:
        return Decided(say(claim.reference, claim.reference))
    year, month = month_of(months[run])
    text = say(f"{year}年{month}月核定", f"run of {year}-{month:02}")
    return Decided(text, run if run in readable else None)


def _run_of(claim: Claim) -> UUID | None:
    if not claim.reference.startswith(_RUN):
        return None
    try:
        return UUID(claim.reference.removeprefix(_RUN).partition("/")[0])
    except ValueError:
        return None
