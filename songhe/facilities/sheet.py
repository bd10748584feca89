"""A table of estates as departments write it: its titles, and a row read into what would be recorded.

Nothing is written here. Titles and words are those of the fact vocabulary, in Chinese.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from songhe.common.days import DayProblem, read_day
from songhe.common.text import Text, say
from songhe.divisions.models import Level
from songhe.divisions.queries import Tree
from songhe.facilities.errors import FacilityError
from songhe.facilities.facts import BOOKS, ESTATE
from songhe.rules.vocabulary import Fact

NAME, PLACE, ADDRESS, BEGAN, FROM, DOCUMENT = "小区名称", "社区（村）代码", "地址", "起算日期", "事实起日", "依据"
NEEDED = (NAME, PLACE, BEGAN, DOCUMENT)
_OTHERS = (ADDRESS, FROM)
UNKNOWN = "不详"
_TRUTHS = {"是": "true", "否": "false"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with the file, at which line (None: as a whole) and in which column."""

    line: int | None
    column: str
    what: Text


@dataclass(frozen=True)
class Row:
    """A row that can be recorded; `facts` are texts by name, None for what is said to be unknown."""

    line: int
    name: str
    division: int
    address: str
    began_on: dt.date
    valid_from: dt.date
    document: str
    facts: Mapping[str, str | None] = field(default_factory=dict)


def titles() -> list[str]:
    """The columns of the template, those that must be filled in first."""
    return [*NEEDED, *_OTHERS, *(fact.label.zh for fact in BOOKS[ESTATE].facts.values())]


def columns_of(header: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    """Title → position; faults for what is lacking, doubled or not known."""
    given = [title.strip() for title in header]
    known, faults = set(titles()), []
    for title in given:
        if title and title not in known:
            faults.append(Fault(1, title, say("没有这一栏，请用模板的栏目。", "No such column: use the template's.")))
        elif title and given.count(title) > 1 and not any(one.column == title for one in faults):
            faults.append(Fault(1, title, say("这一栏出现了两次。", "The column is there twice.")))
    lacking = [title for title in NEEDED if title not in given]
    faults += [Fault(1, title, say("缺少这一栏。", "The column is lacking.")) for title in lacking]
    return {title: number for number, title in enumerate(given) if title}, faults


class Reader:
    """Reads the rows of a table in a tree of divisions, within those that the user may write in."""

    def __init__(self, columns: Mapping[str, int], tree: Tree, within: frozenset[int], today: dt.date) -> None:
        self.columns, self.tree, self.within, self.today = columns, tree, within, today
        self._seen: dict[tuple[int, str], int] = {}

    def read(self, line: int, cells: Sequence[str]) -> Row | list[Fault]:
        """The row, or everything that is wrong with it."""
        faults: list[Fault] = []
        text = {title: cells[at].strip() if at < len(cells) else "" for title, at in self.columns.items()}
        faults += [Fault(line, title, _EMPTY) for title in NEEDED if not text[title]]
        faults += [Fault(line, title, _TOO_LONG) for title, most in _LONGEST.items() if len(text.get(title, "")) > most]
        place = self._place(line, text[PLACE], faults)
        began = self._day(line, BEGAN, text[BEGAN], faults)
        since = self._day(line, FROM, text.get(FROM, ""), faults) or began
        facts = dict(self._facts(line, text, faults))
        if place is not None and (first := self._seen.setdefault((place, text[NAME]), line)) != line:
            faults.append(Fault(line, NAME, say(f"与第{first}行重复。", f"It is the same as line {first}.")))
        if faults or place is None or began is None or since is None:
            return faults
        return Row(line, text[NAME], place, text.get(ADDRESS, ""), began, since, text[DOCUMENT], facts)

    def _place(self, line: int, text: str, faults: list[Fault]) -> int | None:
        node = self.tree.find(text) if text.isascii() and text.isdigit() else None
        if text and (node is None or node.level != Level.VILLAGE or node.id not in self.within):
            faults.append(Fault(line, PLACE, _NO_PLACE))
            return None
        return None if node is None else node.id

    def _day(self, line: int, title: str, text: str, faults: list[Fault]) -> dt.date | None:
        if not text:
            return None
        try:
            day = read_day(text)
        except DayProblem as problem:
            faults.append(Fault(line, title, problem.text))
            return None
        if day > self.today:
            faults.append(Fault(line, title, say("日期不能在将来。", "The day is in the future.")))
        return day

    def _facts(self, line: int, text: Mapping[str, str], faults: list[Fault]) -> Iterator[tuple[str, str | None]]:
        for name, fact in BOOKS[ESTATE].facts.items():
            if not (raw := text.get(fact.label.zh, "")):
                continue
            try:
                yield name, None if raw == UNKNOWN else BOOKS[ESTATE].to_text(name, _plain(fact, raw))
            except DayProblem as problem:
                faults.append(Fault(line, fact.label.zh, problem.text))
            except FacilityError:
                faults.append(Fault(line, fact.label.zh, _wanted(fact)))


def _plain(fact: Fact, raw: str) -> str:
    """A word of the file as the vocabulary writes it; what is none stays as it is, and is refused."""
    if fact.type == "date":
        return read_day(raw).isoformat()
    if fact.type == "bool":
        return _TRUTHS.get(raw, raw)
    words = {label.zh: value for value, label in (fact.value_labels or {}).items()}
    return words.get(raw, raw)


def _wanted(fact: Fact) -> Text:
    if fact.type == "code":
        words = "、".join(label.zh for label in (fact.value_labels or {}).values())
        return say(f"请填写{words}或{UNKNOWN}。", f"Write one of {words}, or {UNKNOWN}.")
    if fact.type == "bool":
        return say(f"请填写是、否或{UNKNOWN}。", f"Write 是, 否 or {UNKNOWN}.")
    return say("应为不小于零的数字。", "It must be a number of zero or more.")


_LONGEST = {NAME: 100, ADDRESS: 200, DOCUMENT: 200}
_TOO_LONG = say("太长。", "Too long.")
_EMPTY = say("请填写。", "Fill this in.")
_NO_PLACE = say(
    "不是您范围内的社区（村）代码，请填写12位代码。",
    "No community or village within your reach has this code of 12 digits.",
)
