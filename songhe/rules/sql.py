"""Conditions as SQL with three-valued logic, built as sqlglot expressions so that each dialect is written by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

from sqlglot import exp

from songhe.common.division import coarser_codes, stem
from songhe.rules import tree

MAX_LIST = 4

TRUE, FALSE, NULL = exp.true(), exp.false(), exp.null()
_COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}

# Gives the SQL of an atom that depends on the day or on a parameter.
DatedAtom = Callable[[tree.Node], exp.Expr]


def boolean(node: tree.Node, fact: Callable[[str], exp.Expr], dated: DatedAtom) -> exp.Expr:
    """SQL that is TRUE, FALSE or NULL exactly as the tree is."""

    def of(part: tree.Node) -> exp.Expr:
        return boolean(part, fact, dated)

    match node:
        case tree.All(parts):
            return exp.and_(*(of(part) for part in parts), copy=False)
        case tree.Any(parts):
            return exp.or_(*(of(part) for part in parts), copy=False)
        case tree.Not(part):
            return exp.Not(this=exp.paren(of(part), copy=False))
        case tree.Noted(part):
            return of(part)
        case tree.Assume(part, truth):
            return exp.Coalesce(this=of(part), expressions=[exp.Boolean(this=truth)])
        case tree.Open(_, surely, surely_not):
            return exp.case().when(of(surely), TRUE.copy()).when(of(surely_not), FALSE.copy()).else_(_unknown())
        case _ if is_dated(node):
            return dated(node)
        case _:
            return _atom(node, fact)


def is_dated(node: tree.Node) -> bool:
    """Whether an atom may change from one day to another."""
    if isinstance(node, tree.Compare):
        return isinstance(node.operand, tree.ParameterRef)
    return isinstance(node, (tree.AgeReached, tree.DayCompare, tree.Period))


def compare(left: exp.Expr, op: str, right: exp.Expr) -> exp.Expr:
    return _COMPARISONS[op](this=left, expression=right)


def literal(value: object) -> exp.Expr:
    """A Python value as a typed SQL literal."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, (int, Decimal)):
        return exp.Literal.number(str(value))
    if isinstance(value, dt.date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    return exp.Literal.string(str(value))


def _unknown() -> exp.Expr:
    return exp.cast(NULL.copy(), "boolean")


def _atom(node: tree.Node, fact: Callable[[str], exp.Expr]) -> exp.Expr:
    match node:
        case tree.Constant(truth):
            return exp.Boolean(this=truth)
        case tree.Flag(name):
            return fact(name)
        case tree.Known(name):
            return exp.Not(this=exp.Is(this=fact(name), expression=NULL.copy()))
        case tree.Member(name, values):
            return among(fact(name), values)
        case tree.Compare(name, op, tree.Literal(value)):
            return compare(fact(name), op, literal(value))
        case tree.FactCompare(name, op, other):
            return compare(fact(name), op, fact(other))
        case tree.Within(name, code):
            return _within(fact, name, code)
    raise TypeError(f"{node!r} is not an atom")


def among(column: exp.Expr, values: Sequence[str]) -> exp.Expr:
    """`IN`, in short lists: DuckDB makes a join of a long one, which costs many times more."""
    chunks = [values[start : start + MAX_LIST] for start in range(0, len(values), MAX_LIST)]
    lists = [exp.In(this=column.copy(), expressions=[literal(value) for value in chunk]) for chunk in chunks]
    return lists[0] if len(lists) == 1 else exp.paren(exp.or_(*lists))


def _within(fact: Callable[[str], exp.Expr], name: str, code: str) -> exp.Expr:
    """A place coarser than the area may hold it: that is unknown, not outside."""
    inside = exp.Like(this=fact(name), expression=literal(stem(code) + "%"))
    coarser = coarser_codes(code)
    if not coarser:
        return inside
    may_hold = among(fact(name), coarser)
    return exp.case().when(inside.copy(), TRUE.copy()).when(may_hold, _unknown()).else_(inside)
