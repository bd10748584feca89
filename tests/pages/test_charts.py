"""Charts: what is drawn, what is not, and the figures behind."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from songhe.common.text import say
from songhe.pages.charts import (
    Band,
    Bars,
    Chart,
    Mark,
    Pyramid,
    Shares,
    Spark,
    State,
    Tiles,
    Trend,
    cut_percent,
    render,
    written,
)

MONTHS = (
    Mark("2026-01", Fraction(50), "50%", State.NOT_MET),
    Mark("2026-02", Fraction(52), "52%", State.NOT_MET),
    Mark("2026-03", None),
    Mark("2026-04", None, state=State.UNDETERMINED, note=say("没有分母", "No denominator")),
    Mark("2026-05", Fraction(56), "56%", State.MET, href="/there/?a=1&b=2"),
    Mark("2026-06", Fraction(0), "0%", State.NOT_MET),
)
TREND = Trend(name="beds", title=say("床位", "Beds"), marks=MONTHS, targets=(Mark("目标", 55, "55%"),), unit="%")
EVERY = (
    TREND,
    Bars(name="bars", title="各县", marks=MONTHS, targets=(Mark("目标", 55, "55%"),)),
    Pyramid(name="ages", title="年龄", bands=[Band("60–64", 3, 2), Band("65–69", None, 1)], sides=("女", "男")),
    Shares(name="living", title="居住", marks=[Mark("独居", 1), Mark("其他", 2), Mark("未知", None)]),
    Spark(name="spark", title="走势", marks=MONTHS, target=55),
    Tiles(name="tiles", title="各县", marks=MONTHS),
)


def rows_of(html: str) -> list[list[str]]:
    table = html[html.index("<table") : html.index("</table>") + len("</table>")]
    return [["".join(cell.itertext()) for cell in row] for row in ElementTree.fromstring(table).iter("tr")]


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: type(chart).__name__)
class TestEveryChart:
    def test_it_is_well_formed_and_asks_for_no_script_and_no_inline_style(self, chart: Chart) -> None:
        html = render(chart)
        ElementTree.fromstring(html)
        assert not re.search(r"\s(style|on\w+)=|<script|<style", html)

    def test_it_has_no_figure_to_show_and_is_drawn_all_the_same(self, chart: Chart) -> None:
        empty = {"bands": []} if isinstance(chart, Pyramid) else {"marks": []}
        ElementTree.fromstring(render(type(chart)(**{**vars(chart), **empty})))

    def test_a_picture_has_a_title_and_a_description(self, chart: Chart) -> None:
        html = render(chart, english=True)
        if isinstance(chart, Tiles):
            assert '<ul class="tile-map" aria-label="各县">' in html
            return
        ids = re.search(r'role="img" aria-labelledby="([\w-]+) ([\w-]+)"', html)
        assert ids and f'<title id="{ids[1]}">' in html and f'<desc id="{ids[2]}">' in html


def test_a_month_that_is_not_known_is_a_gap_and_zero_is_none() -> None:
    html = render(TREND)
    lines = re.findall(r'<polyline points="([^"]*)"', html)
    assert [len(line.split()) for line in lines] == [2, 2]


def test_what_cannot_be_said_is_marked_where_it_has_no_value() -> None:
    assert re.findall(r">(\?)</text>", render(TREND)) == ["?"]


def test_the_table_behind_says_every_figure_with_its_answer_and_note() -> None:
    assert rows_of(render(TREND, english=True)) == [
        ["Item", "Value", "Answer", "Note"],
        ["2026-01", "50%", "✗ not met", "—"],
        ["2026-02", "52%", "✗ not met", "—"],
        ["2026-03", "not known", "—", "—"],
        ["2026-04", "not known", "? undetermined", "No denominator"],
        ["2026-05", "56%", "✓ met", "—"],
        ["2026-06", "0%", "✗ not met", "—"],
        ["Target 目标", "55%", "—", "—"],
    ]


def test_a_figure_leads_to_its_page() -> None:
    for chart in (TREND, EVERY[-1]):
        assert 'href="/there/?a=1&amp;b=2"' in render(chart)


def test_a_bar_that_is_not_known_is_no_bar() -> None:
    bars = re.findall(r'<rect x="[^"]*" y="[^"]*" width="([^"]*)"', render(EVERY[1]))
    assert len(bars) == 4
    assert float(bars[-1]) == 0


def test_bars_begin_at_zero_and_are_as_long_as_their_figures() -> None:
    chart = Bars(name="b", title="b", marks=[Mark("a", 1), Mark("b", 3)])
    one, three = map(float, re.findall(r'<rect x="[^"]*" y="[^"]*" width="([^"]*)"', render(chart)))
    assert three == pytest.approx(3 * one, abs=0.2)


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    assert rows_of(render(EVERY[2]))[-1] == ["合计", "—", "3", "—"]


def test_shares_are_cut_and_the_unknown_has_none() -> None:
    rows = rows_of(render(EVERY[3]))
    assert rows[1:4] == [["独居", "1", "33.3%"], ["其他", "2", "66.6%"], ["未知", "未知", "—"]]


def test_a_text_is_escaped_wherever_it_stands() -> None:
    bad = '<script>"&'
    for chart in (Tiles(name="t", title=bad, marks=[Mark(bad, 1, bad, note=bad)]), Bars(name="b", title=bad, marks=[])):
        assert "<script" not in render(chart)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0, "0"), (12345, "12,345"), (Fraction(1, 3), "0.33"), (Fraction(-5, 2), "-2.5"), (99.999, "99.99")],
)
def test_numbers_are_cut_and_never_rounded_up(value: Fraction | None, text: str) -> None:
    assert written(value) == text


def test_nearly_all_is_not_all() -> None:
    assert (cut_percent(9999, 10000), cut_percent(1, 1), cut_percent(0, 0)) == ("99.9%", "100.0%", "—")
