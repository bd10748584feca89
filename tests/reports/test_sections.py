"""What a report takes from the other rooms: what was paid, how indicators and tasks stand, what is left open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from songhe.indicators.domain.entering import enter
from songhe.indicators.domain.settling import settle_figure
from songhe.policy.load import load_package
from songhe.reports.content import Content, Table
from songhe.reports.documents.files import report_file
from songhe.reports.domain.making import make_report
from songhe.reports.domain.publishing import draft
from songhe.reports.models import Report
from songhe.reports.period import read_period
from tests.entitlement.conftest import (  # noqa: F401
    VILLAGE,
    born,
    by,
    clerks,
    county,
    decide,
    divisions,
    package,
    pay,
    register,
    runs_home,
)


def table(report: Report, id: str) -> Table:
    content = Content.model_validate(report.content)
    return next(one for section in content.sections for one in section.tables if one.id == id)


def test_a_month_of_a_county_with_a_document_of_its_own(
    county: int,  # noqa: F811
    clerks: dict[str, Any],  # noqa: F811
    register: Callable[..., Any],  # noqa: F811
    pay: Callable[..., Any],  # noqa: F811
):
    for _ in range(3):
        register(birth_date=born(85), hukou=VILLAGE, alive=True)
    run = pay(202606)
    report = make_report(by=clerks["chen"], division=county, period=read_period("2026-06"))
    paid = table(report, "benefits")
    columns = [column.id for column in paid.columns]
    (item,) = {name.removesuffix("-people") for name in columns if name.endswith("-people")}
    top = dict(zip(columns, paid.rows[0].cells, strict=True))
    assert top[f"{item}-people"] == 3
    assert top[f"{item}-fen"] == run.due_fen + run.arrears_fen + run.recovery_fen
    assert report.content["package"].startswith("qingtongxia")
    for id in ("indicators", "task-dates", "open-terms"):
        rows = table(report, id).rows
        assert rows
        assert all(row.clauses for row in rows if not row.id.startswith("term-"))
    assert {source["clause"] for source in report.content["sources"]} >= set(
        table(report, "indicators").rows[0].clauses
    )
    assert report_file(report, "docx")
    made = draft(report)
    released = next(one for one in made.release.tables if one.id == "benefits")
    assert all(number in released.rows[0].withheld for number in (2, 3))
    assert "why" not in {c.id for one in made.release.tables if one.id == "indicators" for c in one.columns}


def test_a_report_as_known_then_says_of_indicators_what_was_known_then(
    county: int,  # noqa: F811
    clerks: dict[str, Any],  # noqa: F811
):
    month = read_period("2026-06")
    report = make_report(by=clerks["chen"], division=county, period=month)
    asked = {"package": load_package("qingtongxia-2023"), "indicator": "QTX-I-12", "division": county}
    figure = enter(by=clerks["chen"], day=month.last, document="月报", numerator="1", denominator="20", **asked)
    settle_figure(by=clerks["ma"], figure=figure)
    assert make_report(by=clerks["ma"], division=county, period=month, known_at=report.known_at) == report
    later = make_report(by=clerks["ma"], division=county, period=month)
    said = next(row for row in table(later, "indicators").rows if row.id.startswith("QTX-I-12"))
    assert said.cells[1:3] == (1, 20)
