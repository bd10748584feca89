"""List items (服务项目): what there is, who may have it, how it comes to them; and the limits their conditions set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from songhe.common.text import Text, join, say
from songhe.policy.compare.conditions import Limit, Line, area_namer, limits_in, limits_of
from songhe.policy.compare.rows import Members
from songhe.policy.compare.said import Detail, Said, clauses_of, conflicts_of
from songhe.policy.package import Package
from songhe.policy.phrases import Words, figure_shown
from songhe.policy.rule import Rule
from songhe.rules import tree
from songhe.rules.amount import figures_of

DELIVERIES = {
    "offer": say("直接提供", "simply there to use"),
    "invite": say("由有关单位通知或邀请", "by invitation"),
    "apply": say("需要申请或提出", "on application"),
}
WHO, DELIVERY, LEVELS = say("对象", "Who"), say("方式", "How it comes"), say("档", "Levels")
LIVING = say("在世的人都可以", "anybody")


def say_items(package: Package, members: Members, day: dt.date) -> Iterator[Said]:
    """What each entitlement is, who may have it, and how."""
    for id in members.entitlements:
        rule, entry = package.rules[id], package.entitlements[id]
        line = _line(package, day, entry.subject)
        details = [Detail(WHO, _who(line, rule)), Detail(DELIVERY, DELIVERIES[entry.delivery])]
        if rule.variants:
            details.append(Detail(LEVELS, _levels(line, rule)))
        clauses = clauses_of(package, rule.clauses)
        yield Said(
            id, entry.name, entry.what, clauses, tuple(details), open=_open(package, rule),
            conflicts=conflicts_of(package, clauses),
        )  # fmt: skip


def _who(line: Line, rule: Rule) -> Text:
    return LIVING if rule.who == tree.ALWAYS else line.of(rule.who)


def _levels(line: Line, rule: Rule) -> Text:
    parts = [(one.variant.name, line.of(one.condition)) for one in rule.variants]
    return join([say(f"{name.zh}：{when.zh}", f"{name.en}: {when.en}") for name, when in parts], "；", "; ")


def _open(package: Package, rule: Rule) -> tuple[Text, ...]:
    """Words of its condition that the document leaves undefined."""
    names = dict.fromkeys(term for node in rule.conditions for term in tree.terms_of(node))
    return tuple(package.terms[name].note or package.terms[name].name for name in names)


def say_thresholds(package: Package, members: Members, day: dt.date) -> Iterator[Said]:
    """Ages, days, beds and sums that the conditions compare with, and figures nothing but a condition reads."""
    for id in members.entitlements:
        rule, entry = package.rules[id], package.entitlements[id]
        if limits := list(limits_of(rule)):
            clauses = rule.clauses
            yield _limits(package, id, entry.name, entry.subject, limits, clauses, day)
    for id in members.standards:
        standard = package.standard_rules.get(id)
        if standard is not None and (limits := list(limits_in(standard.applies))):
            entry_ = standard.standard
            yield _limits(package, id, entry_.name, entry_.subject, limits, tuple(entry_.clauses), day)
    yield from _figures(package, members, day)


def _limits(
    package: Package, id: str, name: Text, subject: str, limits: list[Limit], cited: tuple[str, ...], day: dt.date
) -> Said:
    line = _line(package, day, subject)
    text = join([_limit(line.of(limit), term) for limit, term in limits], "；", "; ")
    clauses = clauses_of(package, cited)
    return Said(id, name, text, clauses, certainty="exact", conflicts=conflicts_of(package, clauses))


def _limit(text: Text, term: Text | None) -> Text:
    """A limit that comes with the definition of a word names the word."""
    return text if term is None else say(f"{term.zh}（{text.zh}）", f"{term.en} ({text.en})")


def _figures(package: Package, members: Members, day: dt.date) -> Iterator[Said]:
    """Figures that no condition, amount or requirement reads, such as an upper end that is only written down."""
    read = _read_elsewhere(package)
    for id in members.parameters:
        parameter = package.parameters[id]
        if id in read:
            continue
        clauses = clauses_of(package, parameter.clauses)
        text = figure_shown(parameter, package.figures, day)
        unit = f" {parameter.unit}" if parameter.unit and parameter.unit not in text.zh else ""
        yield Said(
            id, parameter.name, say(f"{text.zh}{unit}", f"{text.en}{unit}"), clauses,
            conflicts=conflicts_of(package, clauses),
        )  # fmt: skip


def _read_elsewhere(package: Package) -> set[str]:
    """The parameters that conditions, amounts and standards read; they are told there."""
    read: set[str] = set()
    for rule in package.rules.values():
        read |= {id for node in rule.conditions for id in tree.parameters_of(node)}
        moneys = [rule.amount.money] if rule.amount.money else [tier.money for tier in rule.amount.tiers]
        read |= {id for money in moneys for id in figures_of(money)}
    for standard in package.standards.values():
        written = " ".join(filter(None, (standard.required, standard.actual, standard.counted)))
        read |= {id for id in package.parameters if id in written.replace("(", " ").replace(",", " ").split()}
    for checked in package.standard_rules.values():
        read |= set(tree.parameters_of(checked.applies))
    return read


def _line(package: Package, day: dt.date, subject: str) -> Line:
    return Line(package, Words(package, day, area_namer(package), subject))
