"""What is paid: sums of money over parameters, in integer fen.

An expression is a parameter, `share(money, percent)`, `a + b` or `a * 2`. Its kind follows from the parameters on the
day: all given is *exact*, a floor in place of one is *at least*, neither is *unset* (or at least, with no figure, when
another part is a floor).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlglot import exp

from songhe.common.money import share
from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope, parse_sql
from songhe.rules.figures import Figures

_ALLOWED = "a parameter, share(money, percent), a + b or a * 2"


@dataclass(frozen=True)
class Figure:
    """A money or percent parameter."""

    id: str


@dataclass(frozen=True)
class Share:
    """A percentage of a sum, half a fen rounded up."""

    money: Money
    percent: Figure


@dataclass(frozen=True)
class Sum:
    parts: tuple[Money, Money]


@dataclass(frozen=True)
class Times:
    money: Money
    number: int


Money = Figure | Share | Sum | Times


@dataclass(frozen=True)
class Worth:
    """An amount on a day: kind `exact`, `at_least` or `unset`, and integer fen where it can be worked out."""

    kind: str
    fen: int | None


UNSET = Worth("unset", None)


def parse_amount(text: str, scope: Scope) -> Money:
    """The checked tree of an amount expression."""
    return _read(parse_sql(text), text, scope)


def _read(expression: exp.Expr, text: str, scope: Scope) -> Money:
    def refuse(what: str, mend: str) -> RuleError:
        return RuleError(f"in {text!r}: {what}", mend)

    if isinstance(expression, exp.Paren):
        return _read(expression.this, text, scope)
    if isinstance(expression, exp.Column):
        return _figure(expression, "money", text, scope)
    if isinstance(expression, exp.Add):
        return Sum((_read(expression.left, text, scope), _read(expression.right, text, scope)))
    if isinstance(expression, exp.Mul):
        number = expression.right
        if not isinstance(number, exp.Literal) or number.is_string or not str(number.this).isdigit():
            raise refuse("money is multiplied by a whole number only", "use share() for a part of it")
        return Times(_read(expression.left, text, scope), int(number.this))
    if isinstance(expression, exp.Anonymous) and str(expression.this).lower() == "share":
        if len(expression.expressions) != 2:
            raise refuse("share() takes a sum and a percentage", "write share(dibao_standard, uplift_rate)")
        money, percent = expression.expressions
        return Share(_read(money, text, scope), _figure(percent, "percent", text, scope))
    raise refuse(f"{expression.sql('duckdb')!r} is not an amount", f"write {_ALLOWED}")


def _figure(expression: exp.Expr, kind: str, text: str, scope: Scope) -> Figure:
    name = expression.name if isinstance(expression, exp.Column) and len(expression.parts) == 1 else None
    if name is None or name not in scope.parameters:
        raise RuleError(f"in {text!r}: unknown parameter {expression.sql('duckdb')}", "name one of parameters.yaml")
    if scope.parameters[name] != kind:
        raise RuleError(f"in {text!r}: {name} is a {scope.parameters[name]}", f"here a {kind} parameter is needed")
    return Figure(name)


def figures_of(money: Money) -> tuple[str, ...]:
    """The parameters an amount reads."""
    match money:
        case Figure(id):
            return (id,)
        case Share(part, percent):
            return (*figures_of(part), percent.id)
        case Sum((left, right)):
            return (*figures_of(left), *figures_of(right))
        case Times(part):
            return figures_of(part)


def worth(money: Money, day: dt.date, figures: Figures) -> Worth:
    """The amount on a day, from the values where they are given and from the floors where they are not."""
    used = figures_of(money)
    given = [figures.value(id, day) is not None for id in used]
    floored = [figures.floor(id, day) is not None for id in used]
    if all(given):
        return Worth("exact", _fen(money, day, figures))
    if all(has or low for has, low in zip(given, floored, strict=True)):
        return Worth("at_least", _fen(money, day, figures))
    is_floored = any(low and not has for has, low in zip(given, floored, strict=True))
    return Worth("at_least" if is_floored else "unset", None)


def _fen(money: Money, day: dt.date, figures: Figures) -> int:
    match money:
        case Figure(id):
            value = figures.value(id, day)
            return int(value if value is not None else figures.floor(id, day))  # type: ignore[arg-type]
        case Share(part, percent):
            return share(_fen(part, day, figures), _fen(percent, day, figures))
        case Sum((left, right)):
            return _fen(left, day, figures) + _fen(right, day, figures)
        case Times(part, number):
            return _fen(part, day, figures) * number
