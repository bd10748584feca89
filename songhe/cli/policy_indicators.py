"""Indicators of a package on the terminal: targets, what is open, what the records count."""

from __future__ import annotations

from rich.table import Table

from songhe.cli.console import out
from songhe.common import clock
from songhe.decision.indicator import Judgement, Reading, judge
from songhe.decision.wording import PART_NAMES
from songhe.policy.indicator import Indicator
from songhe.policy.package import Package
from songhe.policy.wording import show_measure

_NATURES = {"binding": "约束性", "expected": "预期性", "unstated": ""}


def targets_of(indicator: Indicator) -> list[Judgement]:
    """Its targets as they are read today, without a figure."""
    return judge(indicator, Reading(None), clock.today())


def show_indicators(package: Package) -> None:
    """A table of all indicators; nothing for a document without any."""
    if not package.indicators:
        return
    table = Table(title="指标 Indicators")
    for column in ("编号", "指标", "目标", "期限", "性质", "没有写明"):
        table.add_column(column, overflow="fold")
    for indicator in package.indicators.values():
        for target in targets_of(indicator):
            by = target.target.by.isoformat() if target.target.by else "未写"
            nature = "，".join(word for word in (_NATURES[indicator.nature], target.soft or "") if word)
            table.add_row(indicator.id, indicator.name.zh, target.target_text, by, nature, _open(target))
    out.print(table)


def _open(target: Judgement) -> str:
    return "、".join(PART_NAMES[part].zh for part in target.open_parts)


def show_indicator(package: Package, indicator: Indicator) -> None:
    """One indicator with everything that decides it."""
    out.rule(f"{indicator.id} {indicator.name.zh} {indicator.name.en}")
    for target in targets_of(indicator):
        rows = {
            "目标 target": target.target_text,
            "期限 by": target.target.by or "未写 not written",
            "分子 numerator": target.numerator.zh if target.numerator else "未写 not written",
            "分母 denominator": target.denominator.zh if target.denominator else None,
            "没有写明 left open": _open(target) or None,
            "软性用词 soft": target.soft,
            "层级 level": indicator.level,
            "责任单位 responsible": "、".join(indicator.responsible) or "未写 not written",
            "配合单位 cooperating": "、".join(indicator.cooperating) or None,
            "最窄的口径 narrow": indicator.narrow.zh if indicator.narrow else None,
            "同一数字的其他目标 beside": "、".join(other.id for other in package.beside(indicator.id)) or None,
        }
        for label, value in rows.items():
            if value is not None:
                out.print(f"{label}: {value}", markup=False)
    _show_computed(indicator)
    for note in indicator.open:
        out.print(f"注: {note.zh}", markup=False, style="yellow")


def _show_computed(indicator: Indicator) -> None:
    if (computed := indicator.computed) is None:
        out.print("数据: 填报并附佐证 entered with evidence", markup=False)
        return
    for label, measure in (
        ("分子", computed.numerator),
        ("分母", computed.denominator),
        ("最宽的分子", computed.widest),
    ):
        if measure is not None:
            out.print(f"平台计算{label} computed: {show_measure(measure)}", markup=False)
    if computed.approximate is not None:
        out.print(f"近似 approximate: {computed.approximate.zh}", markup=False, style="yellow")
