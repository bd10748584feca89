"""The documents side by side: filters, clauses, silence told as silence, files, a phone, a screen reader."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page

from songhe.policy.compare.table import KINDS

OpenPage = Callable[..., Page]
CITIES = ("东营市", "青铜峡市", "随州市", "咸阳市", "新乡市")


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_opens_without_script_style_or_cookie(client: Client, kind: str, language: str):
    response = client.get("/cities/", {"kind": kind, "lang": language})
    assert response.status_code == 200
    assert response.cookies == {}
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", response.content.decode())


def test_the_five_documents_are_columns_and_the_examples_come_on_demand(client: Client):
    text = text_of(client.get("/cities/"))
    assert all(city in text for city in CITIES)
    assert "suizhou-county-example" not in text
    assert "suizhou-county-example" in text_of(client.get("/cities/?examples=1"))


def test_each_cell_leads_to_its_clause(client: Client):
    page = client.get("/cities/?kind=standards").content.decode()
    assert 'href="/policy/qingtongxia-2023/#clause-QTX-M-8.2"' in page
    assert 'id="clause-QTX-M-8.2"' in client.get("/policy/qingtongxia-2023/").content.decode()


def test_what_is_ours_is_marked_as_ours(client: Client):
    text = text_of(client.get("/cities/?kind=standards&capability=facility-quota-check"))
    assert "本平台折算</b> 30 平方米/百户" in text


def test_silence_and_what_is_only_mentioned_differ(client: Client):
    text = text_of(client.get("/cities/?capability=family-bed"))
    assert "文件提到，没有列入计算" in text
    assert "XX-M-01c" in text
    assert "文件没有写" in text_of(client.get("/cities/?capability=benefit-payment"))


def test_all_readings_of_a_contradiction_are_on_the_page(client: Client):
    text = text_of(client.get("/cities/?kind=targets&capability=fund-share-monitoring"))
    assert "文件前后不一" in text
    assert "QTX-I-24" in text
    assert "QTX-S-1.2d" in text


def test_a_filter_nobody_knows_shows_everything_and_stays_out_of_the_links(client: Client):
    response = client.get("/cities/", {"kind": "<b>", "capability": "nothing"})
    assert response.status_code == 200
    assert "nothing" not in response.content.decode()


def test_where_nothing_fits_the_page_says_what_to_do(client: Client):
    assert "请换一类" in text_of(client.get("/cities/?kind=standards&capability=voucher"))


def test_the_files_hold_what_the_page_shows(client: Client):
    asked = {"kind": "amounts", "capability": "benefit-payment"}
    table = client.get("/cities/table.csv", asked)
    rows = [[cell or None for cell in row] for row in csv.reader(io.StringIO(table.content.decode("utf-8-sig")))]
    assert table["Content-Disposition"] == 'attachment; filename="cities-amounts.csv"'
    sheet = load_workbook(io.BytesIO(client.get("/cities/table.xlsx", asked).content)).active
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == rows
    assert {row[1] for row in rows[1:]} == {"津贴和补贴"}
    assert client.get("/cities/table.pdf").status_code == 404


def test_only_reading_is_possible(client: Client):
    assert client.post("/cities/").status_code == 405


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_axe_finds_nothing_and_the_page_is_as_wide_as_the_screen(
    open_page: OpenPage, axe: str, width: int, height: int
):
    page = open_page("/cities/?kind=standards&lang=en", width=width, height=height)
    page.evaluate(axe)
    violations = page.evaluate("axe.run().then(found => found.violations)")
    assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_column_stays_in_sight(open_page: OpenPage):
    page = open_page("/cities/?kind=standards", width=1000, height=768)
    page.evaluate("document.querySelector('.scroll').scrollLeft = 400")
    assert page.locator("#row-new-estate-premises").bounding_box()["x"] >= 0
