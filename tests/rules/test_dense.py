"""The dense form as it is written: what each dialect gets to read."""

import datetime as dt

import pytest

from songhe.rules import tree
from songhe.rules.dense import dense_sql
from songhe.rules.figures import DatedFigure, Figures

DAYS = [dt.date(2023, 2, 28), dt.date(2024, 2, 29)]
FIGURES = Figures({"cap": (DatedFigure(50_000, dt.date(2024, 1, 1)),)})
NODE = tree.All(
    (
        tree.AgeReached(tree.Literal(79)),
        tree.Any((tree.Flag("dibao"), tree.Compare("income", "<=", tree.ParameterRef("cap")))),
        tree.Within("home", "4213"),
    )
)


def written(node: tree.Node, dialect: str) -> str:
    return dense_sql({"SZ-L-03": node}, days=DAYS, figures=FIGURES, population="people", dialect=dialect)


@pytest.mark.parametrize(("dialect", "quote"), [("duckdb", '"'), ("postgres", '"'), ("spark", "`")])
def test_it_is_one_plain_statement(dialect: str, quote: str) -> None:
    assert written(NODE, dialect) == (
        "SELECT p.id, d.step, "
        "p.birth_date <= d.age_79 AND (p.dibao OR p.income <= d.figure_cap) AND "
        "CASE WHEN p.home LIKE '4213%' THEN TRUE "
        "WHEN (p.home IN ('42', '4200', '420000', '420000000') OR p.home IN ('420000000000')) "
        "THEN CAST(NULL AS BOOLEAN) "
        "ELSE p.home LIKE '4213%' END "
        f"AS {quote}SZ-L-03{quote} "
        "FROM people AS p CROSS JOIN ("
        "SELECT 0 AS step, CAST('2023-02-28' AS DATE) AS day, "
        "CAST('1944-02-28' AS DATE) AS age_79, CAST(NULL AS BIGINT) AS figure_cap "
        "UNION ALL "
        "SELECT 1 AS step, CAST('2024-02-29' AS DATE) AS day, "
        "CAST('1945-02-28' AS DATE) AS age_79, 50000 AS figure_cap"
        ") AS d"
    )


def test_no_date_arithmetic_reaches_the_database() -> None:
    for word in ("INTERVAL", "date_diff", "EXTRACT", "CURRENT", " + ", " - "):
        assert word.lower() not in written(NODE, "duckdb").lower()
