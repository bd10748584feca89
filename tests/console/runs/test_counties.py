"""A reform tried out in a whole city at the console: the sum, the counties, their months, the file."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest

from songhe.accounts.models import Entry, Role
from songhe.accounts.scope import OutOfScope
from songhe.divisions.models import Division
from songhe.entitlement.domain import ordering
from songhe.entitlement.jobs import start_simulation
from songhe.entitlement.models import Job, Line, Run
from tests.accounts.builders import holder
from tests.console.conftest import session_of
from tests.console.runs.conftest import born, text_of
from tests.entitlement.conftest import ELSEWHERE

DESK = "/console/simulations/"
ASKED = {
    "package": "two-counties",
    "other": "two-counties-reform",
    "month": "2026-06",
    "months": "3",
    "asking": "everybody",
}


@pytest.fixture
def bureau(divisions):
    return holder(Role.CITY_BUREAU, Division.objects.get(pk=divisions["640300"]), "bureau")


@pytest.fixture
def city(bureau):
    return session_of(bureau)


@pytest.fixture
def people(elder):
    """Two in 青铜峡市, one of whom loses, and one in 利通区."""
    elder(birth_date=born(85))
    elder(birth_date=born(91))
    elder(hukou=ELSEWHERE, residence=ELSEWHERE)


@pytest.fixture
def tried(people, city, worker, divisions):
    address = city.post(f"{DESK}new/?county={divisions['640300']}", ASKED).url
    worker()
    return address


def plain(answer):
    return re.sub(r"<[^>]+>|\s+", " ", text_of(answer))


def test_the_city_stands_beside_its_counties_to_choose_from(city, divisions):
    shown = text_of(city.get(f"{DESK}new/"))
    assert "吴忠市" in shown and "全市各县区" in shown and "利通区" in shown
    form = text_of(city.get(f"{DESK}new/?county={divisions['640300']}"))
    assert "two-counties-reform" in form and "全市各县区依次模拟" in form
    # A package for one county says nothing of the city.
    assert "small-county" not in form


def test_the_sum_the_counties_and_their_months(city, chen, tried, divisions):
    first, second = (f"{tried}counties/{divisions[code]}/" for code in ("640302", "640381"))
    shown = text_of(city.get(tried))
    # Three months: 60 and 150 yuan there and 60 here, then 80 (90 from August) and 140.
    for figure in ("810元", "920元", "110元", "630元", "180元", "670元", "250元", first, second):
        assert figure in shown, figure
    months = text_of(city.get(second))
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)', months) == ["2026-06", "2026-07", "2026-08", "合计"]
    for part in ("210元", "220元", "230元", first, "2 / 2"):
        assert part in months, part
    assert second in text_of(city.get(first))
    assert city.get(f"{tried}counties/{divisions['640300']}/").status_code == 404
    assert not Run.objects.exists() and not Line.objects.exists()
    # Who works for one county does not see what was tried out for the city.
    for path in (tried, f"{tried}costs.csv", second):
        assert chen.get(path).status_code == 404


def test_the_figures_leave_as_a_file_with_an_audit_line(city, tried):
    told = city.get(f"{tried}costs.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[0][:5] == ["县区代码", "县区", "项目编号", "项目", "月份"]
    here, there = ["640302", "吴忠市利通区"], ["640381", "吴忠市青铜峡市"]
    assert rows[1] == [*here, "ALLOWANCE", "高龄津贴", "2026-06", "1", "1", "60", "80"]
    assert rows[6] == [*there, "ALLOWANCE", "高龄津贴", "2026-08", "2", "2", "210", "230"]
    assert len(rows) == 7
    sheet = openpyxl.load_workbook(io.BytesIO(city.get(f"{tried}costs.xlsx").content)).active
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == rows
    for entry in Entry.objects.filter(action="run.simulation_exported"):
        assert (entry.details["count"], entry.details["other"]) == (6, "two-counties-reform")
    assert city.get(f"{tried}costs.pdf").status_code == 404
    Job.objects.update(result=None)
    assert city.get(f"{tried}costs.csv").status_code == 404
    assert Entry.objects.filter(action="run.simulation_exported").count() == 2


def test_progress_counts_the_counties(city, people, divisions):
    address = city.post(f"{DESK}new/?county={divisions['640300']}", ASKED).url
    job = Job.objects.get()
    ordering.claim(job)
    ordering.note_step(job, "after", 1, 2)
    shown = text_of(city.get(address))
    assert "第2个县区，共2个" in shown and 'max="8" value="6"' in shown


def test_whoever_reaches_one_county_does_not_ask_for_the_city(clerks, divisions):
    with pytest.raises(OutOfScope):
        start_simulation(
            by=clerks["chen"],
            county=divisions["640300"],
            month=202606,
            package="two-counties",
            other="two-counties-reform",
        )
    assert not Job.objects.exists()


def test_a_county_alone_has_its_months_and_its_file_too(chen, people, worker, county):
    address = chen.post(f"{DESK}new/", {**ASKED, "package": "small-county", "other": "small-county-reform"}).url
    worker()
    assert f"{address}counties/{county}/" in text_of(chen.get(address))
    months = plain(chen.get(f"{address}counties/{county}/"))
    assert "630元" in months and " / " not in months.split("合计")[-1]


def test_the_pages_are_open_to_everybody(open_console, accessible, fits, bureau, people, divisions, worker):
    asked = {"package": "two-counties", "other": "two-counties-reform", "month": 202606}
    job = start_simulation(by=bureau, county=divisions["640300"], **asked)
    worker()
    tab = open_console(f"{DESK}{job.public_id}/", bureau)
    paths = [f"{DESK}{job.public_id}/", f"{DESK}{job.public_id}/counties/{divisions['640381']}/", f"{DESK}new/"]
    for path in paths:
        assert tab.goto(path).status == 200, path
        accessible(tab)
        fits(tab)
    tab.set_viewport_size({"width": 390, "height": 844})
    for path in paths:
        tab.goto(path)
        fits(tab)
