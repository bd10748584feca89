"""What is printed at the end: what was done, refused and killed, and whether everything holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from soak import checks
from soak.bank import Bank
from soak.faults import Told
from soak.journal import Written, read

_SHOWN = 5


def check_all(home: Path, bank: Bank, heads: Sequence[tuple[int, str]]) -> dict[str, list[str]]:
    """The faults that each check finds; a check that breaks down is a fault too."""
    writes = read(home / "journals")
    every: dict[str, Callable[[], checks.Faults]] = {
        "no half-open transaction": checks.half_open,
        "ledger": checks.ledger,
        "monthly runs": checks.runs,
        "audit trail": lambda: checks.audit(heads),
        "current view": checks.projection,
        "bank and ledger": lambda: checks.bank(bank),
        "cases": checks.cases,
        "imports": checks.imports,
        "acknowledged writes": lambda: checks.acknowledged(writes),
    }
    return {name: _faults(check) for name, check in every.items()}


def _faults(check: Callable[[], checks.Faults]) -> list[str]:
    try:
        return list(check())
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def show(home: Path, told: Told, found: dict[str, list[str]], seconds: float) -> bool:
    """Prints the tables; whether all is well."""
    writes = read(home / "journals")
    print("\n".join(["", *_operations(writes, seconds), "", *_disturbances(told), "", *_checks(found)]))
    for name, faults in found.items():
        for fault in faults[:_SHOWN]:
            print(f"✗ {name}: {fault}")
    for line in told.died:
        print(f"✗ {line}")
    good = not told.died and not any(found.values())
    print("✓ 全部成立 Everything holds" if good else "✗ 有问题 Something does not hold")
    return good


def _operations(writes: Sequence[Written], seconds: float) -> list[str]:
    by_name: dict[str, list[Written]] = {}
    for one in writes:
        by_name.setdefault(one.operation, []).append(one)
    lines = [
        "| operation | asked | done | a minute | refused | no answer |",
        "| --- | ---: | ---: | ---: | --- | --- |",
    ]
    for name, ones in sorted(by_name.items()):
        done = sum(one.done is not None for one in ones)
        refused = Counter(why for one in ones for why in one.refused)
        unknown = Counter(why for one in ones for why in one.unknown)
        rate = done * 60 / seconds
        lines.append(f"| {name} | {len(ones)} | {done} | {rate:.0f} | {_counts(refused)} | {_counts(unknown)} |")
    return lines


def _disturbances(told: Told) -> list[str]:
    lines = ["| killed | times | seconds away |", "| --- | ---: | ---: |"]
    return lines + [
        f"| {name} | {times} | {told.downtime[name] or '–'} |" for name, times in sorted(told.kills.items())
    ]


def _checks(found: dict[str, list[str]]) -> list[str]:
    lines = ["| check | |", "| --- | --- |"]
    return lines + [
        f"| {name} | {f'**{len(faults)} faults**' if faults else 'holds'} |" for name, faults in found.items()
    ]


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{why} {number}" for why, number in counted.most_common()) or "–"
