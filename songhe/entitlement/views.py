"""Decisions as rows: the masks of a run read month by month, and checked against the files they came from."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from songhe.decision.masks import TIER_MARK, VARIANT_MARK
from songhe.decision.population import RunRequest
from songhe.decision.population import run as decide_population
from songhe.entitlement.asking import columns_of, rows_of
from songhe.entitlement.deciding import PAST
from songhe.entitlement.files import folder_of, hashes, masks_of, sha256, snapshot_of
from songhe.entitlement.models import Run
from songhe.entitlement.months import month_of, months_from, shifted
from songhe.policy.package import Package

ANSWERS = "CASE WHEN {yes} THEN 'entitled' WHEN {unknown} THEN 'undetermined' ELSE 'not_entitled' END"


def fresh_months(run: Run) -> list[int]:
    """The months the run decided for everybody; its own is the last."""
    return sorted(int(path.parent.name) for path in folder_of(run).glob("*/decisions.parquet"))


def past_months(run: Run) -> list[int]:
    """The months it decided again, for those in `past.parquet`; bit i of its masks is the i-th of them."""
    return months_from(run.first, shifted(fresh_months(run)[0], -1))


def month_sql(run: Run, month: int) -> str:
    """A SELECT for DuckDB: id, item and answer of everybody the run decided for the month. ValueError for another."""
    if month in fresh_months(run):
        path = masks_of(run, month)
        return _rows(path, _items(path), 0, "true")
    past, path = past_months(run), folder_of(run) / PAST
    if month not in past or not path.is_file():
        raise ValueError(f"the run decided {run.first} to {run.month}, not {month}")
    step = past.index(month)
    return _rows(path, _items(path), step, f"(months >> {step}) & 1 = 1")


def answers(run: Run, person: int) -> list[tuple[int, str, str]]:
    """(month, item, answer) of everything the run decided for a person, in order."""
    rows: list[tuple[int, str, str]] = []
    for month in [*past_months(run), *fresh_months(run)]:
        if month in fresh_months(run) or (folder_of(run) / PAST).is_file():
            sql = f"SELECT item, answer FROM ({month_sql(run, month)}) WHERE id = {int(person)} ORDER BY item"
            rows += [(month, item, answer) for item, answer in rows_of(sql)]
    return rows


def _items(path: Path) -> list[str]:
    names = columns_of(path)
    marks = ("?", TIER_MARK, VARIANT_MARK)
    return [name for name in names if f"{name}?" in names and not any(mark in name for mark in marks)]


def _rows(path: Path, items: list[str], step: int, condition: str) -> str:
    parts = []
    for item in items:
        answer = ANSWERS.format(yes=f'("{item}" >> {step}) & 1 = 1', unknown=f'("{item}?" >> {step}) & 1 = 1')
        parts.append(f"SELECT id, '{item}' AS item, {answer} AS answer FROM read_parquet('{path}') WHERE {condition}")
    return " UNION ALL ".join(parts)


@dataclass(frozen=True)
class Fault:
    """A file of a run that does not hold: `kind` is missing, changed, added or decided_otherwise."""

    file: str
    kind: str


def verify(run: Run, package: Package) -> list[Fault]:
    """What is wrong with the files of a run: each is hashed again, and every month of everybody decided once more.

    The package must be the run's, by its hash: ValueError otherwise. Empty when all is well.
    """
    if package.hash != run.package_hash:
        raise ValueError(f"{package.id} is not the package of the run: its hash differs")
    now = hashes(folder_of(run))
    faults = [Fault(name, "missing") for name in run.files if name not in now]
    faults += [Fault(name, "added") for name in now if name not in run.files]
    faults += [Fault(name, "changed") for name in now if name in run.files and now[name] != run.files[name]]
    return faults or _decided_otherwise(run, package)


def _decided_otherwise(run: Run, package: Package) -> list[Fault]:
    with tempfile.TemporaryDirectory() as folder:
        faults = []
        for month in fresh_months(run):
            output = Path(folder) / str(month)
            decide_population(RunRequest(package, [month_of(month)], snapshot_of(run, month), output))
            name = f"{month}/decisions.parquet"
            if sha256(output / "decisions.parquet") != run.files[name]:
                faults.append(Fault(name, "decided_otherwise"))
        return faults
