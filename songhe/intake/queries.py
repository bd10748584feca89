"""Reading imports, for pages: within the scope of whoever asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.text import Text
from songhe.intake.domain.running import STALE
from songhe.intake.models import Import, State
from songhe.intake.problems import RowProblem
from songhe.intake.report import Report, Wrong, read_report
from songhe.registry.sources import precedence
from songhe.registry.sources.mapping import SourceMapping, mappings
from songhe.registry.vocabulary import label

STATES: Mapping[str, Text] = {
    State.RECEIVED: Text(zh="已接收", en="received"),
    State.CHECKED: Text(zh="已试导入", en="tried"),
    State.RUNNING: Text(zh="进行中", en="running"),
    State.DONE: Text(zh="已完成", en="done"),
    State.FAILED: Text(zh="未成功", en="failed"),
    State.CANCELLED: Text(zh="已取消", en="cancelled"),
}


@dataclass(frozen=True)
class Progress:
    """Where an import stands. `is_stalled`: whoever ran it is dead, and running it again goes on."""

    state: Text
    done: int
    total: int | None
    is_stalled: bool

    @property
    def percent(self) -> int | None:
        return None if not self.total else 100 * self.done // self.total


@dataclass(frozen=True)
class SourceGuide:
    """What a department may send: titles that must be there, and for every other fact the titles accepted."""

    source: str
    name: Text
    opens_files: bool
    required: Mapping[str, tuple[str, ...]]
    accepted: Mapping[str, tuple[str, ...]]


def imports_for(user: User) -> QuerySet[Import]:
    """Those within the user's reach, newest first, with who sent them and where they belong."""
    return visible(Import.objects.select_related("user", "division"), user, Action.IMPORT_RUN).order_by("-pk")


def import_of(user: User, public_id: uuid.UUID | str) -> Import | None:
    """One of them; None also for one out of reach."""
    return imports_for(user).filter(public_id=public_id).first()


def report_of(upload: Import) -> Report:
    """What the last trial or run found; empty before the first."""
    return read_report(upload.report)


def errors_of(upload: Import, *, after_line: int = 0, limit: int = 100) -> list[Wrong]:
    """What is wrong with the rows set aside, in the order of the file; for the next page, after the last line seen."""
    rows = upload.set_aside.filter(line__gt=after_line).order_by("line")[:limit]
    return [
        Wrong(row.line, problem.column, Text(zh=problem.zh, en=problem.en))
        for row in rows
        for problem in (RowProblem(*one) for one in row.problems)
    ]


def progress_of(upload: Import) -> Progress:
    return Progress(STATES[upload.state], upload.rows_done, upload.rows, is_stalled(upload))


def is_stalled(upload: Import) -> bool:
    return stalled().filter(pk=upload.pk).exists()


def stalled() -> QuerySet[Import]:
    """Imports whose runner has not been heard of for too long."""
    dead = Q(heartbeat=None) | Q(heartbeat__lt=timezone.now() - STALE)
    return Import.objects.filter(dead, state=State.RUNNING)


def source_name(source: str) -> Text:
    return precedence().names[source]


def guides() -> list[SourceGuide]:
    """Every department that sends files, with its columns: for a page that tells how to prepare one."""
    return [_guide(mapping) for mapping in mappings().values()]


def _guide(mapping: SourceMapping) -> SourceGuide:
    accepted: dict[str, tuple[str, ...]] = {}
    for title, column in mapping.columns.items():
        accepted[column.fact] = (*accepted.get(column.fact, ()), title)
    return SourceGuide(
        source=mapping.source,
        name=mapping.label,
        opens_files=mapping.opens_files,
        required={label(fact).zh: titles for fact, titles in mapping.required.items()},
        accepted={label(fact).zh: titles for fact, titles in accepted.items()},
    )
