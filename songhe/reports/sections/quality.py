"""How complete and how fresh the files are, as last measured by then."""

from __future__ import annotations

from songhe.common.text import Text, say
from songhe.registry.quality import table_for_operators
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Row, Section, Table

_BASIS = say("截至本期末最近一次统计。", "As last measured up to the end of the period.")
_UNIT = say("人", "people")


def gather(asked: Asked, title: Text) -> Section:
    found = table_for_operators(asked.division, asked.as_of)
    lines = found.lines if found.day else ()
    day = found.day.isoformat() if found.day else "—"
    table = Table(
        id="quality",
        title=say(f"完整率（{day}）", f"Completeness ({day})"),
        basis=_BASIS,
        columns=(
            Column(id="fact", name=say("事实", "Fact")),
            Column(id="asked", name=say("应有人数", "People asked"), kind="count", unit=_UNIT, people=True),
            Column(id="known", name=say("已知人数", "Known"), kind="count", unit=_UNIT, people=True),
            Column(id="complete", name=say("完整率", "Complete"), kind="share"),
            Column(id="conflicts", name=say("来源不一致", "In conflict"), kind="count", unit=_UNIT, people=True),
            Column(id="stale", name=say("超期人数", "Out of date"), kind="count", unit=_UNIT, people=True),
        ),
        rows=tuple(
            Row(
                id=line.fact,
                cells=(
                    line.label,
                    line.asked,
                    line.known,
                    f"{line.known}/{line.asked}" if line.asked else None,
                    line.conflicts,
                    line.stale,
                ),
            )
            for line in lines
        ),
        publish=asked.publish.get("quality", "no"),
        empty=say("还没有统计过数据质量。", "The quality was never measured by then."),
    )
    return Section(id="quality", title=title, tables=(table,))
