"""The page in a real browser: the whole walk, with and without scripts, by keyboard, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
OpenPage = Callable[..., Page]
ASK = "/ask/?city=suizhou-2023&on=2024-05-01"

SIZES = pytest.mark.parametrize(("width", "height"), [(320, 640), (1366, 768)])
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def send(button: Locator) -> None:
    """Presses it and waits for the page that comes."""
    with button.page.expect_navigation():
        button.click()


def answer(page: Page, **choices: str) -> None:
    """The birth date of Grandma Li and local hukou, then some choices; folded parts are unfolded first."""
    page.fill("#f-birth_date", "1944年5月1日")
    for name, value in {"hukou": "local", **choices}.items():
        choice = page.locator(f'input[name="{name}"][value="{value}"]')
        if not choice.is_visible():
            page.locator(f"details:has(#q-{name}) > summary").click()
        choice.check()
    send(page.locator("button.go").first)


@SIZES
@SCRIPTS
def test_the_whole_walk(open_page: OpenPage, width: int, height: int, scripts: bool):
    page = open_page("/", width=width, height=height, scripts=scripts)
    page.get_by_label("随州市", exact=True).check()
    page.get_by_label("看哪一天？").fill("2024年5月1日")
    send(page.get_by_role("button", name="开始"))
    assert page.url.endswith(ASK)

    answer(page)
    allowance = page.locator("#item-SZ-L-03")
    expect(allowance.get_by_role("heading", name="高龄津贴")).to_be_visible()
    expect(allowance.locator(".verdict")).to_contain_text("可以享受")
    expect(allowance.get_by_role("link", name="SZ-L-03", exact=True)).to_be_visible()
    assert "1944" not in page.url

    page.locator(".first").get_by_role("link", name="低保").click()
    expect(page.locator("#q-dibao")).to_be_in_viewport()
    page.locator('input[name="dibao"][value="yes"]').check()
    page.locator('input[name="tekun"][value="none"]').check()
    send(page.locator("button.go").last)
    expect(page.locator("#item-SZ-L-28 .verdict")).to_contain_text("可以享受")

    send(page.get_by_role("button", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#item-SZ-L-28 .verdict")).to_contain_text("Owed")
    expect(page.locator("#item-SZ-L-03").get_by_role("heading").first).to_have_text("Old-age allowance")

    page.get_by_role("textbox", name="Another day").fill("1 May 2030")
    send(page.get_by_role("button", name="See that day"))
    expect(page.locator(".place")).to_contain_text("1 May 2030")

    page.get_by_role("combobox", name="Compare with another city").select_option("xinxiang-2022")
    send(page.get_by_role("button", name="Compare"))
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_role("rowheader")).to_have_text(["Owed", "Not yet decided", "Not owed now"])
    send(page.get_by_role("button", name="See Xinxiang in full"))
    expect(page.locator(".place")).to_contain_text("Xinxiang")
    send(page.get_by_role("button", name="中文"))
    expect(page.locator(".given")).to_contain_text("1944年5月1日，86周岁")


def test_the_next_birthday_is_one_press_away(open_page: OpenPage):
    page = open_page(ASK)
    page.fill("#f-birth_date", "1945-06-01")
    page.locator('input[name="hukou"][value="local"]').check()
    send(page.locator("button.go").first)
    expect(page.locator("#item-SZ-L-03 .change")).to_contain_text("到2025年6月1日满80周岁时会变化")
    send(page.get_by_role("button", name="看2025年6月1日"))
    expect(page.locator("#item-SZ-L-03 .verdict")).to_contain_text("可以享受")


def test_everything_can_be_done_by_keyboard_alone(open_page: OpenPage):
    page = open_page("/")
    press = page.keyboard.press
    press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    press("Enter")
    press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", "/my/")
    press("Tab")
    expect(focused).to_have_attribute("name", "city")
    while focused.get_attribute("value") != "suizhou-2023":
        press("ArrowDown")
    press("Tab")
    expect(focused).to_have_id("f-on")
    press("Control+A")
    page.keyboard.type("2024-05-01")
    press("Enter")
    page.wait_for_url("**" + ASK)

    page.locator(".skip").focus()
    press("Enter")
    while focused.get_attribute("id") != "f-birth_date":
        press("Tab")
    page.keyboard.type("19440501")
    press("Tab")
    press("ArrowDown")
    press("ArrowDown")
    expect(focused).to_have_attribute("value", "elsewhere")
    press("ArrowUp")
    expect(focused).to_have_attribute("value", "local")
    page.locator("#f-birth_date").focus()
    press("Enter")
    expect(page.locator("#item-SZ-L-03 .verdict")).to_contain_text("可以享受")

    page.locator("#item-SZ-L-03 summary").focus()
    press("Enter")
    expect(page.locator("#item-SZ-L-03 details")).to_have_attribute("open", "")


def test_enter_in_a_field_asks_for_the_result_and_not_for_another_language(open_page: OpenPage):
    page = open_page(ASK)
    answer(page)
    page.locator("#f-birth_date").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("#item-SZ-L-03")).to_be_visible()


def test_what_is_wrong_is_said_first_and_leads_to_its_field(open_page: OpenPage):
    page = open_page(ASK)
    page.fill("#f-birth_date", "1944-13-05")
    page.locator('input[name="hukou"][value="local"]').check()
    send(page.locator("button.go").first)
    expect(page.locator(".problems")).to_be_focused()
    page.locator(".problems a").click()
    expect(page.locator("#f-birth_date")).to_be_focused()
    expect(page.locator("#f-birth_date")).to_have_value("1944-13-05")
    expect(page.locator('input[name="hukou"][value="local"]')).to_be_checked()


def test_the_focus_can_be_seen(open_page: OpenPage):
    page = open_page("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert outline == "solid3px"


# Every page in every state, for the checks below.


def states(page: Page, language: str, large: bool = False) -> Iterator[str]:
    tail = f"&lang={language}{'&text=large' if large else ''}"
    page.goto("/?" + tail[1:])
    yield "home"
    page.goto("/ask/?on=x" + tail)
    yield "home with errors"
    page.goto(ASK + tail)
    yield "questions"
    unfold(page)
    yield "questions unfolded"
    page.fill("#f-birth_date", "2044-05-01")
    page.fill("#f-hukou_since", "x")
    send(page.locator("button.go").last)
    yield "questions with errors"
    page.goto(ASK + tail)
    answer(page, dibao="no")
    yield "result"
    unfold(page)
    yield "result unfolded"
    page.fill("#f-another_day", "2024-02-30")
    send(page.locator("#f-another_day ~ button"))
    yield "result with errors"
    page.select_option("#f-with", "xinxiang-2022")
    send(page.locator("#f-with ~ button"))
    yield "comparison"
    page.goto("/policy/suizhou-2023/?" + tail[1:])
    yield "document"
    page.goto("/nope?" + tail[1:])
    yield "no such page"


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")


@pytest.mark.parametrize(("language", "width", "height"), [("zh", 1366, 768), ("en", 320, 640)])
def test_axe_finds_nothing(open_page: OpenPage, axe: str, language: str, width: int, height: int):
    page = open_page("/", width=width, height=height)
    found = []
    for state in states(page, language):
        page.evaluate(axe)
        violations = page.evaluate("axe.run().then(found => found.violations)")
        found += [
            (state, violation["id"], node["target"], node["failureSummary"])
            for violation in violations
            for node in violation["nodes"]
        ]
    assert found == []


@pytest.mark.parametrize("large", [False, True], ids=["standard", "large"])
@LANGUAGES
def test_nothing_runs_out_of_a_narrow_screen(open_page: OpenPage, language: str, large: bool):
    page = open_page("/", width=320, height=640)
    wide = [
        state
        for state in states(page, language, large)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth")
    ]
    assert wide == []


TOO_SMALL = """minimum => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < minimum)
  .map(e => e.outerHTML.slice(0, 80))"""
TIGHT = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility())
  .map(e => [e, getComputedStyle(e)])
  .filter(([e, style]) => parseFloat(style.lineHeight) < 1.3 * parseFloat(style.fontSize))
  .map(([e]) => e)
  .filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim().length > 12))
  .map(e => e.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'button, .button, .switch, .brand, select, input[type=text], .choice, summary, .counts a, ' +
    '.documents a, .contents a')]
  .filter(e => e.checkVisibility())
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < 60 || box.width < 60)
  .map(([e, box]) => [e.outerHTML.slice(0, 80), box.width, box.height])"""


@SIZES
def test_letters_lines_and_targets_are_large(open_page: OpenPage, width: int, height: int):
    page = open_page("/", width=width, height=height)
    for state in states(page, "zh"):
        assert (state, page.evaluate(TOO_SMALL, 18)) == (state, [])
        assert (state, page.evaluate(TIGHT)) == (state, [])
        assert (state, page.evaluate(SMALL_TARGETS)) == (state, [])


def test_larger_text_is_30_px_and_needs_no_script(open_page: OpenPage):
    page = open_page(ASK, scripts=False)
    send(page.get_by_role("link", name="大字"))
    assert page.locator("p").first.evaluate("e => getComputedStyle(e).fontSize") == "30px"
    answer(page)
    send(page.get_by_role("button", name="标准字号"))
    expect(page.locator("#item-SZ-L-03")).to_be_visible()
    assert page.locator("p").first.evaluate("e => getComputedStyle(e).fontSize") == "20px"


@LANGUAGES
def test_the_picture_of_the_readme_can_be_taken(open_page: OpenPage, language: str, tmp_path: Path):
    """With SONGHE_SCREENSHOTS=1 it is put where the README shows it; otherwise the tree stays as it is."""
    page = open_page(f"{ASK}&lang={language}", height=1500)
    answer(page)
    page.locator("#item-SZ-L-03 summary").click()
    folder = SCREENSHOTS if os.environ.get("SONGHE_SCREENSHOTS") == "1" else tmp_path
    path = folder / f"ask.{language}.png"
    page.screenshot(path=path, clip={"x": 0, "y": 0, "width": 1366, "height": 1500})
    assert path.read_bytes().startswith(b"\x89PNG")
