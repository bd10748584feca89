"""People under another city's rules: who may have what here and there, as a table and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.scope import Action
from songhe.common.text import Text, say
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import page_of, staff
from songhe.console.places import names_of
from songhe.console.runs.finding import loaded
from songhe.console.runs.working import looked_after
from songhe.decision.crossing.residents import assumption
from songhe.decision.crossing.rows import Pair, pairs_of
from songhe.divisions.queries import tree_on
from songhe.entitlement.domain.exporting import export_turned
from songhe.entitlement.models import Job
from songhe.entitlement.months import shown
from songhe.policy.compare.rows import load_rows
from songhe.policy.package import Package


@dataclass(frozen=True)
class Turned:
    """A thing with the items that stand for it here and there, and people in the first month."""

    name: Text
    here: Sequence[str]
    there: Sequence[str]
    both: int
    gained: int
    lost: int
    unclear: int
    neither: int


def turned_of(found: Mapping[str, Any], now: Package | None, then: Package | None) -> list[Turned]:
    """The rows of a stored result; empty where the other package speaks for the same place."""
    pairs = _pairs(now, then)
    order = {row: place for place, row in enumerate(pairs)}
    rows = sorted(found.get("turned", ()), key=lambda one: order.get(one["row"], len(order)))
    return [_turned(pairs, one) for one in rows]


def assumed_of(job: Job) -> Text | None:
    """What was assumed of where people live."""
    now, then = loaded(job.package), loaded(job.other)
    return assumption(now, then, as_resident=True) if now and then else None


def _pairs(now: Package | None, then: Package | None) -> dict[str, Pair]:
    return {pair.row: pair for pair in pairs_of(load_rows(), now, then)} if now and then else {}


def _turned(pairs: Mapping[str, Pair], one: Mapping[str, Any]) -> Turned:
    pair = pairs.get(one["row"])
    # A package that changed since may not have the row any more.
    name = pair.name if pair else say(one["row"], one["row"])
    here, there = (pair.home, pair.other) if pair else ((), ())
    return Turned(name, here, there, one["both"], one["gained"], one["lost"], one["unclear"], one["neither"])


_TITLES = (
    say("县区代码", "County code"),
    say("县区", "County"),
    say("事项", "What"),
    say("本市项目", "Items here"),
    say("别市项目", "Items there"),
    say("两边都享受", "Both"),
    say("多享受的人", "Gained"),
    say("少享受的人", "Lost"),
    say("说不准", "Unclear"),
    say("都不享受", "Neither"),
    say("月份", "Month"),
    say("假定", "Assumed"),
)


@staff(Action.RUN_READ)
def download(request: HttpRequest, job_id: UUID, extension: str) -> HttpResponse:
    """Every county and row: figures only, nobody's data."""
    job = looked_after(request, job_id, Job.Kind.SIMULATION)
    if extension not in FILE_TYPES or job.state != Job.State.DONE or job.result is None:
        raise Http404
    rows = export_turned(user=request.user, job=job)
    language = page_of(request).language
    header = [title.in_language(language) for title in _TITLES]
    return file_answer(f"simulation-turned-{job.month}", extension, header, _cells(job, rows, language))


def _cells(job: Job, rows: Sequence[tuple[int, Mapping[str, Any]]], language: str) -> Iterator[Sequence[Any]]:
    pairs, assumed = _pairs(loaded(job.package), loaded(job.other)), assumed_of(job)
    names, tree = names_of({county for county, _ in rows}), tree_on()
    for county, figures in rows:
        one, node = _turned(pairs, figures), tree.get(county)
        yield (
            node.code if node else "",
            names.get(county, ""),
            one.name.in_language(language),
            "、".join(one.here),
            "、".join(one.there),
            one.both,
            one.gained,
            one.lost,
            one.unclear,
            one.neither,
            shown(job.month),
            assumed.in_language(language) if assumed else "",
        )
