"""What differs from what was accounted: arrears and recoveries line by line, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.domain.audit import append
from songhe.accounts.scope import Action
from songhe.common.text import Text, say
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import actions_held, page_of, show, staff
from songhe.console.places import names_of
from songhe.console.runs import paging
from songhe.console.runs.finding import item_name, package_of, run_of
from songhe.console.runs.paging import number_in
from songhe.console.runs.words import ANSWERS, KINDS
from songhe.divisions.queries import tree_on
from songhe.entitlement import differing
from songhe.entitlement.differing import PAST, Difference, Wanted
from songhe.entitlement.domain.exporting import export_differences
from songhe.entitlement.models import Run, State
from songhe.entitlement.months import shown
from songhe.entitlement.queries import people_planned

SIZE = 50


@dataclass(frozen=True)
class Row:
    """`may_plan`: a recovery of an accepted run; `is_planned` tells that somebody said how it is settled."""

    line: Difference
    item: Text
    month: str
    kind: Text
    answer: Text
    place: str
    clauses: Sequence[str]
    why: str
    may_plan: bool
    is_planned: bool


@staff(Action.RUN_READ)
def differences(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run, wanted = run_of(request, run_id), wanted_of(request)
    start = paging.start_of(request)
    found, more = differing.page(run, user=request.user, wanted=wanted, start=start, size=SIZE)
    package = package_of(run)
    tree = tree_on()
    context = {
        "run": run,
        "month": shown(run.month),
        "rows": _rows(request, run, found),
        "parts": [(KINDS[part.kind], part) for part in differing.parts(run, wanted)],
        "items": [(item, item_name(package, item)) for item in differing.items_in(run)],
        "kinds": [(kind, KINDS[kind]) for kind in PAST],
        "wanted": wanted,
        "kind": wanted.kinds[0] if len(wanted.kinds) == 1 else "",
        "places": [node for node in tree if node.level >= 4 and tree.holds(run.county_id, node.id)],
        "window": paging.Pages(start, SIZE, more),
        "may_export": Action.PERSON_EXPORT in actions_held(request),
        "query": request.GET.urlencode(),
    }
    answer = show(request, "runs/differences.html", context)
    _note(request, run, len(found))
    return answer


def _note(request: HttpRequest, run: Run, number: int) -> None:
    append(
        user=request.user,
        action="run.listed",
        subject_kind="run",
        subject_id=str(run.public_id),
        division=run.county_id,
        details={"month": shown(run.month), "count": number},
    )


def wanted_of(request: HttpRequest) -> Wanted:
    kind = request.GET.get("kind", "")
    return Wanted(
        kinds=(kind,) if kind in PAST else PAST,
        item=request.GET.get("item", "")[:40],
        division=number_in(request.GET.get("division", "")),
    )


def _rows(request: HttpRequest, run: Run, found: Sequence[Difference]) -> list[Row]:
    package = package_of(run)
    clauses = {item["id"]: item["clauses"] for item in run.items}
    places = names_of(one.place for one in found)
    may_plan = run.state == State.ACCEPTED and Action.RECOVERY_SETTLE in actions_held(request)
    planned = people_planned(run, {one.person.pk for one in found})
    return [
        Row(
            line=one,
            item=item_name(package, one.item),
            month=shown(one.month),
            kind=KINDS[one.kind],
            answer=ANSWERS[one.answer],
            place=places.get(one.place or 0, ""),
            clauses=clauses.get(one.item, []),
            why=_why(run, one),
            may_plan=may_plan and one.kind == "recovery",
            is_planned=one.person.pk in planned,
        )
        for one in found
    ]


def _why(run: Run, one: Difference) -> str:
    """Where the reason stands; of a file elsewhere and of an item that is gone, its answer says it all."""
    if one.answer in ("elsewhere", "no_item"):
        return ""
    address = reverse("console:person-why", args=[one.person.person.public_id, one.item, one.month])
    return f"{address}?run={run.public_id}"


_TITLES = (
    say("姓名", "Name"),
    say("档案编号", "File"),
    say("区划", "Division"),
    say("项目", "Item"),
    say("月份", "Month"),
    say("类别", "Kind"),
    say("差额（元）", "Difference (yuan)"),
    say("已记账（元）", "Accounted (yuan)"),
    say("现核定（元）", "Decided now (yuan)"),
    say("现结论", "Answer now"),
    say("条款", "Clauses"),
)


@staff(Action.RUN_READ)
def download(request: HttpRequest, run_id: UUID, extension: str) -> HttpResponse:
    """What the list shows, with the audit line that it left."""
    run = run_of(request, run_id)
    if extension not in FILE_TYPES or Action.PERSON_EXPORT not in actions_held(request):
        raise Http404
    rows = export_differences(user=request.user, run=run, wanted=wanted_of(request))
    language = page_of(request).language
    body = _cells(run, rows, language)
    header = [title.in_language(language) for title in _TITLES]
    return file_answer(f"differences-{run.month}", extension, header, body)


def _cells(run: Run, rows: Sequence[Difference], language: str) -> Iterator[Sequence[Any]]:
    package, places = package_of(run), names_of(row.place for row in rows)
    clauses = {item["id"]: item["clauses"] for item in run.items}
    for row in rows:
        yield (
            row.person.name or "",
            str(row.person.person.public_id),
            places.get(row.place or 0, ""),
            item_name(package, row.item).in_language(language),
            shown(row.month),
            KINDS[row.kind].in_language(language),
            plain_yuan(row.fen),
            plain_yuan(row.accounted),
            plain_yuan(row.decided),
            ANSWERS[row.answer].in_language(language),
            "、".join(clauses.get(row.item, [])),
        )


def plain_yuan(fen: int) -> Decimal:
    """A sum as a number for a spreadsheet: 123.45."""
    return Decimal(fen) / 100
