"""Taking over what people had before the platform (存量对象转入): granted cases from a list, closed as they are made.

One user states the list, another confirms it; both stand in each case and in the trail. All of a list or nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append_many
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, visible
from songhe.casework import flow
from songhe.casework.domain.acting import Said, line_of
from songhe.casework.domain.handling import Handling
from songhe.casework.errors import SamePerson
from songhe.casework.models import Act, Case, How, Kind
from songhe.casework.stored import parsed
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.policy.load import load_package
from songhe.registry.groups import groups_of
from songhe.registry.models import Person

BLOCK = 2_000
_FIRST_DAY = dt.date(1949, 10, 1)
_LONGEST = 500


@dataclass(frozen=True)
class Stated:
    """That a person (id) was granted an item on a day, by a document."""

    person: int
    item: str
    granted_on: dt.date
    document: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row of the list, by its place in it, counted from nought."""

    row: int
    why: Text


@dataclass(frozen=True)
class TakenOver:
    """How many cases were made (in a trial: would be), how many rows were granted here before, and what is wrong."""

    made: int
    there: int
    faults: tuple[Fault, ...]


def take_over(
    *, stated_by: User, confirmed_by: User, package: str, rows: Sequence[Stated], trial: bool = False
) -> TakenOver:
    """A closed, granted case for each row; with a fault in any of them nothing is written.

    Doing it twice makes no more. Raises SamePerson when one user is both, and UnknownPackage.
    """
    if stated_by.pk == confirmed_by.pk:
        raise SamePerson("登记和确认须由两人办理。", "One user states the list and another confirms it.")
    with transaction.atomic():
        lists = [_Part(stated_by, confirmed_by, package, rows, start) for start in range(0, len(rows), BLOCK)]
        faults = [*_twice(rows), *(fault for one in lists for fault in one.faults)]
        if not faults and not trial:
            for one in lists:
                one.write()
    faults.sort(key=lambda fault: fault.row)
    return TakenOver(sum(len(one.wanted) for one in lists), sum(one.there for one in lists), tuple(faults))


def _twice(rows: Sequence[Stated]) -> Iterator[Fault]:
    seen: dict[tuple[int, str], int] = {}
    for number, row in enumerate(rows):
        first = seen.setdefault((row.person, row.item), number)
        if first != number:
            yield Fault(number, say(f"与第{first + 1}条重复", f"it says the same as row {first + 1}"))


class _Part:
    """A block of the list: what of it is to be made, and what is wrong with it."""

    def __init__(self, stated_by: User, confirmed_by: User, package: str, rows: Sequence[Stated], start: int) -> None:
        self.stated_by, self.confirmed_by, self.package = stated_by, confirmed_by, package
        self.now, self.today = clock.now(), clock.today()
        block = rows[start : start + BLOCK]
        self.groups = groups_of([row.person for row in block])
        people = self.groups.survivors(row.person for row in block)
        self.handling = Handling(package, people, self.today)
        self.items = load_package(package).entitlements
        within = visible(Person.objects.filter(pk__in=people), stated_by, Action.CASE_OPEN)
        self.reached = set(within.values_list("pk", flat=True))
        self.approving = divisions_for(confirmed_by, Action.CASE_APPROVE)
        granted, busy = self._cases(people)
        self.wanted: list[tuple[Stated, int]] = []
        self.faults: list[Fault] = []
        self.there = 0
        for number, row in enumerate(block, start):
            person = self.groups.survivor_of.get(row.person, row.person)
            if (person, row.item) in granted:
                self.there += 1
            elif (why := self._why_not(row, person, busy)) is not None:
                self.faults.append(Fault(number, why))
            else:
                self.wanted.append((row, person))

    def write(self) -> None:
        cases = [self._case(row, person) for row, person in self.wanted]
        Case.objects.bulk_create(cases, batch_size=500)
        acts = (act for case, (row, _) in zip(cases, self.wanted, strict=True) for act in self._acts(case, row))
        Act.objects.bulk_create(acts, batch_size=500)
        append_many(
            user=self.stated_by,
            lines=(line_of(case, Act.Verb.TAKEN_OVER, parsed(case.procedure), Said()) for case in cases),
        )
        append_many(
            user=self.confirmed_by,
            lines=(line_of(case, Act.Verb.PASSED, parsed(case.procedure), Said(step=case.step)) for case in cases),
        )

    def _cases(self, people: Sequence[int]) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
        """(person, item) that were granted, and those of which a case is open; over merged files."""
        merged = self.groups.merged_into(people)
        known = Case.objects.filter(kind=Kind.BENEFIT, person__in=[*people, *merged])
        granted, busy = set(), set()
        for person, item, state, outcome in known.values_list("person_id", "item", "state", "outcome"):
            key = (merged.get(person, person), item)
            if outcome == "granted":
                granted.add(key)
            elif state != "closed":
                busy.add(key)
        return granted, busy

    def _why_not(self, row: Stated, person: int, busy: set[tuple[int, str]]) -> Text | None:
        entry = self.items.get(row.item)
        if entry is None or entry.subject != "person":
            return say(f"{self.package} 没有事项 {row.item}", f"{self.package} has no item {row.item}")
        if not _FIRST_DAY <= row.granted_on <= self.today:
            return say("批准日期不在今天以前", "the day of the grant does not lie in the past")
        if not 0 < len(row.document.strip()) <= _LONGEST:
            return say(f"须写明依据文件，最长{_LONGEST}字", f"a document is needed, of at most {_LONGEST} characters")
        if person not in self.reached:
            return say("不在登记人的权限范围内", "it is out of the scope of whoever states it")
        if person not in self.handling.places:
            return say("已登记死亡或没有此人", "the person has died or is not there")
        if (person, row.item) in busy:
            return say("此事项有未办结的件，请先办结", "a case about the item is open: finish it first")
        return self._why_not_handled(row, person)

    def _why_not_handled(self, row: Stated, person: int) -> Text | None:
        handled = self.handling.of(person, row.item)
        if handled is None:
            return say("户籍地和常住地都没有登记", "it is not recorded where the person lives")
        if handled[0] not in self.approving:
            return say("不在确认人的权限范围内", "it is out of the scope of whoever confirms it")
        return None

    def _case(self, row: Stated, person: int) -> Case:
        handled = self.handling.of(person, row.item)
        assert handled is not None
        division, procedure = handled
        return Case(
            kind=Kind.BENEFIT,
            package=self.package,
            item=row.item,
            person_id=person,
            division_id=division,
            procedure=procedure,
            how=How.TAKEN_OVER,
            opened_by=self.stated_by,
            opened_at=self.now,
            acts=2,
            **asdict(flow.taken_over(parsed(procedure), row.granted_on, self.today)),
        )

    def _acts(self, case: Case, row: Stated) -> tuple[Act, Act]:
        deciding = parsed(case.procedure).step(case.step)
        stated = Act(
            case=case,
            number=1,
            at=self.now,
            on=self.today,
            party=Act.Party.STAFF,
            user=self.stated_by,
            verb=Act.Verb.TAKEN_OVER,
            duty="maker",
            reason=row.document.strip(),
        )
        confirmed = Act(
            case=case,
            number=2,
            at=self.now,
            on=self.today,
            party=Act.Party.STAFF,
            user=self.confirmed_by,
            verb=Act.Verb.PASSED,
            step=deciding.id,
            duty=deciding.duty or "approver",
        )
        return stated, confirmed
