"""Whatever is recorded, merged and decided, in whatever order: what stands for each person and month is what is owed.

What is owed is worked out here once more, one by one: the file as it was valid on the month's day and known to the
county's last accepted run, decided by the evaluator of single people.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from songhe.casework.models import Act, Case
from songhe.casework.procedures import rulebook
from songhe.casework.stored import keep
from songhe.decision.person import make_decider
from songhe.divisions.queries import tree_on
from songhe.entitlement.domain.accepting import accept, answer
from songhe.entitlement.domain.running import run_month
from songhe.entitlement.models import Line, MissingFact, Run
from songhe.entitlement.months import months_from, number, shifted
from songhe.entitlement.worths import day_of
from songhe.registry.domain.facts import File, record_many
from songhe.registry.domain.merging import merge, unmerge
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.groups import all_groups
from songhe.registry.models import FactRecord, Merge, Person, Transaction
from songhe.registry.queries import file_as_of
from tests.entitlement.conftest import ELSEWHERE, NEXT_VILLAGE, VILLAGE

PEOPLE, FIRST = 4, 202601
ONE = st.integers(0, PEOPLE - 1)
DAYS = st.sampled_from([dt.date(2025, 12, 3), dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 3, 15)])
DAY_ONE = dt.date(2025, 12, 3)
TIMELESS = [
    Statement("birth_date", "1946-02-10"),
    Statement("birth_date", "1936-01-05"),
    Statement("birth_date", None),
    Statement("death_date", dt.date(2026, 2, 14)),
    Statement("disability_certificate_from", "2026-02-01"),
]
DATED = [("disability_grade", "1"), ("disability_grade", None), ("hukou", ELSEWHERE), ("hukou", NEXT_VILLAGE)]
DATED += [("alive", False), ("alive", True), ("residence", VILLAGE)]
STATEMENT = st.sampled_from(TIMELESS) | st.builds(
    lambda pair, start, length: Statement(
        *pair, start, None if pair[1] is False or length is None else start + dt.timedelta(length)
    ),
    st.sampled_from(DATED),
    DAYS,
    st.none() | st.sampled_from([10, 40]),
)
STATE = st.tuples(st.just("state"), ONE, STATEMENT, st.sampled_from(["police", "health", "settled"]))
RUN = st.tuples(st.just("run"), st.sampled_from(["640381", "640302"]), st.integers(0, 2))
CASE = st.tuples(
    st.just("case"),
    ONE,
    st.sampled_from(["ALLOWANCE", "DISABILITY"]),
    st.sampled_from(["granted", "refused"]),
    DAYS,
    DAYS,
)
STEPS = st.lists(
    STATE
    | RUN
    | CASE
    | st.tuples(st.just("merge"), ONE, ONE)
    | st.tuples(st.just("unmerge"), ONE)
    | st.tuples(st.just("retract"), ONE),
    min_size=3,
    max_size=9,
)
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def at_noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


class World:
    """Four people, two counties and whoever decides for them."""

    def __init__(self, divisions: dict[str, int], package: Any, chief: Any) -> None:
        self.divisions, self.package, self.chief = divisions, package, chief
        said = (Statement("hukou", VILLAGE), Statement("alive", True), Statement("birth_date", "1940-05-05"))
        said += (Statement("disability_certificate_from", "2020-01-01"),)
        files = [File(None, said)] * 3 + [File(None, (Statement("hukou", ELSEWHERE), *said[1:]))]
        self.people = list(record_many(by=self.author(), files=files).people)
        self.merges: list[Merge] = []
        for person in self.people[:2]:
            self.decide(person, "DISABILITY", "granted", DAY_ONE, DAY_ONE)

    def author(self, source: str = "police") -> Author:
        return Author(user=None, source=source, reason="测试")

    def do(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("state", one, statement, source):
                record_many(by=self.author(source), files=[File(self.end(one), (statement,))])
            case ("merge", one, other) if self.end(one) != self.end(other):
                gone, kept = (Person.objects.get(pk=self.end(index)) for index in (one, other))
                self.merges.append(merge(by=self.author(), person=gone, into=kept))
            case ("unmerge", one) if self.merges:
                unmerge(by=self.author(), merge=self.merges.pop(one % len(self.merges)))
            case ("retract", one):
                self.retract(self.people[one])
            case ("case", one, item, outcome, first, second):
                self.decide(self.end(one), item, outcome, min(first, second), max(first, second))
            case ("run", code, gap):
                self.run(self.divisions[code], gap)

    def decide(self, person: int, item: str, outcome: str, opened: dt.date, decided: dt.date) -> None:
        """An application of a day and what came of it, as its acts would have left it."""
        case = Case.objects.create(
            kind="benefit_application",
            package="small-county",
            item=item,
            person_id=person,
            division_id=self.divisions[VILLAGE],
            procedure=keep(next(one for one in rulebook().procedures if one.kind == "benefit_application")),
            how="self",
            opened_at=at_noon(opened),
            state="closed",
            outcome=outcome,
            decided_on=decided,
            closed_on=decided,
            acts=1,
        )
        Act.objects.create(case=case, number=1, at=at_noon(opened), on=opened, party="applicant", verb="opened")

    def end(self, index: int) -> int:
        return all_groups().survivors([self.people[index]])[0]

    def retract(self, person: int) -> None:
        """The last thing said of a person that still counts."""
        record = FactRecord.objects.filter(person=person, retraction=None).order_by("-pk").first()
        (end,) = all_groups().survivors([person])
        if record is not None:
            retract(by=self.author(), person=Person.objects.get(pk=end), records=[record.pk])

    def run(self, county: int, gap: int) -> Run | None:
        last = Run.objects.filter(county=county, state="accepted").order_by("-pk").first()
        month = shifted(last.month, gap) if last else FIRST
        try:
            run = run_month(county=county, month=month, package=self.package)
        except ValueError as error:
            # Everybody may have left a county of four.
            assert "Nobody" in str(error), error
            return None
        if run.state == "held":
            answer(run=run, by=self.chief, text="测试")
        return accept(run=run, by=self.chief)


def owed(world: World, run: Run) -> Counter[tuple[int, str, int]]:
    """(person, item, month) → fen: decided one by one, as known to the run."""
    sums: Counter[tuple[int, str, int]] = Counter()
    groups = all_groups(known_at=run.known_in_id)
    for person in groups.survivors(world.people):
        for month in months_from(run.accounts_from, run.month):
            day = day_of(world.package, month)
            file = file_as_of(Person.objects.get(pk=person), valid_on=day, known_at=run.known_in_id)
            facts = {name: one.value for name, one in file.items()}
            if not lies_in(run.county_id, facts, day):
                continue
            for decision in make_decider(world.package, day).decide(facts):
                paying = may_pay(world, groups, person, decision.rule, month)
                if decision.is_owed and decision.amount.kind == "exact" and paying:
                    sums[person, decision.rule.id, month] = decision.amount.fen or 0
    return sums


def may_pay(world: World, groups: Any, person: int, rule: Any, month: int) -> bool:
    """By the decisions one after the other: what they leave for the month."""
    members = [person, *groups.members_of.get(person, ())]
    offered = rule.entitlement.delivery == "offer"
    decisions = Case.objects.filter(person__in=members, item=rule.id).order_by("decided_on", "pk")
    pays = dict.fromkeys(months_from(202512, 202612), offered)
    for case in decisions:
        opened = case.history.get(number=1).on
        first = number((opened.year, opened.month)) if case.outcome == "granted" else None
        refused_from = shifted(number((case.decided_on.year, case.decided_on.month)), 1)
        for other in pays:
            if first is not None and other >= first:
                pays[other] = True
            if first is None and other >= refused_from:
                pays[other] = False
    return pays[month]


def lies_in(county: int, facts: dict[str, Any], day: dt.date) -> bool:
    tree = tree_on(day)
    nodes = [tree.find(facts[name]) for name in ("hukou", "residence") if facts.get(name)]
    return bool(nodes) and nodes[0] is not None and tree.holds(county, nodes[0].id)


def stands(run: Run) -> Counter[tuple[int, str, int]]:
    """The same from the lines, as people were grouped for the run."""
    survivor_of = all_groups(known_at=run.known_in_id).survivor_of
    sums: Counter[tuple[int, str, int]] = Counter()
    for person, item, month, fen in Line.objects.filter(county=run.county_id).values_list(
        "person", "item", "month", "fen"
    ):
        sums[survivor_of.get(person, person), item, month] += fen
    return Counter({key: fen for key, fen in sums.items() if fen})


@pytest.fixture
def chief(clerks: dict[str, Any], divisions: dict[str, int]) -> Any:
    from songhe.accounts.domain.grants import grant
    from songhe.accounts.models import Role
    from songhe.divisions.models import Division

    city = Division.objects.get(pk=divisions["640300"])
    grant(user=clerks["ma"], role=Role.CITY_BUREAU, division=city, by=None)
    return clerks["ma"]


ENDED = Statement("disability_grade", "1", dt.date(2026, 2, 1), dt.date(2026, 3, 13))
HOME = "640381"
MARCH = dt.date(2026, 3, 15)


# A refusal that becomes known after several months, and a grant after it that reaches back before it.
@example(
    steps=[
        ("run", HOME, 2),
        ("case", 0, "ALLOWANCE", "refused", DAY_ONE, dt.date(2026, 1, 31)),
        ("case", 1, "ALLOWANCE", "granted", DAY_ONE, MARCH),
        ("run", HOME, 1),
        ("case", 0, "ALLOWANCE", "granted", dt.date(2026, 1, 31), MARCH),
    ],
    last=HOME,
)
# A grade that ends within the past, and a death, a merge and a move that become known after several months.
@example(steps=[("run", HOME, 2), ("run", HOME, 2), ("state", 0, ENDED, "police"), ("run", HOME, 0)], last=HOME)
@example(steps=[("run", HOME, 2), ("state", 1, TIMELESS[3], "health"), ("merge", 0, 1), ("run", HOME, 1)], last=HOME)
@example(
    steps=[
        ("run", HOME, 2),
        ("state", 2, Statement("hukou", ELSEWHERE, dt.date(2026, 2, 1)), "police"),
        ("run", "640302", 2),
        ("run", "640302", 2),
    ],
    last=HOME,
)
@SLOW
@given(steps=STEPS, last=st.sampled_from(["640381", "640302"]))
def test_the_lines_add_up_to_what_is_owed(divisions, runs_home, package, chief, steps, last):
    with transaction.atomic():
        world = World(divisions, package, chief)
        for step in [("run", "640381", 0), *steps, ("run", last, 1)]:
            world.do(step)
        for county in (divisions["640381"], divisions["640302"]):
            run = Run.objects.filter(county=county, state="accepted").order_by("-pk").first()
            if run is not None:
                assert stands(run) + withheld(run) == owed(world, run)
                missing_is_what_single_decisions_miss(world, run)
        transaction.set_rollback(True)
    shutil.rmtree(runs_home, ignore_errors=True)


def withheld(run: Run) -> Counter[tuple[int, str, int]]:
    """What another county has paid and the run therefore only shows."""
    from songhe.entitlement.queries import overlaps

    return Counter({(row["person_id"], row["item"], row["month"]): row["fen"] for row in overlaps(run)})


def missing_is_what_single_decisions_miss(world: World, run: Run) -> None:
    day = day_of(world.package, run.month)
    wanted = set()
    for person in all_groups(known_at=run.known_in_id).survivors(world.people):
        file = file_as_of(Person.objects.get(pk=person), valid_on=day, known_at=run.known_in_id)
        facts = {name: one.value for name, one in file.items()}
        if lies_in(run.county_id, facts, day):
            decisions = make_decider(world.package, day).decide(facts)
            open_ones = [one for one in decisions if one.answer == "undetermined" or one.amount.kind == "unset"]
            wanted |= {(person, fact) for one in open_ones for fact in one.found.missing}
    assert set(MissingFact.objects.filter(run=run).values_list("person", "fact")) == wanted


def test_a_transaction_is_what_a_run_knows(register, decide):
    register(hukou=VILLAGE, alive=True, birth_date="1940-01-01")
    assert decide(202606).known_in == Transaction.objects.order_by("-pk").first()
