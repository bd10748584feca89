"""The fast form: a condition over many days as sets of days, held as bits of an integer (DuckDB).

Bit *i* says "on day *i*". Three values need two masks: the days on which the condition is known true and those on
which it is known false. `all` and `any` are `&` and `|` on them; what does not change with the day stays an ordinary
boolean as long as it can and becomes a mask only where it meets one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlglot import exp

from songhe.common.calendar import latest_birth_date
from songhe.rules import sql, tree
from songhe.rules.figures import Figures

MAX_DAYS = 62


@dataclass(frozen=True)
class Plain:
    """A condition that is the same on every day: one three-valued SQL boolean."""

    sql: str


@dataclass(frozen=True)
class Masks:
    """The days known true and the days known false, as SQL integers; never null."""

    true: str
    false: str


Form = Plain | Masks


def bits_sql(
    conditions: Mapping[str, tree.Node],
    *,
    days: Sequence[dt.date],
    figures: Figures,
    population: str,
    carry: Sequence[str] = ("id",),
) -> str:
    """`SELECT <carry>, "<name>" , "<name>?"`: the days known true and the days unknown, per condition.

    `carry` are SQL select items taken over from the population. Days must be in order and at most 62.
    """
    if not 1 <= len(days) <= MAX_DAYS:
        raise ValueError(f"{len(days)} days; one statement takes 1 to {MAX_DAYS}")
    if list(days) != sorted(set(days)):
        raise ValueError("the days are not in order")
    plan = _Plan(days, figures)
    named = {name: plan.staged(plan.masks(plan.form(node))) for name, node in conditions.items()}
    finals = [item for name, masks in named.items() for item in plan.answers(name, masks)]
    return plan.statement([*carry, *finals], population)


class _Plan:
    """Builds the masks in stages: a part that several conditions share is worked out once, in an inner SELECT."""

    def __init__(self, days: Sequence[dt.date], figures: Figures) -> None:
        self.days = days
        self.figures = figures
        self.full = (1 << len(days)) - 1
        self.stages: list[dict[str, str]] = [{}, {}]
        self.shared: dict[tree.Node, Form] = {}
        self.ladders: dict[tuple[str, tuple[tuple[str, int], ...]], Masks] = {}

    # -- forms of nodes

    def form(self, node: tree.Node) -> Form:
        if not any(sql.is_dated(part) for part in tree.walk(node)):
            return Plain(sql.boolean(node, _column, _never_dated).sql("duckdb"))
        match node:
            case tree.All(parts):
                return self._join(parts, self._both)
            case tree.Any(parts):
                return self._join(parts, self._either)
            case tree.Not(part):
                inner = self.masks(self.form(part))
                return Masks(inner.false, inner.true)
            case tree.Assume(part, truth):
                return self._assume(self.masks(self.form(part)), truth)
            case tree.Open(_, surely, surely_not):
                return Masks(self.masks(self.form(surely)).true, self._open_false(surely, surely_not))
            case tree.Noted(part, term=None):
                return self.form(part)
            case tree.Noted(part):
                return self._term(part)
            case tree.AgeReached():
                return self._age(node)
            case tree.DayCompare():
                return self._day(node)
            case tree.Compare():
                return self._dated_figure(node)
            case tree.Period():
                true = sum(1 << index for index, day in enumerate(self.days) if node.contains(day))
                return Masks(_integer(true), _integer(self.full - true))
        raise TypeError(f"{node!r} is not a condition")

    def masks(self, form: Form) -> Masks:
        if isinstance(form, Masks):
            return form
        return Masks(self._when(form.sql, self.full, 0), self._when(f"NOT ({form.sql})", self.full, 0))

    def answers(self, name: str, masks: Masks) -> list[str]:
        unknown = f"({self.full} & ~({masks.true} | {masks.false}))"
        return [f'{masks.true}::BIGINT AS "{name}"', f'{unknown}::BIGINT AS "{name}?"']

    def _when(self, condition: str, then: str | int, otherwise: str | int) -> str:
        return f"CASE WHEN {condition} THEN {_integer(then)} ELSE {_integer(otherwise)} END"

    def _join(self, parts: tuple[tree.Node, ...], join: Callable[[list[str], list[Masks]], Masks]) -> Masks:
        forms = [self.form(part) for part in parts]
        plain = [form.sql for form in forms if isinstance(form, Plain)]
        return join(plain, [form for form in forms if isinstance(form, Masks)])

    def _both(self, plain: list[str], masks: list[Masks]) -> Masks:
        true, false = _chain("&", [m.true for m in masks]), _chain("|", [m.false for m in masks])
        if not plain:
            return Masks(true, false)
        gate = " AND ".join(f"({part})" for part in plain)
        return Masks(self._when(gate, true, 0), self._when(f"NOT ({gate})", self.full, false))

    def _either(self, plain: list[str], masks: list[Masks]) -> Masks:
        true, false = _chain("|", [m.true for m in masks]), _chain("&", [m.false for m in masks])
        if not plain:
            return Masks(true, false)
        gate = " OR ".join(f"({part})" for part in plain)
        return Masks(self._when(gate, self.full, true), self._when(f"NOT ({gate})", false, 0))

    def _assume(self, masks: Masks, truth: bool) -> Masks:
        if truth:
            return Masks(f"({self.full} & ~{masks.false})", masks.false)
        return Masks(masks.true, f"({self.full} & ~{masks.true})")

    def _open_false(self, surely: tree.Node, surely_not: tree.Node) -> str:
        return f"({self.masks(self.form(surely_not)).true} & ~{self.masks(self.form(surely)).true})"

    # -- stages

    def _term(self, part: tree.Node) -> Form:
        """A named term is worked out once, whatever number of conditions use it."""
        if part not in self.shared:
            form = self.form(part)
            self.shared[part] = self.staged(form) if isinstance(form, Masks) else form
        return self.shared[part]

    def staged(self, masks: Masks) -> Masks:
        stage = self.stages[-1]
        number = sum(len(columns) for columns in self.stages)
        needed = [name for name in stage if name in masks.true or name in masks.false]
        if needed:
            self.stages.append({})
            stage = self.stages[-1]
        names = Masks(f"m{number}t", f"m{number}f")
        stage[names.true], stage[names.false] = masks.true, masks.false
        return names

    def statement(self, items: Sequence[str], population: str) -> str:
        source = population
        for columns in self.stages:
            if columns:
                source = f"(SELECT *, {', '.join(f'{body} AS {name}' for name, body in columns.items())} FROM {source})"
        return f"SELECT {', '.join(items)} FROM {source}"

    # -- dated atoms

    def _age(self, node: tree.AgeReached) -> Masks:
        limits = []
        for index, day in enumerate(self.days):
            years = self._value(node.years, day)
            if isinstance(years, int):
                limit = latest_birth_date(day, years)
                limits.append((limit.isoformat() if limit else "0001-01-01", index))
        return self._ladder(node.fact, limits)

    def _day(self, node: tree.DayCompare) -> Masks:
        days = [(day.isoformat(), index) for index, day in enumerate(self.days)]
        match node.op:
            case "<=":
                return self._ladder(node.fact, days)
            case ">":
                return _swap(self._ladder(node.fact, days))
            case "<":
                return self._ladder(node.fact, self._day_before(days))
            case ">=":
                return _swap(self._ladder(node.fact, self._day_before(days)))
            case _:
                upto, before = self._ladder(node.fact, days), self._ladder(node.fact, self._day_before(days))
                return Masks(f"({upto.true} & {before.false})", f"({upto.false} | {before.true})")

    def _day_before(self, days: list[tuple[str, int]]) -> list[tuple[str, int]]:
        return [((dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat(), index) for day, index in days]

    def _ladder(self, fact: str, limits: list[tuple[str, int]]) -> Masks:
        """The days on which a date fact is at or before that day's limit.

        Days with the same limit form one rung. Most people lie before the first limit or after the last one, so these
        are asked first; only the few in between go down the ladder.
        """
        key = (fact, tuple(limits))
        if key not in self.ladders:
            self.ladders[key] = self._build_ladder(fact, limits)
        return self.ladders[key]

    def _build_ladder(self, fact: str, limits: list[tuple[str, int]]) -> Masks:
        covered = sum(1 << index for _, index in limits)
        if not covered:
            return Masks("0", "0")
        rungs = [(limit, sum(1 << i for _, i in days)) for limit, days in groupby(sorted(limits), lambda pair: pair[0])]
        first, last = rungs[0][0], rungs[-1][0]
        cases = [f"WHEN {fact} IS NULL THEN NULL", f"WHEN {fact} <= {_date(first)} THEN {covered}"]
        cases.append(f"WHEN {fact} > {_date(last)} THEN 0")
        remaining = covered - rungs[0][1]
        for limit, bits in rungs[1:]:
            cases.append(f"WHEN {fact} <= {_date(limit)} THEN {remaining}")
            remaining -= bits
        number = len(self.stages[0])
        self.stages[0][f"a{number}"] = f"(CASE {' '.join(cases)} END)::BIGINT"
        self.stages[1][f"a{number}t"] = f"coalesce(a{number}, 0)"
        self.stages[1][f"a{number}f"] = f"coalesce({covered} - a{number}, 0)"
        return Masks(f"a{number}t", f"a{number}f")

    def _dated_figure(self, node: tree.Compare) -> Masks:
        """A comparison with a parameter: one ordinary comparison per value it takes over the days."""
        by_value: dict[object, int] = {}
        for index, day in enumerate(self.days):
            value = self._value(node.operand, day)
            if value is not None:
                by_value[value] = by_value.get(value, 0) | 1 << index
        true, false = [], []
        for value, bits in by_value.items():
            test = sql.compare(_column(node.fact), node.op, sql.literal(value)).sql("duckdb")
            true.append(self._when(test, bits, 0))
            false.append(self._when(f"NOT ({test})", bits, 0))
        return Masks(_chain("|", true), _chain("|", false)) if by_value else Masks("0", "0")

    def _value(self, operand: tree.Operand, day: dt.date) -> object:
        return operand.value if isinstance(operand, tree.Literal) else self.figures.value(operand.id, day)


def _column(name: str) -> exp.Expr:
    return exp.column(name)


def _never_dated(node: tree.Node) -> exp.Expr:
    raise TypeError(f"{node!r} depends on the day")


def _swap(masks: Masks) -> Masks:
    return Masks(masks.false, masks.true)


def _chain(operator: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {operator} ".join(parts) + ")"


def _integer(value: str | int) -> str:
    return f"{value}::BIGINT" if isinstance(value, int) else value


def _date(text: str) -> str:
    return f"DATE '{text}'"
