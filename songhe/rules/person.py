"""One subject on one day: the tree compiled to closures, with the reasons for its answer.

Truth is True, False or None (unknown). Facts are a mapping of names to values; absent and None are unknown.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from songhe.common.calendar import birthday, latest_birth_date
from songhe.common.division import within
from songhe.rules import tree
from songhe.rules.figures import Figures

Facts = Mapping[str, Any]
Truth = bool | None
Test = Callable[[Facts], Truth]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass
class Found:
    """What an answer rests on: missing facts, open terms, conventions that mattered; each in reading order."""

    missing: dict[str, None] = field(default_factory=dict)
    open_terms: dict[str, None] = field(default_factory=dict)
    figures: dict[str, None] = field(default_factory=dict)
    conventions: dict[str, None] = field(default_factory=dict)


Trace = Callable[[Facts, Truth, Found], None]


@dataclass(frozen=True)
class Compiled:
    """`truth(facts)` decides; `trace(facts, truth, found)` follows the parts that made it so.

    `speaks` tells that a known truth may have something to report (a convention); an unknown one always has.
    """

    truth: Test
    trace: Trace
    speaks: bool = False


@dataclass(frozen=True)
class Conventions:
    """Which conventions come with every age test, and when a named one matters."""

    birthday: str | None = None
    leap_day: str | None = None
    matters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """The day decided on with everything that is read by date."""

    day: dt.date
    figures: Figures
    conventions: Conventions = Conventions()


def compile_condition(node: tree.Node, setting: Setting) -> Compiled:
    """The condition as closures, with parameters and age limits of that day already looked up."""
    match node:
        case tree.All(parts):
            return _all([compile_condition(part, setting) for part in parts])
        case tree.Any(parts):
            return _any([compile_condition(part, setting) for part in parts])
        case tree.Not(part):
            return _not(compile_condition(part, setting))
        case tree.Assume(part, truth):
            return _assume(compile_condition(part, setting), truth)
        case tree.Open(term, surely, surely_not):
            return _open(term, compile_condition(surely, setting), compile_condition(surely_not, setting))
        case tree.Noted(part, convention=None):
            return compile_condition(part, setting)
        case tree.Noted():
            return _conventional(node, setting)
        case tree.AgeReached():
            return _age(node, setting)
        case _:
            return _atom(node, setting)


def _all(parts: list[Compiled]) -> Compiled:
    tests = tuple(part.truth for part in parts)

    def truth(facts: Facts) -> Truth:
        result: Truth = True
        for test in tests:
            value = test(facts)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return Compiled(truth, *_same_as_whole(parts))


def _any(parts: list[Compiled]) -> Compiled:
    tests = tuple(part.truth for part in parts)

    def truth(facts: Facts) -> Truth:
        result: Truth = False
        for test in tests:
            value = test(facts)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return Compiled(truth, *_same_as_whole(parts))


def _same_as_whole(parts: list[Compiled]) -> tuple[Trace, bool]:
    """The parts that have the value of the whole are the ones that made it so."""
    every = tuple((part.truth, part.trace) for part in parts)
    speaking = tuple((part.truth, part.trace) for part in parts if part.speaks)

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        for test, follow in every if value is None else speaking:
            if test(facts) is value:
                follow(facts, value, found)

    return trace, bool(speaking)


def _not(part: Compiled) -> Compiled:
    test = part.truth

    def truth(facts: Facts) -> Truth:
        value = test(facts)
        return None if value is None else not value

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        part.trace(facts, None if value is None else not value, found)

    return Compiled(truth, trace, part.speaks)


def _assume(part: Compiled, assumed: bool) -> Compiled:
    test = part.truth

    def truth(facts: Facts) -> Truth:
        value = test(facts)
        return assumed if value is None else value

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        if test(facts) is not None:
            part.trace(facts, value, found)

    return Compiled(truth, trace, part.speaks)


def _open(term: str, surely: Compiled, surely_not: Compiled) -> Compiled:
    def truth(facts: Facts) -> Truth:
        if surely.truth(facts) is True:
            return True
        return False if surely_not.truth(facts) is True else None

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        if value is None:
            found.open_terms[term] = None
            for part in (surely, surely_not):
                if part.truth(facts) is None:
                    part.trace(facts, None, found)
        elif value:
            surely.trace(facts, True, found)
        else:
            surely_not.trace(facts, True, found)

    return Compiled(truth, trace, surely.speaks or surely_not.speaks)


def _conventional(noted: tree.Noted, setting: Setting) -> Compiled:
    """A part that names a convention: mentioned when it mattered for the answer."""
    inner = compile_condition(noted.part, setting)
    name = noted.convention or ""
    matters = _matters(setting.conventions.matters.get(name, "always"), noted.part, setting)

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        if matters(facts, value):
            found.conventions[name] = None
        inner.trace(facts, value, found)

    return Compiled(inner.truth, trace, speaks=True)


def _matters(kind: str, part: tree.Node, setting: Setting) -> Callable[[Facts, Truth], bool]:
    if kind == "when_false":
        return lambda facts, value: value is False
    if kind == "at_bound":
        bounds = [_at_bound(atom, setting) for atom in tree.walk(part)]
        return lambda facts, value: any(bound(facts) for bound in bounds)
    return lambda facts, value: value is not None


def _at_bound(atom: tree.Node, setting: Setting) -> Callable[[Facts], bool]:
    """Whether a fact stands exactly on the bound of a comparison."""
    if isinstance(atom, tree.DayCompare):
        name = atom.fact
        return lambda facts: facts.get(name) == setting.day
    if isinstance(atom, tree.FactCompare):
        one, other = atom.fact, atom.other
        return lambda facts: facts.get(one) is not None and facts.get(one) == facts.get(other)
    if isinstance(atom, tree.AgeReached):
        return _exactly_of_age(atom, setting)
    if isinstance(atom, tree.Compare):
        limit, name = operand_value(atom.operand, setting), atom.fact
        return lambda facts: limit is not None and facts.get(name) == limit
    return lambda facts: False


def _exactly_of_age(atom: tree.AgeReached, setting: Setting) -> Callable[[Facts], bool]:
    years = operand_value(atom.years, setting)
    if years is None:
        return lambda facts: False
    reached, next_year = latest_birth_date(setting.day, years), latest_birth_date(setting.day, years + 1)

    def test(facts: Facts) -> bool:
        birth = facts.get(atom.fact)
        if birth is None or reached is None or birth > reached:
            return False
        return next_year is None or birth > next_year

    return test


def operand_value(operand: tree.Operand, setting: Setting) -> Any:
    """The value compared with on the day; None when the parameter has none."""
    if isinstance(operand, tree.Literal):
        return operand.value
    return setting.figures.value(operand.id, setting.day)


def _age(atom: tree.AgeReached, setting: Setting) -> Compiled:
    years = operand_value(atom.years, setting)
    if years is None:
        return _without_figure(atom.years)
    name, day, conventions = atom.fact, setting.day, setting.conventions
    limit = latest_birth_date(day, years)

    def truth(facts: Facts) -> Truth:
        birth = facts.get(name)
        if birth is None:
            return None
        return limit is not None and birth <= limit

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        birth = facts.get(name)
        if birth is None:
            found.missing[name] = None
        elif birth.month == day.month or birth.month == 2:
            _note_birthday(birth, years, day, conventions, found)

    return Compiled(truth, trace, speaks=True)


def _note_birthday(birth: dt.date, years: int, day: dt.date, conventions: Conventions, found: Found) -> None:
    reached = birthday(birth, years)
    if conventions.birthday and reached == day:
        found.conventions[conventions.birthday] = None
    is_moved = (birth.month, birth.day) == (2, 29) and reached is not None and reached.month == 3
    if conventions.leap_day and is_moved and reached is not None and 0 <= (reached - day).days <= 1:
        found.conventions[conventions.leap_day] = None


def _without_figure(operand: tree.Operand) -> Compiled:
    """A parameter without a value on the day leaves the test unknown: nobody is entitled by a gap."""
    id = operand.id if isinstance(operand, tree.ParameterRef) else ""

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        found.figures[id] = None

    return Compiled(lambda facts: None, trace)


def _atom(node: tree.Node, setting: Setting) -> Compiled:
    if isinstance(node, (tree.Constant, tree.Period)):
        constant = node.truth if isinstance(node, tree.Constant) else node.contains(setting.day)
        return Compiled(lambda facts: constant, lambda facts, value, found: None)
    if isinstance(node, tree.Compare) and operand_value(node.operand, setting) is None:
        return _without_figure(node.operand)
    test, names = _test(node, setting), tree.facts_of(node)

    def trace(facts: Facts, value: Truth, found: Found) -> None:
        if value is None:
            # A place may be known too coarsely: then it is known, and still what is missing.
            found.missing |= dict.fromkeys([name for name in names if facts.get(name) is None] or names)

    return Compiled(test, trace)


def _test(node: tree.Node, setting: Setting) -> Test:
    match node:
        case tree.Flag(fact):
            return lambda facts: facts.get(fact)
        case tree.Known(fact):
            return lambda facts: facts.get(fact) is not None
        case tree.Member(fact, values):
            return _member(fact, frozenset(values))
        case tree.Within(fact, code):
            return _within(fact, code)
        case tree.DayCompare(fact, op):
            return _comparison(fact, _OPERATORS[op], setting.day)
        case tree.Compare(fact, op, operand):
            return _comparison(fact, _OPERATORS[op], operand_value(operand, setting))
        case tree.FactCompare(fact, op, other):
            return _between(fact, _OPERATORS[op], other)
    raise TypeError(f"{node!r} is not an atom")


def _comparison(fact: str, compare: Callable[[Any, Any], bool], limit: Any) -> Test:
    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        return None if value is None else compare(value, limit)

    return test


def _between(fact: str, compare: Callable[[Any, Any], bool], other: str) -> Test:
    def test(facts: Facts) -> Truth:
        value, against = facts.get(fact), facts.get(other)
        return None if value is None or against is None else compare(value, against)

    return test


def _member(fact: str, values: frozenset[str]) -> Test:
    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        return None if value is None else value in values

    return test


def _within(fact: str, code: str) -> Test:
    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        return None if value is None else within(value, code)

    return test
