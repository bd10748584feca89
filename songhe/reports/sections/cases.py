"""Cases handed in and decided, from the acts in them up to the moment of the report."""

from __future__ import annotations

from collections import Counter

from django.db.models import F

from songhe.casework.models import Act, Case, Kind
from songhe.casework.words import KINDS
from songhe.common.text import Text, say
from songhe.divisions.queries import carry
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Row, Section, Sum, Table

_BASIS = say(
    "按办件的办理区划；提出、不同意、撤回和终止按经办记录的日期；同意指末次决定为同意且在本期作出。",
    "By the division that handles the case; handed in, refused, withdrawn and ended by the day of the act; granted are "
    "those whose last decision, made in the period, was yes.",
)
_UNIT = say("件", "cases")
_COLUMNS = {
    "opened": say("提出", "Handed in"),
    "granted": say("同意", "Granted"),
    "refused": say("不同意", "Refused"),
    "withdrawn": say("撤回", "Withdrawn"),
    "late": say("超期环节", "Steps ended late"),
}
_ENDS = {Act.Verb.REFUSED: "refused", Act.Verb.WITHDRAWN: "withdrawn"}
_OPENS = (Act.Verb.OPENED, Act.Verb.OFFERED, Act.Verb.INVITED)


def gather(asked: Asked, title: Text) -> Section:
    counts = _counts(asked)
    rows = tuple(
        Row(id=kind, cells=(KINDS[kind], *(counts[kind, name] for name in _COLUMNS)))
        for kind in [*Kind.values]
        if any(counts[kind, name] for name in _COLUMNS)
    )
    sums = [sum(int(row.cells[n]) for row in rows) for n in range(1, len(_COLUMNS) + 1)]
    total = Row(id="total", cells=(say("合计", "Total"), *sums))
    table = Table(
        id="cases",
        title=say("办件", "Cases"),
        basis=_BASIS,
        columns=(
            Column(id="kind", name=say("类别", "Kind")),
            *(Column(id=id, name=name, kind="count", unit=_UNIT, people=True) for id, name in _COLUMNS.items()),
        ),
        rows=(*rows, total) if rows else (),
        sums=(Sum(axis="rows", total="total", parts=tuple(row.id for row in rows), columns=tuple(_COLUMNS)),)
        if rows
        else (),
        publish=asked.publish.get("cases", "no"),
        scope=f"cases-{asked.grid.top.code}",
        empty=say("本期没有办件。", "No case in this period."),
    )
    return Section(id="cases", title=title, tables=(table,))


def _counts(asked: Asked) -> Counter[tuple[str, str]]:
    """(kind, column) → number."""
    within = _divisions(asked)
    first, last = asked.period.first, asked.period.last
    acts = Act.objects.filter(case__division__in=within, on__gte=first, on__lte=last, at__lte=asked.known_at)
    found: Counter[tuple[str, str]] = Counter()
    for kind, verb, ends, on, due in acts.values_list("case__kind", "verb", "ends", "on", "due_on"):
        if verb in _OPENS:
            found[kind, "opened"] += 1
        if verb in _ENDS:
            found[kind, _ENDS[verb]] += 1
        if ends and due is not None and on > due:
            found[kind, "late"] += 1
    granted = Case.objects.filter(division__in=within, outcome="granted", decided_on__gte=first, decided_on__lte=last)
    said = granted.filter(history__on=F("decided_on"), history__at__lte=asked.known_at).distinct()
    for kind in said.values_list("kind", flat=True):
        found[kind, "granted"] += 1
    return found


def _divisions(asked: Asked) -> set[int]:
    """Those below on the last day, and what they were earlier in the period."""
    now = asked.grid.tree.subtree([asked.division])
    return set(now) | {one for id in now for one in carry(id, asked.as_of, asked.period.first)}
