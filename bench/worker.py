"""`python -m bench.worker <job> …`: one measurement in a process of its own, answered as one line of JSON."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Any

from bench.measure import hand_back, measured

SEED = 1
AS_OF = dt.date(2026, 6, 30)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--runner", default="")
    parser.add_argument("--rules", default="rules12")
    parser.add_argument("--population", type=Path)
    parser.add_argument("--target", type=Path)
    parser.add_argument("--against", default="")
    parser.add_argument("--people", type=int, default=0)
    arguments = parser.parse_args()
    hand_back(JOBS[arguments.job](arguments))


def sql(arguments: argparse.Namespace) -> dict[str, Any]:
    """One statement: writing it and reading the Parquet file are in its time, loading the rules is not."""
    from bench import ruleset, statements

    rules = ruleset.load(arguments.rules)
    fen = rules.fen  # worked out from the package, as the rules are
    runner, limit = arguments.runner, statements.MEMORY_LIMITS.get(arguments.runner, statements.MEMORY_LIMIT)
    with statements.connect(limit) as connection:
        totals, figures = measured(lambda: statements.RUNNERS[runner](connection, rules, arguments.population))
    return {**figures, "totals": totals, "columns": len(fen)}


def synth(arguments: argparse.Namespace) -> dict[str, Any]:
    """A population in which 4 % died within the year before AS_OF."""
    from songhe.synth.population import synthesise

    dead = arguments.people // 25
    living = arguments.people - dead
    city = {"city": "qingtongxia", "seed": SEED, "as_of": AS_OF}
    _, figures = measured(
        lambda: synthesise(**city, people=living, deaths=dead, output=arguments.population)  # type: ignore[arg-type]
    )
    return figures


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """`songhe run` from the command's first line to its exit: check, decide, write, sum up."""
    from bench.ruleset import MONTHS, PACKAGES
    from songhe.cli.main import main as songhe

    folder = Path(tempfile.mkdtemp(dir=arguments.population.parent))
    command = ["run", "--policy", PACKAGES[arguments.rules], "--months", MONTHS, "--threads", "2"]
    command += ["--population", str(arguments.population), "--output", str(folder / "run")]
    try:
        _, figures = measured(lambda: songhe(command, standalone_mode=False))
        written = sum(path.stat().st_size for path in (folder / "run").iterdir())
    finally:
        shutil.rmtree(folder)
    return {**figures, "written_mib": written / 2**20}


def person(arguments: argparse.Namespace) -> dict[str, Any]:
    from bench.one_person import cities

    return {"cities": cities(arguments.population)}


def gaps(arguments: argparse.Namespace) -> dict[str, Any]:
    from bench.check import with_gaps

    with_gaps(arguments.population, arguments.target)
    return {}


def check(arguments: argparse.Namespace) -> dict[str, Any]:
    """Compares masks; what to compare with is named by --against."""
    from bench import check as comparison
    from bench import ruleset

    rules, against = ruleset.load(arguments.rules), arguments.against.split(",")
    masks = arguments.target if "openfisca" in against else None
    return {
        "differences": comparison.compare(
            rules, arguments.population, masks, hand="hand" in against, dense="dense" in against
        )
    }


JOBS = {"sql": sql, "synth": synth, "run": run, "person": person, "gaps": gaps, "check": check}

if __name__ == "__main__":
    main()
