"""Standards (标准): what estates, institutions and areas must have, with figures in the document's own unit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from songhe.common.text import Text, join, say
from songhe.policy.compare.rows import Members
from songhe.policy.compare.said import Detail, Said, clauses_of, conflicts_of
from songhe.policy.package import Package
from songhe.policy.phrases import figure_shown
from songhe.policy.schema import Parameter, Standard

_COMPARE = {
    "at_least": say("不少于", "at least"),
    "at_most": say("不多于", "at most"),
    "equal": say("等于", "exactly"),
}
_SUBJECTS = {
    "estate": say("小区", "estates"),
    "estate_pool": say("合用设施的几个小区", "estates that share"),
    "institution": say("养老机构", "institutions"),
    "area": say("地区", "areas"),
    "person": say("个人", "persons"),
}
SUBJECT, REQUIRED = say("对象", "For"), say("要求", "Required")
MAKE_UP, NOTE = say("补足办法", "Ways to make up"), say("读法", "Reading")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# Square metres per household as square metres per hundred households.
_PER_HOUSEHOLD, _HUNDRED = "平方米/户", 100


def say_standards(package: Package, members: Members, day: dt.date) -> Iterator[Said]:
    """Each requirement; subsidies are told among the amounts."""
    for id in members.standards:
        standard = package.standards[id]
        if standard.amount is not None:
            continue
        figures = _figures(standard, package)
        clauses = clauses_of(package, standard.clauses)
        yield Said(
            id, standard.name, standard.requirement, clauses, _details(standard, figures, package, day),
            certainty="exact" if figures or _is_number(standard.required) else "",
            ours=_per_hundred(figures, package, day), conflicts=conflicts_of(package, clauses),
        )  # fmt: skip


def _figures(standard: Standard, package: Package) -> list[Parameter]:
    """The parameters a requirement is worked out from, in reading order."""
    names = dict.fromkeys(_NAME.findall(standard.required or ""))
    return [package.parameters[name] for name in names if name in package.parameters]


def _details(standard: Standard, figures: list[Parameter], package: Package, day: dt.date) -> tuple[Detail, ...]:
    details = [Detail(SUBJECT, _SUBJECTS[standard.subject])]
    words = _COMPARE[standard.compare]
    if not figures and _is_number(standard.required):
        unit = standard.unit or ""
        shown = f"{standard.required}{unit}"
        details.append(Detail(REQUIRED, say(f"{words.zh} {shown}", f"{words.en} {shown}")))
    for figure in figures:
        text = figure_shown(figure, package.figures, day)
        unit = f" {figure.unit}" if figure.unit else ""
        details.append(Detail(figure.name, say(f"{text.zh}{unit}", f"{text.en}{unit}")))
    if standard.make_up:
        details.append(Detail(MAKE_UP, join(standard.make_up, "、", ", ")))
    if standard.note:
        details.append(Detail(NOTE, standard.note))
    return tuple(details)


def _is_number(text: str | None) -> bool:
    return text is not None and text.replace(".", "", 1).isdigit()


def _per_hundred(figures: list[Parameter], package: Package, day: dt.date) -> Text | None:
    for figure in figures:
        value = package.figures.value(figure.id, day)
        if figure.unit == _PER_HOUSEHOLD and value is not None:
            number = (Decimal(str(value)) * _HUNDRED).normalize()
            return say(f"{number:f} 平方米/百户", f"{number:f} m² per hundred households")
    return None
