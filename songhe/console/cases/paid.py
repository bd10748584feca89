"""Whether the month pays what a case is about without it: the case then only confirms."""

from __future__ import annotations

from songhe.casework.models import Case, Kind
from songhe.common.text import Text, say
from songhe.entitlement.months import shown
from songhe.entitlement.paying import needs_grant
from songhe.entitlement.queries import lines_of
from songhe.policy.package import Package
from songhe.policy.rhythm import rhythm


def comes_without(package: Package | None, item: str) -> bool:
    """Whether the run pays an item to whoever is entitled, with or without a case (免申即享)."""
    rule = None if package is None else package.rules.get(item)
    return rule is not None and rhythm(rule) is not None and not needs_grant(rule)


def paid_without(case: Case, package: Package | None) -> Text | None:
    """What to say of it in a case for a benefit; None where a case is needed, or it asks for something else."""
    if case.kind != Kind.BENEFIT or case.person_id is None or not comes_without(package, case.item):
        return None
    paid = lines_of(case.person_id).filter(item=case.item, fen__gt=0, run__state="accepted").first()
    if paid is None:
        return say(
            "本项免申即享：符合条件的随月度核定发放，不用申请。本件只作确认，不会因此重复发放。",
            "It comes without an application, with the monthly run. This case only confirms and pays nothing twice.",
        )
    month = shown(paid.month)
    return say(
        f"本项免申即享，已随月度核定发放（最近{month}）。本件只作确认，不会因此重复发放。",
        f"It comes without an application and is paid by the monthly run (last for {month}). "
        "This case only confirms and pays nothing twice.",
    )
