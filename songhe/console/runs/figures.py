"""What a run came to, item by item, beside the month before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.runs.finding import item_name
from songhe.console.runs.words import AMOUNTS, change
from songhe.entitlement.guard import guard
from songhe.entitlement.models import Run
from songhe.policy.package import Package


@dataclass(frozen=True)
class Line:
    """An item: people by answer, and money; what it was the month before, None for a first run or a new item.

    `without_grant` are entitled to a sum and not paid because nobody applied, or it was not granted. `why_not` says why
    an item pays nothing by itself.
    """

    id: str
    name: Text
    clauses: Sequence[str]
    entitled: int
    undetermined: int
    paid: int
    without_grant: int
    fen: int
    was: Mapping[str, Any] | None
    people_change: Text | None
    fen_change: Text | None
    why_not: Text | None

    @property
    def was_paid(self) -> int | None:
        return None if self.was is None else self.was["paid"]

    @property
    def was_entitled(self) -> int | None:
        return None if self.was is None else self.was["entitled"]

    @property
    def was_fen(self) -> int | None:
        return None if self.was is None else self.was["fen"]


def lines_of(run: Run, package: Package | None) -> list[Line]:
    """Those that pay first, each group in the order of the package."""
    before = {item["id"]: item for item in run.base.items} if run.base else {}
    lines = [_line(item, before.get(item["id"]), package) for item in run.items]
    return sorted(lines, key=lambda line: line.why_not is not None)


def _line(item: Mapping[str, Any], was: Mapping[str, Any] | None, package: Package | None) -> Line:
    counted = "paid" if item["pays"] else "entitled"
    return Line(
        id=item["id"],
        name=item_name(package, item["id"]),
        clauses=item["clauses"],
        entitled=item["entitled"],
        undetermined=item["undetermined"],
        paid=item["paid"],
        without_grant=item.get("without_grant", 0),
        fen=item["fen"],
        was=was,
        people_change=None if was is None else change(was[counted], item[counted]),
        fen_change=None if was is None or not item["pays"] else change(was["fen"], item["fen"]),
        why_not=None if item["pays"] else AMOUNTS.get(item.get("unpaid", item["amount"]), AMOUNTS["none"]),
    )


def findings_of(run: Run, package: Package | None) -> Iterator[Text]:
    """Why the run stopped, money as people write it."""
    limits = guard()
    for finding in run.findings:
        name, was, now = item_name(package, finding["item"]), finding["was"], finding["now"]
        match finding["kind"]:
            case "headcount":
                yield say(
                    f"{name.zh}：发放人数由{was:,}人变为{now:,}人（{change(was, now).zh}），超过{limits.headcount}%。",
                    f"{name.en}: {was:,} people paid before, {now:,} now ({change(was, now).en}), more than "
                    f"{limits.headcount}%.",
                )
            case "total":
                yield say(
                    f"{name.zh}：金额由{format_yuan(was)}变为{format_yuan(now)}（{change(was, now).zh}），"
                    f"超过{limits.total}%。",
                    f"{name.en}: {format_yuan(was)} before, {format_yuan(now)} now ({change(was, now).en}), more "
                    f"than {limits.total}%.",
                )
            case "recoveries":
                yield say(
                    f"追回{format_yuan(now)}，超过当月发放{format_yuan(was)}的{limits.recoveries}%。",
                    f"{format_yuan(now)} is taken back, more than {limits.recoveries}% of the {format_yuan(was)} paid.",
                )
            case _:
                yield say(finding["zh"], finding["en"])
