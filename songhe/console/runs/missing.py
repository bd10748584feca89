"""Missing facts as work: by village, then who is to be asked for what, with the paper or visit that settles it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.accounts.scope import Action, divisions_for
from songhe.common.text import Text, say
from songhe.console.acting import never_stored
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import actions_held, page_of, show, staff
from songhe.console.places import names_of
from songhe.console.runs import paging
from songhe.console.runs.differing import plain_yuan
from songhe.console.runs.finding import loaded
from songhe.divisions.queries import tree_on
from songhe.entitlement.domain.exporting import export_missing
from songhe.entitlement.models import MissingFact
from songhe.entitlement.work import missing_facts, settled_by, work_by_village
from songhe.registry.vocabulary import label

SIZE, PRINTED = 50, 1_000


@dataclass(frozen=True)
class Row:
    """A fact somebody lacks; `settled_by` is the paper or visit, None where the package does not say."""

    missing: MissingFact
    label: Text
    settled_by: Text | None
    place: str


@staff(Action.ENTITLEMENT_READ)
def villages(request: HttpRequest) -> HttpResponse:
    """Where the work lies, the most money first; files in no division stand last, without a list of their own."""
    rows = work_by_village(request.user)
    names = names_of(place for place, _, _ in rows)
    context = {
        "rows": [{"id": place, "name": names.get(place or 0, ""), "facts": n, "fen": fen} for place, n, fen in rows],
        "facts": sum(number for _, number, _ in rows),
        "fen": sum(fen or 0 for _, _, fen in rows),
    }
    return show(request, "runs/missing.html", context)


@staff(Action.ENTITLEMENT_READ)
def village(request: HttpRequest, division_id: int) -> HttpResponse:
    """Who lacks what, by what settling it is worth; `all` shows it in one piece, to be printed."""
    _reached(request, division_id)
    whole = "all" in request.GET
    start, size = (0, PRINTED) if whole else (paging.start_of(request), SIZE)
    facts = missing_facts(request.user, division=division_id).select_related("person__current", "run")
    found = list(facts[start : start + size + 1])
    tree = tree_on()
    context = {
        "node": tree.node(division_id),
        "name": tree.full_name(division_id),
        "rows": rows_of(found[:size]),
        "window": paging.Pages(start, size, len(found) > size),
        "whole": whole,
        "today": timezone.localdate(),
        "may_write": Action.PERSON_WRITE in actions_held(request),
        "above": [one for one in tree.path(division_id)[:-1] if one.id in _within(request)],
    }
    answer = show(request, "runs/village.html", context)
    append(
        user=request.user,
        action="person.listed",
        subject_kind="division",
        subject_id=str(division_id),
        division=division_id,
        details={"count": len(context["rows"])},
    )
    return never_stored(answer)


@staff(Action.ENTITLEMENT_READ)
def download(request: HttpRequest, division_id: int, extension: str) -> HttpResponse:
    """The whole list of a division, for a printer or a spreadsheet."""
    _reached(request, division_id)
    if extension not in FILE_TYPES:
        raise Http404
    language = page_of(request).language
    rows = rows_of(export_missing(user=request.user, division=division_id))
    header = [title.in_language(language) for title in _TITLES]
    return file_answer(f"missing-{tree_on().node(division_id).code}", extension, header, _cells(rows, language))


_TITLES = (
    say("姓名", "Name"),
    say("档案编号", "File"),
    say("村（社区）", "Village"),
    say("待补事实", "Missing fact"),
    say("怎么补", "Settled by"),
    say("每月涉及（元）", "At stake a month (yuan)"),
    say("涉及项目", "Items"),
    say("可定项目", "Items it settles"),
)


def _cells(rows: Sequence[Row], language: str) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.missing.person.current.name or "",
            str(row.missing.person.public_id),
            row.place,
            row.label.in_language(language),
            row.settled_by.in_language(language) if row.settled_by else "",
            plain_yuan(row.missing.fen),
            row.missing.items,
            row.missing.settles,
        )


def rows_of(found: Iterable[MissingFact]) -> list[Row]:
    """With the words of the run's package; `person__current` and `run` are read along."""
    facts = list(found)
    places = names_of(_place(one) for one in facts)
    return [Row(one, label(one.fact), _settled(one), places.get(_place(one) or 0, "")) for one in facts]


def _settled(one: MissingFact) -> Text | None:
    package = loaded(one.run.package)
    return settled_by(package, one.fact) if package else None


def _place(one: MissingFact) -> int | None:
    now = one.person.current
    place: int | None = now.hukou_division_id or now.residence_division_id
    return place


def _within(request: HttpRequest) -> frozenset[int]:
    return divisions_for(request.user, Action.ENTITLEMENT_READ)


def _reached(request: HttpRequest, division_id: int) -> None:
    if division_id not in _within(request) or division_id not in tree_on():
        raise Http404
