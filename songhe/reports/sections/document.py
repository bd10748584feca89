"""What the document says twice and differently, and what it leaves open: shown, never settled."""

from __future__ import annotations

from songhe.common.text import Text, join, say
from songhe.policy.package import Package
from songhe.policy.schema import Conflict
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Row, Section, Table

_BASIS = say("政策包的登记，以转述列出，不取舍。", "As noted in the policy package, in our words; none is preferred.")


def conflicts(asked: Asked, title: Text) -> Section:
    package = asked.package
    rows = tuple(_conflict(one) for one in package.conflicts.values()) if package else ()
    table = Table(
        id="conflicts",
        title=say("前后不一之处", "Contradictions"),
        basis=_BASIS,
        columns=(
            Column(id="about", name=say("事项", "About")),
            Column(id="readings", name=say("各种说法", "Readings")),
            Column(id="effect", name=say("影响", "Effect")),
        ),
        rows=rows,
        publish=asked.publish.get("conflicts", "no"),
        empty=say("没有登记到前后不一之处。", "No contradiction is noted."),
    )
    return Section(id="conflicts", title=title, tables=(table,))


def _conflict(one: Conflict) -> Row:
    said = [say(f"{r.says.zh}（{r.clause}）", f"{r.says.en} ({r.clause})") for r in one.readings]
    clauses = tuple(dict.fromkeys(reading.clause for reading in one.readings))
    return Row(id=one.id, cells=(one.about, join(said, "；", "; "), one.effect), clauses=clauses)


def open_terms(asked: Asked, title: Text) -> Section:
    rows = tuple(_open(asked.package)) if asked.package else ()
    table = Table(
        id="open-terms",
        title=say("未写明之处", "What is left open"),
        basis=_BASIS,
        columns=(
            Column(id="kind", name=say("类别", "Kind")),
            Column(id="name", name=say("名称", "Name")),
            Column(id="note", name=say("说明", "Note")),
        ),
        rows=rows,
        publish=asked.publish.get("open-terms", "no"),
        empty=say("没有登记到未写明之处。", "Nothing is noted as left open."),
    )
    return Section(id="open", title=title, tables=(table,))


def _open(package: Package) -> list[Row]:
    term, indicator, figure = say("用语", "word"), say("指标", "indicator"), say("数额", "figure")
    found = [
        Row(id=f"term-{one.id}", cells=(term, one.name, one.note), clauses=tuple(one.clauses))
        for one in package.terms.values()
        if one.definition is None
    ]
    for one in package.indicators.values():
        notes = [*one.open, *([one.note] if one.left_open and one.note else [])]
        if one.left_open or notes:
            note = join(notes, "；", "; ") if notes else None
            found.append(Row(id=f"indicator-{one.id}", cells=(indicator, one.name, note), clauses=tuple(one.clauses)))
    for parameter in package.parameters.values():
        if not parameter.values:
            clauses = tuple(parameter.clauses)
            found.append(
                Row(id=f"figure-{parameter.id}", cells=(figure, parameter.name, parameter.note), clauses=clauses)
            )
    return found
