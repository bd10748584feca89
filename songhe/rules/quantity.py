"""Quantities of standards: exact fractions over numeric facts and parameters (`+ - * /` and `greatest(a, b)`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlglot import exp

from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope, number_of, parse_sql
from songhe.rules.figures import Figures

_NUMERIC = {"int", "decimal", "money"}
_OPERATIONS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


@dataclass(frozen=True)
class Number:
    value: Fraction


@dataclass(frozen=True)
class FactQuantity:
    name: str


@dataclass(frozen=True)
class ParameterQuantity:
    id: str


@dataclass(frozen=True)
class Operation:
    """`+ - * /`, or `max` for greatest()."""

    op: str
    left: Quantity
    right: Quantity


Quantity = Number | FactQuantity | ParameterQuantity | Operation


def parse_quantity(text: str, scope: Scope) -> Quantity:
    """The checked tree of a quantity."""
    return _read(parse_sql(text), text, scope)


def _read(expression: exp.Expr, text: str, scope: Scope) -> Quantity:
    if isinstance(expression, exp.Paren):
        return _read(expression.this, text, scope)
    if (number := number_of(expression)) is not None:
        return Number(Fraction(number))
    if isinstance(expression, exp.Column) and len(expression.parts) == 1:
        return _name(expression.name, text, scope)
    if type(expression) in _OPERATIONS:
        left, right = (_read(side, text, scope) for side in (expression.this, expression.expression))
        return Operation(_OPERATIONS[type(expression)], left, right)
    if isinstance(expression, exp.Greatest) and len(expression.expressions) == 1:
        pair = (expression.this, expression.expressions[0])
        return Operation("max", *(_read(part, text, scope) for part in pair))
    raise RuleError(
        f"in {text!r}: {expression.sql('duckdb')!r} is not a quantity",
        "use numeric facts, parameters, numbers, + - * / and greatest(a, b)",
    )


def _name(name: str, text: str, scope: Scope) -> Quantity:
    fact = scope.vocabulary.facts.get(name)
    if fact is not None:
        if fact.type not in _NUMERIC:
            raise RuleError(f"in {text!r}: {name} is a {fact.type}", "a quantity needs a number")
        return FactQuantity(name)
    if name in scope.parameters:
        if scope.parameters[name] not in ("number", "count"):
            raise RuleError(f"in {text!r}: {name} is a {scope.parameters[name]}", "a quantity needs a number")
        return ParameterQuantity(name)
    raise RuleError(f"in {text!r}: unknown name {name}", scope.vocabulary.suggest(name))


def quantity(node: Quantity, facts: Mapping[str, Any], day: dt.date, figures: Figures) -> Fraction | None:
    """The exact value; None when a fact or parameter is unknown, or a divisor is zero."""
    match node:
        case Number(value):
            return value
        case FactQuantity(name):
            return _fraction(facts.get(name))
        case ParameterQuantity(id):
            return _fraction(figures.value(id, day))
        case Operation(op, left, right):
            first, second = quantity(left, facts, day, figures), quantity(right, facts, day, figures)
            return None if first is None or second is None else _operate(op, first, second)


def with_figures(node: Quantity, day: dt.date, figures: Figures) -> Quantity:
    """The same quantity with the parameters of a day looked up, for many subjects; one without a value stays."""
    match node:
        case ParameterQuantity(id):
            value = _fraction(figures.value(id, day))
            return node if value is None else Number(value)
        case Operation(op, left, right):
            return Operation(op, with_figures(left, day, figures), with_figures(right, day, figures))
        case _:
            return node


def _fraction(value: object) -> Fraction | None:
    return None if value is None else Fraction(value if isinstance(value, (int, Decimal)) else str(value))


def _operate(op: str, first: Fraction, second: Fraction) -> Fraction | None:
    if op == "/":
        return first / second if second else None
    return {"+": first + second, "-": first - second, "*": first * second, "max": max(first, second)}[op]


def names_of(node: Quantity) -> tuple[str, ...]:
    """The facts a quantity reads."""
    match node:
        case FactQuantity(name):
            return (name,)
        case Operation(_, left, right):
            return (*names_of(left), *names_of(right))
        case _:
            return ()


def parameters_in(node: Quantity) -> tuple[str, ...]:
    """The parameters a quantity reads."""
    match node:
        case ParameterQuantity(id):
            return (id,)
        case Operation(_, left, right):
            return (*parameters_in(left), *parameters_in(right))
        case _:
            return ()


def written(node: Quantity, facts: Mapping[str, Any], day: dt.date, figures: Figures) -> str:
    """The arithmetic with its figures: `1240 × 20 ÷ 100`; an unknown shows as `?`."""
    match node:
        case Operation("max", left, right):
            return f"max({written(left, facts, day, figures)}, {written(right, facts, day, figures)})"
        case Operation(op, left, right):
            sides = [_bracketed(side, op, facts, day, figures) for side in (left, right)]
            return f" {_SIGNS[op]} ".join(sides)
        case _:
            value = quantity(node, facts, day, figures)
            return "?" if value is None else str(plain_number(value))


_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def _bracketed(node: Quantity, op: str, facts: Mapping[str, Any], day: dt.date, figures: Figures) -> str:
    text = written(node, facts, day, figures)
    is_sum = isinstance(node, Operation) and node.op in "+-" and op in "*/"
    return f"({text})" if is_sum else text


def plain_number(value: Fraction) -> int | float | str:
    """A whole number, a decimal that says it exactly, or else the fraction as `n/d`; never a rounded value."""
    if value.denominator == 1:
        return value.numerator
    as_float = float(value)
    return as_float if Fraction(str(as_float)) == value else f"{value.numerator}/{value.denominator}"
