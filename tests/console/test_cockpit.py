"""The cockpit: what is red and why, place by place, month by month, within the reader's reach."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from songhe.accounts.models import Role, User
from songhe.common import clock
from songhe.console.cockpit.ready import READY
from songhe.divisions.domain.load import Row, load_divisions
from songhe.divisions.models import Boundary, Division
from songhe.divisions.queries import tree_on
from songhe.indicators.models import Computation, Tally
from songhe.registry.domain.boundaries import load_boundaries
from songhe.registry.domain.population import measure_population
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.people import somebody

COUNTY, ONE, TWO, THREE = "640381", "640381001", "640381002", "640381003"
VILLAGES = {ONE: 1, TWO: 3, THREE: 0}
PACKAGE, BEDS = "qingtongxia-2023", "QTX-I-09"
Places = dict[str, int]


@pytest.fixture
def places(db: None) -> Places:
    """青铜峡市 with three towns of one, three and no villages; codes → ids."""
    rows = [Row("640300", "吴忠市"), Row(COUNTY, "青铜峡市", "640300")]
    rows += [Row(town, f"{'甲乙丙'[n]}镇", COUNTY) for n, town in enumerate(VILLAGES)]
    rows += [Row(f"{town}20{n}", f"村{n}", town) for town, number in VILLAGES.items() for n in range(number)]
    load_divisions(rows=rows, on=dt.date(1949, 10, 1))
    return {node.code: node.id for node in tree_on()}


@pytest.fixture
def bureau(places: Places) -> User:
    return holder(Role.COUNTY_BUREAU, Division.objects.get(pk=places[COUNTY]), "bureau")


def counted(places: Places, day: dt.date, **of: tuple[int, int] | None) -> None:
    """Nursing beds of all beds, by the code of the place; of the county by `whole`."""
    made = Computation.objects.create(
        package=PACKAGE,
        package_hash="",
        division_id=places[COUNTY],
        day=day,
        tree="",
        known_at=timezone.now(),
        number=1,
    )
    for name, figure in of.items():
        code = COUNTY if name == "whole" else f"{COUNTY}{name.removeprefix('t')}"
        figures = {} if figure is None else {BEDS: [*figure, None, None]}
        Tally.objects.create(computation=made, package=PACKAGE, division_id=places[code], day=day, figures=figures)


def page_of(client: Client, place: int, query: str = "") -> str:
    answer = client.get(f"/console/cockpit/{place}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def tiles_of(html: str) -> list[tuple[str, str, str]]:
    """Name, figure and colour of every tile."""
    found = re.findall(
        r'class="tile (is-[\w-]+)" href="[^"]*"><span class="place">([^<]*)</span><span class="figure">([^<]*)<', html
    )
    return [(name, figure, colour) for colour, name, figure in found]


def test_it_opens_on_top_of_the_reach(sign_in: SignIn, places: Places, bureau: User) -> None:
    assert sign_in(bureau).get("/console/cockpit/").url == f"/console/cockpit/{places[COUNTY]}/"
    clerk = holder(Role.TOWN_CLERK, Division.objects.get(pk=places[TWO]))
    client = sign_in(clerk)
    assert client.get("/console/cockpit/").url == f"/console/cockpit/{places[TWO]}/"
    assert client.get(f"/console/cockpit/{places[ONE]}/").status_code == 404
    assert "总览" in client.get("/console/").content.decode()


def test_what_is_red_stands_first_with_its_reason(sign_in: SignIn, places: Places, bureau: User) -> None:
    counted(places, clock.today(), whole=(50, 100))
    html = page_of(sign_in(bureau), places[COUNTY])
    red = html[html.index('<ul class="reds">') : html.index("</ul>", html.index('<ul class="reds">'))]
    assert "50%" in red and "50/100" in red


def test_places_are_coloured_by_answer_and_by_value_and_lead_down(
    sign_in: SignIn, places: Places, bureau: User
) -> None:
    counted(places, clock.today(), whole=(130, 200), t001=(90, 100), t002=(40, 100))
    client, map_of = sign_in(bureau), f"?map={BEDS}"
    html = page_of(client, places[COUNTY], map_of)
    assert tiles_of(html) == [
        ("甲镇", "90%", "is-met"),
        ("乙镇", "40%", "is-not-met"),
        ("丙镇", "未知", "is-undetermined"),
    ]
    assert f'href="/console/cockpit/{places[TWO]}/?map={BEDS}"' in html
    by_value = [colour for _, _, colour in tiles_of(page_of(client, places[COUNTY], f"{map_of}&by=value"))]
    assert by_value == ["is-step-5", "is-step-1", "is-undetermined"]


def test_a_past_month_shows_what_was_known_of_it(sign_in: SignIn, places: Places, bureau: User) -> None:
    today = clock.today()
    before = today.replace(day=1) - dt.timedelta(days=1)
    counted(places, before, whole=(11, 50))
    counted(places, today, whole=(33, 50))
    client = sign_in(bureau)
    then = page_of(client, places[COUNTY], f"?month={before:%Y-%m}")
    assert "22%" in then and "66%" not in then
    assert "66%" in page_of(client, places[COUNTY], "?month=2999-01")
    assert "66%" in page_of(client, places[COUNTY], "?month=nonsense&tree=now")
    assert client.get(f"/console/cockpit/{places[COUNTY]}/?month=1940-01").status_code == 404


def test_it_asks_as_little_of_three_places_as_of_one(
    sign_in: SignIn, places: Places, bureau: User, queries_of: Callable[[Client, str], int]
) -> None:
    somebody(f"{ONE}200", name="甲")
    measure_population()
    counted(places, clock.today(), t001=(1, 2), t002=(1, 2))
    client = sign_in(bureau)
    pages = [f"/console/cockpit/{places[town]}/" for town in (ONE, TWO)]
    assert queries_of(client, pages[0]) == queries_of(client, pages[1])
    below = [f"{page}population/" for page in pages]
    assert queries_of(client, below[0]) == queries_of(client, below[1])


def test_the_population_is_shown_as_counted(sign_in: SignIn, places: Places, bureau: User) -> None:
    client, page = sign_in(bureau), f"/console/cockpit/{places[COUNTY]}/population/"
    assert "还没有人口统计" in client.get(page).content.decode()
    somebody(f"{ONE}200", name="甲", birth_date="1930-01-01", living="alone")
    somebody(f"{TWO}200", name="乙", birth_date=None)
    measure_population()
    html = client.get(page).content.decode()
    assert "健在 2 人" in html and "出生日期未知1人" in html
    assert '<td class="number">1</td>' in html
    assert f"/console/register/?division={COUNTY}&amp;life=alive&amp;living=alone" in html


def test_a_unit_with_tasks_sees_the_picture_and_no_person(sign_in: SignIn, places: Places) -> None:
    somebody(f"{ONE}200", name="鹤立松")
    measure_population()
    client = sign_in(holder(Role.DEPARTMENT, Division.objects.get(pk=places[COUNTY])))
    for page in ("", "population/", "estates/"):
        html = client.get(f"/console/cockpit/{places[COUNTY]}/{page}").content.decode()
        assert "鹤立松" not in html and "/console/register/" not in html


def square(code: str, east: float) -> dict[str, Any]:
    ring = [[east, 38.0], [east + 0.1, 38.0], [east + 0.1, 38.1], [east, 38.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def borders(*codes: str) -> bytes:
    shapes = [square(code, 106.0 + n / 10) for n, code in enumerate(codes)]
    return json.dumps({"type": "FeatureCollection", "features": shapes}).encode()


def test_borders_are_loaded_by_who_changes_divisions_and_seen_in_reach(
    sign_in: SignIn, places: Places, bureau: User
) -> None:
    city = sign_in(holder(Role.CITY_BUREAU, Division.objects.get(pk=places[COUNTY])))
    form = {"code_property": "code", "on": "2020-01-01", "source": "测绘院"}
    address = "/console/divisions/boundaries/"
    wrong = city.post(address, {**form, "file": SimpleUploadedFile("a.geojson", borders(ONE, "999999"))})
    assert wrong.status_code == 422 and "999999" in wrong.content.decode()
    assert not Boundary.objects.exists()
    sent = city.post(address, {**form, "file": SimpleUploadedFile("a.geojson", borders(ONE, TWO))}, follow=True)
    assert "已载入 2 个区划的界线" in sent.content.decode()
    assert sign_in(bureau).get(address).status_code == 403
    found = sign_in(bureau).get(f"/console/divisions/{places[COUNTY]}/borders.json").json()["features"]
    assert [one["id"] for one in found] == [places[ONE], places[TWO]]
    before = sign_in(bureau).get(f"/console/divisions/{places[COUNTY]}/borders.json?day=2019-01-01").json()
    assert before["features"] == []
    clerk = sign_in(holder(Role.TOWN_CLERK, Division.objects.get(pk=places[ONE])))
    assert clerk.get(f"/console/divisions/{places[COUNTY]}/borders.json").status_code == 404


def test_the_map_can_be_walked_with_the_keyboard_and_heard(
    open_console: Callable[..., Any],
    places: Places,
    bureau: User,
    accessible: Callable[[Any], None],
    fits: Callable[[Any], None],
) -> None:
    somebody(f"{ONE}200", name="甲", living="alone")
    measure_population()
    counted(places, clock.today(), whole=(130, 200), t001=(90, 100), t002=(40, 100))
    load_boundaries(
        by=None,
        content=borders(ONE, TWO, THREE),
        name="a",
        source="a",
        code_property="code",
        on=dt.date(2020, 1, 1),
    )
    page = open_console(f"/console/cockpit/{places[COUNTY]}/?map={BEDS}", bureau)
    page.wait_for_load_state("networkidle")
    place = page.get_by_role("link", name="乙镇 40% 未达到")
    place.wait_for()
    assert page.locator("#map-tiles .tile").first.is_hidden()
    accessible(page)
    page.get_by_role("link", name="人口结构").first.click()
    page.wait_for_load_state("networkidle")
    accessible(page)
    page.go_back()
    place.wait_for()
    page.set_viewport_size({"width": 390, "height": 800})
    fits(page)
    place.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cockpit/{places[TWO]}/**")


def test_tasks_of_another_document_than_the_indicators_say_so(
    sign_in: SignIn, places: Places, bureau: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "q-beds-2024"
    folder.mkdir()
    written = {
        "document": "id: q-beds-2024\ntitle: {zh: 床位专项方案, en: A plan for beds}\nextends: cn\nsigned: 2024-03-01\n"
        f"city: {{zh: 青铜峡市, en: Qingtongxia, division: '{COUNTY}'}}\n",
        "clauses": "- {id: B-1, place: 一, kind: indicator, text: {zh: 床位, en: beds}, capability: bed-inventory}\n",
        "indicators": "- id: B-I-1\n  name: {zh: 床位, en: Beds}\n  clauses: [B-1]\n  direction: at_least\n"
        "  targets: [{value: '900', unit: 张, by: 2025-12-31}]\n  numerator: {zh: 床位, en: beds}\n",
    }
    for name, text in written.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    shown = page_of(sign_in(bureau), places[COUNTY])
    assert "与指标不同" not in shown
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path))
    shown = page_of(sign_in(bureau), places[COUNTY])
    assert "B-I-1" in shown
    assert "》，与指标不同" in shown


def test_what_is_kept_is_what_would_be_found_anew(sign_in: SignIn, places: Places, bureau: User) -> None:
    clerk = holder(Role.TOWN_CLERK, Division.objects.get(pk=places[TWO]))
    readers = [(sign_in(bureau), COUNTY), (sign_in(clerk), TWO), (sign_in(bureau), TWO)]
    today, seen = clock.today(), []

    def pages() -> list[str]:
        whole = [page_of(client, places[code], f"?map={BEDS}") for client, code in readers]
        # Around it stand forms, whose tokens are never the same.
        return [html[html.index('<ul class="strip">') : html.index("</main>")] for html in whole]

    for write in (
        lambda: counted(places, today.replace(day=1) - dt.timedelta(1), whole=(9, 10), t001=(9, 10), t002=(9, 10)),
        lambda: counted(places, today, whole=(50, 100), t001=(9, 10), t002=(4, 10)),
        lambda: somebody(f"{ONE}200", name="甲") and measure_population(),
        lambda: load_divisions(rows=[Row(f"{COUNTY}004", "丁镇", COUNTY)], on=dt.date(1949, 10, 1)),
    ):
        write()
        kept = pages()
        READY.clear()
        assert kept == pages() == pages()
        seen.append(kept[0])
    assert len(set(seen)) == len(seen)


def test_what_is_kept_is_in_the_language_and_for_the_reach_of_who_reads(
    sign_in: SignIn, places: Places, bureau: User
) -> None:
    counted(places, clock.today(), whole=(50, 100), t002=(4, 10))
    client = sign_in(bureau)
    assert "亮红灯的指标" in page_of(client, places[COUNTY])
    client.post("/console/language/", {"language": "en"})
    english = page_of(client, places[COUNTY])
    assert "What is red" in english and "亮红灯的指标" not in english
    outsider = sign_in(holder(Role.TOWN_CLERK, Division.objects.get(pk=places[TWO])))
    assert outsider.get(f"/console/cockpit/{places[COUNTY]}/").status_code == 404
