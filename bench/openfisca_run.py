"""`python -m bench.openfisca_run population.parquet`: the twelve benefits decided by OpenFisca."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from bench.measure import hand_back, measured
from bench.openfisca12 import AGES, BENEFITS, country
from bench.openfisca_data import read_facts

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)]


def decide(system: TaxBenefitSystem, population: Path, masks: Path | None) -> dict[str, list[int]]:
    """Per benefit the person-months entitled and the fen; `masks` is a Parquet file to write months to."""
    ids, facts = read_facts(population)
    simulation = SimulationBuilder().build_default_simulation(system, count=len(ids))
    for name, values in facts.items():
        simulation.set_input(name, DateUnit.ETERNITY, values)
    totals = {variable.__name__: [0, 0] for variable in BENEFITS}
    bits = {name: np.zeros(len(ids), np.int64) for name in totals} if masks else {}
    for step, month in enumerate(MONTHS):
        for name, total in totals.items():
            fen = simulation.calculate(name, month)
            total[0] += int(np.count_nonzero(fen))
            total[1] += int(fen.sum(dtype=np.int64))
            if masks:
                bits[name] |= (fen > 0).astype(np.int64) << step
    if masks:
        _write(masks, ids, bits)
    return {_item(name): total for name, total in totals.items()}


def _write(path: Path, ids: Any, bits: dict[str, Any]) -> None:
    pq.write_table(pa.table({"id": ids, **{_item(name): mask for name, mask in bits.items()}}), path)


def _item(name: str) -> str:
    return f"R-{name[1:]}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("population", type=Path)
    parser.add_argument("--ages", choices=AGES, default="template")
    parser.add_argument("--masks", type=Path)
    arguments = parser.parse_args()
    system = country(arguments.ages)
    totals, figures = measured(lambda: decide(system, arguments.population, arguments.masks))
    hand_back({**figures, "totals": totals})


if __name__ == "__main__":
    main()
