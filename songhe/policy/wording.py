"""Conditions, amounts and dated values in plain words, for terminals and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from songhe.policy.indicator import Measure
from songhe.policy.parameters import show_value
from songhe.policy.schema import Amount, Parameter
from songhe.rules.figures import DatedFigure


def show_condition(raw: Any) -> str:
    """A condition as written in the package, on one line."""
    if isinstance(raw, dict):
        if "all" in raw:
            return "(" + " 且 ".join(show_condition(part) for part in raw["all"]) + ")"
        if "any" in raw:
            return "(" + " 或 ".join(show_condition(part) for part in raw["any"]) + ")"
        if "not" in raw:
            return f"非 {show_condition(raw['not'])}"
        if "use" in raw:
            return f"〔{raw['use']}〕"
        return str(raw.get("test", raw))
    return str(raw)


def show_measure(measure: Measure) -> str:
    """What is counted in the records, on one line."""
    if measure.fund:
        return f"{measure.fund} {measure.flow}"
    what = f"sum({measure.sum}) of {measure.of}" if measure.sum else f"count({measure.count})"
    parts = [what, measure.level or "", "、".join(measure.items), measure.outcome or ""]
    if measure.where is not None:
        parts.append(f"条件 {show_condition(measure.where)}")
    if measure.meets:
        parts.append(f"达到 {measure.meets}")
    return " ".join(part for part in parts if part)


def show_amount(amount: Amount) -> str:
    """What an entitlement pays, with the parameters it reads."""
    if amount.kind == "none":
        return "服务，不发钱 service"
    unit = f" {amount.unit}" if amount.unit else ""
    if amount.kind == "unset":
        return f"文件未写金额 not written{unit}"
    if amount.value:
        return f"{amount.value}{unit}"
    tiers = "; ".join(f"{show_condition(tier.when)}: {tier.value}" for tier in amount.tiers)
    return f"{tiers}{unit}"


def show_dated(parameter: Parameter, figures: Sequence[DatedFigure]) -> str:
    """Dated values as people write them."""
    parts = [f"{show_value(parameter.type, figure.value)} ({_period(figure.start, figure.end)})" for figure in figures]
    return "; ".join(parts)


def _period(start: dt.date | None, end: dt.date | None) -> str:
    if end is None:
        return f"{start} 起" if start else "一直"
    return f"{start or '…'} 至 {end}"
