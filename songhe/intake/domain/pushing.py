"""Records that a department pushes: the rows of a file, without the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, may
from songhe.intake.memory import Memory, Repeated
from songhe.intake.planning import Planner, Status
from songhe.intake.problems import RowProblem
from songhe.intake.readers.jsonlines import row_of
from songhe.intake.report import Report
from songhe.intake.rows import Row, RowReader
from songhe.registry.domain.confirming import confirm
from songhe.registry.domain.facts import record_many
from songhe.registry.domain.writing import Author
from songhe.registry.models import Person
from songhe.registry.sets import take_turn
from songhe.registry.sources.mapping import mapping_for

MOST_RECORDS = 1_000


@dataclass(frozen=True)
class Pushed:
    """What became of one record; `person` is a public id, None when it was refused."""

    status: Status
    person: str | None
    problems: tuple[RowProblem, ...]


@transaction.atomic
def push(*, user: User, source: str, records: Sequence[Mapping[str, Any]]) -> tuple[list[Pushed], tuple[str, ...]]:
    """Record what can be recorded, all of it in one transaction: the outcomes in order, and titles not understood.

    Rules are those of a file. Raises OutOfScope, UnknownSource, and FileRefused when required columns are missing.
    """
    if not may(user, Action.IMPORT_RUN):
        raise OutOfScope("您无权导入： You may not import.")
    header = tuple(dict.fromkeys(title for record in records for title in record))
    reader = RowReader(mapping_for(source), header, today=timezone.localdate())
    rows = [_read(reader, line, record) for line, record in enumerate(records, 1)]
    repeated = Repeated(reader)
    for row in rows:
        repeated.see(list(row.cells))
    # Nobody may open a file for the same person between looking for them and writing.
    take_turn()
    plan = Planner(reader.mapping, user, Memory(repeated.found()), Report()).plan(rows)
    people: Sequence[int] = ()
    if plan.files:
        people = record_many(by=Author(user=user, source=source, batch="api"), files=plan.files).people
    confirm(source=source, on=timezone.localdate(), said=plan.repeated())
    ids = [one.person if one.file is None else people[one.file] for one in plan.outcomes]
    public = dict(Person.objects.filter(pk__in=filter(None, ids)).values_list("pk", "public_id"))
    results = [
        Pushed(one.status, str(public[id]) if id is not None else None, tuple(one.row.problems))
        for one, id in zip(plan.outcomes, ids, strict=True)
    ]
    return results, reader.unknown


def _read(reader: RowReader, line: int, record: Mapping[str, Any]) -> Row:
    raw = row_of(line, record, reader.header)
    if raw.problem is not None:
        return Row(line, raw.cells, problems=[raw.problem])
    return reader.read(line, raw.cells)
