"""A block of rows against what is known: who is meant, what is news, what is set aside. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.common.text import Text
from songhe.intake.matching import Match, People, Places, places_of
from songhe.intake.memory import Memory, identity_of
from songhe.intake.problems import RowProblem
from songhe.intake.report import Report, Wrong
from songhe.intake.rows import Row
from songhe.registry.domain.facts import File, Said, is_news, last_words
from songhe.registry.domain.statements import Prepared
from songhe.registry.sources import precedence
from songhe.registry.sources.mapping import NAME, SourceMapping
from songhe.registry.vocabulary import is_sealed, personal_facts

Status = Literal["created", "updated", "unchanged", "refused"]
_NOTHING = "—"

_NOT_FOUND = RowProblem("", "查无此人，或不在您的权限范围内", "there is no such person, or not within your scope")
_OUT_OF_SCOPE = RowProblem("", "不在您的权限范围内", "not within your scope")
_AMBIGUOUS = RowProblem(
    "", "可能与多份档案相符，请补填公民身份号码", "may be about several people; add the resident number"
)
_OTHER_NAME = RowProblem(
    "姓名",
    "这个号码的档案是另一个姓名，请核对号码和姓名；确已改名的，先由公安更正",
    "the file of this number is under quite another name; check both, and if the name was changed, police go first",
)
_NO_PLACE = RowProblem(
    "",
    "新建档案须填您权限范围内的户籍地或常住地代码",
    "a new file needs the code of a place of registration or residence within your scope",
)


@dataclass(slots=True)
class Outcome:
    """What becomes of a row; `file` is the position of its file in `Plan.files`, `person` who it is about if known."""

    row: Row
    status: Status
    person: int | None = None
    file: int | None = None


@dataclass
class Plan:
    """The files to record, and the outcome of every row in order."""

    files: list[File] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def repeated(self) -> dict[int, set[str]]:
        """Of people who were known: the facts that their rows state, most of them once more."""
        said: dict[int, set[str]] = {}
        for one in self.outcomes:
            if one.person is not None:
                said.setdefault(one.person, set()).update(one.row.said)
        return said


class Planner:
    """Plans blocks of one file, one after the other, for one user."""

    def __init__(self, mapping: SourceMapping, user: User, memory: Memory, report: Report) -> None:
        self._mapping, self._memory, self.report = mapping, memory, report
        self._people = People()
        # Of everybody else, another name under the same number is rather somebody else's number.
        self.may_rename = precedence().first(NAME) == mapping.source
        self._reach = divisions_for(user, Action.IMPORT_RUN)

    def plan(self, rows: Sequence[Row]) -> Plan:
        good = [row for row in rows if not row.problems]
        matches = dict(zip(map(id, good), self._people.of(good), strict=True))
        people = {match.person for match in matches.values() if match.person is not None}
        places = places_of(people)
        said = last_words([person for person in people if self._is_reached(places.get(person))], self._mapping.source)
        block = _Block(self, places, said)
        for row in rows:
            block.take(row, matches.get(id(row)))
        self._count(block.plan)
        return block.plan

    def skip(self, rows: Iterable[Row]) -> None:
        """Rows that an earlier run has done: what they said counts for those that follow."""
        for row in rows:
            if not row.problems and self._memory.knows(identity_of(row)) and not self._memory.disagreement(row):
                self._memory.note(row, opens=False)

    def _is_reached(self, places: Places | None) -> bool:
        return places is not None and any(place in self._reach for place in places)

    def _count(self, plan: Plan) -> None:
        report = self.report
        for outcome in plan.outcomes:
            report.rows += 1
            match outcome.status:
                case "created":
                    report.new += 1
                case "updated":
                    report.changed += 1
                case "unchanged":
                    report.unchanged += 1
                case "refused":
                    report.set_aside += 1
                    for one in outcome.row.problems:
                        report.error(Wrong(outcome.row.line, one.column, Text(zh=one.zh, en=one.en)))


class _Block:
    def __init__(self, planner: Planner, places: dict[int, Places], said: Said) -> None:
        self.plan = Plan()
        self._planner, self._memory, self._report = planner, planner._memory, planner.report
        self._places, self._said = places, said
        self._new: dict[str, Outcome] = {}

    def take(self, row: Row, match: Match | None) -> None:
        if match is not None:
            self._check(row, match)
        if match is None or row.problems:
            row.said = {}
            self.plan.outcomes.append(Outcome(row, "refused"))
            return
        if match.kind == "likeness":
            self._report.matched += 1
        outcome = self._open(row) if match.person is None else self._add(row, match.person)
        self.plan.outcomes.append(outcome)
        self._memory.note(row, opens=match.person is None)

    def _check(self, row: Row, match: Match) -> None:
        planner = self._planner
        if match.kind == "ambiguous":
            row.problems.append(_AMBIGUOUS)
        elif match.person is not None:
            if not planner._is_reached(self._places.get(match.person)):
                row.problems.append(_OUT_OF_SCOPE if planner._mapping.opens_files else _NOT_FOUND)
            elif match.named_otherwise and not planner.may_rename:
                row.problems.append(_OTHER_NAME)
        elif not planner._mapping.opens_files:
            row.problems.append(_NOT_FOUND)
        elif identity_of(row) not in self._memory.opened and not planner._is_reached(_places(row)):
            row.problems.append(_NO_PLACE)
        if not row.problems and self._memory.knows(identity_of(row)):
            row.problems.extend(self._memory.disagreement(row))

    def _add(self, row: Row, person: int) -> Outcome:
        fresh = []
        for one in row.said.values():
            before = self._said.get((person, one.fact, one.valid_from and one.valid_from.isoformat()))
            if is_news(person, one, self._said):
                fresh.append(one)
                self._report.change(one.fact, row.line, _shown_before(one.fact, before), _shown(one))
        if not fresh:
            return Outcome(row, "unchanged", person)
        return self._file(row, "updated", File(person, fresh), person)

    def _open(self, row: Row) -> Outcome:
        identity = identity_of(row)
        if identity not in self._memory.opened:
            self._report.opened += 1
            outcome = self._file(row, "created", File(None, list(row.said.values())))
            if self._memory.knows(identity):
                self._new[identity] = outcome
            return outcome
        fresh, first = self._memory.news(row), self._new.get(identity)
        self._report.records += len(fresh)
        for one in fresh:
            self._report.change(one.fact, row.line, _NOTHING, _shown(one))
        status: Status = "updated" if fresh else "unchanged"
        if first is None or first.file is None:
            return Outcome(row, status)
        # Two rows about somebody new are one file.
        file = self.plan.files[first.file]
        self.plan.files[first.file] = File(None, [*file.statements, *fresh])
        return Outcome(row, status, None, first.file)

    def _file(self, row: Row, status: Status, file: File, person: int | None = None) -> Outcome:
        self.plan.files.append(file)
        self._report.records += len(file.statements)
        return Outcome(row, status, person, len(self.plan.files) - 1)


def _places(row: Row) -> Places:
    residence, hukou = row.said.get("residence"), row.said.get("hukou")
    return (residence and residence.division, hukou and hukou.division)


def _shown(one: Prepared) -> str:
    """A value that anybody who reads a report may see."""
    if one.value is None:
        return _NOTHING
    if one.fact in personal_facts():
        return personal_facts()[one.fact].masked(one.text if one.text is not None else one.value)
    return one.value


def _shown_before(fact: str, before: tuple[str | None, str | None] | None) -> str:
    if before is None or before[0] is None:
        return _NOTHING
    if is_sealed(fact):
        return "***"
    return personal_facts()[fact].masked(before[0]) if fact in personal_facts() else before[0]
