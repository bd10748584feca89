"""Taking lists of a run along: noted before the first row leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import Action, require, visible
from songhe.entitlement import differing
from songhe.entitlement.counties import counties_in
from songhe.entitlement.differing import Difference, Wanted
from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Job, MissingFact, Run
from songhe.entitlement.months import shown
from songhe.entitlement.work import missing_facts
from songhe.registry.domain.exporting import SHEET_LIMIT
from songhe.registry.models import CurrentPerson


def export_differences(*, user: User, run: Run, wanted: Wanted) -> list[Difference]:
    """The wanted lines of those whom the user may take along.

    Raises OutOfScope when the run is out of scope, RunError for more than a sheet takes.
    """
    rows = list(differing.every(run, user=user, wanted=wanted))
    within = CurrentPerson.objects.filter(pk__in={row.person.pk for row in rows})
    may = set(visible(within, user, Action.PERSON_EXPORT).values_list("pk", flat=True))
    rows = [row for row in rows if row.person.pk in may]
    _check(len(rows))
    append(
        user=user,
        action="run.exported",
        subject_kind="run",
        subject_id=str(run.public_id),
        division=run.county_id,
        details={"month": shown(run.month), "count": len(rows)},
    )
    return rows


def export_missing(*, user: User, division: int) -> Sequence[MissingFact]:
    """The missing facts of a division that a user may see, in their order. Raises RunError for too many."""
    rows = list(missing_facts(user, division=division).select_related("person__current", "run")[: SHEET_LIMIT + 1])
    _check(len(rows))
    append(
        user=user,
        action="missing.exported",
        subject_kind="division",
        subject_id=str(division),
        division=division,
        details={"count": len(rows)},
    )
    return rows


@dataclass(frozen=True)
class Simulated:
    """An item of a county (id) in a month (202610): people and fen under the package in force and the other."""

    county: int
    item: str
    month: int
    people: int
    people_then: int
    fen: int
    fen_then: int


def export_turned(*, user: User, job: Job) -> list[tuple[int, dict[str, Any]]]:
    """County (id) and figures of every row under another city's rules. Raises OutOfScope, and RunError as below."""
    require(user, Action.RUN_READ, job)
    if job.result is None:
        raise RunError("模拟结果已经删除，可以重新模拟。", "The figures are gone; it can be run again.")
    rows = [(one["county"], turned) for one in counties_in(job.result) for turned in one.get("turned", ())]
    _check(len(rows))
    _tell_exported(user, job, len(rows))
    return rows


def export_simulation(*, user: User, job: Job) -> list[Simulated]:
    """Every county, item and month of a simulation that is done. Raises OutOfScope, and RunError when it is gone."""
    require(user, Action.RUN_READ, job)
    if job.result is None:
        raise RunError("模拟结果已经删除，可以重新模拟。", "The figures are gone; it can be run again.")
    rows = [Simulated(one["county"], **cost) for one in counties_in(job.result) for cost in one["costs"]]
    rows.sort(key=lambda row: (row.item, row.month))
    order = {one["county"]: place for place, one in enumerate(counties_in(job.result))}
    rows.sort(key=lambda row: order[row.county])
    _check(len(rows))
    _tell_exported(user, job, len(rows))
    return rows


def _tell_exported(user: User, job: Job, number: int) -> None:
    append(
        user=user,
        action="run.simulation_exported",
        subject_kind="run",
        subject_id=str(job.public_id),
        division=job.county_id,
        details={"month": shown(job.month), "other": job.other, "count": number},
    )


def _check(number: int) -> None:
    if number > SHEET_LIMIT:
        raise RunError(
            f"共{number}行，超过表格的上限{SHEET_LIMIT}行，请缩小范围。",
            f"{number} rows are more than a sheet takes ({SHEET_LIMIT}): ask for fewer.",
        )
