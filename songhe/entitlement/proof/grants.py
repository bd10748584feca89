"""What the cases had granted by a moment, worked out act by act in Python (按经办记录重推准予).

The rules are those that `songhe.entitlement.grants` keeps for millions; here they are told once more, one case after
the other, from the acts alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from songhe.casework.models import Act, Case, How, Kind
from songhe.casework.stored import parsed
from songhe.entitlement.months import shifted
from songhe.entitlement.paying import needs_grant, paid_from
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.policy.rhythm import is_once, rhythm
from songhe.policy.rule import Rule
from songhe.policy.same_item import same_items
from songhe.registry.groups import Groups
from songhe.registry.models import Membership

_EVER = 999912


@dataclass(frozen=True)
class Decision:
    """What was said of a case at a moment `at`: granted, refused or withdrawn, on a day; `root`: the first of it."""

    case: int
    root: int
    person: int
    package: str
    item: str
    said: str
    opened: dt.date
    day: dt.date
    at: dt.datetime

    @property
    def month(self) -> int:
        return self.day.year * 100 + self.day.month

    @property
    def order(self) -> tuple[dt.date, int]:
        return (self.day, self.case)


@dataclass(frozen=True)
class _Grant:
    state: str
    first: int
    last: int
    decided: int
    once: bool = False


@dataclass(frozen=True)
class Grants:
    """By person (survivor) and item, what holds from which month to which."""

    held: Mapping[tuple[int, str], Sequence[_Grant]]

    def lets(self, rule: Rule, person: int, month: int) -> bool:
        """Whether the item may be paid to somebody entitled to it."""
        held = self.held.get((person, rule.id), ())
        if is_once(rule):
            return any(one.once and one.decided == month for one in held)
        there = [one for one in held if one.first <= month <= one.last]
        if needs_grant(rule):
            return any(one.state == "granted" for one in there)
        return all(one.state == "granted" for one in there)


def all_decisions() -> list[Decision]:
    """Of every benefit of a person, as the acts tell it; also what an appeal had decided anew."""
    cases = {case.pk: case for case in Case.objects.select_related("procedure").filter(person__isnull=False)}
    opened: dict[int, dt.date] = {}
    found = []
    acts = Act.objects.filter(case__kind=Kind.BENEFIT, case__person__isnull=False).order_by("case", "number")
    for case_id, verb, step, on, at in acts.values_list("case_id", "verb", "step", "on", "at").iterator():
        case = cases[case_id]
        opened.setdefault(case_id, on)
        if said := _said(case, verb, step):
            taken_over = case.how == How.TAKEN_OVER and case.decided_on is not None
            found.append(
                Decision(
                    case=case_id,
                    root=_root(case, cases),
                    person=case.person_id,
                    package=case.package,
                    item=case.item,
                    said=said,
                    opened=opened[case_id],
                    day=case.decided_on if taken_over else on,
                    at=at,
                )
            )
    return found


def _said(case: Case, verb: str, step: str) -> str:
    if verb == Act.Verb.REFUSED:
        return "refused"
    if verb == Act.Verb.PASSED and parsed(case.procedure).step(step).kind == "decide":
        return "granted"
    offered = case.how == How.SYSTEM and case.about_id is None
    return "withdrawn" if verb == Act.Verb.WITHDRAWN and offered else ""


def _root(case: Case, cases: Mapping[int, Case]) -> int:
    """The case with which it began: one that was handled anew is about an appeal, which is about the one before."""
    appeal = cases.get(case.about_id) if case.about_id else None
    if appeal is None or appeal.kind != Kind.APPEAL or appeal.about_id not in cases:
        return case.pk
    return _root(cases[appeal.about_id], cases)


def granted_by(
    decisions: Iterable[Decision], package: Package, *, moment: dt.datetime, groups: Groups, known_at: int
) -> Grants:
    """What held under a package, of what was decided up to a moment, for people and households as known then."""
    known = _about(package, [one for one in decisions if one.at <= moment])
    settled: dict[tuple[int, str], list[tuple[Decision, dt.date]]] = defaultdict(list)
    for decision, applied in _latest(known):
        offered = package.rules[decision.item].entitlement.delivery == "offer"
        if decision.said != "withdrawn" or offered:
            person = groups.survivor_of.get(decision.person, decision.person)
            settled[person, decision.item].append((decision, applied))
    firsts = _first_payments(package, settled, groups, known_at)
    held = {key: _held(package.rules[key[1]], rows, firsts) for key, rows in settled.items()}
    return Grants(held)


def _about(package: Package, decisions: Sequence[Decision]) -> list[Decision]:
    same = set(same_items(package, sorted({one.package for one in decisions})))
    return [one for one in decisions if (one.package, one.item) in same]


def _latest(known: Sequence[Decision]) -> list[tuple[Decision, dt.date]]:
    """Of each matter the last decision, and the day of the first application."""
    matters: dict[int, list[Decision]] = defaultdict(list)
    for one in known:
        matters[one.root].append(one)
    latest = []
    for root, said in matters.items():
        last = max(said, key=lambda one: one.order)
        began = next((one.opened for one in said if one.case == root), last.opened)
        latest.append((last, min(began, last.day)))
    return latest


def _held(rule: Rule, rows: Sequence[tuple[Decision, dt.date]], firsts: set[int]) -> list[_Grant]:
    ordered = sorted(rows, key=lambda row: row[0].order)
    grants = [_grant(rule, decision, applied, decision.case in firsts) for decision, applied in ordered]
    return [replace(one, last=_until(one, grants[place + 1 :])) for place, one in enumerate(grants)]


def _grant(rule: Rule, decision: Decision, applied: dt.date, once: bool) -> _Grant:
    state = "declined" if decision.said == "withdrawn" else decision.said
    after = shifted(decision.month, 1)
    firsts = {"applied": applied.year * 100 + applied.month, "decided": decision.month, "after_decided": after}
    first = firsts[paid_from(rule.entitlement).month] if state == "granted" else after
    return _Grant(state, first, _EVER, decision.month, once)


def _until(one: _Grant, later: Sequence[_Grant]) -> int:
    if one.state == "granted":
        return min((other.decided for other in later if other.state != "granted"), default=_EVER)
    return min((shifted(other.first, -1) for other in later if other.state == "granted"), default=_EVER)


def _first_payments(
    package: Package,
    settled: Mapping[tuple[int, str], Sequence[tuple[Decision, dt.date]]],
    groups: Groups,
    known_at: int,
) -> set[int]:
    """The cases by whose grant an item is paid once: the first of a person, or of a household."""
    best: dict[tuple[str, int, bool], Decision] = {}
    homes = _homes(groups, known_at)
    for (person, item), rows in settled.items():
        rule = package.rules[item]
        for decision, _ in rows:
            if not is_once(rule) or decision.said != "granted":
                continue
            home = homes(person, day_of(package, decision.month)) if rhythm(rule) == "once_a_household" else None
            key = (item, person if home is None else home, home is not None)
            best[key] = min(best.get(key, decision), decision, key=lambda one: one.order)
    return {decision.case for decision in best.values()}


def _homes(groups: Groups, known_at: int):  # type: ignore[no-untyped-def]
    """`home(person, day)`: the household somebody was in, as known at a transaction; None without one."""
    rows: dict[int, list[tuple[int, dt.date | None, dt.date | None]]] = defaultdict(list)
    said = Membership.objects.filter(recorded_in__lte=known_at)
    columns = ("person_id", "household_id", "valid_from", "valid_to", "ended_in_id")
    for person, household, start, end, ended in said.values_list(*columns):
        until = end if ended is not None and ended <= known_at else None
        rows[groups.survivor_of.get(person, person)].append((household, start, until))

    def home(person: int, day: dt.date) -> int | None:
        there = [
            household
            for household, start, end in rows[person]
            if (start is None or start <= day) and (end is None or day <= end)
        ]
        return min(there, default=None)

    return home
