"""A simulation county by county: its months and items, and all of it as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.scope import Action
from songhe.common.text import say
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import page_of, show, staff
from songhe.console.places import names_of
from songhe.console.runs.costs import Cost, cost, sums, together
from songhe.console.runs.differing import plain_yuan
from songhe.console.runs.finding import item_name, loaded, title_of
from songhe.console.runs.working import looked_after
from songhe.divisions.queries import tree_on
from songhe.entitlement.counties import counties_in
from songhe.entitlement.domain.exporting import Simulated, export_simulation
from songhe.entitlement.models import Job
from songhe.entitlement.months import shown

_NOTHING = {"people": 0, "fen": 0, "people_then": 0, "fen_then": 0}


@dataclass(frozen=True)
class Row:
    """A month: its sum, and each item in the order of the columns."""

    whole: Cost
    cells: Sequence[Cost]


@staff(Action.RUN_READ)
def county_months(request: HttpRequest, job_id: UUID, division_id: int) -> HttpResponse:
    """Months as rows, items as columns; from here to the county before and after."""
    job = _done(request, job_id)
    counties = counties_in(job.result or {})
    place = next((place for place, one in enumerate(counties) if one["county"] == division_id), None)
    if place is None:
        raise Http404
    found, package = counties[place], loaded(job.other)
    around = [one["county"] for one in counties[max(place - 1, 0) : place + 2]]
    names = names_of(around)
    items = sorted({one["item"] for one in found["costs"]})
    context = {
        "job": job,
        "found": found,
        "place": names.get(division_id, ""),
        "title": title_of(job.package),
        "other": title_of(job.other),
        "month": shown(job.month),
        "items": [item_name(package, item) for item in items],
        "rows": _rows(found["costs"], items),
        "sums": _row("", found["costs"], items),
        "before": _link(counties, place - 1, names),
        "after": _link(counties, place + 1, names),
        "number": place + 1,
        "all": len(counties),
    }
    return show(request, "runs/simulation_county.html", context)


def _done(request: HttpRequest, job_id: UUID) -> Job:
    job = looked_after(request, job_id, Job.Kind.SIMULATION)
    if job.state != Job.State.DONE or job.result is None:
        raise Http404
    return job


def _link(counties: Sequence[Mapping[str, Any]], place: int, names: Mapping[int, str]) -> tuple[int, str] | None:
    if not 0 <= place < len(counties):
        return None
    county = counties[place]["county"]
    return county, names.get(county, "")


def _rows(costs: Sequence[Mapping[str, Any]], items: Sequence[str]) -> list[Row]:
    months = sorted({one["month"] for one in costs})
    return [_row(shown(month), [one for one in costs if one["month"] == month], items) for month in months]


def _row(name: str, costs: Sequence[Mapping[str, Any]], items: Sequence[str]) -> Row:
    by_item = together(costs, "item")
    return Row(cost(name, sums(costs)), [cost(name, by_item.get(item, _NOTHING)) for item in items])


_TITLES = (
    say("县区代码", "County code"),
    say("县区", "County"),
    say("项目编号", "Item code"),
    say("项目", "Item"),
    say("月份", "Month"),
    say("现行人数", "People now"),
    say("拟议人数", "People then"),
    say("现行金额（元）", "Yuan now"),
    say("拟议金额（元）", "Yuan then"),
)


@staff(Action.RUN_READ)
def download(request: HttpRequest, job_id: UUID, extension: str) -> HttpResponse:
    """Every county, item and month: figures only, nobody's data."""
    job = _done(request, job_id)
    if extension not in FILE_TYPES:
        raise Http404
    rows = export_simulation(user=request.user, job=job)
    language = page_of(request).language
    header = [title.in_language(language) for title in _TITLES]
    return file_answer(f"simulation-{job.month}", extension, header, _cells(job, rows, language))


def _cells(job: Job, rows: Sequence[Simulated], language: str) -> Iterator[Sequence[Any]]:
    package, names, tree = loaded(job.other), names_of({row.county for row in rows}), tree_on()
    for row in rows:
        node = tree.get(row.county)
        yield (
            node.code if node else "",
            names.get(row.county, ""),
            row.item,
            item_name(package, row.item).in_language(language),
            shown(row.month),
            row.people,
            row.people_then,
            plain_yuan(row.fen),
            plain_yuan(row.fen_then),
        )
