"""The quality of the data in the console: figures of a division and of a fact, as a page and as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role, User
from songhe.registry.models import QualityRow
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.divisions.builders import SmallCity, small_city

QUALITY = "/console/quality/"
DAY = dt.date(2026, 11, 1)


def figure(division: Any, fact: str = "sex", **more: Any) -> None:
    columns = {"asked": 10, "known": 8, "conflicts": 3, "median_days": None, "stale": None, **more}
    QualityRow.objects.create(division=division, day=DAY, fact=fact, **columns)


def page_of(division: Any) -> str:
    return f"{QUALITY}{division.pk}/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_opens_on_top_of_ones_reach(sign_in: SignIn, city: SmallCity, bureau: User, clerk: User) -> None:
    assert sign_in(bureau).get(QUALITY).url == page_of(city.city)
    assert sign_in(clerk).get(QUALITY).url == page_of(city.towns[0])


def test_it_shows_each_fact_and_the_divisions_below(sign_in: SignIn, city: SmallCity, bureau: User) -> None:
    figure(city.city)
    figure(city.city, "residence", known=10, median_days=40, stale=2)
    figure(city.counties[0], "name", known=10)
    shown = text_of(sign_in(bureau).get(page_of(city.city)))
    assert "统计日 2026年11月1日" in shown
    assert '<td class="number low">80.0%</td>' in shown
    assert '<td class="number">100.0%</td>' in shown
    assert "东县</a>" in shown
    assert "西县</a>" not in shown


def test_nothing_measured_says_what_to_do(sign_in: SignIn, bureau: User, clerk: User) -> None:
    assert "请点“重新统计”" in text_of(sign_in(bureau).get(QUALITY, follow=True))
    assert "请主管部门现在统计" in text_of(sign_in(clerk).get(QUALITY, follow=True))


def test_a_fact_is_shown_by_division(sign_in: SignIn, city: SmallCity, bureau: User) -> None:
    for county in city.counties:
        figure(county)
    client = sign_in(bureau)
    assert re.findall(r'sex/">(.县)</a>', text_of(client.get(f"{page_of(city.city)}sex/"))) == ["东县", "西县"]
    assert client.get(f"{page_of(city.city)}nonsense/").status_code == 404


@pytest.mark.parametrize("path", ["", "sex/", "table.csv"])
def test_what_lies_elsewhere_is_not_there(sign_in: SignIn, city: SmallCity, clerk: User, path: str) -> None:
    assert sign_in(clerk).get(page_of(city.towns[1]) + path).status_code == 404


def test_the_file_holds_the_same(sign_in: SignIn, city: SmallCity, bureau: User) -> None:
    figure(city.city)
    answer = sign_in(bureau).get(f"{page_of(city.city)}table.csv")
    assert 'filename="quality-990100-2026-11-01.csv"' in answer.headers["Content-Disposition"]
    header, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (header[3], line[3], line[4], line[5]) == ("应有人数", "10", "8", "0.8000")


def test_counting_anew_is_asked_first_and_told(sign_in: SignIn, city: SmallCity, bureau: User, clerk: User) -> None:
    client = sign_in(bureau)
    assert client.get(f"{QUALITY}measure/").status_code == 200
    assert not Entry.objects.filter(action="quality.measured").exists()
    assert client.post(f"{QUALITY}measure/").url == QUALITY
    assert Entry.objects.get(action="quality.measured").user == bureau
    assert sign_in(clerk).post(f"{QUALITY}measure/").status_code == 403


def test_it_takes_the_same_queries_with_one_row_and_three(
    sign_in: SignIn, city: SmallCity, bureau: User, queries_of: Callable[[Client, str], int]
) -> None:
    client = sign_in(bureau)
    figure(city.city)
    figure(city.counties[0])
    paths = (page_of(city.city), f"{page_of(city.city)}sex/")
    one = [queries_of(client, path) for path in paths]
    for fact in ("name", "residence"):
        figure(city.city, fact)
        figure(city.counties[0], fact)
    figure(city.counties[1])
    assert [queries_of(client, path) for path in paths] == one
    assert max(one) <= 22


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.INSTITUTION, Role.ASSESSOR])
def test_it_is_not_for_everybody(sign_in: SignIn, city: SmallCity, role: Role) -> None:
    assert sign_in(holder(role, city.city, "x")).get(QUALITY).status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    tab = open_console(QUALITY, holder(Role.CITY_BUREAU, city.city, "bureau"))
    if language == "en":
        tab.get_by_role("button", name="English").click()
    accessible(tab)
    for division in (city.city, *city.counties):
        figure(division)
        figure(division, "residence", known=10, median_days=40, stale=2)
    for path in (page_of(city.city), f"{page_of(city.city)}sex/", f"{QUALITY}measure/"):
        tab.goto(path)
        accessible(tab)
        fits(tab)
