"""The monthly run (月度核定): a county's month decided, with what it pays and takes back once it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import duckdb
import pyarrow as pa
from django.db import IntegrityError, transaction

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import Action, require_division
from songhe.divisions.queries import tree_on
from songhe.entitlement.accounted import load_accounted
from songhe.entitlement.basis import basis_of
from songhe.entitlement.deciding import Fresh, Setting, decide_month, decide_past
from songhe.entitlement.differences import LINES, OVERLAPS, load_decided, write_differences
from songhe.entitlement.domain.storing import store_found, store_missing
from songhe.entitlement.errors import RunError
from songhe.entitlement.figures import items_of, totals_of
from songhe.entitlement.files import folder_of, hashes, masks_of, placed, tidied, working
from songhe.entitlement.found import Row, found
from songhe.entitlement.grants import GRANTS, load_grants, whose_grants_differ, write_grants
from songhe.entitlement.guard import findings, guard
from songhe.entitlement.missing import load_missing
from songhe.entitlement.models import OPEN, Run, RunStep, State
from songhe.entitlement.months import shown
from songhe.entitlement.queries import last_accepted, overlapping_people
from songhe.entitlement.span import Span, span_of
from songhe.entitlement.touched import touched
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.registry.groups import all_groups
from songhe.registry.models import Transaction
from songhe.registry.snapshot import SnapshotError

# Told of each step as it begins: month, past, lines, missing, storing.
Report = Callable[[str], None]
_SETTINGS = {"memory_limit": "600MB", "threads": 2}


def _quiet(step: str) -> None:
    """For whoever does not wait for it."""


@dataclass(frozen=True)
class _Decided:
    """What a run has worked out in its folder, before any of it is stored."""

    span: Span
    fresh: Sequence[Fresh]
    again: int
    items: Sequence[Mapping[str, Any]]
    totals: Mapping[str, int]
    found: Sequence[Row]
    missing: pa.Table

    @property
    def people(self) -> int:
        return self.fresh[-1].people


def run_month(
    *,
    county: int,
    month: int,
    package: Package,
    by: User | None = None,
    accounts_from: int | None = None,
    report: Report = _quiet,
) -> Run:
    """Decides a month (202610) of a county (id) as known now, and the past months again for whom there is news.

    A first run says from which month money is accounted (its own); the months between are decided for everybody. The
    run waits to be accepted, or is held where the guard finds a reason. Raises RunError: another run of the county is
    open, the month lies before the last accepted one, or nobody's file lies in the county. A run that is killed
    leaves nothing.
    """
    if by is not None:
        require_division(by, Action.RUN_MAKE, county)
    refuse_open(county)
    base = last_accepted(county)
    span = span_of(month, base, accounts_from)
    known_in = Transaction.objects.order_by("-pk").first()
    code = _code_of(county, package, month)
    if known_in is None:
        raise RunError("尚无任何登记。", "Nothing has been recorded yet.")
    id = uuid4()
    name = f"{code}/{shown(month)}/{id.hex}"
    with working(name) as folder:
        setting = Setting(county, package, known_in.pk, all_groups(known_at=known_in.pk), folder)
        try:
            decided = _decide(setting, span, base, report)
        except SnapshotError as error:
            raise RunError(*_both(str(error))) from None
        report("storing")
        return _store(setting, decided, base=base, known_in=known_in, id=id, name=name, by=by)


def refuse_open(county: int) -> None:
    """Raises RunError while a run of the county waits to be accepted or withdrawn."""
    if Run.objects.filter(county=county, state__in=OPEN).exists():
        raise RunError(
            "本县已有一次核定未了结，请先采用或撤销。",
            "A run of this county is open: accept or withdraw it first.",
        )


def _code_of(county: int, package: Package, month: int) -> str:
    node = tree_on(day_of(package, month)).get(county)
    if node is None:
        raise RunError(f"{shown(month)} 没有该区划。", f"The division {county} does not exist in {shown(month)}.")
    return node.code


def _both(text: str) -> tuple[str, str]:
    zh, _, en = text.partition("： ")
    return zh + "。", en or text


def _decide(setting: Setting, span: Span, base: Run | None, report: Report) -> _Decided:
    report("month")
    fresh = [decide_month(setting, month) for month in span.fresh]
    with closing(duckdb.connect(config=_SETTINGS | {"temp_directory": str(setting.folder / "spill")})) as engine:
        load_grants(engine, setting.package, setting.groups, known_at=setting.known_at)
        write_grants(engine, setting.folder)
        report("past")
        again = decide_past(setting, span.past, _news(setting, base, engine), engine) if span.past else []
        report("lines")
        load_accounted(
            engine, setting.county, setting.groups, fresh=list(span.fresh), past=list(span.past), people=again
        )
        _load_codes(engine, setting.package, span.fresh)
        load_decided(engine, setting.package, fresh, span.past)
        write_differences(engine, setting.folder, setting.package, fresh, span.past)
        report("missing")
        load_missing(engine, setting.package, fresh[-1])
        before = masks_of(base) if base else None
        return _Decided(
            span=span,
            fresh=fresh,
            again=len(again),
            items=items_of(engine, setting.package, fresh[-1]),
            totals=totals_of(engine, str(setting.folder / LINES), str(setting.folder / OVERLAPS)),
            found=found(engine, setting.package, fresh[-1], before, setting.groups),
            missing=engine.sql("SELECT * FROM missing ORDER BY person_id, fact").to_arrow_table(),
        )


def _news(setting: Setting, base: Run | None, engine: duckdb.DuckDBPyConnection) -> list[int] | None:
    """Of whom the past is decided again; None: everybody, because what decides beside the facts has changed."""
    if base is None or base.basis != basis_of(setting.package) or GRANTS not in base.files:
        return None
    also = [*overlapping_people(base), *whose_grants_differ(engine, folder_of(base) / GRANTS, setting.groups)]
    return touched(since=base.known_in_id, until=setting.known_at, groups=setting.groups, also=also)


def _load_codes(engine: duckdb.DuckDBPyConnection, package: Package, months: Sequence[int]) -> None:
    rows = [(month, node.code, node.id) for month in months for node in tree_on(day_of(package, month))]
    month, code, id = zip(*rows, strict=True)
    engine.register("codes", pa.table({"month": month, "code": code, "id": id}))


def _store(
    setting: Setting,
    decided: _Decided,
    *,
    base: Run | None,
    known_in: Transaction,
    id: UUID,
    name: str,
    by: User | None,
) -> Run:
    """The row, the work lists and the folder, all of them or none."""
    package, own = setting.package, decided.fresh[-1]
    reasons = findings(
        guard(),
        people=decided.people,
        items=decided.items,
        totals=decided.totals,
        before=base.items if base else None,
    )
    tidied(setting.folder)
    try:
        with placed(name) as place, transaction.atomic():
            run = Run.objects.create(
                public_id=id,
                county_id=setting.county,
                month=own.month,
                package=package.id,
                package_hash=package.hash,
                basis=basis_of(package),
                known_in=known_in,
                base=base,
                accounts_from=decided.span.accounts_from,
                first=decided.span.first,
                folder=name,
                files=hashes(setting.folder),
                people=decided.people,
                again=decided.again,
                items=list(decided.items),
                findings=[finding.as_dict() for finding in reasons],
                state=State.HELD if reasons else State.DECIDED,
                made_by=by,
                **decided.totals,
            )
            _check_base(run)
            RunStep.objects.create(run=run, state=run.state, by=by)
            store_missing(run, decided.missing)
            store_found(run, decided.found)
            place(setting.folder)
            _tell(run, by)
    except IntegrityError:
        raise RunError(
            "本县同时有另一次核定，本次作废。", "Another run of this county was faster; this one left nothing."
        ) from None
    return run


def _check_base(run: Run) -> None:
    """Whoever accepted a run meanwhile changed what this one builds on."""
    last = last_accepted(run.county_id)
    if (last and last.pk) != run.base_id:
        raise RunError("其间采用了另一次核定，请重新核定。", "Another run was accepted meanwhile: run it again.")


def _tell(run: Run, by: User | None) -> None:
    append(
        user=by,
        action="run.held" if run.state == State.HELD else "run.decided",
        subject_kind="run",
        subject_id=str(run.public_id),
        division=run.county_id,
        details={
            "month": shown(run.month),
            "package": run.package,
            "package_hash": run.package_hash,
            "transaction": run.known_in_id,
            "people": run.people,
            "due": run.due_fen,
            "arrears": run.arrears_fen,
            "recoveries": run.recovery_fen,
            "findings": [finding["kind"] for finding in run.findings],
        },
    )
