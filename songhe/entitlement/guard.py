"""When a run needs a person's answer to pass (异动拦截): a month unlike the one before, everybody, or nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True)
class Guard:
    """Shares in percent; below `smallest` people a share says nothing."""

    headcount: int
    total: int
    recoveries: int
    smallest: int


@dataclass(frozen=True)
class Finding:
    """One reason to stop: `kind`, the item (none: the whole run), what was and what is, and it in words."""

    kind: str
    item: str
    was: int
    now: int
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@cache
def guard() -> Guard:
    text = resources.files("songhe.entitlement").joinpath("guard.yaml").read_text(encoding="utf-8")
    return Guard(**yaml.safe_load(text))


def findings(
    limits: Guard,
    *,
    people: int,
    items: Sequence[Mapping[str, Any]],
    totals: Mapping[str, int],
    before: Sequence[Mapping[str, Any]] | None,
) -> list[Finding]:
    """Why the run stops; empty when it may go on. `before` are the items of the month before, None for a first run."""
    found = [*_everybody(limits, people, items), *_recoveries(limits, items, totals)]
    if before is None:
        found += _nobody_at_all(items)
    else:
        was = {item["id"]: item for item in before}
        for item in items:
            found += _against(limits, was.pop(item["id"], None), item)
        found += [_gone(item) for item in was.values() if item["paid"]]
    return found


def _everybody(limits: Guard, people: int, items: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for item in items:
        if item["pays"] and people >= limits.smallest and item["entitled"] == people:
            yield Finding(
                "everybody", item["id"], people, people,
                f"{item['name']}：全部 {people} 人都符合条件。", f"{item['id']}: all {people} people are entitled.",
            )  # fmt: skip


def _nobody_at_all(items: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    if any(item["pays"] for item in items) and not any(item["paid"] for item in items):
        yield Finding("nobody", "", 0, 0, "所有项目都无人发放。", "Nobody is paid anything.")


def _recoveries(limits: Guard, items: Sequence[Mapping[str, Any]], totals: Mapping[str, int]) -> Iterator[Finding]:
    paid, back = sum(item["fen"] for item in items), -totals["recovery_fen"]
    if sum(item["paid"] for item in items) >= limits.smallest and back * 100 > paid * limits.recoveries:
        yield Finding(
            "recoveries", "", paid, back,
            f"追回 {back} 分，超过当月发放的 {limits.recoveries}%。",
            f"{back} fen are taken back, more than {limits.recoveries} % of what the month pays.",
        )  # fmt: skip


# What an item came to that the month before did not know.
_NOTHING: Mapping[str, Any] = {"paid": 0, "fen": 0}


def _against(limits: Guard, was: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[Finding]:
    was = was or _NOTHING
    if was["paid"] and not now["paid"]:
        yield Finding(
            "nobody", now["id"], was["paid"], 0,
            f"{now['name']}：上月 {was['paid']} 人，本月无人。",
            f"{now['id']}: {was['paid']} people last month, nobody now.",
        )  # fmt: skip
        return
    for kind, field, zh, en in (("headcount", "paid", "人数", "people"), ("total", "fen", "金额（分）", "fen")):
        if _differs(was, now, field, getattr(limits, kind), limits.smallest):
            yield Finding(
                kind, now["id"], was[field], now[field],
                f"{now['name']}：{zh}由 {was[field]} 变为 {now[field]}，超过 {getattr(limits, kind)}%。",
                f"{now['id']}: {en} went from {was[field]} to {now[field]}, by more than {getattr(limits, kind)} %.",
            )  # fmt: skip


def _differs(was: Mapping[str, Any], now: Mapping[str, Any], field: str, percent: int, smallest: int) -> bool:
    if max(was["paid"], now["paid"]) < smallest:
        return False
    return abs(now[field] - was[field]) * 100 > was[field] * percent


def _gone(item: Mapping[str, Any]) -> Finding:
    return Finding(
        "nobody", item["id"], item["paid"], 0,
        f"{item['name']}：政策包中已无此项。", f"{item['id']}: the package has no such item any more.",
    )  # fmt: skip
