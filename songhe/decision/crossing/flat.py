"""A crossing as rows of a file and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from songhe.common.text import Text, say
from songhe.decision.crossing.cross import Crossing, ItemCount, Side
from songhe.policy.package import Package

CROSS_HEADER: Mapping[str, Text] = {
    "part": say("部分", "Part"),
    "package": say("政策包", "Package"),
    "city": say("城市", "City"),
    "month": say("月份", "Month"),
    "id": say("编号", "Id"),
    "name": say("名称", "Name"),
    "entitled": say("享受", "Entitled"),
    "undetermined": say("待定", "Undetermined"),
    "not_entitled": say("不享受", "Not entitled"),
    "exact": say("确数（元）", "Exact (yuan)"),
    "floor": say("至少（元）", "At least (yuan)"),
    "unit": say("单位", "Unit"),
    "both": say("两边都享受", "Both"),
    "gained": say("多享受的", "Gained"),
    "lost": say("少享受的", "Lost"),
    "unclear": say("说不准", "Unclear"),
    "neither": say("都不享受", "Neither"),
    "people": say("人数", "People"),
    "assumed": say("假定", "Assumed"),
}
ITEM, ROW, BLOCKED = say("项目", "item"), say("与本市对照", "compared with home"), say("缺什么", "what is lacking")


def crossing_cells(crossing: Crossing, language: str) -> Iterator[Sequence[Any]]:
    """Items of every side, rows of every other side, what its answers lack; in the order of CROSS_HEADER."""
    for side in crossing.sides:
        for values in (*_item_rows(side), *_rows(crossing, side), *_blocked(crossing, side)):
            yield [_text(values.get(name), language) for name in CROSS_HEADER]


def _about(side: Side) -> dict[str, Any]:
    return {"package": side.package.id, "city": side.package.city, "assumed": side.assumed}


def _item_rows(side: Side) -> Iterator[dict[str, Any]]:
    for one in side.items:
        entry = side.package.entitlements[one.item]
        yield {
            **_about(side), "part": ITEM, "month": one.month, "id": one.item, "name": entry.name,
            "entitled": one.entitled, "undetermined": one.undetermined, "not_entitled": one.not_entitled,
            "exact": _yuan(one.exact_fen, one.amount, "exact"), "floor": _yuan(one.floor_fen, one.amount, "at_least"),
            "unit": entry.amount.unit,
        }  # fmt: skip


def _yuan(fen: int, amount: str, kind: str) -> Decimal | None:
    """Empty where the item gives no sum of this kind: nothing is not nought."""
    return Decimal(fen) / 100 if amount in (kind, "mixed") else None


def _rows(crossing: Crossing, side: Side) -> Iterator[dict[str, Any]]:
    names = {pair.row: pair.name for pair in side.pairs}
    for one in side.rows:
        yield {
            **_about(side), "part": ROW, "month": crossing.months[one.step], "id": one.row, "name": names[one.row],
            "both": one.both, "gained": one.gained, "lost": one.lost, "unclear": one.unclear, "neither": one.neither,
        }  # fmt: skip


def _blocked(crossing: Crossing, side: Side) -> Iterator[dict[str, Any]]:
    for one in side.blocked:
        item = side.package.entitlements[one.item].name
        lacks = one.label(side.package)
        name = say(f"{item.zh}：{lacks.zh}", f"{item.en}: {lacks.en}")
        yield {
            **_about(side), "part": BLOCKED, "month": crossing.months[0], "id": one.item, "name": name,
            "people": one.people,
        }  # fmt: skip


def _text(value: Any, language: str) -> Any:
    return value.in_language(language) if isinstance(value, Text) else value


def crossing_json(crossing: Crossing) -> dict[str, Any]:
    return {
        "months": list(crossing.months),
        "people": crossing.people,
        "home": crossing.home.package.id,
        "sides": [_side(crossing, side) for side in crossing.sides],
    }


def _side(crossing: Crossing, side: Side) -> dict[str, Any]:
    return {
        "package": side.package.id,
        "hash": side.package.hash,
        "assumed": _both(side.assumed),
        "items": [_item(side.package, one) for one in side.items],
        "rows": [
            {
                "row": pair.row,
                "name": _both(pair.name),
                "home_items": list(pair.home),
                "items": list(pair.other),
                "months": [
                    {"month": crossing.months[one.step], "both": one.both, "gained": one.gained, "lost": one.lost,
                     "unclear": one.unclear, "neither": one.neither}
                    for one in side.rows if one.row == pair.row
                ],
            }
            for pair in side.pairs
        ],
        "lacking": [
            {"item": one.item, "kind": one.kind, "name": one.name, "label": _both(one.label(side.package)),
             "people": one.people}
            for one in side.blocked
        ],
    }  # fmt: skip


def _item(package: Package, one: ItemCount) -> dict[str, Any]:
    has_exact, has_floor = one.amount in ("exact", "mixed"), one.amount in ("at_least", "mixed")
    return {
        "item": one.item,
        "name": _both(package.entitlements[one.item].name),
        "month": one.month,
        "entitled": one.entitled,
        "undetermined": one.undetermined,
        "not_entitled": one.not_entitled,
        "amount": one.amount,
        "unit": package.entitlements[one.item].amount.unit,
        "exact_fen": one.exact_fen if has_exact else None,
        "at_least_fen": one.floor_fen if has_floor else None,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
