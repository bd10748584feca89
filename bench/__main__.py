"""`python -m bench`: measure, compare, print one table, write results/latest.json."""

from __future__ import annotations

import argparse
import sys
import time

from bench import plan, report
from bench.equality import compare_masks, compare_totals
from bench.machine import describe
from bench.process import CACHE, OPENFISCA_PYTHON, ROOT, WorkerFailed, openfisca_version, work


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description="Songhe beside OpenFisca and SQL written by hand.")
    parser.add_argument("--full", action="store_true", help="also 10 million people (several minutes more)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the least of each figure counts")
    parser.add_argument("--without-openfisca", action="store_true", help="leave OpenFisca out")
    arguments = parser.parse_args()
    with_openfisca = not arguments.without_openfisca
    if with_openfisca and openfisca_version() is None:
        print(f"no openfisca-core: point {OPENFISCA_PYTHON} to a python that has it, or --without-openfisca")
        return 2
    try:
        return _bench(arguments.full, arguments.rounds, with_openfisca)
    except WorkerFailed as error:
        print(f"✗ {error}")
        return 1


def _bench(full: bool, rounds: int, with_openfisca: bool) -> int:
    CACHE.mkdir(exist_ok=True)
    start, results, machine = time.perf_counter(), plan.Results(), describe()
    sizes = (*plan.SIZES, plan.LARGEST) if full else plan.SIZES

    def say(line: str) -> None:
        print(f"{time.perf_counter() - start:5.0f} s {line}", flush=True)

    say("synthetic people")
    for size in sizes:
        plan.measure([plan.synth_task(size)], 2 if size == plan.SIZES[-1] else 1, results, say)
    say("are the results the same?")
    compare_masks(results, with_openfisca, say)
    for size in plan.SIZES:
        say(f"{size:,} people, 36 months")
        plan.measure(plan.tasks(size, with_openfisca, full), rounds, results, say)
        compare_totals(results, size)
    if full:
        say(f"{plan.LARGEST:,} people, 36 months")
        plan.measure(plan.largest_tasks(), 2, results, say)
        compare_totals(results, plan.LARGEST)
    say("one person in Python")
    results.persons = work("person", population=plan.population(plan.SIZES[0]))["cities"]
    bars = report.bars(results)
    path = report.save(results, machine, bars)
    print("\n" + ", ".join(f"{key} {value}" for key, value in machine.items()))
    print(f"\n{report.table(results)}\n\n{report.bar_lines(bars)}\n")
    print(f"{path.relative_to(ROOT)} · {time.perf_counter() - start:.0f} s")
    for line in results.wrong:
        print(f"✗ {line}")
    print("✗ the results differ" if results.wrong else "✓ all implementations gave the same results")
    return 1 if results.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
