"""For which units somebody speaks: those of their seats (单位席位)."""

from __future__ import annotations

from songhe.accounts.models import User
from songhe.plan.rules import seats_of


def units_of(user: User) -> frozenset[str]:
    return frozenset(unit for unit, _, _ in seats_of(user))
