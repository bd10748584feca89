"""Every line of a county against what it should be, run by run, as known at each (逐笔重算)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Line, Run, State
from songhe.entitlement.months import months_from, shown
from songhe.entitlement.proof.dense import owed_to
from songhe.entitlement.proof.facts import Facts, Place, facts_on, place_on
from songhe.entitlement.proof.grants import Decision, Grants, all_decisions, granted_by
from songhe.entitlement.proof.people import Stated, blocks, records_of
from songhe.entitlement.worths import day_of
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.registry.groups import Groups, all_groups

# Person, item, month → fen.
Sums = dict[tuple[int, str, int], int]
Report = Callable[[int], None]


@dataclass(frozen=True)
class Difference:
    """A line that is not what it should be: fen expected and found, 0 where there is or should be none."""

    run: str
    month: int
    person: int
    item: str
    expected: int
    found: int

    def __str__(self) -> str:
        return (
            f"核定 run {self.run}，{shown(self.month)}，档案 person {self.person}，{self.item}："
            f"应为 expected {self.expected}，实为 found {self.found}"
        )


@dataclass
class Proof:
    """How many runs, decisions (people and months) and lines were recomputed, fen of the lines, and what differs."""

    runs: int = 0
    people: int = 0
    decisions: int = 0
    lines: int = 0
    fen: int = 0
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class _Of:
    """A run with what it rests on: its months, the grouping of files, what was granted, and what others had paid."""

    run: Run
    package: Package
    months: Sequence[int]
    groups: Groups
    grants: Grants
    elsewhere: Mapping[tuple[int, str, int], int]


def prove(county: int, *, report: Report = lambda _: None) -> Proof:
    """Recomputes every accepted run of a county (id) from the records, and compares line by line.

    Neither the snapshots nor the masks of the runs are read: facts are resolved anew in Python as known at each run's
    transaction and decided by the dense statement, and grants are read from the acts of the cases. Raises RunError
    when a package is no longer what a run decided by.
    """
    decisions = all_decisions()
    found = [_of(run, decisions) for run in Run.objects.filter(county=county, state=State.ACCEPTED).order_by("pk")]
    proof = Proof(runs=len(found))
    places: dict[dt.date, Place] = {}
    for one in found:
        for month in one.months:
            day = day_of(one.package, month)
            places.setdefault(day, place_on(county, day))
    for block in blocks():
        _prove_block(block, found, places, proof)
        report(proof.people)
    return proof


def _of(run: Run, decisions: Sequence[Decision]) -> _Of:
    try:
        package = load_package(run.package)
    except (UnknownPackage, PackageError) as error:
        raise RunError(
            f"政策包 {run.package} 已读不出。", f"The package {run.package} cannot be read: {error}"
        ) from None
    if package.hash != run.package_hash:
        raise RunError(
            f"政策包 {run.package} 已与 {shown(run.month)} 核定时不同，请取回当时的版本。",
            f"The package {run.package} is not what {shown(run.month)} was decided by: bring that version back.",
        )
    groups = all_groups(known_at=run.known_in_id)
    grants = granted_by(decisions, package, moment=run.made_at, groups=groups, known_at=run.known_in_id)
    return _Of(run, package, months_from(run.first, run.month), groups, grants, _paid_elsewhere(run, groups))


def _paid_elsewhere(run: Run, groups: Groups) -> Mapping[tuple[int, str, int], int]:
    others = Run.objects.filter(state=State.ACCEPTED, steps__state=State.ACCEPTED, steps__at__lte=run.made_at)
    lines = Line.objects.filter(run__in=others.exclude(county=run.county_id))
    sums: Counter[tuple[int, str, int]] = Counter()
    for person, item, month, fen in lines.values_list("person_id", "item", "month", "fen"):
        sums[groups.survivor_of.get(person, person), item, month] += fen
    return sums


def _prove_block(block: list[int], runs: Sequence[_Of], places: Mapping[dt.date, Place], proof: Proof) -> None:
    decided = _decided(block, runs, places, proof)
    accounted: Sums = {}
    stored = _stored(block, [one.run.pk for one in runs])
    for one, standing in zip(runs, decided, strict=True):
        expected = _differences(one, standing, accounted)
        _compare(one, expected, stored.get(one.run.pk, {}), proof)
        for key, fen in expected.items():
            accounted[key] = accounted.get(key, 0) + fen
    proof.people += len(block)


def _decided(block: list[int], runs: Sequence[_Of], places: Mapping[dt.date, Place], proof: Proof) -> list[Sums]:
    """For each run what stands for these people; people with the same facts on a day are decided together."""
    records = records_of(block)
    asked: dict[tuple[str, dt.date], dict[Facts, int]] = defaultdict(dict)
    rows = []
    for one in runs:
        mine = []
        for person, stated in _standing(block, records, one.groups):
            for month in one.months:
                day = day_of(one.package, month)
                facts = facts_on(stated, places[day], valid_on=day, known_at=one.run.known_in_id)
                if facts is not None:
                    key = (one.package.id, day)
                    number = asked[key].setdefault(facts, len(asked[key]))
                    mine.append((person, month, key, number))
        proof.decisions += len(mine)
        rows.append(mine)
    packages = {one.package.id: one.package for one in runs}
    owed = {key: owed_to(packages[key[0]], key[1], list(facts)) for key, facts in asked.items()}
    return [
        {
            (person, item, month): fen
            for person, month, key, number in mine
            for item, fen in owed[key][number].items()
            if one.grants.lets(one.package.rules[item], person, month)
        }
        for one, mine in zip(runs, rows, strict=True)
    ]


def _standing(block: list[int], records: Mapping[int, Stated], groups: Groups) -> Iterator[tuple[int, Stated]]:
    """Who stands for somebody, with all that was recorded of those who count as the same person."""
    for survivor in groups.survivors(block):
        members = [survivor, *groups.members_of.get(survivor, ())]
        if stated := [one for member in members for one in records.get(member, ())]:
            yield survivor, stated


def _differences(one: _Of, standing: Sums, accounted: Sums) -> Sums:
    """What the run should add: what stands now less what was accounted, of the months it decides."""
    before: Counter[tuple[int, str, int]] = Counter()
    for (person, item, month), fen in accounted.items():
        if one.months[0] <= month <= one.months[-1]:
            before[one.groups.survivor_of.get(person, person), item, month] += fen
    found = {}
    for key in standing.keys() | before.keys():
        fen = standing.get(key, 0) - before[key]
        held_back = fen > 0 and one.elsewhere.get(key, 0) > 0
        if fen and not held_back:
            found[key] = fen
    return found


def _stored(block: list[int], runs: Sequence[int]) -> Mapping[int, Sums]:
    stored: dict[int, Sums] = defaultdict(dict)
    for start in range(0, len(block), 500):
        lines = Line.objects.filter(run__in=runs, person__in=block[start : start + 500])
        for run, person, item, month, fen in lines.values_list("run_id", "person_id", "item", "month", "fen"):
            stored[run][person, item, month] = fen
    return stored


def _compare(one: _Of, expected: Sums, stored: Sums, proof: Proof) -> None:
    proof.lines += len(stored)
    proof.fen += sum(stored.values())
    for key in sorted(expected.keys() | stored.keys()):
        if expected.get(key, 0) != stored.get(key, 0):
            person, item, month = key
            proof.differences.append(
                Difference(str(one.run.public_id), month, person, item, expected.get(key, 0), stored.get(key, 0))
            )
