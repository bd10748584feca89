"""What is published of a report: small cells withheld, proved before another approves, withdrawn with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from songhe.common import clock
from songhe.common.text import say
from songhe.reports.content import Column, Content, Row, Section, Share, Sum, Table
from songhe.reports.domain.making import make_report
from songhe.reports.domain.publishing import approve, draft, earlier, propose, withdraw
from songhe.reports.errors import ReportError
from songhe.reports.limits import licence, rule_for
from songhe.reports.models import Publication
from songhe.reports.release import Release, ReleaseRow, ReleaseTable, release_of, sheet_of
from tests.reports.attacker import ranges
from tests.reports.conftest import MOMENT, MONTH, Told

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 6, 3)


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.standing_at(MOMENT):
        yield


def row(release: Release, table: str, id: str) -> tuple[ReleaseTable, ReleaseRow]:
    found = next(one for one in release.tables if one.id == table)
    return found, next(one for one in found.rows if one.id == id)


def cell(release: Release, table: str, id: str, column: str) -> object:
    """The value, or "withheld"."""
    found, line = row(release, table, id)
    place = [one.id for one in found.columns].index(column)
    return "withheld" if place in line.withheld else line.cells[place]


def test_small_cells_are_withheld_and_none_of_them_follows(told: Told):
    made = draft(told.report)
    assert cell(made.release, "population", "990101", "total") == 148
    assert cell(made.release, "population", "990101002", "age80") == "withheld"
    assert cell(made.release, "population", "990101", "age90") == "withheld"
    assert cell(made.release, "population", "990101", "age100") == 0
    mapped = sheet_of(Content.model_validate(told.report.content), made.rule)
    for key, (low, high) in ranges(mapped.sheet, made.pattern.withheld).items():
        assert high is None or high - low >= made.rule.protection, key


def test_what_is_not_for_everybody_is_not_in_the_release(told: Told):
    tables = {table.id for table in draft(told.report).release.tables}
    assert "population" in tables
    assert "quality" not in tables


def test_nothing_is_public_before_another_person_approves(told: Told):
    with transaction.atomic():
        proposed = propose(by=told.chen, report=told.report)
        assert not proposed.is_public
        with pytest.raises(ReportError, match="不能批准自己"):
            approve(by=told.chen, publication=proposed)
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.filter(pk=proposed.pk).update(approved_by=told.chen, approved_at=MOMENT)
        approve(by=told.ma, publication=proposed)
        proposed.refresh_from_db()
        assert proposed.is_public
        with pytest.raises(ReportError, match="已提请发布或已发布"):
            propose(by=told.chen, report=told.report)
        with pytest.raises(ReportError, match="请写明事由"):
            withdraw(by=told.chen, publication=proposed, reason=" ")
        withdraw(by=told.chen, publication=proposed, reason="户籍数据有误")
        proposed.refresh_from_db()
        assert not proposed.is_public
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.filter(pk=proposed.pk).update(reason="别的")
        transaction.set_rollback(True)


def test_what_was_tampered_with_or_can_be_worked_out_is_not_published(told: Told):
    with transaction.atomic():
        proposed = propose(by=told.chen, report=told.report)
        content = Content.model_validate(told.report.content)
        small = proposed.withheld["small"]
        bare = release_of(content, told.report.hash, rule_for("990101", DAY), licence(), small)
        data = bare.model_dump(mode="json")
        from songhe.reports.content import hash_of

        other = Publication(
            report=told.report, content=data, hash=hash_of(data), withheld={"small": small, "others": []},
            limits=proposed.limits, proposed_by=told.chen,
        )  # fmt: skip
        withdraw(by=told.chen, publication=proposed, reason="重做")
        other.save()
        with pytest.raises(ReportError, match="可以推算出来"):
            approve(by=told.ma, publication=other)
        transaction.set_rollback(True)


def test_the_city_withholds_what_would_tell_what_its_county_withheld(told: Told):
    with transaction.atomic():
        proposed = propose(by=told.chen, report=told.report)
        approve(by=told.ma, publication=proposed)
        report = make_report(by=told.bureau, division=told.city.city.pk, period=MONTH, known_at=MOMENT)
        assert len(earlier(report)) == 1
        made = draft(report)
        gone = {*proposed.withheld["small"], *proposed.withheld["others"]}
        shared = gone & sheet_of(Content.model_validate(report.content), made.rule).sheet.cells.keys()
        assert shared
        assert shared <= made.pattern.withheld
        transaction.set_rollback(True)


def _content(table: Table) -> Content:
    section = Section(id="s", title=say("节", "section"), tables=(table,))
    return Content(
        division="990101", place="松鹤市东县", level=3, kind="month", period=202405, as_of="2024-05-31",
        known_at="2024-06-03T01:30:00+00:00", package="", document=None, package_hash="",
        sections=(section,), sources=(),
    )  # fmt: skip


def _released(table: Table) -> Release:
    from songhe.reports.suppression import suppress

    rule, content = rule_for("990101", DAY), _content(table)
    pattern = suppress(sheet_of(content, rule).sheet, rule.limits)
    return release_of(content, "0", rule, licence(), pattern.withheld)


PEOPLE, YUAN = say("人", "people"), say("元", "yuan")
NAME = Column(id="place", name=say("区划", "Division"))


def test_a_share_goes_with_its_numerator_and_so_does_the_answer():
    table = Table(
        id="i", title=PEOPLE, basis=PEOPLE, publish="counts",
        columns=(
            NAME,
            Column(id="n", name=PEOPLE, kind="count", people=True),
            Column(id="d", name=PEOPLE, kind="count", people=True),
            Column(id="share", name=PEOPLE, kind="share"),
            Column(id="answer", name=PEOPLE, follows=("n", "d")),
        ),
        rows=(Row(id="few", cells=("甲", 4, 100, "1/25", "x")),
              Row(id="all but few", cells=("乙", 97, 100, "97/100", "x")),
            Row(id="many", cells=("丙", 50, 100, "1/2", "x"))),
        shares=(Share(share="share", numerator="n", denominator="d"),),
    )  # fmt: skip
    release = _released(table)
    for id in ("few", "all but few"):
        assert (cell(release, "i", id, "n"), cell(release, "i", id, "share")) == ("withheld", "withheld")
        assert cell(release, "i", id, "answer") == "withheld"
        assert cell(release, "i", id, "d") == 100
    assert cell(release, "i", "many", "share") == "1/2"


def test_money_is_withheld_with_its_people_and_rounded_so_that_it_does_not_tell_them():
    table = Table(
        id="b", title=PEOPLE, basis=PEOPLE, publish="counts",
        columns=(NAME, Column(id="p", name=PEOPLE, kind="count", people=True),
                 Column(id="f", name=YUAN, kind="fen", follows=("p",))),
        rows=(Row(id="all", cells=("全县", 105, 1_050_000)), Row(id="a", cells=("甲", 4, 40_000)),
              Row(id="b", cells=("乙", 101, 1_010_000))),
        sums=(Sum(axis="rows", total="all", parts=("a", "b"), columns=("p",)),),
    )  # fmt: skip
    release = _released(table)
    assert [cell(release, "b", id, "f") for id in ("all", "a", "b")] == [1_100_000, "withheld", "withheld"]
    found, _ = row(release, "b", "all")
    assert found.rounded == {"f": 100_000}


def test_a_place_lays_its_own_rule_over_the_convention(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = (
        "rules:\n  - {id: here, from: 2024-06-01, place: '990101', threshold: 4, protection: 5, money_people: 10,\n"
        "     because: {zh: 县里的规定, en: a rule of the county}}\n"
    )
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SONGHE_PUBLISHING", str(tmp_path))
    assert rule_for("990101001", DAY).threshold == 4
    assert rule_for("990101", dt.date(2024, 5, 31)).threshold == 10
    assert rule_for("990102", DAY).threshold == 10
    (tmp_path / "own.yaml").write_text(text.replace("protection: 5", "protection: 2"), encoding="utf-8")
    monkeypatch.setenv("SONGHE_PUBLISHING", f"{tmp_path}/")
    with pytest.raises(ReportError, match=r"own\.yaml"):
        rule_for("990101", DAY)
