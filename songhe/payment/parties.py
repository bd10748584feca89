"""Who is paid (收款方): one number for a person or an organisation, so that both go the same way by the million.

A person (the survivor of merged files) is its own id, an organisation the negative of its id: ids are positive.
"""

from __future__ import annotations

from collections.abc import Iterable

Party = int

# The party of a claim `c` whose person, if it has one, is `p`.
PARTY_SQL = "coalesce(p.merged_into_id, p.id, -c.organisation_id)"


def of_organisation(organisation: int) -> Party:
    return -organisation


def person_of(party: Party) -> int | None:
    """The id of the Person; None for an organisation."""
    return party if party > 0 else None


def organisation_of(party: Party) -> int | None:
    """The id of the Organisation; None for a person."""
    return -party if party < 0 else None


def people_among(parties: Iterable[Party]) -> list[int]:
    """The ids of the people among them."""
    return [party for party in parties if party > 0]


def organisations_among(parties: Iterable[Party]) -> list[int]:
    """The ids of the organisations among them."""
    return [-party for party in parties if party < 0]
