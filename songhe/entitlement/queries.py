"""Reading runs: which one stands, what was decided for whom, what is left to settle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Sum

from songhe.accounts.models import User
from songhe.accounts.scope import Action, visible
from songhe.divisions.queries import count_by
from songhe.entitlement.asking import rows_of
from songhe.entitlement.differences import OVERLAPS
from songhe.entitlement.files import folder_of, masks_of
from songhe.entitlement.models import Line, Plan, Run, State
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.registry.groups import group_of


def last_accepted(county: int) -> Run | None:
    """The run on which the county's next one builds: nothing was accepted after it."""
    return Run.objects.filter(county=county, state=State.ACCEPTED).order_by("-pk").first()


def overlapping_people(run: Run) -> list[int]:
    """Ids of those for whom the run held something back because another county has paid it."""
    return sorted({int(row["person_id"]) for row in overlaps(run)})


def overlaps(run: Run) -> list[dict[str, Any]]:
    """What is owed and held back: person_id, item, month, `fen` owed here and `overlap`, the fen another county paid.

    The other county's next run takes it back, and the next one here then pays; until both are accepted a person may
    want to ask there.
    """
    if not run.overlap_count:
        return []
    names = ("person_id", "item", "month", "fen", "overlap")
    sql = f"SELECT {', '.join(names)} FROM read_parquet(?) ORDER BY ALL"
    return [dict(zip(names, row, strict=True)) for row in rows_of(sql, [str(folder_of(run) / OVERLAPS)])]


def answer_of(run: Run, person: int, item: str) -> str | None:
    """What a run answered for its own month; None when the person had no file in the county."""
    sql = f'SELECT "{item}", "{item}?" FROM read_parquet(?) WHERE id = ?'
    rows = rows_of(sql, [str(masks_of(run)), person])
    if not rows:
        return None
    ((entitled, unknown),) = rows
    return "entitled" if entitled else "undetermined" if unknown else "not_entitled"


def lines_of(person: int) -> QuerySet[Line]:
    """All lines of a person, those of merged files included, the latest month first."""
    return Line.objects.filter(person__in=group_of(person)).order_by("-month", "item", "pk")


def accounted(person: int) -> dict[tuple[str, int], int]:
    """(item, month) → fen that stands for a person, over all counties; what adds up to nothing is left out."""
    sums = lines_of(person).order_by().values_list("item", "month").annotate(fen=Sum("fen"))
    return {(item, month): fen for item, month, fen in sums if fen}


class Owed(NamedTuple):
    """A line as whoever pays needs it: a reference unique for ever, the first day of the month, signed fen.

    `clause` is the item's first; `package` the hash of the package that decided.
    """

    reference: str
    person: int
    item: str
    month: dt.date
    fen: int
    clause: str
    package: str


def owed(run: Run) -> Iterator[Owed]:
    """Every line of an accepted run, in the order of writing; none of a run that is not accepted."""
    clauses = {item["id"]: item["clauses"][0] for item in run.items}
    lines = Line.objects.filter(run=run, run__state=State.ACCEPTED).order_by("pk")
    for pk, person, item, month, fen in lines.values_list("pk", "person", "item", "month", "fen").iterator():
        first = dt.date(month // 100, month % 100, 1)
        yield Owed(f"line:{pk}", person, item, first, fen, clauses.get(item, ""), run.package_hash)


def recoveries(run: Run) -> dict[int, int]:
    """Person id → fen a run takes back, as a positive number."""
    taken = Line.objects.filter(run=run, kind=Line.Kind.RECOVERY).values_list("person").annotate(Sum("fen"))
    return {person: -fen for person, fen in taken.order_by("person")}


def plan_for(run: Run, person: int) -> Plan | None:
    """The plan that holds: the latest."""
    return Plan.objects.filter(run=run, person=person).order_by("-pk").first()


def without_plan(county: int) -> list[tuple[int, int]]:
    """(run id, person id) of every recovery of a county that nobody has planned yet, the oldest first."""
    taken = Line.objects.filter(county=county, kind=Line.Kind.RECOVERY).values_list("run", "person").distinct()
    planned = set(Plan.objects.filter(run__county=county).values_list("run", "person"))
    return sorted(set(taken) - planned)


def plans_missing(run: Run) -> int:
    """From how many people a run takes something back that nobody has planned yet."""
    planned = Plan.objects.filter(run=run).values("person")
    taken = Line.objects.filter(run=run, kind=Line.Kind.RECOVERY).exclude(person__in=planned)
    return taken.values("person").distinct().count()


def people_planned(run: Run, people: Collection[int]) -> set[int]:
    """Of these people (ids), those with a plan for what the run takes back."""
    return set(Plan.objects.filter(run=run, person__in=people).values_list("person", flat=True))


def recoveries_open(user: User, counties: Sequence[int]) -> QuerySet[Line, dict[str, Any]]:
    """What these counties take back and nobody has planned yet, of whom the user may settle it with; the oldest first.

    Each has run, person, public_id, name and `taken`, signed fen.
    """
    planned = Plan.objects.filter(run=OuterRef("run"), person=OuterRef("person"))
    taken = visible(Line.objects.filter(kind=Line.Kind.RECOVERY), user, Action.RECOVERY_SETTLE)
    who = {"name": F("person__current__name"), "public_id": F("person__public_id")}
    rows = taken.filter(~Exists(planned), county__in=counties).order_by("run", "person")
    return rows.values("run", "person", **who).annotate(taken=Sum("fen"))


def instalments(plan: Plan) -> list[int]:
    """What is to be paid back in each period, in fen; the first ones take what does not divide. Waived: nothing."""
    if plan.mode == Plan.Mode.WAIVED:
        return []
    each, rest = divmod(plan.fen, plan.number)
    return [each + 1] * rest + [each] * (plan.number - rest)


def fen_by_division(
    county: int, month: int, *, level: int, package: Package, as_of: dt.date | None = None
) -> dict[int | None, int]:
    """Division id of a level (5: village) → fen accounted for a month, in the tree of the month's day or of `as_of`.

    What cannot be given to one division of the level stands under the nearest above, or under None.
    """
    day = day_of(package, month)
    sums = Line.objects.filter(county=county, month=month).values_list("division").annotate(Sum("fen"))
    known = [(division, day, fen) for division, fen in sums if division is not None]
    figures = dict(count_by(level, known, as_of=as_of))
    if nowhere := sum(fen for division, fen in sums if division is None):
        figures[None] = figures.get(None, 0) + nowhere
    return figures


def latest_month(county: int) -> int | None:
    """The last month for which the county has accounted anything."""
    return Line.objects.filter(county=county).aggregate(last=Max("month"))["last"]
