"""The person's own pages: at one glance, what there is, what was paid, what is asked for, what is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.models import Entry
from songhe.citizens.domain.consenting import allow_family
from songhe.citizens.domain.sittings import Visit
from songhe.citizens.finding import FAMILY_VIEW
from songhe.citizens.words import relation_of
from songhe.common import clock
from songhe.entitlement.models import Line
from songhe.entitlement.worths import day_of
from songhe.payment.models import Claim
from songhe.policy.package import Package
from songhe.portal.items import Item
from songhe.portal.my import money
from songhe.portal.my.cases import matter_for, matters_of
from songhe.portal.my.door import READ_AND_WRITE, go, mine, show
from songhe.portal.my.file import File, items_of
from songhe.portal.my.overview import find, missing_of, parts_of, unclaimed_of
from songhe.portal.shelf import is_example, open_shelf, sources_of
from songhe.registry.models import Kinship
from songhe.registry.queries import consents, kin

_LAST, _FEW = 20, 3
# Which entry of the menu a page belongs to.
_MENU = {
    **{"start.html": "start", "items.html": "items", "item.html": "items", "payments.html": "payments"},
    **{"payment.html": "payments", "cases.html": "cases", "case.html": "cases", "missing.html": "missing"},
}


@mine("首页")
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """This month's money, what waits for the person, what is missing."""
    file, matters, months = File(visit.person), matters_of(visit.person), money.months_of(visit.person)
    parts = parts_of(file, matters)
    back = [row for month in months for row in month.rows if row.state == money.CAME_BACK]
    owing = [row for month in months for row in month.rows if row.state == money.TAKEN_BACK and row.left]
    unclaimed = unclaimed_of(parts)
    context = {
        "month": months[0] if months else None,
        "waiting": [matter for matter in matters if matter.waits_for_me],
        "unclaimed": unclaimed[:_FEW],
        "more": len(unclaimed) - len(unclaimed[:_FEW]),
        "back": _named(file, back),
        "owing": _named(file, owing),
        "missing": missing_of(file),
        "parts": parts,
        "open": [matter for matter in matters if not matter.case.closed_on],
    }
    return _mine(request, visit, file, "start.html", context)


@mine("我的待遇")
def items(request: HttpRequest, visit: Visit) -> HttpResponse:
    file = File(visit.person)
    return _mine(request, visit, file, "items.html", {"parts": parts_of(file, matters_of(visit.person))})


@mine("一项待遇")
def item(request: HttpRequest, visit: Visit, item: str) -> HttpResponse:
    file = File(visit.person)
    found = find(file, matters_of(visit.person), item)
    if found is None:
        raise Http404
    context = {"mine": found, "item": found.item, "day": clock.today(), **_about(file.package)}
    return _mine(request, visit, file, "item.html", context)


@mine("我的收款")
def payments(request: HttpRequest, visit: Visit) -> HttpResponse:
    file = File(visit.person)
    months = [(month, _named(file, month.rows)) for month in money.months_of(visit.person)]
    return _mine(request, visit, file, "payments.html", {"months": months})


@mine("一笔钱")
def payment(request: HttpRequest, visit: Visit, claim: int) -> HttpResponse:
    """Why this sum: the decision of that month, once more, by what the file knew then."""
    file = File(visit.person)
    found = money.one_of(visit.person, claim)
    if found is None:
        raise Http404
    row, line = found[1], Line.objects.filter(pk=money.line_of(found[0])).select_related("run").first()
    package = _package_of(file, found[0])
    context = {
        "row": row,
        "name": file.name_of(row.item),
        "month": money.month_in_words(row.month),
        "reason": money.WHY_BACK.get(line.answer) if line is not None and line.fen < 0 else None,
        "item": _as_decided(visit, line, package),
        "clause": package.clauses.get(row.clause) if package is not None else None,
        **_about(package),
    }
    return _mine(request, visit, file, "payment.html", context)


@mine("我的申请")
def cases(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _mine(request, visit, File(visit.person), "cases.html", {"matters": matters_of(visit.person)})


@mine("一件申请")
def case(request: HttpRequest, visit: Visit, case: UUID) -> HttpResponse:
    found = matter_for(visit.person, case)
    if found is None:
        raise Http404
    return _mine(request, visit, File(visit.person), "case.html", {"matter": found})


@mine("还缺什么")
def missing(request: HttpRequest, visit: Visit) -> HttpResponse:
    file = File(visit.person)
    return _mine(request, visit, file, "missing.html", {"missing": missing_of(file), "offices": file.offices})


@mine("家属查看", READ_AND_WRITE)
def family(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whether the family may see these pages, and who has looked at the file lately."""
    if request.method == "POST" and visit.kinship is None:
        allow_family(visit=visit, given=request.POST.get("given") == "yes")
        return go(request, "my-family")
    day = clock.today()
    standing = (row for row in kin(visit.person).filter(kind=Kinship.Kind.MAY_ACT) if _stands(row, day))
    seen = Entry.objects.filter(subject_kind="person", subject_id=str(visit.person.public_id))
    context = {
        "allowed": consents(visit.person).get(FAMILY_VIEW.value, False),
        "family": [(_veiled(row), relation_of(row)) for row in standing],
        "seen": seen.filter(action="citizen.signed_in").order_by("-sequence")[:_LAST],
    }
    return _mine(request, visit, File(visit.person), "family.html", context)


def _mine(
    request: HttpRequest, visit: Visit, file: File, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    more = {
        "file": file,
        "visit": visit,
        "relation": relation_of(visit.kinship) if visit.kinship else None,
        "here": _MENU.get(template),
    }
    return show(request, template, {**more, **context}, status=status)


def _about(package: Package | None) -> dict[str, Any]:
    if package is None:
        return {"package": None, "sources": (), "is_example": False}
    return {"package": package, "sources": sources_of(package), "is_example": is_example(package)}


def _named(file: File, rows: Any) -> list[tuple[Any, Any]]:
    return [(row, file.name_of(row.item)) for row in rows]


def _package_of(file: File, claim: Claim) -> Package | None:
    """The package that decided it, if it is still the same, by its hash; else the one that has the clause."""
    shelf = open_shelf().packages
    decided = next((package for package in shelf if package.hash == claim.package), None)
    return decided or (file.package if file.package is not None and claim.clause in file.package.clauses else None)


def _as_decided(visit: Visit, line: Line | None, package: Package | None) -> Item | None:
    """The decision behind a sum; None when the package is no longer the one that decided."""
    if line is None or package is None or package.hash != line.run.package_hash:
        return None
    day = day_of(package, line.month)
    found = items_of(visit.person, package, day, line.run.known_in_id)
    return next((item for item in found if item.id == line.item), None)


def _stands(row: Kinship, day: Any) -> bool:
    return bool((row.valid_from or day) <= day <= (row.valid_to or day))


def _veiled(row: Kinship) -> str:
    """Of other people's names, the first character."""
    current = getattr(row.relative, "current", None) if row.relative_id is not None else None
    name = (current.name if current is not None else row.name) or "—"
    return f"{name[:1]}{'*' * (len(name) - 1)}"
