"""What is measured, and in which order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.process import CACHE, openfisca, work

SIZES = (100_000, 1_000_000)
LARGEST = 10_000_000
FIGURES = ("cpu_s", "wall_s", "process_cpu_s", "peak_mib", "written_mib")


@dataclass(frozen=True)
class Task:
    """One measurement; `rounds` limits the slow ones."""

    name: str
    rules: str
    people: int
    measure: Callable[[], dict[str, Any]]
    rounds: int | None = None

    @property
    def key(self) -> str:
        return f"{self.rules} {self.people} {self.name}"


@dataclass
class Results:
    best: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    persons: dict[str, Any] = field(default_factory=dict)

    def add(self, task: Task, answer: dict[str, Any]) -> None:
        """Keeps the least time and the highest peak; totals that differ between rounds are wrong."""
        kept = self.best.setdefault(task.key, {"name": task.name, "rules": task.rules, "people": task.people})
        for figure in FIGURES:
            if figure in answer:
                keep = max if figure == "peak_mib" else min
                kept[figure] = keep(answer[figure], kept.get(figure, answer[figure]))
        kept["rounds"] = kept.get("rounds", 0) + 1
        if kept.setdefault("totals", answer.get("totals")) != answer.get("totals"):
            self.wrong.append(f"{task.key}: totals differ from round to round")

    def get(self, name: str, rules: str, people: int) -> dict[str, Any] | None:
        return self.best.get(f"{rules} {people} {name}")


def population(people: int) -> Path:
    return CACHE / f"people-{people}.parquet"


def sql_task(name: str, rules: str, people: int, rounds: int | None = None) -> Task:
    return Task(
        name,
        rules,
        people,
        lambda: work("sql", runner=name, rules=rules, population=population(people)),
        rounds,
    )


def openfisca_task(ages: str, people: int) -> Task:
    return Task(f"openfisca-{ages}", "rules12", people, lambda: openfisca(population(people), ages=ages))


def run_task(rules: str, people: int, rounds: int | None = None) -> Task:
    return Task("songhe run", rules, people, lambda: work("run", rules=rules, population=population(people)), rounds)


def synth_task(people: int, rounds: int | None = None) -> Task:
    return Task("synth", "", people, lambda: work("synth", people=people, population=population(people)), rounds)


def tasks(people: int, with_openfisca: bool, full: bool) -> list[Task]:
    """The comparisons on one population; the dense form is slow and measured less often."""
    is_large = people >= SIZES[-1]
    found = [sql_task(name, "rules12", people) for name in ("columns", "compiled", "compiled-entitled", "hand")]
    if with_openfisca:
        found += [openfisca_task(ages, people) for ages in ("tuned", "template")]
    found += [sql_task(name, "suizhou", people) for name in ("columns", "compiled")]
    found.append(sql_task("dense", "rules12", people, 1 if is_large else 2))
    if full or not is_large:
        found.append(sql_task("dense", "suizhou", people, 1))
    if is_large:
        found += [sql_task(name, "rules12", people, 2) for name in ("compiled-written", "hand-written")]
        found.append(run_task("suizhou", people, 2))
    return found


def largest_tasks() -> list[Task]:
    found = [sql_task(name, "rules12", LARGEST, 2) for name in ("columns", "compiled", "compiled-entitled", "hand")]
    found += [sql_task(name, "suizhou", LARGEST, 2) for name in ("columns", "compiled")]
    return [*found, run_task("suizhou", LARGEST, 1)]


def measure(found: list[Task], rounds: int, results: Results, say: Callable[[str], None]) -> None:
    """Round after round through all tasks, so that a busy minute does not fall on one of them alone."""
    for turn in range(1, rounds + 1):
        for task in found:
            if task.rounds is not None and turn > task.rounds:
                continue
            start = time.perf_counter()
            answer = task.measure()
            results.add(task, answer)
            say(
                f"  {turn}/{rounds}  {task.rules:8} {task.people:>10,}  {task.name:18}"
                f"{answer['cpu_s']:8.2f} CPU s {answer['peak_mib']:7.0f} MiB"
                f"  ({time.perf_counter() - start:.0f} s)"
            )
