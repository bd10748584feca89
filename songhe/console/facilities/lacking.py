"""What lacks, by county: estates and pools, institutions, and care premises behind their housing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.console.facilities.asking import Asked, asked
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import page_of, show, staff
from songhe.console.places import names_of
from songhe.facilities.facts import BOOKS, ESTATE, POOL
from songhe.facilities.instep import asks_for_step, steps_of
from songhe.facilities.queries import INSTITUTION, Finding, Shortfall, findings, overdue, shortfalls_among, undetermined
from songhe.facilities.totals import facts_wanted, totals
from songhe.organisations.facts import BOOK as HOMES
from songhe.organisations.subsidies import Answer
from songhe.pages.listing import Part, part_of
from songhe.rules.quantity import plain_number

_BOOKS = {**BOOKS, INSTITUTION: HOMES}
_HEADER = (
    ("县（市、区）", "County"),
    ("街道（镇）", "Town"),
    ("名称", "Name"),
    ("标准", "Standard"),
    ("条款", "Clauses"),
    ("应有", "Required"),
    ("现有", "Actual"),
    ("缺口", "Lacking"),
    ("单位", "Unit"),
    ("算式", "Arithmetic"),
    ("计划补足", "Planned"),
    ("计划后仍缺", "Lacking after that"),
)


@staff(Action.ESTATE_READ)
def shortfall_list(request: HttpRequest) -> HttpResponse:
    """What is not met in a division, with totals; `as` csv or xlsx gives it as a file."""
    return _lacking(request, "facilities/shortfalls.html", (ESTATE, POOL))


@staff(Action.ORGANISATION_READ)
def institution_list(request: HttpRequest) -> HttpResponse:
    """Institutions against the standards, with what their subsidies come to."""
    return _lacking(request, "facilities/institutions.html", (INSTITUTION,))


def _lacking(request: HttpRequest, template: str, subjects: Sequence[str]) -> HttpResponse:
    action = Action.ORGANISATION_READ if INSTITUTION in subjects else Action.ESTATE_READ
    said = asked(request, action=action)
    found = _found(request, said, subjects)
    short = shortfalls_among(found, said.day)
    if (kind := request.GET.get("as", "")) in FILE_TYPES and said.package is not None:
        return _file(request, said, short, kind)
    part: Part[Shortfall] = part_of(short, request.GET.get("part", ""))
    open_ones = undetermined(found)
    context = {
        "asked": said,
        "totals": totals(found, said.day),
        "part": part,
        "number": len(short),
        "is_empty": not found,
        "wanted": [(_BOOKS[subject].facts[name].label, subject, many) for subject, name, many in facts_wanted(found)],
        "open": _part_of_open(open_ones, request),
        "terms": _terms(open_ones),
        "late": list(overdue(request.user, said.place.id, said.day)[:50]) if said.place and ESTATE in subjects else [],
        "subsidies": _subsidies(found, said),
    }
    return show(request, template, context)


def _subsidies(found: Sequence[Finding], said: Asked) -> list[dict[str, Any]]:
    names = names_of(one.division_id for one in found if one.rule.is_subsidy)
    return [
        {
            "one": one.thing,
            "place": names.get(one.division_id, ""),
            "answer": Answer(one.package, said.day, one.decision, one.facts),
        }
        for one in found
        if one.rule.is_subsidy
    ]


def _found(request: HttpRequest, said: Asked, subjects: Sequence[str]) -> list[Finding]:
    if said.package is None or said.place is None:
        return []
    return findings(request.user, said.package, said.place.id, said.day, subjects=subjects)


def _part_of_open(found: Sequence[Finding], request: HttpRequest) -> Part[dict[str, Any]]:
    part: Part[Finding] = part_of(found, request.GET.get("open", ""))
    rows = [
        {"finding": one, "missing": [_BOOKS[one.subject].facts[name].label for name in one.decision.found.missing]}
        for one in part.rows
    ]
    return Part(rows, part.number, part.before, part.after)


def _terms(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """The words left open that stand in the way, each with what is not written and for how many."""
    seen: dict[str, dict[str, Any]] = {}
    for one in found:
        for id in one.decision.found.open_terms:
            told = seen.setdefault(id, {"term": one.package.terms[id], "number": 0})
            told["number"] += 1
    return list(seen.values())


def _file(request: HttpRequest, said: Asked, short: Sequence[Shortfall], kind: str) -> HttpResponse:
    english = page_of(request).is_english
    header = [en if english else zh for zh, en in _HEADER]
    return file_answer(f"shortfalls-{said.day}", kind, header, _cells(short, english))


def _cells(short: Iterable[Shortfall], english: bool) -> Iterator[list[object]]:
    for one in short:
        standard = one.finding.rule.standard
        numbers = (one.required, one.actual, one.shortfall)
        yield [
            one.county.name if one.county else "",
            one.town.name if one.town else "",
            one.finding.thing.name,
            standard.name.en if english else standard.name.zh,
            " ".join(one.finding.rule.clauses),
            *("" if number is None else plain_number(number) for number in numbers),
            standard.unit or "",
            one.arithmetic or "",
            plain_number(one.planned),
            "" if one.remains is None else plain_number(one.remains),
        ]


@staff(Action.ESTATE_READ)
def same_time(request: HttpRequest) -> HttpResponse:
    """Estates whose premises are to keep step with the housing: which step is late, by how many days, or unknown."""
    said = asked(request)
    found = [one for one in _found(request, said, (ESTATE,)) if asks_for_step(one.rule)]
    part: Part[Finding] = part_of(sorted(found, key=_most_urgent), request.GET.get("part", ""))
    names = names_of(one.division_id for one in part.rows)
    rows = [
        {
            "one": one.thing,
            "place": names.get(one.division_id, ""),
            "finding": one,
            "steps": steps_of(one.facts, said.day),
        }
        for one in part.rows
    ]
    counts = {answer: sum(one.answer == answer for one in found) for answer in ("met", "not_met", "undetermined")}
    rules = {one.rule.id: one.rule for one in found}
    context = {"asked": said, "rows": rows, "part": part, "counts": counts, "rules": rules.values()}
    return show(request, "facilities/same_time.html", context)


def _most_urgent(one: Finding) -> tuple[int, str]:
    return {"not_met": 0, "undetermined": 1, "met": 2}[one.answer], one.thing.name
