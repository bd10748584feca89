"""A policy document as a page: its data, items, targets and contradictions, and what it leaves unwritten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from songhe.common.days import write_day
from songhe.common.text import Text, say
from songhe.policy.package import Package
from songhe.policy.schema import Clause, Conflict, Document, Entitlement, Parameter, Reading, Term
from songhe.portal.items import CATEGORIES, DELIVERIES
from songhe.portal.shelf import sources_of
from songhe.portal.targets import Aim, aims_of

NOT_WRITTEN = say("文件没有写", "not written")


@dataclass(frozen=True)
class Datum:
    label: Text
    value: Text
    is_chinese: bool = False


@dataclass(frozen=True)
class ListItem:
    """One entitlement of the list with its clauses."""

    entitlement: Entitlement
    clauses: tuple[Clause, ...]

    @property
    def category(self) -> Text | None:
        return CATEGORIES.get(self.entitlement.category or "")

    @property
    def delivery(self) -> Text:
        return DELIVERIES[self.entitlement.delivery]


@dataclass(frozen=True)
class Side:
    """One reading of a contradiction with its clause."""

    reading: Reading
    clause: Clause | None


@dataclass(frozen=True)
class Contradiction:
    conflict: Conflict
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Sheet:
    """The page of one package."""

    documents: tuple[tuple[Document, tuple[Datum, ...]], ...]
    items: tuple[ListItem, ...]
    aims: tuple[Aim, ...]
    contradictions: tuple[Contradiction, ...]
    open_terms: tuple[Term, ...]
    unwritten: tuple[Parameter, ...]
    clauses: tuple[Clause, ...]


def make_sheet(package: Package) -> Sheet:
    return Sheet(
        documents=tuple((document, data_of(document)) for document in sources_of(package)),
        items=tuple(
            ListItem(rule.entitlement, tuple(package.clauses[id] for id in rule.clauses if id in package.clauses))
            for rule in package.rules_for("person")
        ),
        aims=tuple(aims_of(package)),
        contradictions=tuple(
            Contradiction(conflict, tuple(Side(r, package.clauses.get(r.clause)) for r in conflict.readings))
            for conflict in package.conflicts.values()
        ),
        open_terms=tuple(t for t in package.terms.values() if t.definition is None and t.subject == "person"),
        unwritten=tuple(p for p in package.parameters.values() if not p.values and not p.floor),
        clauses=tuple(package.clauses.values()),
    )


def data_of(document: Document) -> tuple[Datum, ...]:
    """Number, issuer and dates; what the document does not give is said to be missing."""
    force, plan = document.in_force, document.plan_period
    return (
        Datum(say("文号", "Number"), _plain(document.number), document.number is not None),
        Datum(say("索引号", "Index number"), _plain(document.index_number)),
        Datum(say("发文单位", "Issued by"), document.issuer or NOT_WRITTEN),
        Datum(say("签发日期", "Signed"), _day(document.signed)),
        Datum(say("公布日期", "Published"), _day(document.published)),
        Datum(say("施行日期", "In force from"), _day(force.start)),
        Datum(say("有效期至", "In force until"), _day(force.end)),
        Datum(say("计划期", "Period of the plan"), _period(plan.start, plan.end) if plan else NOT_WRITTEN),
    )


def _plain(text: str | None) -> Text:
    return say(text, text) if text else NOT_WRITTEN


def _day(day: dt.date | None) -> Text:
    return write_day(day) if day else NOT_WRITTEN


def _period(start: dt.date | None, end: dt.date | None) -> Text:
    first, last = _day(start), _day(end)
    return say(f"{first.zh}至{last.zh}", f"{first.en} to {last.en}")
