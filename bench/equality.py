"""The same results from every implementation, or the bench fails."""

from __future__ import annotations

from collections.abc import Callable

from bench.plan import SIZES, Results, population
from bench.process import CACHE, openfisca, work

Say = Callable[[str], None]


def compare_masks(results: Results, with_openfisca: bool, say: Say) -> None:
    """Person by person: the small population, the same with gaps, the large one without the dense form."""
    gaps = CACHE / "people-with-gaps.parquet"
    work("gaps", population=population(SIZES[0]), target=gaps)
    for path, is_small in ((population(SIZES[0]), True), (gaps, True), (population(SIZES[-1]), False)):
        masks, against = CACHE / "openfisca-masks.parquet", ["hand"] + ["dense"] * is_small
        if with_openfisca:
            against.append("openfisca")
            openfisca(path, ages="template" if is_small else "tuned", masks=masks)
        compared = {"rules12": against, "suizhou": ["dense"] * is_small}
        for rules, others in compared.items():
            if not others:
                continue
            answer = work("check", rules=rules, population=path, target=masks, against=",".join(others))
            for name, count in answer["differences"].items():
                say(f"  {rules:8} {path.stem:20} {name:10} {f'{count} MASKS DIFFER' if count else 'equal'}")
                if count:
                    results.wrong.append(f"{rules} {path.stem} {name}: {count} masks differ from compiled")


def compare_totals(results: Results, people: int) -> None:
    """The person-months and the fen of every implementation against the compiled bits."""
    for entry in list(results.best.values()):
        reference = results.get("compiled", entry["rules"], people)
        if entry["people"] != people or not entry.get("totals") or reference is None:
            continue
        if entry["totals"] != _expected(entry["name"], reference["totals"]):
            results.wrong.append(f"{entry['rules']} {people:,} {entry['name']}: other totals than compiled")


def _expected(name: str, totals: dict[str, list[int]]) -> dict[str, list[int]]:
    """What an implementation that finds only part of the answers must have found."""
    if name == "compiled-entitled":
        return {column: [entitled, fen] for column, (entitled, _, fen) in totals.items()}
    if not name.startswith("openfisca"):
        return totals
    items = [column for column in totals if "~" not in column]
    return {item: [totals[item][0], _with_tiers(item, totals)] for item in items}


def _with_tiers(item: str, totals: dict[str, list[int]]) -> int:
    return sum(total[2] for column, total in totals.items() if column.split("~")[0] == item)
