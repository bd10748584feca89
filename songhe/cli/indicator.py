"""`songhe indicator`: figures in, indicators judged on a day out, as JSON Lines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import click

from songhe.cli.console import err, fail
from songhe.cli.decide import open_source, read_day, warn_before_document
from songhe.cli.figure_lines import Line, LineReader, parts_of
from songhe.cli.jsonlines import LineError, Reader, written_whole
from songhe.cli.packages import load
from songhe.decision.figure import shown
from songhe.decision.indicator import Judgement, Reading, judge
from songhe.decision.wording import ANSWERS
from songhe.policy.indicator import Indicator
from songhe.policy.package import Package


@click.command()
@click.option("--policy", "policy_id", required=True, help="Package whose indicators are judged, such as suizhou-2023.")
@click.option("--as-of", "day", required=True, callback=read_day, help="The day judged on, like 2024-12-31.")
@click.option("--figures", "source", default="-", show_default=True, help="JSON Lines file, or - for standard input.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; standard output by default.",
)
@click.option("--explain", is_flag=True, help="Add what is counted, the target in parts, and the reading by itself.")
@click.option("--skip-bad", is_flag=True, help="Write the good lines and report the bad ones.")
def indicator(policy_id: str, day: dt.date, source: str, output: Path | None, explain: bool, skip_bad: bool) -> None:
    """Judge figures against the targets of a document: met, not_met or undetermined.

    A line is {"division", "indicator", "numerator", "denominator", "inputs"}. Lines of places below with the same
    indicator are the parts of the line above. `inputs` may hold possible, possible_denominator, places, year_before,
    history and definition.
    """
    package = load(policy_id)
    if output is not None and not output.parent.is_dir():
        fail(f"--output: the folder {output.parent} does not exist")
    warn_before_document(package, day)
    lines = _read(LineReader(package, day), source, skip_bad)
    worker = _Worker(package, day, lines, explain)
    try:
        with written_whole(output) as out:
            for line in lines:
                for row in worker.rows(line):
                    out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    except OSError as error:
        fail(f"{output or 'standard output'}: {error.strerror}; nothing was written")


def _read(reads: LineReader, source: str, skip_bad: bool) -> list[Line]:
    """All lines at once: those of places below are parts of those above."""
    with open_source(source, "--figures") as stream:
        reader = Reader(stream, skip=_report if skip_bad else None, key=reads.key, exact=True)
        try:
            lines = list(reader.rows(reads.line))
        except LineError as error:
            fail(f"{error}; nothing was written (--skip-bad leaves bad lines out)")
    if reader.bad:
        err.print(f"{reader.bad} lines left out", style="yellow")
    return lines


def _report(error: LineError) -> None:
    err.print(str(error), markup=False)


class _Worker:
    """Turns a line into its answers, one for each target."""

    def __init__(self, package: Package, day: dt.date, lines: list[Line], explain: bool) -> None:
        self.package, self.day, self.lines, self.explain = package, day, lines, explain
        self.others = cache(package.beside)
        self.conflicts = cache(lambda id: [one.id for one in package.conflicts_of(package.indicators[id].clauses)])
        self.by_key = {line.key: line for line in lines}
        self.of_indicator: dict[str, list[Line]] = {}
        for line in lines:
            self.of_indicator.setdefault(line.indicator.id, []).append(line)

    def rows(self, line: Line) -> list[dict[str, Any]]:
        beside = self._beside(line)
        return [self._row(line, judgement, beside) for judgement in self._judge(line)]

    def _judge(self, line: Line) -> list[Judgement]:
        return judge(
            line.indicator,
            line.reading,
            self.day,
            definition=line.definition,
            history=line.history,
            parts=parts_of(line, self.of_indicator.get(line.indicator.id, [])),
            places=line.places,
            year_before=line.year_before,
            plan=self.package.plan_period,
            at=line.level,
        )

    def _beside(self, line: Line) -> list[dict[str, Any]]:
        """Other targets of the same figure, each with its own answer where there is one; none is preferred."""
        rows = []
        for other in self.others(line.indicator.id):
            twin = self._twin(line, other)
            has_figure = twin.reading.numerator is not None
            for judgement in self._judge(twin):
                answer = judgement.answer if has_figure else None
                rows.append({"indicator": other.id, "target": judgement.target_text, "answer": answer})
        return rows

    def _twin(self, line: Line, other: Indicator) -> Line:
        """The other target's own line, this line's figure where both are of the same, or none."""
        if (own := self.by_key.get((line.key[0], other.id))) is not None:
            return own
        is_same = other.id in line.indicator.same_as or line.indicator.id in other.same_as
        return replace(line, indicator=other) if is_same else Line(line.division, other, Reading(None), line.level)

    def _row(self, line: Line, judgement: Judgement, beside: list[dict[str, Any]]) -> dict[str, Any]:
        row = {
            "division": line.division,
            "indicator": line.indicator.id,
            "answer": judgement.answer,
            "value": judgement.text,
            "percent": _percent(judgement),
            "target": judgement.target_text,
            "why": self._why(judgement, beside),
            "open": list(judgement.open_parts),
            "soft": judgement.soft,
            "nature": line.indicator.nature,
            "due": judgement.target.by.isoformat() if judgement.target.by else None,
            "is_due": judgement.is_due,
            "failing": [part.division for part in judgement.failing],
            "dips": [{"on": dip.on.isoformat(), "value": dip.text} for dip in judgement.dips],
            "beside": beside,
            "conflicts": self.conflicts(line.indicator.id),
            "clauses": list(judgement.clauses),
        }
        return row | (self._explained(line, judgement) if self.explain else {})

    def _why(self, judgement: Judgement, beside: list[dict[str, Any]]) -> str:
        said = [text.zh for text in judgement.why]
        for other in beside:
            answer = f"，{ANSWERS[other['answer']].zh}" if other["answer"] else ""
            said.append(f"另一处{other['indicator']}：{other['target']}{answer}")
        return "；".join(said)

    def _explained(self, line: Line, judgement: Judgement) -> dict[str, Any]:
        indicator, goal, defined = line.indicator, judgement.goal, judgement.definition
        return {
            "policy": self.package.id,
            "as_of": self.day.isoformat(),
            "name": indicator.name.zh,
            "numerator": judgement.numerator.zh if judgement.numerator else None,
            "denominator": judgement.denominator.zh if judgement.denominator else None,
            "direction": goal.direction,
            "goal": str(goal.value) if goal.value is not None else None,
            "unit": goal.unit,
            "wording": judgement.target.wording,
            "level": indicator.level,
            "kept": indicator.kept,
            "shown": _plain(judgement.shown),
            "days_left": judgement.days_left,
            "today": judgement.today,
            "definition": {"from": defined.valid_from.isoformat(), "document": defined.document} if defined else None,
            "responsible": list(indicator.responsible),
            "cooperating": list(indicator.cooperating),
            "why_en": "; ".join(text.en for text in judgement.why),
        }


def _percent(judgement: Judgement) -> int | float | None:
    """For machines with six places at least; never rounded on to the target or past it."""
    if judgement.percent is None or judgement.value is None:
        return None
    return _plain(shown(judgement.value, judgement.goal.value, least=6))


def _plain(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
