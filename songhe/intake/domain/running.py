"""Trying an import and running it.

The whole file is read once before anything is written, and one that is cut off, has the wrong columns or not the rows
that were announced is refused as a whole. Then rows are written in blocks, each with its position in one transaction.
A file of up to one block (20,000 rows, on SQLite 2,000) is therefore written entirely or not at all. Of a longer one, a
process that is killed leaves the blocks it has finished, and running it again goes on after the last of them: nobody is
recorded twice, and the file is never left half-done without the import saying so.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common.text import Text
from songhe.intake.checking import Checked, check
from songhe.intake.domain.receiving import same_before, tell
from songhe.intake.memory import Memory
from songhe.intake.models import Block, Import, SetAside, State
from songhe.intake.planning import Plan, Planner
from songhe.intake.problems import FileRefused
from songhe.intake.report import Report, read_report
from songhe.intake.rows import Row
from songhe.registry.domain.confirming import confirm
from songhe.registry.domain.facts import record_many
from songhe.registry.domain.writing import Author
from songhe.registry.sets import take_turn

BLOCK = 20_000
# Nobody else writes to SQLite meanwhile, and they give up after ten seconds.
SQLITE_BLOCK = 2_000
# A run that has not been heard of for so long is dead, and another one may go on.
STALE = dt.timedelta(minutes=5)
Progress = Callable[[int, int], None]


class Busy(RuntimeError):
    """The import is being run by somebody else, or has ended."""


def preview(*, user: User, upload: Import, progress: Progress | None = None) -> Report:
    """What running the import would do, as things stand now. The register is not touched.

    A file that is refused has its reason in the report. Raises OutOfScope, and Busy for an import that has begun.
    """
    require(user, Action.IMPORT_RUN, upload)
    with _claimed(upload, frozenset({State.RECEIVED, State.CHECKED})) as runner:
        report, state = Report(), State.CHECKED
        try:
            _preview(user, upload, runner, report, progress)
        except FileRefused as refused:
            report.refused, state = Text(zh=refused.zh, en=refused.en), State.FAILED
        _end(upload, runner, user, "import.previewed", state, report)
    return report


def _preview(user: User, upload: Import, runner: uuid.UUID, report: Report, progress: Progress | None) -> None:
    checked = check(upload)
    report.unknown_columns, report.same_as = list(checked.reader.unknown), _same_as(upload)
    planner = Planner(checked.mapping, user, Memory(checked.repeated), report)
    _note_rows(upload, checked)
    SetAside.objects.filter(upload=upload).delete()
    for rows in _blocks(checked.read()):
        plan = planner.plan(rows)
        with transaction.atomic():
            _hold(upload, runner)
            _set_aside(upload, plan)
        _tell_progress(progress, report.rows, checked.rows)


def run(*, user: User, upload: Import, progress: Progress | None = None) -> Report:
    """Write what can be written, and set aside the rest; an import that was broken off goes on where it stopped.

    A file that is refused has its reason in the report. Raises OutOfScope, and Busy while somebody else runs it.
    """
    require(user, Action.IMPORT_RUN, upload)
    with _claimed(upload, frozenset({State.RECEIVED, State.CHECKED, State.FAILED})) as runner:
        Import.objects.filter(pk=upload.pk).update(run_by=user)
        try:
            report, state = _run(user, upload, runner, progress), State.DONE
        except FileRefused as refused:
            report, state = read_report(upload.report), State.FAILED
            report.refused = Text(zh=refused.zh, en=refused.en)
        _end(upload, runner, user, "import.finished", state, report)
    return report


def broke_down(upload: Import) -> None:
    """Say that a run ended by an error of ours; it can be run again and then goes on."""
    report = read_report(upload.report)
    report.refused = Text(
        zh="处理中出现内部错误，可再次运行；仍不成功请联系技术人员",
        en="an internal error; run it again, and tell the technicians when it fails again",
    )
    Import.objects.filter(pk=upload.pk, state=State.RUNNING).update(
        state=State.FAILED, report=report.written(), runner=None, finished_at=timezone.now()
    )


def _run(user: User, upload: Import, runner: uuid.UUID, progress: Progress | None) -> Report:
    checked = check(upload)
    begun = upload.rows_done > 0
    report = read_report(upload.report) if begun else Report()
    report.unknown_columns, report.same_as, report.refused = list(checked.reader.unknown), _same_as(upload), None
    planner = Planner(checked.mapping, user, Memory(checked.repeated), report)
    if not begun:
        SetAside.objects.filter(upload=upload).delete()
    _note_rows(upload, checked)
    rows = checked.read()
    planner.skip(islice(rows, upload.rows_done))
    author = Author(user=user, source=upload.source, batch=str(upload.public_id), codes_on=upload.codes_on)
    for block in _blocks(rows):
        _write(upload, runner, author, planner, block)
        _tell_progress(progress, upload.rows_done, checked.rows)
    return report


def _write(upload: Import, runner: uuid.UUID, author: Author, planner: Planner, rows: Sequence[Row]) -> None:
    """A block, all of it or nothing, and that it is done."""
    with transaction.atomic():
        _hold(upload, runner)
        # Nobody may open a file for the same person between looking for them and writing.
        take_turn()
        plan = planner.plan(rows)
        done = upload.rows_done + len(rows)
        _set_aside(upload, plan)
        block = Block.objects.create(upload=upload, first_row=upload.rows_done + 1, last_row=done)
        Import.objects.filter(pk=upload.pk).update(
            rows_done=done, report=planner.report.written(), heartbeat=timezone.now()
        )
        if plan.files:
            recorded = record_many(by=author, files=plan.files)
            Block.objects.filter(pk=block.pk).update(transaction=recorded.transaction)
        confirm(source=upload.source, on=timezone.localdate(), said=plan.repeated())
    upload.rows_done = done


@contextmanager
def _claimed(upload: Import, free: frozenset[str]) -> Iterator[uuid.UUID]:
    """The import as this runner's own; when it fails, whoever comes next may take it over at once."""
    runner = _claim(upload, free)
    try:
        yield runner
    except BaseException:
        Import.objects.filter(pk=upload.pk, runner=runner).update(heartbeat=None)
        raise


def _claim(upload: Import, free: frozenset[str]) -> uuid.UUID:
    """Make the import this runner's own. Raises Busy unless it is free, or its runner is dead.

    Only a run, which may go on after a failure, takes up what has been written in part.
    """
    runner, now = uuid.uuid4(), timezone.now()
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=upload.pk)
        is_dead = held.state == State.RUNNING and (held.heartbeat is None or held.heartbeat < now - STALE)
        if not (held.state in free or is_dead) or (held.rows_done and State.FAILED not in free):
            raise Busy(f"导入正在进行或已结束： The import is {held.state}.")
        Import.objects.filter(pk=upload.pk).update(
            state=State.RUNNING, runner=runner, heartbeat=now, started_at=held.started_at or now, finished_at=None
        )
    upload.refresh_from_db()
    return runner


def _hold(upload: Import, runner: uuid.UUID) -> None:
    """Raises Busy when the import was cancelled or taken over meanwhile; nobody can until the transaction ends."""
    held = Import.objects.filter(pk=upload.pk, state=State.RUNNING, runner=runner)
    if not held.update(heartbeat=timezone.now()):
        raise Busy("导入已被取消，或由别处继续： The import was cancelled, or goes on elsewhere.")


@transaction.atomic
def _end(upload: Import, runner: uuid.UUID, user: User, action: str, state: str, report: Report) -> None:
    _hold(upload, runner)
    Import.objects.filter(pk=upload.pk).update(
        state=state, report=report.written(), runner=None, finished_at=timezone.now()
    )
    upload.refresh_from_db()
    details = {"rows": report.rows, "count": report.new + report.changed, "set_aside": report.set_aside}
    tell(user, action, upload, details)


def _note_rows(upload: Import, checked: Checked) -> None:
    Import.objects.filter(pk=upload.pk).update(rows=checked.rows, heartbeat=timezone.now())


def _same_as(upload: Import) -> str:
    before = same_before(upload)
    return "" if before is None else str(before.public_id)


def _set_aside(upload: Import, plan: Plan) -> None:
    SetAside.objects.bulk_create(
        SetAside(upload=upload, line=one.row.line, problems=[list(problem) for problem in one.row.problems])
        for one in plan.outcomes
        if one.status == "refused"
    )


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Blocks of rows, each read while the database is busy with the one before it."""

    size = BLOCK if connection.vendor == "postgresql" else min(BLOCK, SQLITE_BLOCK)

    def read() -> list[Row]:
        return list(islice(rows, size))

    with ThreadPoolExecutor(1, "songhe-rows") as reader:
        coming = reader.submit(read)
        while block := coming.result():
            coming = reader.submit(read)
            yield block


def _tell_progress(progress: Progress | None, done: int, total: int) -> None:
    if progress:
        progress(done, total)
