"""Looking through the whole register for pairs, as it stands today."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from songhe.common.fieldcrypto import unseal
from songhe.linkage.blocking import find_pairs
from songhe.linkage.pairs import Pair
from songhe.linkage.rules import Identity
from songhe.registry.models import CurrentPerson

_COLUMNS = ("person_id", "name", "resident_id", "birth_date", "sex", "residence")
_BLOCK = 20_000


def everybody() -> Iterator[tuple[int, Identity]]:
    """Everybody who stands for themselves, as the rules read them. Numbers are opened in memory, and only there."""
    for person, name, sealed, *rest in CurrentPerson.objects.values_list(*_COLUMNS).iterator(chunk_size=_BLOCK):
        number = None if sealed is None else unseal("resident_id", sealed)
        yield person, Identity(name, number, *rest)


def search(*, progress: Callable[[int], None] | None = None) -> list[Pair]:
    """The pairs in the register that the rules call the same or likely."""
    return find_pairs(everybody(), progress=progress)
