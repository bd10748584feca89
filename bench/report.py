"""The table, the ratios with their bars, and the JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.plan import LARGEST, SIZES, Results

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"
TITLES = {
    "columns": "reading the columns alone",
    "compiled": "bits, compiled from the package",
    "compiled-entitled": "bits compiled, without the undetermined",
    "hand": "bits, written by hand",
    "dense": "person × month, compiled",
    "compiled-written": "bits compiled, masks written to Parquet",
    "hand-written": "bits by hand, masks written to Parquet",
    "openfisca-template": "OpenFisca, ages as its country template writes them",
    "openfisca-tuned": "OpenFisca, ages tuned",
    "songhe run": "`songhe run`, check to summary",
    "synth": "`songhe synth`",
}
Bar = tuple[str, float | None, str, bool | None]


def table(results: Results) -> str:
    """Markdown: one row per measurement, CPU seconds and the peak of a fresh process."""
    lines = [
        "| rules | people | what | CPU s | with start-up | peak MiB | runs |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    order = list(TITLES)
    for entry in sorted(results.best.values(), key=lambda e: (e["people"], e["rules"], order.index(e["name"]))):
        cells = [entry["rules"] or "–", f"{entry['people']:,}", TITLES[entry["name"]]]
        cells += [f"{entry['cpu_s']:.2f}", f"{entry['process_cpu_s']:.2f}", f"{entry['peak_mib']:.0f}"]
        lines.append(f"| {' | '.join(cells)} | {entry['rounds']} |")
    return "\n".join(lines)


def bars(results: Results) -> list[Bar]:
    """(what, figure, bar, reached); a figure that was not measured is None."""
    large = SIZES[-1]
    found = [_ratio(results, ages, "compiled", "compiled", has_bar=True) for ages in ("template", "tuned")]
    found += [
        _ratio(results, ages, "compiled-entitled", "compiled without the undetermined", has_bar=False)
        for ages in ("template", "tuned")
    ]
    found.append(_at_most("compiled / written by hand", _quotient(results, "compiled", "hand", large), 1.5))
    for rules in ("rules12", "suizhou"):
        found.append(_at_most(f"peak MiB, compiled {rules}, {large:,}", _peak(results, "compiled", rules, large), 300))
    for city, one in results.persons.items():
        found.append(_at_most(f"ms, one person, {one.get('items', 0)} items of {city}", one.get("ms"), 0.2))
    peak = _peak(results, "songhe run", "suizhou", LARGEST)
    found.append(_at_most(f"peak MiB, songhe run, {LARGEST:,}", peak, 2048))
    return found


def _at_most(what: str, value: float | None, limit: float) -> Bar:
    return what, value, f"≤ {limit:g}", None if value is None else value <= limit


def _peak(results: Results, name: str, rules: str, people: int) -> float | None:
    entry = results.get(name, rules, people)
    return entry["peak_mib"] if entry else None


def _ratio(results: Results, ages: str, fast: str, title: str, *, has_bar: bool) -> Bar:
    """The bar is for the whole statement; with half of its masks left out the ratio is shown without one."""
    value = _quotient(results, f"openfisca-{ages}", fast, SIZES[-1])
    reached = value >= 10 if has_bar and value is not None else None
    return f"OpenFisca, ages {ages}, / {title}", value, "≥ 10 (stretch 20)" if has_bar else "none", reached


def _quotient(results: Results, first: str, second: str, people: int) -> float | None:
    above, below = results.get(first, "rules12", people), results.get(second, "rules12", people)
    return above["cpu_s"] / below["cpu_s"] if above and below else None


def bar_lines(found: list[Bar]) -> str:
    lines = ["| what | measured | bar | |", "| --- | ---: | --- | --- |"]
    for what, value, bar, reached in found:
        shown = "–" if value is None else f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
        verdict = (
            "not measured" if value is None else "–" if reached is None else "reached" if reached else "**missed**"
        )
        lines.append(f"| {what} | {shown} | {bar} | {verdict} |")
    return "\n".join(lines)


def save(results: Results, machine: dict[str, Any], found: list[Bar]) -> Path:
    RESULTS.parent.mkdir(exist_ok=True)
    content = {
        "machine": machine,
        "measurements": [{k: v for k, v in entry.items() if k != "totals"} for entry in results.best.values()],
        "one_person": results.persons,
        "bars": [{"what": w, "measured": v, "bar": b, "reached": r} for w, v, b, r in found],
        "results_equal": not results.wrong,
        "differences": results.wrong,
    }
    RESULTS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return RESULTS
