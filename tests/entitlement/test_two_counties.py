"""People who move between two counties that both pay: in the end every month is paid once, by whom it was owed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from songhe.entitlement.models import Line, Run
from songhe.entitlement.queries import overlaps
from songhe.registry.domain.facts import File, record_many
from songhe.registry.domain.statements import Statement
from tests.entitlement.conftest import ELSEWHERE, VILLAGE
from tests.entitlement.test_random_histories import DAY_ONE, World, chief, owed

__all__ = ["chief"]

HERE, THERE = "640381", "640302"
ONE = st.integers(0, 3)
COUNTY = st.sampled_from([HERE, THERE])
DAY = st.sampled_from([dt.date(2026, 1, 20), dt.date(2026, 2, 1), dt.date(2026, 2, 14), dt.date(2026, 3, 9)])
ITEM = st.sampled_from(["ALLOWANCE", "DISABILITY"])
OUTCOME = st.sampled_from(["granted", "granted", "refused"])
MOVE = st.builds(
    lambda one, place, day: ("state", one, Statement("hukou", place, day), "police"),
    ONE,
    st.sampled_from([VILLAGE, ELSEWHERE]),
    DAY,
)
DEATH = st.builds(lambda one, day: ("state", one, Statement("death_date", day), "police"), ONE, DAY)
RUN = st.tuples(st.just("run"), COUNTY, st.integers(0, 1))
CASE = st.tuples(st.just("case"), ONE, ITEM, OUTCOME, st.just(DAY_ONE), DAY)
STEPS = st.lists(MOVE | MOVE | RUN | RUN | DEATH | CASE, min_size=4, max_size=7)


class Two(World):
    """Besides those who move, somebody in either county who stays."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        said = (Statement("alive", True), Statement("birth_date", "1950-05-05"))
        stays = [File(None, (Statement("hukou", place), *said)) for place in (VILLAGE, ELSEWHERE)]
        self.people += record_many(by=self.author(), files=stays).people

    def month(self, code: str, month: int) -> Run:
        """The county's run of a month, as often as it is asked for."""
        from songhe.entitlement.domain.accepting import accept, answer
        from songhe.entitlement.domain.running import run_month

        run = run_month(county=self.divisions[code], month=month, package=self.package)
        if run.state == "held":
            answer(run=run, by=self.chief, text="测试")
        return accept(run=run, by=self.chief)


def moved(one: int, place: str, day: dt.date) -> tuple[Any, ...]:
    return "state", one, Statement("hukou", place, day), "police"


# There and back, known only after both have paid, and a death before the second move.
@example(
    steps=[("run", HERE, 1), moved(0, ELSEWHERE, dt.date(2026, 1, 20)), ("run", THERE, 1),
           moved(0, VILLAGE, dt.date(2026, 2, 14)), ("run", THERE, 1), ("run", HERE, 1),
           ("state", 0, Statement("death_date", dt.date(2026, 2, 1)), "police")],
    last=HERE,
)  # fmt: skip
# Both counties have paid somebody whom each should have left to the other.
@example(
    steps=[("run", HERE, 1), ("run", THERE, 1), moved(1, ELSEWHERE, dt.date(2026, 1, 20)),
           moved(3, VILLAGE, dt.date(2026, 1, 20)), ("case", 3, "DISABILITY", "granted", DAY_ONE, DAY_ONE)],
    last=THERE,
)  # fmt: skip
@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, last=COUNTY)
def test_every_month_is_paid_once_across_both(divisions, runs_home, package, chief, steps, last):
    with transaction.atomic():
        world = Two(divisions, package, chief)
        for step in [("run", HERE, 0), ("run", THERE, 0), *steps]:
            world.do(step)
        month = max(Run.objects.values_list("month", flat=True))
        other = THERE if last == HERE else HERE
        # The first takes back, the second takes back and pays, and the first pays what was still in the other's hands.
        world.month(last, month)
        runs = [world.month(code, month) for code in (other, last)]
        assert paid() == owed(world, runs[0]) + owed(world, runs[1])
        assert [overlaps(run) for run in runs] == [[], []]
        transaction.set_rollback(True)
    shutil.rmtree(runs_home, ignore_errors=True)


def paid() -> Counter[tuple[int, str, int]]:
    """(person, item, month) → fen of whichever county; nothing is left with less than nothing."""
    sums: Counter[tuple[int, str, int]] = Counter()
    for person, item, month, fen in Line.objects.values_list("person", "item", "month", "fen"):
        sums[person, item, month] += fen
    assert min(sums.values(), default=0) >= 0
    return Counter({key: fen for key, fen in sums.items() if fen})
