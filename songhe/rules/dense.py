"""The reference form: one SQL statement over person × day, in any dialect that sqlglot writes.

Everything that depends on the day (limits of birth dates, parameter values) is worked out here and joined as a small
table of days, so that no date arithmetic reaches the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlglot import exp

from songhe.common.calendar import latest_birth_date
from songhe.rules import sql, tree
from songhe.rules.figures import Figures

# A birth date before every real one: nobody has reached an age that nobody can have.
_NOBODY = dt.date(1, 1, 1)


def dense_sql(
    conditions: Mapping[str, tree.Node],
    *,
    days: Sequence[dt.date],
    figures: Figures,
    population: str,
    dialect: str = "duckdb",
) -> str:
    """`SELECT id, step, <one three-valued column per condition>`; `step` is the index into `days`.

    `population` is a table name or a FROM item of the dialect with a column per fact and `id`.
    """
    table = _DayTable(days, figures)
    columns = [
        exp.alias_(sql.boolean(node, _person_column, table.column), name, quoted=True)
        for name, node in conditions.items()
    ]
    chosen = [exp.column("id", table="p"), exp.column("step", table="d"), *columns]
    body = ", ".join(column.sql(dialect) for column in chosen)
    return f"SELECT {body} FROM {population} AS p CROSS JOIN ({table.sql(dialect)}) AS d"


def _person_column(name: str) -> exp.Expr:
    return exp.column(name, table="p")


class _DayTable:
    """The days with one column per dated limit that the conditions ask for."""

    def __init__(self, days: Sequence[dt.date], figures: Figures) -> None:
        self.days = days
        self.figures = figures
        self.columns: dict[str, list[exp.Expr]] = {"day": [sql.literal(day) for day in days]}

    def column(self, node: tree.Node) -> exp.Expr:
        """The SQL of a dated atom, with its limits as a column of this table."""
        match node:
            case tree.DayCompare(fact, op):
                return sql.compare(_person_column(fact), op, exp.column("day", table="d"))
            case tree.AgeReached(years, fact):
                return sql.compare(_person_column(fact), "<=", self._add("age", years, self._birth_limits(years)))
            case tree.Compare(fact, op, operand):
                return self._figure(fact, op, operand)
            case tree.Period(start, end):
                return self._add(
                    "period", f"{start}_{end}", [exp.Boolean(this=node.contains(day)) for day in self.days]
                )
        raise TypeError(f"{node!r} is not dated")

    def _add(self, kind: str, operand: tree.Operand | str, values: list[exp.Expr]) -> exp.Expr:
        match operand:
            case tree.ParameterRef(id):
                name = f"{kind}_{id}"
            case tree.Literal(value):
                name = f"{kind}_{value}"
            case _:
                name = f"{kind}_{operand}".replace("-", "_")
        self.columns.setdefault(name, values)
        return exp.column(name, table="d")

    def _value(self, operand: tree.Operand, day: dt.date) -> object:
        return operand.value if isinstance(operand, tree.Literal) else self.figures.value(operand.id, day)

    def _birth_limits(self, years: tree.Operand) -> list[exp.Expr]:
        limits = []
        for day in self.days:
            age = self._value(years, day)
            known = isinstance(age, int)
            limit = latest_birth_date(day, age) or _NOBODY if known else None  # type: ignore[arg-type]
            limits.append(sql.literal(limit) if limit else exp.cast(exp.null(), "date"))
        return limits

    def _figure(self, fact: str, op: str, operand: tree.Operand) -> exp.Expr:
        """A comparison with a figure; one that is given on none of the days leaves it unknown on all of them."""
        values = [self._value(operand, day) for day in self.days]
        if all(value is None for value in values):
            return exp.cast(exp.null(), "boolean")
        kind = "date" if any(isinstance(value, dt.date) for value in values) else "bigint"
        cells = [exp.cast(exp.null(), kind) if value is None else sql.literal(value) for value in values]
        return sql.compare(_person_column(fact), op, self._add("figure", operand, cells))

    def sql(self, dialect: str) -> str:
        rows = []
        for step in range(len(self.days)):
            cells = [exp.alias_(exp.Literal.number(step), "step")]
            cells += [exp.alias_(values[step].copy(), name) for name, values in self.columns.items()]
            rows.append("SELECT " + ", ".join(cell.sql(dialect) for cell in cells))
        return " UNION ALL ".join(rows)
