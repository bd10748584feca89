"""The expressions of leaves: a small part of SQL, parsed with sqlglot and checked against the vocabulary.

Only the node types named here get through; everything else is refused before anything runs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from songhe.common.calendar import parse_date
from songhe.common.money import parse_yuan
from songhe.rules import tree
from songhe.rules.errors import RuleError
from songhe.rules.vocabulary import Fact, Vocabulary

MAX_LENGTH = 1_000
MAX_DEPTH = 20

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_DIVISION = re.compile(r"[0-9]{2}([0-9]{2}){0,2}|[0-9]{9}|[0-9]{12}")
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERED = {"date", "int", "money", "decimal"}
# Which parameter types a fact type may be compared with.
_PARAMETER_TYPES = {
    "date": {"date"},
    "int": {"count", "number"},
    "money": {"money"},
    "decimal": {"number", "count"},
}
_ALLOWED = (
    "use names, numbers, 'codes', = <> < <= > >=, AND, OR, NOT, BETWEEN, IN (…), IS NULL and within(fact, 'code')"
)


@dataclass(frozen=True)
class Scope:
    """The names an expression may use: facts by the vocabulary, parameters by id with their type."""

    vocabulary: Vocabulary
    parameters: Mapping[str, str]


def parse_sql(text: str) -> exp.Expr:
    """One SQL expression, with the limits that keep the parser safe checked first."""
    if len(text) > MAX_LENGTH:
        raise RuleError(
            f"the expression has {len(text)} characters", f"keep it under {MAX_LENGTH}; split it with all/any"
        )
    depth = deepest = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise RuleError(f"parentheses are nested {deepest} deep", f"at most {MAX_DEPTH}; split it with all/any")
    if "--" in text or "/*" in text:
        raise RuleError("a comment inside an expression", "use `because`, `label` or `note` instead")
    try:
        parsed = [part for part in sqlglot.parse(text, dialect="duckdb") if part is not None]
    except (SqlglotError, RecursionError) as error:
        detail = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).splitlines()[0] if str(error) else "not an expression"
        raise RuleError(f"{text!r} cannot be read: {detail}", _ALLOWED) from None
    if len(parsed) != 1:
        raise RuleError(f"{text!r} is not one expression", _ALLOWED)
    return parsed[0]


def parse_expression(text: str, scope: Scope) -> tree.Node:
    """The checked tree of one leaf's expression."""
    return _Reader(text, scope).node(parse_sql(text))


class _Reader:
    """Turns one parsed expression into tree nodes, refusing whatever is not whitelisted."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope

    def error(self, what: str, mend: str) -> RuleError:
        return RuleError(f"in {self.text!r}: {what}", mend)

    def node(self, expression: exp.Expr) -> tree.Node:
        if isinstance(expression, exp.Paren):
            return self.node(expression.this)
        if isinstance(expression, exp.And):
            return tree.All((self.node(expression.left), self.node(expression.right)))
        if isinstance(expression, exp.Or):
            return tree.Any((self.node(expression.left), self.node(expression.right)))
        if isinstance(expression, exp.Not):
            return self._negation(expression)
        if isinstance(expression, exp.Boolean):
            return tree.Constant(bool(expression.this))
        if isinstance(expression, exp.Column):
            return self._flag(expression)
        if type(expression) in _COMPARISONS:
            return self._comparison(expression)
        if isinstance(expression, exp.Between):
            return self._between(expression)
        if isinstance(expression, exp.In):
            return self._member(expression)
        if isinstance(expression, exp.Is):
            return self._is_null(expression)
        if isinstance(expression, exp.Anonymous) and str(expression.this).lower() == "within":
            return self._within(expression)
        raise self.error(f"{expression.sql('duckdb')!r} is not part of the rule language", _ALLOWED)

    def _negation(self, expression: exp.Not) -> tree.Node:
        inner = self.node(expression.this)
        return inner.part if isinstance(inner, tree.Not) else tree.Not(inner)

    def _flag(self, column: exp.Column) -> tree.Node:
        fact = self._fact(column)
        if fact.type != "bool":
            raise self.error(f"{fact.name} is a {fact.type}, not a bool", f"compare it, like {_example(fact)}")
        return tree.Flag(fact.name)

    def _comparison(self, expression: exp.Expr) -> tree.Node:
        op = _COMPARISONS[type(expression)]
        left, right = expression.this, expression.expression
        if not isinstance(left, exp.Column) or (self._is_free(left) and not self._is_free(right)):
            left, right, op = right, left, _MIRRORED[op]
        if not isinstance(left, exp.Column):
            raise self.error("neither side of the comparison is a fact", "compare a fact with a value")
        if _name(left) == "age":
            return self._age(op, right)
        return self._compare(self._fact(left), op, right)

    def _is_free(self, expression: exp.Expr) -> bool:
        """Whether it is a value rather than a fact or the age."""
        if not isinstance(expression, exp.Column):
            return True
        name = _name(expression)
        return name == "day" or (name in self.scope.parameters and name not in self.scope.vocabulary.facts)

    def _age(self, op: str, right: exp.Expr) -> tree.Node:
        if "birth_date" not in self.scope.vocabulary.facts:
            raise self.error(f"a {self.scope.vocabulary.subject} has no age", "ask for one of its own facts")
        if op not in (">=", "<"):
            raise self.error(f"age {op} is not allowed", "an age is asked as `age >= n` or `age < n`")
        reached = tree.AgeReached(self._years(right))
        return reached if op == ">=" else tree.Not(reached)

    def _years(self, right: exp.Expr) -> tree.Operand:
        if isinstance(right, exp.Column):
            name = self._parameter(right)
            if self.scope.parameters[name] != "age":
                raise self.error(f"{name} is a {self.scope.parameters[name]}, not an age", "give it the type age")
            return tree.ParameterRef(name)
        number = number_of(right)
        if number is None or number != int(number) or not 0 <= number <= 150:
            raise self.error(f"{right.sql('duckdb')} is not an age in whole years", "write a number like 80")
        return tree.Literal(int(number))

    def _compare(self, fact: Fact, op: str, right: exp.Expr) -> tree.Node:
        if fact.type in _ORDERED and (name := _name(right)) in self.scope.vocabulary.facts:
            return self._facts(fact, op, self.scope.vocabulary.facts[str(name)])
        if fact.type == "date" and isinstance(right, exp.Column) and _name(right) == "day":
            if op == "<>":
                raise self.error("<> day is not allowed", "use < or >")
            return tree.DayCompare(fact.name, op)
        if fact.type == "division":
            raise self.error(f"{fact.name} is a division", f"ask within({fact.name}, 'code')")
        if fact.type in ("code", "bool") and op not in ("=", "<>"):
            raise self.error(f"{fact.name} is a {fact.type} and has no order", "use = or <>")
        if fact.type == "bool":
            return self._bool_compare(fact, op, right)
        return tree.Compare(fact.name, op, self._operand(fact, right))

    def _facts(self, fact: Fact, op: str, other: Fact) -> tree.Node:
        if fact.type != other.type:
            raise self.error(
                f"{fact.name} is a {fact.type} and {other.name} a {other.type}",
                "two facts are compared when both are dates, or both numbers of one type",
            )
        if fact.name == other.name:
            raise self.error(f"{fact.name} is compared with itself", "name another fact")
        return tree.FactCompare(fact.name, op, other.name)

    def _bool_compare(self, fact: Fact, op: str, right: exp.Expr) -> tree.Node:
        if not isinstance(right, exp.Boolean):
            raise self.error(f"{fact.name} is a bool", f"write {fact.name} or NOT {fact.name}")
        wanted = bool(right.this) == (op == "=")
        return tree.Flag(fact.name) if wanted else tree.Not(tree.Flag(fact.name))

    def _operand(self, fact: Fact, right: exp.Expr) -> tree.Operand:
        if isinstance(right, exp.Column):
            name = self._parameter(right)
            kind = self.scope.parameters[name]
            if kind not in _PARAMETER_TYPES.get(fact.type, set()):
                raise self.error(f"{fact.name} is a {fact.type} and {name} a {kind}", "compare like with like")
            return tree.ParameterRef(name)
        return tree.Literal(self._literal(fact, right))

    def _literal(self, fact: Fact, right: exp.Expr) -> str | int | dt.date | Decimal:
        if fact.type == "code":
            return self._code(fact, right)
        if fact.type == "date":
            return self._date(right)
        if fact.type == "money" and isinstance(right, exp.Literal) and right.is_string:
            try:
                return parse_yuan(right.this)
            except ValueError as error:
                raise self.error(str(error), "or write whole fen without quotes") from None
        number = number_of(right)
        if number is None:
            raise self.error(f"{right.sql('duckdb')} is not a number", f"write {_example(fact)}")
        if fact.type == "decimal":
            return number
        if number != int(number):
            raise self.error(f"{number} is not whole", f"{fact.name} is counted in whole numbers")
        return int(number)

    def _code(self, fact: Fact, value: exp.Expr) -> str:
        if not isinstance(value, exp.Literal) or not value.is_string:
            raise self.error(f"{value.sql('duckdb')} is not a code", f"write it in quotes, like {_example(fact)}")
        if value.this not in fact.values:
            raise self.error(f"{fact.name} has no value {value.this!r}", f"its values are {', '.join(fact.values)}")
        return str(value.this)

    def _date(self, value: exp.Expr) -> dt.date:
        if isinstance(value, exp.Cast) and value.to.is_type("date"):
            value = value.this
        if not isinstance(value, exp.Literal) or not value.is_string:
            raise self.error(f"{value.sql('duckdb')} is not a date", "write it in quotes, like '2024-05-01', or day")
        try:
            return parse_date(value.this)
        except ValueError as error:
            raise self.error(str(error), "write year-month-day") from None

    def _between(self, expression: exp.Between) -> tree.Node:
        column = expression.this
        if not isinstance(column, exp.Column) or _name(column) in ("age", "day"):
            raise self.error("BETWEEN needs a fact", "ask an age as `age >= n AND age < m`")
        fact = self._fact(column)
        if fact.type not in _ORDERED:
            raise self.error(f"{fact.name} is a {fact.type} and has no order", "use = or IN")
        if expression.args.get("symmetric"):
            raise self.error("BETWEEN SYMMETRIC", "write the smaller value first, without SYMMETRIC")
        low, high = expression.args["low"], expression.args["high"]
        return tree.All((self._compare(fact, ">=", low), self._compare(fact, "<=", high)))

    def _member(self, expression: exp.In) -> tree.Node:
        if not isinstance(expression.this, exp.Column) or not expression.expressions:
            raise self.error("IN needs a fact and a list", "write fact IN ('a', 'b')")
        fact = self._fact(expression.this)
        if fact.type != "code":
            raise self.error(f"{fact.name} is a {fact.type}", "IN is for coded facts")
        return tree.Member(fact.name, tuple(self._code(fact, value) for value in expression.expressions))

    def _is_null(self, expression: exp.Is) -> tree.Node:
        if not isinstance(expression.this, exp.Column) or not isinstance(expression.expression, exp.Null):
            raise self.error(f"{expression.sql('duckdb')!r} is not part of the rule language", "use IS NULL on a fact")
        if _name(expression.this) == "age":
            raise self.error("an age is not a fact", "ask birth_date IS NULL")
        return tree.Not(tree.Known(self._fact(expression.this).name))

    def _within(self, call: exp.Anonymous) -> tree.Node:
        if len(call.expressions) != 2 or not isinstance(call.expressions[0], exp.Column):
            raise self.error("within() needs a division fact and a code", "write within(hukou, '421300')")
        fact = self._fact(call.expressions[0])
        code = call.expressions[1]
        if fact.type != "division":
            raise self.error(f"{fact.name} is a {fact.type}, not a division", "use hukou or residence")
        if not isinstance(code, exp.Literal) or not code.is_string or not _DIVISION.fullmatch(code.this):
            raise self.error("the second part of within() is not a division code", "write 6, 9 or 12 digits in quotes")
        return tree.Within(fact.name, code.this)

    def _fact(self, column: exp.Column) -> Fact:
        name = _name(column)
        if name is None:
            raise self.error(f"{column.sql('duckdb')} is not a plain name", "write the fact's name alone")
        fact = self.scope.vocabulary.facts.get(name)
        if fact is None:
            if name in ("age", "day") or name in self.scope.parameters:
                raise self.error(f"{name} stands where a fact must stand", "compare a fact with it")
            raise self.error(f"unknown fact {name}", self.scope.vocabulary.suggest(name))
        return fact

    def _parameter(self, column: exp.Column) -> str:
        name = _name(column)
        if name is None:
            raise self.error(f"{column.sql('duckdb')} is not a plain name", "write the parameter's name alone")
        if name not in self.scope.parameters:
            known = ", ".join(sorted(self.scope.parameters)[:6]) or "none"
            raise self.error(f"unknown parameter {column.sql('duckdb')}", f"parameters are {known}; codes need quotes")
        return name


def _name(column: exp.Expr) -> str | None:
    """The plain name of a column, or None when it is qualified or quoted."""
    if not isinstance(column, exp.Column) or len(column.parts) != 1 or column.this.args.get("quoted"):
        return None
    return str(column.name)


def number_of(value: exp.Expr) -> Decimal | None:
    """A number written out in digits: exponents could make a short rule a very long one."""
    if isinstance(value, exp.Literal) and not value.is_string and _NUMBER.fullmatch(value.this):
        return Decimal(value.this)
    return None


def _example(fact: Fact) -> str:
    return {
        "date": f"{fact.name} <= day",
        "code": f"{fact.name} = '{(fact.values or ('code',))[0]}'",
        "division": f"within({fact.name}, '421300')",
    }.get(fact.type, f"{fact.name} >= 1")
