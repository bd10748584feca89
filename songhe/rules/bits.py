"""The fast form: a condition over many days as sets of days, held as bits of an integer (DuckDB).

Bit *i* says "on day *i*". Three values need two masks: the days on which the condition is known true, and the days on
which it is possible (not known false). `all` and `any` are `&` and `|` on both; `not` swaps and complements them. What
does not change with the day stays an ordinary boolean as long as it can and opens or shuts a mask where it meets one.
Where no unknown can occur the two masks are one and the same, and only one is worked out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlglot import exp

from songhe.common.calendar import latest_birth_date
from songhe.rules import sql, tree
from songhe.rules.figures import Figures

MAX_DAYS = 62
_NOBODY = dt.date.min
# A value to compare with, and the index of its day.
Limit = tuple[Any, int]


@dataclass(frozen=True)
class Plain:
    """A condition that is the same on every day: one SQL boolean, and whether it may be null."""

    sql: str
    in_doubt: bool


@dataclass(frozen=True)
class Masks:
    """The days known true and the days possible, as SQL integers that are never null; one text where they are equal."""

    true: str
    possible: str

    @property
    def in_doubt(self) -> bool:
        return self.true != self.possible


Form = Plain | Masks


def bits_sql(
    conditions: Mapping[str, tree.Node],
    *,
    days: Sequence[dt.date],
    figures: Figures,
    population: str,
    carry: Sequence[str] = ("id",),
    known: Collection[str] = (),
) -> str:
    """`SELECT <carry>, "<name>" , "<name>?"`: the days known true and the days unknown, per condition.

    `carry` are SQL select items taken over from the population; `known` are facts that are null for nobody in it, which
    saves work. Days must be in order and at most 62.
    """
    if not 1 <= len(days) <= MAX_DAYS:
        raise ValueError(f"{len(days)} days; one statement takes 1 to {MAX_DAYS}")
    if list(days) != sorted(set(days)):
        raise ValueError("the days are not in order")
    plan = _Plan(days, figures, frozenset(known))
    named = {name: plan.staged(plan.masks(plan.form(node))) for name, node in conditions.items()}
    finals = [item for name, masks in named.items() for item in plan.answers(name, masks)]
    return plan.statement([*carry, *finals], population)


class _Plan:
    """Builds the masks in stages: a part that several conditions share is worked out once, in an inner SELECT."""

    def __init__(self, days: Sequence[dt.date], figures: Figures, known: frozenset[str]) -> None:
        self.days = days
        self.figures = figures
        self.known = known
        self.full = (1 << len(days)) - 1
        self.stages: list[dict[str, str]] = [{}, {}]
        self.shared: dict[tree.Node, Form] = {}
        self.plains: dict[str, Plain] = {}
        self.ladders: dict[tuple[str, str, tuple[Limit, ...]], Masks] = {}

    # -- forms of nodes

    def form(self, node: tree.Node) -> Form:
        if not any(sql.is_dated(part) for part in tree.walk(node)):
            return self._plain(node)
        match node:
            case tree.All(parts):
                return self._both([self.form(part) for part in _flat(tree.All, parts)])
            case tree.Any(parts):
                return self._either([self.form(part) for part in _flat(tree.Any, parts)])
            case tree.Not(part):
                return self._complement(self.masks(self.form(part)))
            case tree.Assume(part, truth):
                inner = self.masks(self.form(part))
                known = inner.possible if truth else inner.true
                return Masks(known, known)
            case tree.Open(_, surely, surely_not):
                return self._open(self.masks(self.form(surely)), self.masks(self.form(surely_not)))
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
                return Masks(_integer(true), _integer(true))
        raise TypeError(f"{node!r} is not a condition")

    def masks(self, form: Form) -> Masks:
        if isinstance(form, Masks):
            return form
        true = self._when(form.sql, self.full, 0)
        return Masks(true, self._when(f"NOT ({form.sql})", 0, self.full) if form.in_doubt else true)

    def answers(self, name: str, masks: Masks) -> list[str]:
        unknown = f"xor({masks.possible}, {masks.true})" if masks.in_doubt else "0"
        return [f'{masks.true}::BIGINT AS "{name}"', f'({unknown})::BIGINT AS "{name}?"']

    def _plain(self, node: tree.Node) -> Plain:
        """What needs more than a look at a column is worked out once, in the innermost SELECT."""
        text = sql.boolean(node, _column, _never_dated).sql("duckdb")
        if text not in self.plains:
            name = text
            if not text.isidentifier():
                name = f"p{len(self.plains)}"
                self.stages[0][name] = text
            self.plains[text] = Plain(name, self._may_be_null(node))
        return self.plains[text]

    def _may_be_null(self, node: tree.Node) -> bool:
        match node:
            case tree.Known() | tree.Constant() | tree.Assume():
                return False
            case tree.Open() | tree.Within():
                return True  # an open term is open for somebody, and a place may be known too coarsely
            case _ if below := tree.children(node):
                return any(self._may_be_null(child) for child in below)
            case _:
                return any(fact not in self.known for fact in tree.facts_of(node))

    def _when(self, condition: str, then: str | int, otherwise: str | int) -> str:
        return f"CASE WHEN {condition} THEN {_integer(then)} ELSE {_integer(otherwise)} END"

    def _without(self, mask: str) -> str:
        return f"({self.full} & ~{mask})"

    def _both(self, forms: list[Form]) -> Masks:
        true, possible = self._joined("&", forms)
        plain = [form for form in forms if isinstance(form, Plain)]
        if not plain:
            return Masks(true, possible)
        gate = " AND ".join(form.sql for form in plain)
        opened = self._when(gate, true, 0)
        if true == possible and not any(form.in_doubt for form in plain):
            return Masks(opened, opened)
        return Masks(opened, self._when(f"NOT ({gate})", 0, possible))

    def _either(self, forms: list[Form]) -> Masks:
        true, possible = self._joined("|", forms)
        plain = [form for form in forms if isinstance(form, Plain)]
        if not plain:
            return Masks(true, possible)
        gate = " OR ".join(form.sql for form in plain)
        opened = self._when(gate, self.full, true)
        if true == possible and not any(form.in_doubt for form in plain):
            return Masks(opened, opened)
        return Masks(opened, self._when(f"NOT ({gate})", possible, self.full))

    def _joined(self, operator: str, forms: list[Form]) -> tuple[str, str]:
        """The two masks of the dated parts; there is at least one."""
        masks = [form for form in forms if isinstance(form, Masks)]
        return _chain(operator, [m.true for m in masks]), _chain(operator, [m.possible for m in masks])

    def _open(self, surely: Masks, surely_not: Masks) -> Masks:
        return Masks(surely.true, f"({surely.true} | {self._without(surely_not.true)})")

    # -- stages

    def _term(self, part: tree.Node) -> Form:
        """A named term is worked out once, whatever number of conditions use it."""
        if part not in self.shared:
            form = self.form(part)
            self.shared[part] = self.staged(form) if isinstance(form, Masks) else form
        return self.shared[part]

    def staged(self, masks: Masks) -> Masks:
        """Gives the mask of the days known true a column of its own; the rarely needed other one stays as it is."""
        stage = self.stages[-1]
        if any(name in masks.true or name in masks.possible for name in stage):
            self.stages.append({})
            stage = self.stages[-1]
        number = sum(len(columns) for columns in self.stages)
        true = possible = f"m{number}t"
        stage[true] = masks.true
        if masks.in_doubt:
            possible = f"m{number}p"
            stage[possible] = masks.possible
        return Masks(true, possible)

    def statement(self, items: Sequence[str], population: str) -> str:
        source = population
        for columns in self.stages:
            if columns:
                source = f"(SELECT *, {', '.join(f'{body} AS {name}' for name, body in columns.items())} FROM {source})"
        return f"SELECT {', '.join(items)} FROM {source}"

    # -- dated atoms

    def _age(self, node: tree.AgeReached) -> Masks:
        limits: list[Limit] = []
        for index, day in enumerate(self.days):
            years = self._value(node.years, day)
            if isinstance(years, int):
                limits.append((latest_birth_date(day, years) or _NOBODY, index))
        return self._ladder(node.fact, "<=", limits)

    def _day(self, node: tree.DayCompare) -> Masks:
        return self._ordered(node.fact, node.op, [(day, index) for index, day in enumerate(self.days)])

    def _dated_figure(self, node: tree.Compare) -> Masks:
        values = [(self._value(node.operand, day), index) for index, day in enumerate(self.days)]
        limits = [(value, index) for value, index in values if value is not None]
        if node.op == "<>":
            return self._complement(self._ordered(node.fact, "=", limits))
        return self._ordered(node.fact, node.op, limits)

    def _ordered(self, fact: str, op: str, limits: list[Limit]) -> Masks:
        """A comparison with a limit of each day; days without a limit are unknown."""
        match op:
            case "<=" | "<":
                return self._ladder(fact, op, limits)
            case ">":
                return self._complement(self._ladder(fact, "<=", limits))
            case ">=":
                return self._complement(self._ladder(fact, "<", limits))
            case _:
                upto, from_on = self._ordered(fact, "<=", limits), self._ordered(fact, ">=", limits)
                true, possible = f"({upto.true} & {from_on.true})", f"({upto.possible} & {from_on.possible})"
                return Masks(true, true if not upto.in_doubt else possible)

    def _complement(self, masks: Masks) -> Masks:
        true = self._without(masks.possible)
        return Masks(true, self._without(masks.true) if masks.in_doubt else true)

    def _ladder(self, fact: str, op: str, limits: list[Limit]) -> Masks:
        """The days on which a fact is at or below (`<=`) or below (`<`) that day's limit.

        Days with the same limit form one rung. Most people lie before the first limit or after the last one, so these
        are asked first; only the few in between go down the ladder.
        """
        key = (fact, op, tuple(limits))
        if key not in self.ladders:
            self.ladders[key] = self._build_ladder(fact, op, limits)
        return self.ladders[key]

    def _build_ladder(self, fact: str, op: str, limits: list[Limit]) -> Masks:
        covered = sum(1 << index for _, index in limits)
        if not covered:
            return Masks("0", str(self.full))
        rungs = [(limit, sum(1 << i for _, i in days)) for limit, days in groupby(sorted(limits), lambda pair: pair[0])]
        first, last = (_literal(rungs[end][0]) for end in (0, -1))
        cases = [f"WHEN {fact} {op} {first} THEN {covered}", f"WHEN NOT ({fact} {op} {last}) THEN 0"]
        cases.append(f"WHEN {fact} IS NULL THEN NULL")
        remaining = covered - rungs[0][1]
        for limit, bits in rungs[1:]:
            cases.append(f"WHEN {fact} {op} {_literal(limit)} THEN {remaining}")
            remaining -= bits
        name = f"a{len(self.stages[0])}"
        self.stages[0][name] = f"(CASE {' '.join(cases)} END)::BIGINT"
        if fact in self.known:
            return Masks(name, name if covered == self.full else f"({name} | {self.full - covered})")
        true, possible = f"{name}t", f"{name}p"
        self.stages[1][true] = f"CASE WHEN {name} IS NULL THEN 0 ELSE {name} END"
        self.stages[1][possible] = f"CASE WHEN {name} IS NULL THEN {covered} ELSE {name} END | {self.full - covered}"
        return Masks(true, possible)

    def _value(self, operand: tree.Operand, day: dt.date) -> object:
        return operand.value if isinstance(operand, tree.Literal) else self.figures.value(operand.id, day)


def _column(name: str) -> exp.Expr:
    return exp.column(name)


def _never_dated(node: tree.Node) -> exp.Expr:
    raise TypeError(f"{node!r} depends on the day")


def _flat(join: type[tree.All] | type[tree.Any], parts: tuple[tree.Node, ...]) -> tuple[tree.Node, ...]:
    """Parts of parts that are joined alike, so that what is cheap can decide before what is not."""
    flat: list[tree.Node] = []
    for part in parts:
        inner = part
        while isinstance(inner, tree.Noted) and inner.term is None:
            inner = inner.part
        flat.extend(_flat(join, inner.parts) if isinstance(inner, join) else [inner])
    return tuple(flat)


def _chain(operator: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {operator} ".join(parts) + ")"


def _integer(value: str | int) -> str:
    return f"{value}::BIGINT" if isinstance(value, int) else value


def _literal(value: object) -> str:
    return sql.literal(value).sql("duckdb")
