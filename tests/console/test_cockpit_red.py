"""What a cockpit calls out although the whole passes: a county that falls short, a month in which it was not kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from songhe.accounts.models import Role, User
from songhe.common import clock
from songhe.divisions.domain.load import Row, load_divisions
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on
from songhe.indicators.models import Computation, Tally
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.facilities.builders import estate

CITY, FIRST, SECOND = "370500", "370502", "370503"
PACKAGE, KEPT, DAY = "dongying-2024", "DY-G-02", dt.date(2025, 3, 31)
Ids = dict[str, int]


@pytest.fixture
def ids(db: None) -> Ids:
    """东营市, whose nursing beds are to be kept at 75 % of all beds, with two of its counties."""
    rows = [Row(CITY, "东营市"), Row(FIRST, "东营区", CITY), Row(SECOND, "河口区", CITY)]
    load_divisions(rows=rows, on=dt.date(1949, 10, 1))
    return {node.code: node.id for node in tree_on()}


@pytest.fixture
def bureau(ids: Ids) -> User:
    return holder(Role.CITY_BUREAU, Division.objects.get(pk=ids[CITY]), "bureau")


def counted(ids: Ids, day: dt.date, figures: dict[str, tuple[int, int]]) -> None:
    made = Computation.objects.create(
        package=PACKAGE, package_hash="", division_id=ids[CITY], day=day, tree="", known_at=timezone.now(), number=1
    )
    for code, (top, base) in figures.items():
        held = {KEPT: [top, base, None, None]}
        Tally.objects.create(computation=made, package=PACKAGE, division_id=ids[code], day=day, figures=held)


def reds(client: Client, place: int) -> str:
    html: str = client.get(f"/console/cockpit/{place}/?month={DAY:%Y-%m}").content.decode()
    found = re.search(r'<ul class="reds">.*?</ul>', html, re.S)
    return found.group() if found else ""


def test_a_county_that_falls_short_is_called_out_though_the_city_passes(
    sign_in: SignIn, ids: Ids, bureau: User
) -> None:
    counted(ids, DAY, {CITY: (160, 200), FIRST: (90, 100), SECOND: (70, 100)})
    red = reds(sign_in(bureau), ids[CITY])
    assert "护理型床位占比" in red and "80%" in red
    assert "全域达到，未达到的下级：河口区（1个）" in red and "东营区" not in red


def test_a_dip_below_what_was_to_be_kept_stays_red_after_it_has_recovered(
    sign_in: SignIn, ids: Ids, bureau: User
) -> None:
    counted(ids, dt.date(2025, 1, 31), {CITY: (149, 200)})
    counted(ids, DAY, {CITY: (160, 200)})
    red = reds(sign_in(bureau), ids[CITY])
    assert "80%" in red and "计划期内曾 1 次低于目标：2025年1月31日" in red


def test_what_was_kept_throughout_is_not_red(sign_in: SignIn, ids: Ids, bureau: User) -> None:
    counted(ids, DAY, {CITY: (160, 200), FIRST: (80, 100), SECOND: (80, 100)})
    assert reds(sign_in(bureau), ids[CITY]) == ""


def test_estates_are_summed_and_a_city_without_a_document_leads_to_its_county(db: None, sign_in: SignIn) -> None:
    rows = [Row("640300", "吴忠市"), Row("640381", "青铜峡市", "640300"), Row("640381001", "甲镇", "640381")]
    load_divisions(rows=[*rows, Row("640381001201", "乙村", "640381001")], on=dt.date(1949, 10, 1))
    found = {node.code: node.id for node in tree_on()}
    county = Division.objects.get(pk=found["640381"])
    one = holder(Role.COUNTY_BUREAU, county, "county")
    village = Division.objects.get(pk=found["640381001201"])
    for name in ("松苑", "柏苑"):
        estate(one, village, name, kind="new", households=1_000, care_premises_m2="100")
    html = sign_in(one).get(f"/console/cockpit/{county.pk}/estates/").content.decode()
    assert "新建住宅小区养老服务用房" in html and "400 平方米" in html
    city = holder(Role.CITY_BUREAU, Division.objects.get(pk=found["640300"]), "city")
    html = sign_in(city).get(f"/console/cockpit/{found['640300']}/").content.decode()
    assert f'下级有自己的文件，请打开查看：</p><ul><li><a href="/console/cockpit/{county.pk}/">青铜峡市</a>' in html


def test_a_unit_with_tasks_can_read_its_pages_with_a_screen_reader_and_a_telephone(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], ids: Ids
) -> None:
    unit = holder(Role.DEPARTMENT, Division.objects.get(pk=ids[CITY]), "unit")
    counted(ids, clock.today(), {CITY: (140, 200), SECOND: (70, 100)})
    page = open_console("/console/", unit)
    for address in ("", f"cockpit/{ids[CITY]}/", "plan/tasks/", "plan/mine/", "indicators/", "reports/"):
        page.goto(f"/console/{address}")
        page.wait_for_load_state("networkidle")
        page.set_viewport_size({"width": 1366, "height": 768})
        accessible(page)
        page.set_viewport_size({"width": 390, "height": 800})
        accessible(page)
        fits(page)


def test_on_a_telephone_the_menu_is_folded_away_and_opens_with_the_keyboard(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], bureau: User
) -> None:
    page = open_console("/console/", bureau, width=390, height=800)
    link = page.get_by_role("link", name="任务", exact=True)
    assert link.is_hidden()
    assert page.locator("h1").first.bounding_box()["y"] < 200
    page.get_by_text("功能菜单", exact=True).focus()
    page.keyboard.press("Enter")
    link.wait_for()
    accessible(page)
    fits(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    assert link.is_visible()
    page.reload()
    assert link.is_visible()
    page.emulate_media(media="print")
    assert link.is_hidden()
