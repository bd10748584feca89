"""What a run would pay and take back, before or after it is accepted: its own file of lines, with what was and is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from songhe.accounts.models import User
from songhe.accounts.scope import Action, require, visible
from songhe.entitlement.asking import rows_of
from songhe.entitlement.differences import LINES
from songhe.entitlement.files import folder_of
from songhe.entitlement.models import Run
from songhe.entitlement.months import shown
from songhe.registry.models import Person

_COLUMNS = ("person_id", "item", "month", "fen", "kind", "answer", "decided", "accounted")
_BLOCK = 1_000


def proposed(run: Run, *, user: User | None, with_due: bool = False) -> Iterator[dict[str, Any]]:
    """A row for each line in the user's scope (everybody's without one), in the order of people.

    person (public id), item, month (2026-10), fen (signed), kind, answer, decided and accounted (fen), and the clauses
    of the item. Without `with_due` only what concerns past months. Raises OutOfScope when the run is out of it.
    """
    if user is not None:
        require(user, Action.RUN_READ, run)
    clauses = {item["id"]: item["clauses"] for item in run.items}
    condition = "true" if with_due else "kind <> 'due'"
    sql = f"SELECT {', '.join(_COLUMNS)} FROM read_parquet(?) WHERE {condition} ORDER BY person_id, item, month"
    rows = rows_of(sql, [str(folder_of(run) / LINES)])
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        names = _public_ids([row[0] for row in block], user)
        for person, item, month, *rest in block:
            if person in names:
                values = dict(zip(_COLUMNS[3:], rest, strict=True))
                said = {"person": names[person], "item": item, "month": shown(month), **values}
                yield {**said, "clauses": clauses.get(item, [])}


def _public_ids(people: list[int], user: User | None) -> dict[int, str]:
    found = Person.objects.filter(pk__in=set(people))
    if user is not None:
        found = visible(found, user, Action.ENTITLEMENT_READ)
    return {person: str(public) for person, public in found.values_list("pk", "public_id")}
