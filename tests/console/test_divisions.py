"""The divisions in the console: the tree of any day, a division's life, and changes with what would follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role, User
from songhe.divisions.domain import found, merge, rename
from songhe.divisions.queries import resolve, tree_on
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.divisions.builders import SmallCity, small_city

TREE = "/console/divisions/"
DAY, EVE = dt.date(2026, 1, 1), dt.date(2025, 12, 31)
WHEN = {"on": "2026-01-01", "document": "民发〔2026〕1号", "note": ""}


def page_of(one: Any) -> str:
    return f"{TREE}{one.pk}/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def names(text: str) -> list[str]:
    """The names in the table of divisions."""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', text)


class TestTree:
    def test_it_begins_on_top_of_ones_reach(self, sign_in: SignIn, city: SmallCity, bureau: User, clerk: User) -> None:
        assert names(text_of(sign_in(bureau).get(TREE))) == ["松鹤市"]
        assert names(text_of(sign_in(clerk).get(TREE))) == ["甲镇"]

    def test_it_goes_down_a_level_at_a_time(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        client = sign_in(bureau)
        assert names(text_of(client.get(page_of(city.city)))) == ["东县", "西县"]
        assert names(text_of(client.get(page_of(city.counties[0])))) == ["甲镇", "乙镇", "丙镇"]
        assert "其下没有区划" in text_of(client.get(page_of(city.villages[0])))

    def test_it_is_shown_as_it_was_on_a_day(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        rename(division=city.towns[0], name="新镇", on=DAY)
        client = sign_in(bureau)
        assert names(text_of(client.get(page_of(city.counties[0])))) == ["新镇", "乙镇", "丙镇"]
        then = text_of(client.get(f"{page_of(city.counties[0])}?day=2025-12-31"))
        assert names(then) == ["甲镇", "乙镇", "丙镇"]
        assert "不是今天的" in then
        assert "这一天没有您范围内的区划" in text_of(client.get(f"{TREE}?day=1900-01-01"))
        assert client.get(f"{TREE}?day=nonsense").status_code == 422

    def test_what_lies_elsewhere_is_not_there(self, sign_in: SignIn, city: SmallCity, clerk: User) -> None:
        assert sign_in(clerk).get(page_of(city.towns[1])).status_code == 404
        assert sign_in(clerk).get(f"{TREE}999999/").status_code == 404

    def test_it_takes_the_same_queries_with_one_row_and_three(
        self, sign_in: SignIn, city: SmallCity, bureau: User, queries_of: Callable[[Client, str], int]
    ) -> None:
        county = found(code="990103", name="南县", parent=city.city, on=EVE)
        found(code="990103001", name="一镇", parent=county, on=EVE)
        client = sign_in(bureau)
        one = queries_of(client, page_of(county))
        for number in (2, 3):
            found(code=f"99010300{number}", name=f"{number}镇", parent=county, on=EVE)
        assert queries_of(client, page_of(county)) == one <= 25

    def test_suggestions_are_of_ones_reach(self, sign_in: SignIn, city: SmallCity, clerk: User) -> None:
        options = re.findall(r'value="([^"]+)"', text_of(sign_in(clerk).get(f"{TREE}suggestions/?division=甲镇")))
        assert options[0] == "990101001 松鹤市东县甲镇"
        assert len(options) == 3
        assert "option" not in text_of(sign_in(clerk).get(f"{TREE}suggestions/?division=乙镇"))
        assert "option" not in text_of(sign_in(clerk).get(f"{TREE}suggestions/"))


class TestLife:
    def test_it_tells_what_became_of_a_division(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        merge(divisions=[city.towns[0]], into=city.towns[1], on=DAY, document="民发9号", note="并镇")
        client = sign_in(bureau)
        gone = text_of(client.get(page_of(city.towns[0])))
        assert "没有这个区划" in gone
        assert "自 2026年1月1日 起由其承继：" in gone
        assert "办理变更" not in gone
        assert "自 2026年1月1日 起承继：" in text_of(client.get(page_of(city.towns[1])))
        assert "民发9号" in text_of(client.get(page_of(city.villages[0])))


class TestChange:
    def test_nothing_is_done_before_it_is_confirmed(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        client, town = sign_in(bureau), city.towns[0]
        assert client.get(f"{page_of(town)}rename/").status_code == 200
        shown = text_of(client.post(f"{page_of(town)}rename/", {"name": "新镇", **WHEN}))
        assert "请确认" in shown
        assert "松鹤市东县新镇" in shown
        assert tree_on(DAY).node(town.pk).name == "甲镇"
        sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
        sent.pop("csrfmiddlewaretoken", None)
        assert client.post(f"{page_of(town)}rename/", sent).url == page_of(town)
        assert tree_on(DAY).node(town.pk).name == "新镇"
        assert Entry.objects.get(action="division.renamed").user == bureau

    def test_the_preview_names_whose_reach_changes(
        self, sign_in: SignIn, city: SmallCity, bureau: User, clerk: User
    ) -> None:
        form = {"to": "990102", "code": "990102009", "with_below": "on", **WHEN}
        shown = text_of(sign_in(bureau).post(f"{page_of(city.towns[0])}move/", form))
        assert "没有。" in shown
        form = {"into": "990101002", **WHEN}
        shown = text_of(sign_in(bureau).post(f"{page_of(city.towns[0])}merge/", form))
        assert "Clerk（clerk） 增加 3 个区划" in shown

    @pytest.mark.parametrize(
        ("kind", "form", "says"),
        [
            ("rename", {"name": "甲镇"}, "没有任何变化"),
            ("recode", {"code": "990101002", "with_below": ""}, "已属于乙镇"),
            ("recode", {"code": "99"}, "层级与该区划不同"),
            ("move", {"to": "990101002", "code": ""}, "上一级区划"),
            ("merge", {}, "或者填写并入哪个已有区划"),
            ("merge", {"into": "990101002", "name": "新镇"}, "或者填写并入哪个已有区划"),
            ("split", {"code_1": "990101008", "name_1": "北镇"}, "至少应有两个"),
            ("split", {"code_1": "990101008", "name_1": ""}, "须一起填写"),
            ("dissolve", {}, "不再存在，请先划转它"),
            ("found", {"code": "990102001001", "name": "村"}, "已属于"),
            ("rename", {"name": "新镇", "on": "2026-13-01"}, "不存在"),
        ],
    )
    def test_what_cannot_be_is_told_beside_the_form(
        self, sign_in: SignIn, city: SmallCity, bureau: User, kind: str, form: dict[str, str], says: str
    ) -> None:
        answer = sign_in(bureau).post(f"{page_of(city.towns[0])}{kind}/", {**WHEN, **form})
        assert answer.status_code == 422
        assert says in text_of(answer)

    def test_a_town_is_split(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        town, (one, two) = city.towns[0], city.villages[:2]
        form = {"code_1": "990101008", "name_1": "北镇", "continues": "on", "confirmed": "1", **WHEN}
        form |= {f"child_{one.pk}": "1", f"child_{two.pk}": "stays"}
        assert sign_in(bureau).post(f"{page_of(town)}split/", form).url == page_of(town)
        assert tree_on(DAY).node(one.pk).parent == resolve("990101008", DAY)
        assert tree_on(DAY).node(two.pk).parent == town.pk

    def test_two_towns_become_a_new_one(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        form = {"other": "990101002", "code": "990101009", "name": "合镇", "confirmed": "1", **WHEN}
        sign_in(bureau).post(f"{page_of(city.towns[0])}merge/", form)
        assert [node.name for node in tree_on(DAY).children(city.counties[0].pk)] == ["丙镇", "合镇"]

    def test_it_is_for_the_city_bureau_alone(self, sign_in: SignIn, city: SmallCity) -> None:
        county = sign_in(holder(Role.COUNTY_BUREAU, city.counties[0], "county"))
        assert "办理变更" not in text_of(county.get(page_of(city.towns[0])))
        assert county.post(f"{page_of(city.towns[0])}rename/", {"name": "新镇", **WHEN}).status_code == 403

    def test_another_city_is_not_there(self, sign_in: SignIn, city: SmallCity, bureau: User) -> None:
        other = small_city(prefix="9902")
        assert sign_in(bureau).get(f"{page_of(other.towns[0])}rename/").status_code == 404
        assert sign_in(bureau).get(f"{page_of(city.towns[0])}vanish/").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    tab = open_console(TREE, holder(Role.CITY_BUREAU, city.city, "bureau"))
    if language == "en":
        tab.get_by_role("button", name="English").click()
    town = page_of(city.towns[0])
    kinds = [f"{town}{kind}/" for kind in ("found", "rename", "recode", "move", "merge", "split", "dissolve")]
    for path in (TREE, page_of(city.counties[0]), f"{town}?day=2001-01-01", *kinds):
        tab.goto(path)
        accessible(tab)
        fits(tab)
    tab.goto(f"{town}rename/")
    tab.locator("#id_name").fill("新镇")
    tab.locator("#id_on").fill("2026-01-01")
    tab.locator("#id_document").fill("民发1号")
    tab.locator("main .btn-primary").click()
    tab.wait_for_selector(".btn-danger")
    accessible(tab)
    fits(tab)
    tab.locator(".btn-danger").click()
    tab.wait_for_url(f"**{town}")
    accessible(tab)
