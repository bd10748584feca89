"""The register: who is found, in which order, by whom, and what leaves the house."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role, User
from songhe.registry.models import Person
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city
from tests.registry.conftest import number

LIST = "/console/register/"
OTHER = "990102001001"


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(LIST + query).content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


@pytest.fixture
def inside(sign_in: SignIn, bureau: User) -> Client:
    return sign_in(bureau)


@pytest.fixture
def people(city: SmallCity) -> None:
    somebody(name="王建国", sex="M", birth_date="1944-05-01", living="alone")
    somebody(name="李秀英", sex="F", birth_date="1950-02-28", dibao=True)
    somebody(OTHER, name="单国强", sex="M", birth_date="1936-12-31")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["李秀英", "单国强", "王建国"]),
        ("?q=建国", ["王建国"]),
        ("?q=国", ["单国强", "王建国"]),
        ("?q=单", ["单国强"]),
        ("?q=shanguo", ["单国强"]),
        ("?q=xiuying", ["李秀英"]),
        ("?q=WJG", ["王建国"]),
        ("?q=guo", ["单国强", "王建国"]),
        ("?q=不在", []),
        ("?sex=F", ["李秀英"]),
        ("?dibao=yes", ["李秀英"]),
        ("?living=alone&q=国", ["王建国"]),
        ("?unknown=dibao", ["单国强", "王建国"]),
        ("?division=990102", ["单国强"]),
        ("?division=990101001", ["李秀英", "王建国"]),
        ("?division=990103", []),
        ("?sort=birth_date", ["单国强", "王建国", "李秀英"]),
        ("?sort=-name_pinyin", ["王建国", "单国强", "李秀英"]),
        ("?sex=x&age_from=old&sort=password&unknown=nothing", ["李秀英", "单国强", "王建国"]),
    ],
)
def test_who_is_found(people: None, inside: Client, query: str, found: list[str]) -> None:
    assert names(inside, query) == found


def test_ages_include_both_ends(city: SmallCity, inside: Client) -> None:
    from django.utils import timezone

    today = timezone.localdate().replace(day=1)
    for years in (79, 80, 81):
        somebody(name=f"满{years}", birth_date=today.replace(year=today.year - years).isoformat())
    assert names(inside, "?age_from=80&age_to=80") == ["满80"]
    assert set(names(inside, "?age_from=80")) == {"满80", "满81"}


def test_the_dead_and_those_in_conflict_are_found(people: None, inside: Client) -> None:
    from songhe.registry.domain.facts import record_facts
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author

    wang = Person.objects.get(current__name="王建国")
    record_facts(by=Author(user=None, source="police"), person=wang, statements=[Statement("alive", False)])
    li = Person.objects.get(current__name="李秀英")
    record_facts(by=Author(user=None, source="community"), person=li, statements=[Statement("sex", "M")])
    assert names(inside, "?life=dead") == ["王建国"]
    assert names(inside, "?life=alive") == ["李秀英", "单国强"]
    assert names(inside, "?conflict=1") == ["李秀英"]
    assert "已故" in inside.get(LIST).content.decode()


@pytest.mark.parametrize("role", [Role.TOWN_CLERK, Role.COUNTY_BUREAU])
def test_nobody_beyond_ones_divisions_is_listed_or_counted(
    people: None, city: SmallCity, sign_in: SignIn, role: Role
) -> None:
    place = city.towns[0] if role == Role.TOWN_CLERK else city.counties[0]
    client = sign_in(holder(role, place))
    assert names(client) == ["李秀英", "王建国"]
    assert names(client, "?q=国") == ["王建国"]
    assert names(client, "?division=990102") == []
    assert "共2人" in client.get(f"{LIST}count/").content.decode()


def test_pages_follow_one_another_in_both_directions(
    city: SmallCity, inside: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("songhe.registry.register.SIZE", 2)
    for name in ("安一", "白二", "陈三", "丁四", "方五"):
        somebody(name=name)
    for query, order in (("", "安白陈丁方"), ("?sort=-name_pinyin", "方丁陈白安")):
        seen, page = "", query
        for _ in range(3):
            text = inside.get(LIST + page).content.decode()
            seen += "".join(name[0] for name in names(inside, page))
            link = re.search(r'rel="next" href="([^"]+)"', text)
            page = link[1].replace("&amp;", "&") if link else ""
        assert seen == order
        back = re.search(r'rel="prev" href="([^"]+)"', text)
        assert back
        assert [name[0] for name in names(inside, back[1].replace("&amp;", "&"))] == list(order[2:4])


def test_a_number_leads_to_its_file_and_stands_in_no_address(
    city: SmallCity, sign_in: SignIn, clerk: User, bureau: User
) -> None:
    person = somebody(OTHER, resident_id=number(), phone="13800138000")
    found = sign_in(bureau).post(LIST, {"q": f" {number()[:6]} {number()[6:]} "})
    assert found.url == f"/console/people/{person.public_id}/"
    assert sign_in(bureau).post(LIST, {"q": "138-0013-8000"}).url == found.url
    # For whoever may not see the person, there is nobody.
    answer = sign_in(clerk).post(LIST, {"q": number()}, follow=True)
    assert "没有这个号码的老年人" in answer.content.decode()
    assert number() not in str(answer.redirect_chain)


def test_several_people_of_one_telephone_are_listed(people: None, inside: Client) -> None:
    for name in ("赵一", "赵二"):
        somebody(name=name, phone="0722-3312345")
    answer = inside.post(LIST, {"q": "07223312345"})
    assert "0722" not in answer.url
    assert names(inside, answer.url.removeprefix(LIST)) == ["赵二", "赵一"]
    assert names(inside, "?found=1,2") == []


def test_a_form_becomes_an_address_without_what_was_left_empty(inside: Client) -> None:
    answer = inside.post(LIST, {"q": "建国", "sex": "", "dibao": "yes", "csrf": "x"})
    assert answer.url == f"{LIST}?q=%E5%BB%BA%E5%9B%BD&dibao=yes"


def test_columns_are_chosen_and_sealed_ones_masked(people: None, inside: Client) -> None:
    somebody(name="赵一", resident_id=number(), hukou_type="rural")
    inside.post(f"{LIST}columns/", {"column": ["resident_id", "hukou_type", "password"]})
    page = inside.get(f"{LIST}?q=赵一").content.decode()
    assert f"<td>{number()[:6]}**********{number()[-2:]}</td><td>农村</td></tr>" in page
    assert number() not in page


def test_every_page_of_the_list_is_in_the_audit_trail(people: None, inside: Client) -> None:
    inside.get(f"{LIST}?q=国")
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.details) == ("person.listed", {"count": 2})


def test_a_list_takes_as_many_queries_for_three_as_for_one(
    city: SmallCity, inside: Client, queries_of: Callable[[Client, str], int]
) -> None:
    somebody()
    one = queries_of(inside, LIST)
    somebody(name="李二")
    somebody(name="李三")
    # One of them is PostgreSQL's lock on the audit trail.
    assert queries_of(inside, LIST) == one <= 20


def test_what_is_exported_is_what_is_shown_and_no_formula(people: None, inside: Client) -> None:
    somebody(name="=HYPERLINK(1)", phone="13800138000")
    inside.post(f"{LIST}columns/", {"column": ["sex", "phone"]})
    answer = inside.post(f"{LIST}export/?sex=M", {"kind": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")
    assert lines == ["姓名,性别,联系电话", "'=HYPERLINK(1),男,138******00", "单国强,男,—", "王建国,男,—", ""]
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.details["count"]) == ("person.exported", 3)
    answer = inside.post(f"{LIST}export/", {"kind": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 5


def test_numbers_leave_in_full_only_for_a_reason(people: None, inside: Client) -> None:
    somebody(name="赵一", phone="13800138000")
    inside.post(f"{LIST}columns/", {"column": ["phone"]})
    refused = inside.post(f"{LIST}export/?q=赵", {"kind": "csv", "in_full": "on"})
    assert refused.status_code == 422
    assert "须写明事由" in refused.content.decode()
    answer = inside.post(f"{LIST}export/?q=赵", {"kind": "csv", "in_full": "on", "reason": "入户走访"})
    assert "13800138000" in b"".join(answer.streaming_content).decode()
    entry = Entry.objects.order_by("-sequence")[0]
    assert entry.details["reason"] == "入户走访"
    assert entry.details["in_full"] == ["phone"]


def test_a_sheet_has_a_limit_and_says_so(people: None, inside: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songhe.console.register.export.SHEET_LIMIT", 2)
    answer = inside.post(f"{LIST}export/", {"kind": "xlsx"})
    assert answer.status_code == 422
    assert "请缩小范围，或改用CSV" in answer.content.decode()


def test_a_clerk_exports_nothing(people: None, sign_in: SignIn, clerk: User) -> None:
    client = sign_in(clerk)
    assert "导出" not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}export/", {"kind": "csv"}).status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_is_open_to_everybody_and_fits_the_screen(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    for number_of in range(60):
        somebody(name=f"王{'甲乙丙丁戊己庚辛壬癸'[number_of % 10]}", birth_date=f"19{30 + number_of % 30}-03-04")
    page = open_console(LIST, holder(Role.CITY_BUREAU, city.city, "bureau"))
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    page.wait_for_selector("#count:has-text('60')")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="下一页 ›" if language == "zh" else "Next ›").click()
    assert page.locator("tbody tr").count() == 10
    page.locator("#q").fill("王甲")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert page.locator("tbody tr").count() == 6
    accessible(page)
