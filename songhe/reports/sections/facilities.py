"""What care premises and institutions lack of their standards: how many things, and how much, by place and standard."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from songhe.common.text import Text, say
from songhe.divisions.models import Level
from songhe.facilities.queries import Shortfall, shortfalls
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Row, Section, Table

_BASIS = say(
    "按登记的小区、片区和机构，由政策包的标准逐一判定；缺口为各处缺口之和，不与超出的互抵，也不扣除计划补足的。",
    "Every registered estate, pool and institution against the standards of the package; what is lacking is added up "
    "place by place, and neither what lies above the standard elsewhere nor what is planned makes up for it.",
)
_EMPTY = say(
    "没有不达标的小区、片区或机构，或尚未登记。", "Nothing falls short of its standard, or nothing is recorded."
)


def gather(asked: Asked, title: Text) -> Section:
    found = _found(asked) if asked.package is not None else []
    grouped: dict[tuple[str, str, str], list[Shortfall]] = defaultdict(list)
    for one in found:
        node = (one.town if asked.grid.top.level >= Level.COUNTY else one.county) or one.county
        grouped[node.code if node else "", node.name if node else "—", one.standard].append(one)
    rows = tuple(_row(code, name, some) for (code, name, _), some in sorted(grouped.items()))
    table = Table(
        id="shortfalls",
        title=say("未达标的处所", "What falls short"),
        basis=_BASIS,
        columns=(
            Column(id="place", name=say("区划", "Division")),
            Column(id="standard", name=say("标准", "Standard")),
            Column(id="things", name=say("处数", "Number"), kind="count", unit=say("处", "places")),
            Column(id="lacking", name=say("缺口", "Lacking"), kind="share"),
            Column(id="planned", name=say("计划补足", "Planned to be made up"), kind="share"),
            Column(id="unit", name=say("单位", "Unit")),
        ),
        rows=rows,
        publish=asked.publish.get("shortfalls", "no"),
        empty=_EMPTY,
    )
    return Section(id="facilities", title=title, tables=(table,))


def _found(asked: Asked) -> list[Shortfall]:
    assert asked.package is not None
    return shortfalls(asked.user, asked.package, asked.division, asked.as_of, known=asked.known_at)


def _row(code: str, name: str, some: list[Shortfall]) -> Row:
    rule = some[0].finding.rule
    counting = [one for one in some if one.counts]
    lacking = sum((one.shortfall or Fraction(0) for one in counting), Fraction(0))
    planned = sum((one.planned for one in counting), Fraction(0))
    cells = (name, rule.standard.name, len(some), str(lacking), str(planned), rule.standard.unit or "")
    return Row(id=f"{code}/{rule.id}", cells=cells, clauses=tuple(rule.standard.clauses))
