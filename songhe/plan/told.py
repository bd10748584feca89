"""What was told of a package's tasks up to a moment: confirmed claims, and the last report of each row.

Claims go with their places: after a merger a county has done what all it was made of have done, after a split every
part has done what the whole had.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Prefetch, QuerySet

from songhe.common import clock
from songhe.decision.task import Done
from songhe.divisions.queries import carry, tree_on
from songhe.plan.models import Act, Report

# What has become of a report.
WAITING, HANDED_UP, CONFIRMED, RETURNED, UNDONE = "waiting", "handed_up", "confirmed", "returned", "undone"


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day is over in China; now, when it is not over yet."""
    over = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.ZONE)
    return min(over, clock.now())


@dataclass(frozen=True)
class Claim:
    """A confirmed word that a task (milestone 0), or a milestone of it, was done at a place on a day."""

    division: int
    told_for: dt.date
    done_on: dt.date


class Told:
    """Everything that is known at a moment of the rows of one package."""

    def __init__(self, package: str, day: dt.date, known: dt.datetime) -> None:
        self.day, self.known = day, known
        self._claims: dict[tuple[str, int], list[Claim]] = defaultdict(list)
        for task, milestone, claim in _claims(package, known):
            self._claims[task, milestone or 0].append(claim)
        self._last = {(report.task, report.division_id): report for report in _last_reports(package, known)}

    def last(self, task: str, division: int) -> Report | None:
        """The latest report of a row at a place."""
        return self._last.get((task, division))

    def last_among(self, task: str, divisions: Iterable[int]) -> Report | None:
        found = [report for one in divisions if (report := self.last(task, one)) is not None]
        return max(found, key=lambda report: (report.reported_at, report.pk), default=None)

    def done(self, task: str, division: int, milestones: int) -> Done:
        """What of a row is done at a place, each from its day on."""
        steps = {number: self._done_on(task, number, division) for number in range(1, milestones + 1)}
        return Done(self._done_on(task, 0, division), {number: day for number, day in steps.items() if day is not None})

    def _done_on(self, task: str, milestone: int, division: int) -> dt.date | None:
        claims = self._claims.get((task, milestone), ())
        concerned = [claim for claim in claims if division in _onward(claim.division, claim.told_for, self.day)]
        alone = [claim for claim in concerned if _made_of(division, self.day, claim.told_for) == {claim.division}]
        days = [claim.done_on for claim in alone]
        if together := [claim for claim in concerned if claim not in alone]:
            earliest: dict[int, dt.date] = {}
            for claim in together:
                earliest[claim.division] = min(claim.done_on, earliest.get(claim.division, claim.done_on))
            if earliest.keys() >= _made_of(division, self.day, min(claim.told_for for claim in together)):
                days.append(max(earliest.values()))
        return min(days, default=None)


def _onward(division: int, since: dt.date, day: dt.date) -> frozenset[int]:
    return frozenset((division,)) if tree_on(since) is tree_on(day) else frozenset(carry(division, since, day))


def _made_of(division: int, day: dt.date, before: dt.date) -> frozenset[int]:
    return _onward(division, day, before)


def _claims(package: str, known: dt.datetime) -> Iterable[tuple[str, int | None, Claim]]:
    """Confirmed by the moment and not undone by it."""
    undone = Act.objects.filter(kind=Act.Kind.UNDO, at__lte=known, report__package=package).values("report_id")
    confirmed = Act.objects.filter(
        kind=Act.Kind.CONFIRM, at__lte=known, report__package=package, report__done_on__isnull=False
    ).exclude(report_id__in=undone)
    wanted = ("task", "milestone", "division_id", "told_for", "done_on")
    for task, milestone, *claim in confirmed.values_list(*(f"report__{name}" for name in wanted)):
        yield task, milestone, Claim(*claim)


def _last_reports(package: str, known: dt.datetime) -> QuerySet[Report]:
    told = Report.objects.filter(package=package, reported_at__lte=known)
    latest = told.values("task", "division").annotate(latest=Max("pk")).values("latest")
    return with_acts(Report.objects.filter(pk__in=latest), known)


def with_acts(reports: QuerySet[Report], known: dt.datetime) -> QuerySet[Report]:
    """Reports with who made them and what had become of them by a moment, as `known_acts`."""
    acts = Act.objects.filter(at__lte=known).select_related("user").order_by("at", "pk")
    asked = reports.select_related("reported_by").prefetch_related(
        Prefetch("acts", queryset=acts, to_attr="known_acts"), "evidence"
    )
    return asked


def became(report: Report) -> str:
    """What has become of a report that was read by `with_acts`."""
    kinds = {act.kind for act in report.known_acts}
    order = (
        (Act.Kind.UNDO, UNDONE),
        (Act.Kind.CONFIRM, CONFIRMED),
        (Act.Kind.RETURN, RETURNED),
        (Act.Kind.HAND_UP, HANDED_UP),
    )
    return next((state for kind, state in order if kind in kinds), WAITING)
