"""Recording estates from a table: the whole file is read first, and nothing of it is written when a line is wrong."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, divisions_for
from songhe.common import clock
from songhe.common.text import say
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on
from songhe.facilities.models import Estate, FactRecord
from songhe.facilities.sheet import Fault, Reader, Row, columns_of
from songhe.intake.problems import FileRefused
from songhe.intake.readers import Table, format_of, open_table
from songhe.organisations.facts import counting

# Faults that are told of; who mends so many sends the file again.
TOLD = 200
# Rows that a request takes: more go in several files.
MOST = 5_000


@dataclass(frozen=True)
class Imported:
    """What a file did; with faults, nothing at all."""

    faults: tuple[Fault, ...] = ()
    rows: int = 0
    new: int = 0
    facts: int = 0


def import_estates(*, by: User, content: IO[bytes], file_name: str) -> Imported:
    """Estates that are not there yet are registered; facts that say nothing new leave no record.

    An estate is known by its community and name. Raises OutOfScope for who may record estates nowhere.
    """
    within = divisions_for(by, Action.ESTATE_WRITE)
    if not within:
        raise OutOfScope("您不能登记小区： You may record no estates.")
    held = content.read()
    try:
        rows, faults = _read(held, file_name, within)
    except FileRefused as refused:
        return Imported((Fault(refused.line, "", say(refused.zh, refused.en)),))
    if faults:
        return Imported(tuple(faults[:TOLD]))
    with transaction.atomic():
        return _write(by, rows, PurePath(file_name).name[:100], hashlib.sha256(held).hexdigest())


def _read(held: bytes, file_name: str, within: frozenset[int]) -> tuple[list[Row], list[Fault]]:
    def opener() -> IO[bytes]:
        return io.BytesIO(held)

    table = open_table(opener, format_of(file_name, opener))
    columns, faults = columns_of(table.shape.header)
    if faults:
        return [], faults
    read = list(_rows(table, Reader(columns, tree_on(), within, clock.today())))
    rows = [one for one in read if isinstance(one, Row)]
    wrong = [fault for one in read if not isinstance(one, Row) for fault in one]
    if not rows and not wrong:
        wrong = [Fault(None, "", say("文件里没有一行。", "There is no row in the file."))]
    if len(rows) > MOST:
        wrong.append(
            Fault(None, "", say(f"一次最多{MOST}行，请分成几份。", f"At most {MOST} rows: make several files."))
        )
    return rows, wrong


def _rows(table: Table, reader: Reader) -> Iterator[Row | list[Fault]]:
    for raw in table.rows():
        if raw.problem is not None:
            yield [Fault(raw.line, raw.problem.column, say(raw.problem.zh, raw.problem.en))]
        else:
            yield reader.read(raw.line, raw.cells)


def _write(by: User, rows: Sequence[Row], file_name: str, fingerprint: str) -> Imported:
    # One import at a time: two of the same file would register an estate twice.
    list(Division.objects.select_for_update().filter(pk__in={row.division for row in rows}).order_by("pk"))
    estates, new = _estates(by, rows)
    records = list(_records(by, rows, estates))
    FactRecord.objects.bulk_create(records, batch_size=500)
    details = {"file": file_name, "sha256": fingerprint, "rows": len(rows), "new": new, "facts": len(records)}
    append(
        user=by,
        action="estate.imported",
        subject_kind="estate",
        division=by.division_id or rows[0].division,
        details=details,
    )
    return Imported(rows=len(rows), new=new, facts=len(records))


def _estates(by: User, rows: Sequence[Row]) -> tuple[dict[tuple[int, str], Estate], int]:
    """The estates of the rows by community and name, made where there are none."""
    places = {row.division for row in rows}
    there = Estate.objects.filter(division__in=places, closed_on=None)
    found = {(one.division_id, one.name): one for one in there}
    lacking = [row for row in rows if (row.division, row.name) not in found]
    made = Estate.objects.bulk_create(
        [
            Estate(
                name=row.name,
                division_id=row.division,
                address=row.address[:200],
                began_on=row.began_on,
                recorded_by=by,
            )
            for row in lacking
        ],
        batch_size=500,
    )
    return found | {(one.division_id, one.name): one for one in made}, len(made)


def _records(by: User, rows: Sequence[Row], estates: dict[tuple[int, str], Estate]) -> Iterator[FactRecord]:
    """What the rows say that does not hold already on their day."""
    told: dict[int, list[FactRecord]] = {}
    known = FactRecord.objects.filter(estate__division__in={row.division for row in rows})
    for record in counting(known):
        told.setdefault(record.estate_id or 0, []).append(record)
    for row in rows:
        estate = estates[row.division, row.name]
        holding = {one.fact: one.value for one in told.get(estate.pk, ()) if one.valid_from <= row.valid_from}
        for fact, value in row.facts.items():
            if holding.get(fact) != value:
                yield FactRecord(
                    estate=estate,
                    fact=fact,
                    value=value,
                    valid_from=row.valid_from,
                    document=row.document,
                    recorded_by=by,
                )
