"""`python -m bench.linkage`: planted duplicates, found or not; precision, recall per kind of fault, and time."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.machine import describe
from bench.process import CACHE, ROOT
from songhe.linkage.blocking import Pair, find_pairs
from songhe.linkage.rules import Identity, Kind
from songhe.synth.dirt import DirtyCopy, Lookalike, dirty_copies, lookalikes
from songhe.synth.population import synthesise

CITY, SEED = "qingtongxia", 11
PEOPLE, COPIES, ALIKE = 300_000, 20_000, 20_000
IDENTITY = ["id", "name", "resident_id", "birth_date", "sex", "residence"]
PRECISION, RECALL = 0.999, 0.985


@dataclass(frozen=True)
class Planted:
    """A register in which some people stand twice: rows by number, and which pairs of them are one person."""

    rows: Sequence[Mapping[str, Any]]
    copies: Sequence[DirtyCopy]
    true: Mapping[tuple[int, int], str]
    alike: Mapping[tuple[int, int], str]


def plant(people: int, copies: int, alike: int, seed: int, folder: Path) -> Planted:
    path = folder / f"linkage-{CITY}-{people}.parquet"
    synthesise(city=CITY, seed=seed, people=people, output=path)
    table = pq.read_table(path, columns=IDENTITY)
    dirty: list[DirtyCopy] = dirty_copies(table, count=copies, seed=seed)
    others: list[Lookalike] = lookalikes(table, count=alike, seed=seed)
    rows = [*_rows(table), *(copy.row for copy in dirty), *(other.row for other in others)]
    number = {row["id"]: at for at, row in enumerate(rows)}
    return Planted(
        rows,
        dirty,
        {(number[copy.copy_of], number[copy.row["id"]]): copy.kind for copy in dirty},
        {(number[other.like], number[other.row["id"]]): other.kind for other in others},
    )


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in table.to_batches(max_chunksize=50_000):
        yield from batch.to_pylist()


def identities(planted: Planted) -> Iterator[tuple[int, Identity]]:
    for at, row in enumerate(planted.rows):
        yield at, Identity(**{name: row[name] for name in IDENTITY[1:]})


def measure(planted: Planted, pairs: Sequence[Pair]) -> dict[str, Any]:
    """`same` is what the rules call the same; `asked` what they put before a person.

    Precision is the share of `same` pairs that are one person. Recall is the share of planted pairs found as same or
    asked; recall of the rules alone counts `same` only.
    """
    same = {(pair.one, pair.other) for pair in pairs if pair.verdict.kind is Kind.SAME}
    asked = {(pair.one, pair.other) for pair in pairs if pair.verdict.kind is Kind.LIKELY}
    kinds = Counter(planted.true.values())
    alone = Counter(kind for pair, kind in planted.true.items() if pair in same)
    found = Counter(kind for pair, kind in planted.true.items() if pair in same | asked)
    return {
        "precision": len(same & planted.true.keys()) / len(same) if same else 1.0,
        "recall": found.total() / kinds.total(),
        "recall_of_rules_alone": alone.total() / kinds.total(),
        "same": len(same),
        "wrongly_same": len(same - planted.true.keys()),
        "asked": len(asked),
        "asked_in_vain": len(asked - planted.true.keys()),
        "lookalikes_called_same": Counter(kind for pair, kind in planted.alike.items() if pair in same),
        "lookalikes_asked": Counter(kind for pair, kind in planted.alike.items() if pair in asked),
        "kinds": {
            kind: {"planted": number, "same": alone[kind] / number, "found": found[kind] / number}
            for kind, number in kinds.items()
        },
    }


def run(people: int, copies: int, alike: int, seed: int, folder: Path) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    planted = plant(people, copies, alike, seed, folder)
    wall, cpu = time.perf_counter(), time.process_time()
    pairs = find_pairs(identities(planted))
    seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    size = {"city": CITY, "seed": seed, "people": people, "copies": copies, "lookalikes": alike}
    return size | measure(planted, pairs) | seconds


def table(result: Mapping[str, Any]) -> str:
    lines = ["| fault | planted | same | same or asked |", "| --- | ---: | ---: | ---: |"]
    for kind, one in result["kinds"].items():
        lines.append(f"| {kind} | {one['planted']:,} | {one['same']:.4f} | {one['found']:.4f} |")
    figures = ("precision", "recall", "recall_of_rules_alone")
    lines += ["", *(f"{name.replace('_', ' ')}: {result[name]:.5f}" for name in figures)]
    lines.append(
        f"{result['same']:,} pairs called the same, {result['wrongly_same']:,} of them wrongly; "
        f"{result['asked']:,} for a person, {result['asked_in_vain']:,} of them two people"
    )
    lines.append(f"{result['seconds']:.1f} s, {result['cpu_seconds']:.1f} s of CPU")
    return "\n".join(lines)


def reached(result: Mapping[str, Any]) -> bool:
    return bool(result["precision"] >= PRECISION and result["recall"] >= RECALL)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.linkage", description="How well planted duplicates are found.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--lookalikes", type=int, default=ALIKE)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    result = run(arguments.people, arguments.copies, arguments.lookalikes, arguments.seed, CACHE)
    machine = describe()
    path = ROOT / "bench" / "results" / "linkage.json"
    path.parent.mkdir(exist_ok=True)
    content = {"day": dt.date.today().isoformat(), "machine": machine, **result}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(", ".join(f"{key} {value}" for key, value in machine.items()))
    print(table(result))
    print("✓ reached" if reached(result) else f"✗ the bar is precision {PRECISION} and recall {RECALL}")
    return 0 if reached(result) else 1


if __name__ == "__main__":
    sys.exit(main())
