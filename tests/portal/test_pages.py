"""The pages as a browser gets them, without one."""

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from songhe.policy.load import load_package
from songhe.portal.shelf import open_shelf

from .conftest import SUIZHOU, Ask


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


PAGES = ["/", "/?lang=en", SUIZHOU, SUIZHOU + "&lang=en", "/policy/suizhou-2023/", "/nope"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie_or_holds_a_script_or_style(client: Client, path: str):
    response = client.get(path)
    assert response.cookies == {}
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", response.content.decode())


def test_the_result_sets_no_cookie_and_is_not_stored(ask: Ask):
    response = ask()
    assert response.cookies == {}
    assert response["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<style|\sstyle=", response.content.decode())


def test_home_lists_every_city_with_its_document(client: Client):
    text = text_of(client.get("/"))
    for package in open_shelf().packages:
        assert f'value="{package.id}"' in text
        assert package.document.title.zh in text


def test_examples_come_after_the_cities_and_are_marked(client: Client):
    text = text_of(client.get("/"))
    for example in open_shelf().examples:
        place = text.index(f'value="{example.id}"')
        assert all(text.index(f'value="{city.id}"') < place for city in open_shelf().cities)
        page = text_of(client.get(f"/policy/{example.id}/"))
        assert "示例，不是真实政策" in page


def test_home_offers_today(client: Client):
    today = timezone.localdate()
    assert f'value="{today.year}年{today.month}月{today.day}日"' in text_of(client.get("/"))


def test_a_day_as_people_write_it_becomes_a_plain_address(client: Client):
    response = client.get("/ask/", {"city": "suizhou-2023", "on": "2024年5月1日", "lang": "en"})
    assert response["Location"] == "/ask/?city=suizhou-2023&on=2024-05-01&lang=en"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"city": "atlantis-2023", "on": "2024-05-01"}, "请选择一个城市"),
        ({"on": "2024-05-01"}, "请选择一个城市"),
        ({"city": "suizhou-2023", "on": "明天"}, "看不懂这个日期"),
        ({"city": "suizhou-2023", "on": "2024-13-05"}, "2024年5月13日"),
    ],
)
def test_a_wrong_city_or_day_is_told_where_it_is_chosen(client: Client, query: dict[str, str], told: str):
    response = client.get("/ask/", query)
    assert response.status_code == 422
    assert told in text_of(response)
    assert 'role="alert"' in text_of(response)


def test_the_questions_come_unanswered(client: Client):
    text = client.get(SUIZHOU).content.decode()
    assert text.count("checked") == text.count('value="" checked')
    assert "不知道" in text


def test_grandma_li_sees_her_allowance_with_its_clause_and_document(ask: Ask):
    text = text_of(ask())
    assert "高龄津贴" in text
    assert 'href="/policy/suizhou-2023/#clause-SZ-L-03"' in text
    assert "随政办发〔2023〕16号" in text
    assert "按一直在册" in text


def test_she_may_ask_in_english(ask: Ask):
    text = text_of(ask(SUIZHOU + "&lang=en"))
    assert '<html lang="en">' in text
    assert "Old-age allowance" in text
    assert "What would help most" in text
    assert re.search(r'formaction="/ask/\?city=suizhou-2023&on=2024-05-01" class="switch" lang="zh-Hans"', text)


def test_missing_facts_link_to_their_questions(ask: Ask):
    text = text_of(ask())
    for name in set(re.findall(r'href="#q-(\w+)"', text)):
        assert f'id="q-{name}"' in text


def test_every_link_inside_a_page_has_its_target(ask: Ask, client: Client):
    for response in (ask(), client.get("/policy/suizhou-2023/"), client.get("/"), ask(birth_date="2044-01-01")):
        text = response.content.decode()
        targets = set(re.findall(r'\sid="([^"]+)"', text))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= targets


def test_every_clause_cited_stands_on_the_documents_page(ask: Ask, client: Client):
    cited = set(re.findall(r'href="/policy/suizhou-2023/#([^"]+)"', ask().content.decode()))
    there = set(re.findall(r'\sid="([^"]+)"', client.get("/policy/suizhou-2023/").content.decode()))
    assert cited
    assert cited <= there


def test_a_wrong_answer_keeps_the_others(ask: Ask):
    response = ask(birth_date="1944-13-05", dibao="yes", living="alone")
    text = text_of(response)
    assert response.status_code == 422
    assert response["Cache-Control"] == "no-store"
    assert 'href="#f-birth_date"' in text
    assert 'value="1944-13-05"' in text
    assert 'name="dibao" value="yes" checked' in text
    assert 'name="living" value="alone" checked' in text
    assert "1944年5月13日" in text


def test_an_id_number_is_not_written_back(ask: Ask):
    response = ask(birth_date="420000194405010000")
    assert response.status_code == 422
    assert "420000194405010000" not in response.content.decode()


def test_markup_in_an_answer_stays_text(ask: Ask):
    text = ask(birth_date="<b>1944</b>").content.decode()
    assert "<b>1944</b>" not in text
    assert "&lt;b&gt;1944" in text


def test_answers_never_stand_in_an_address(ask: Ask):
    text = ask(dibao="yes", living="alone").content.decode()
    addresses = re.findall(r'(?:href|action|formaction)="([^"]*)"', text)
    assert not [a for a in addresses if "1944" in a or "dibao=" in a or "alone" in a]


def test_another_day_may_be_written(ask: Ask):
    text = text_of(ask(birth_date="1945-06-01", another_day="2025年6月1日"))
    assert "2025年6月1日 <a" in text
    assert 'action="/ask/?city=suizhou-2023&on=2025-06-01"' in text


def test_a_wrong_other_day_is_told_beside_its_field(ask: Ask):
    response = ask(another_day="2025-02-30")
    assert response.status_code == 422
    assert 'href="#f-another_day"' in text_of(response)
    assert "2025年2月30日不存在" in text_of(response)
    assert "高龄津贴" in text_of(response)


def test_larger_text_is_kept_from_page_to_page(client: Client):
    text = client.get(SUIZHOU + "&text=large").content.decode()
    assert '<html lang="zh-Hans" class="large">' in text
    assert 'action="/ask/?city=suizhou-2023&amp;on=2024-05-01&amp;text=large"' in text


@pytest.mark.parametrize("path", ["/", "/policy/suizhou-2023/"])
def test_what_only_shows_takes_no_post(client: Client, path: str):
    response = client.post(path, {"birth_date": "1944-05-01"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_ask_takes_nothing_but_get_and_post(client: Client):
    assert client.delete(SUIZHOU).status_code == 405
    assert client.put("/compare/?city=suizhou-2023").status_code == 405


def test_a_missing_page_speaks_both_languages(client: Client):
    for path in ("/nope", "/policy/atlantis-2023/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "没有这个页面" in text_of(response)
        assert "There is no such page" in text_of(response)


def test_a_fault_of_ours_speaks_both_languages_and_keeps_the_answers_to_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def break_down(*arguments: object) -> None:
        raise RuntimeError("1944-05-01")

    monkeypatch.setattr("songhe.portal.views.make_result", break_down)
    client.raise_request_exception = False
    response = client.post(SUIZHOU, {"birth_date": "1944-05-01"})
    assert response.status_code == 500
    assert "系统出错了" in text_of(response)
    assert "Something went wrong here" in text_of(response)
    assert "1944-05-01" not in text_of(response)


def test_too_many_fields_or_too_long_a_body_are_refused(client: Client):
    for data in ({f"a{n}": "1" for n in range(300)}, {"birth_date": "1" * 40_000}):
        response = client.post(SUIZHOU, "&".join(f"{k}={v}" for k, v in data.items()), content_type=FORM)
        assert response.status_code == 400
        assert "这次提交的内容不能处理" in text_of(response)


FORM = "application/x-www-form-urlencoded"


def test_the_documents_page_shows_its_targets_and_what_they_leave_open(client: Client):
    page = client.get("/policy/qingtongxia-2023/").content.decode()
    assert page.count('<li id="target-') == len(load_package("qingtongxia-2023").indicators)
    social_workers = page[page.index('id="target-QTX-I-20"') :].split("</li>")[0]
    assert "没有写明：单位、方向" in social_workers and "#clause-QTX-I-20" in social_workers


def test_the_documents_page_shows_its_data_items_contradictions_and_gaps(client: Client):
    text = text_of(client.get("/policy/suizhou-2023/"))
    package = open_shelf().find("suizhou-2023")
    assert package is not None
    for told in (
        "随政办发〔2023〕16号",
        "施行日期</dt><dd>文件没有写",
        "各种说法都列在这里",
        "当地低保标准",
    ):
        assert told in text
    for clause in package.clauses:
        assert f'id="clause-{clause}"' in text
    for conflict in package.conflicts.values():
        assert all(reading.says.zh in text for reading in conflict.readings)


def test_every_package_has_its_pages_in_both_languages(client: Client):
    for package in open_shelf().packages:
        for language in ("zh", "en"):
            assert client.get(f"/policy/{package.id}/?lang={language}").status_code == 200
            url = f"/ask/?city={package.id}&on={dt.date(2024, 5, 1)}&lang={language}"
            assert client.get(url).status_code == 200
            answers = {"birth_date": "1940-01-01", "hukou": "local", "tekun": "scattered", "dibao": "no"}
            assert client.post(url, answers).status_code == 200
