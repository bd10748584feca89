"""Where an import stands, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.intake.jobs import is_waiting
from songhe.intake.models import Import, State
from songhe.intake.queries import Progress, errors_of, is_stalled, progress_of, report_of, source_name
from songhe.intake.report import Report, Wrong

_OPEN = {State.RECEIVED, State.CHECKED, State.RUNNING, State.FAILED}


@dataclass(frozen=True)
class Standing:
    """`is_moving`: the page looks again by itself. What may be done next stands in `may_…`."""

    upload: Import
    source: Text
    progress: Progress
    report: Report
    figures: Sequence[tuple[Text, int]]
    is_waiting: bool
    is_moving: bool
    may_try: bool
    may_run: bool
    may_cancel: bool
    may_withdraw: bool


def standing_of(upload: Import) -> Standing:
    progress, report, waits = progress_of(upload), report_of(upload), is_waiting(upload)
    rests = not waits and (upload.state != State.RUNNING or progress.is_stalled)
    return Standing(
        upload=upload,
        source=source_name(upload.source),
        progress=progress,
        report=report,
        figures=_figures(upload, report),
        is_waiting=waits,
        is_moving=not rests,
        may_try=rests and upload.is_kept and upload.state in (State.RECEIVED, State.CHECKED),
        may_run=rests and upload.is_kept and _may_run(upload),
        may_cancel=upload.state in _OPEN,
        may_withdraw=rests and upload.is_kept,
    )


def _may_run(upload: Import) -> bool:
    """After a trial; or again, when a run was broken off or failed."""
    return upload.state in (State.CHECKED, State.FAILED) or is_stalled(upload)


def _figures(upload: Import, report: Report) -> list[tuple[Text, int]]:
    done = upload.state == State.DONE
    return [
        (say("行数", "Rows"), report.rows),
        (say("新建档案", "New files") if done else say("将新建档案", "Would be new files"), report.new),
        (say("有变化", "Changed") if done else say("将有变化", "Would change"), report.changed),
        (say("无变化", "Unchanged"), report.unchanged),
        (say("未导入", "Set aside") if done else say("不能导入", "Cannot be taken"), report.set_aside),
    ]


def wrong_with(upload: Import, after_line: int) -> Sequence[Wrong]:
    """What is wrong with the rows set aside, from a line on."""
    return errors_of(upload, after_line=after_line, limit=50)


def counts_of(uploads: Sequence[Import]) -> Mapping[int, Report]:
    return {upload.pk: report_of(upload) for upload in uploads}
