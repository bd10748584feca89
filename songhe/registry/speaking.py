"""For which sources somebody may record by hand: a village speaks for itself and for its people, a bureau for all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from songhe.accounts.models import Role, User
from songhe.accounts.queries import roles_of
from songhe.registry.sources import SETTLED, precedence

_NEAR_BY = ("community", "person")
_SPEAKS_FOR: Mapping[Role, tuple[str, ...] | None] = MappingProxyType(
    {
        # None: every source. A bureau enters what other departments send on paper.
        Role.CITY_BUREAU: None,
        Role.COUNTY_BUREAU: None,
        Role.TOWN_CLERK: _NEAR_BY,
        Role.VILLAGE_WORKER: _NEAR_BY,
    }
)


def sources_of(user: User) -> tuple[str, ...]:
    """The sources for which the user may record; what the user meets at the door stands first."""
    held = [_SPEAKS_FOR[role] for role in roles_of(user) if role in _SPEAKS_FOR]
    if not held:
        return ()
    if None in held:
        return (*_NEAR_BY, *(source for source in precedence().names if source not in (*_NEAR_BY, SETTLED)))
    return _NEAR_BY
