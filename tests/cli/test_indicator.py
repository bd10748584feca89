"""`songhe indicator`: the terminal contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SUIZHOU = ("indicator", "--policy", "suizhou-2023", "--as-of", "2025-12-31")
QINGTONGXIA = ("indicator", "--policy", "qingtongxia-2023", "--as-of", "2025-12-31")
LOTTERY = {"division": "421300", "indicator": "SZ-S-2c", "numerator": 10_999, "denominator": 20_000}


def answered(result: Any) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_line_has_the_fields_of_the_contract_first(songhe: Any) -> None:
    (row,) = answered(songhe(*SUIZHOU, rows=[LOTTERY]))
    assert list(row)[:7] == ["division", "indicator", "answer", "value", "percent", "target", "why"]
    assert (row["division"], row["indicator"], row["answer"]) == ("421300", "SZ-S-2c", "not_met")
    assert (row["value"], row["percent"], row["target"]) == ("10999/20000", 54.995, "≥55%")
    assert row["why"].startswith("10,999/20,000，即54.995%，目标≥55%，未达到；")
    assert {"open", "soft", "nature", "due", "clauses", "failing", "dips"} <= set(row)


def test_a_percent_is_exact_enough_for_machines(songhe: Any) -> None:
    (row,) = answered(songhe(*SUIZHOU, rows=[LOTTERY | {"numerator": 13_001, "denominator": 30_000}]))
    assert (row["value"], row["percent"]) == ("13001/30000", 43.336667)


def test_every_line_is_answered_in_order(songhe: Any) -> None:
    rows = [{"division": "421303", "indicator": id, "numerator": 3} for id in ("SZ-M-04b", "SZ-G-10", "SZ-M-02c")]
    result = answered(songhe(*SUIZHOU, rows=rows))
    assert [row["indicator"] for row in result] == ["SZ-M-04b", "SZ-G-10", "SZ-M-02c"]


def test_a_number_without_a_denominator_has_no_percent(songhe: Any) -> None:
    (row,) = answered(songhe(*SUIZHOU, rows=[{"division": "4213", "indicator": "SZ-M-02c", "numerator": 3000}]))
    assert (row["answer"], row["value"], row["percent"], row["target"]) == ("met", "3000", None, "≥3000户")


@pytest.mark.parametrize("number", [10_999, "10999", "10999.0", 10999.0])
def test_a_number_may_be_a_text_or_have_a_point(songhe: Any, number: Any) -> None:
    (row,) = answered(songhe(*SUIZHOU, rows=[LOTTERY | {"numerator": number}]))
    assert row["value"] == "10999/20000"


def test_a_decimal_stays_exact(songhe: Any) -> None:
    line = '{"division":"421300","indicator":"SZ-S-2c","numerator":0.549999999999999999,"denominator":1}'
    (row,) = answered(songhe(*SUIZHOU, text=line))
    assert (row["answer"], row["value"]) == ("not_met", "0.549999999999999999/1")
    assert row["percent"] < 55


def test_what_is_open_is_undetermined_whatever_the_figure(songhe: Any) -> None:
    rows = [
        {"division": "640381", "indicator": id, "numerator": 84, "denominator": 100} for id in ("QTX-I-20", "QTX-I-08")
    ]
    social, covered = answered(songhe(*QINGTONGXIA, rows=rows))
    assert (social["answer"], social["open"]) == ("undetermined", ["unit", "direction"])
    assert (covered["answer"], covered["open"]) == ("undetermined", ["denominator"])
    assert covered["value"] == "84/100" and "文件没有写明分母" in covered["why"]


def test_a_definition_closes_it_from_its_day_on(songhe: Any) -> None:
    row = {"division": "640381", "indicator": "QTX-I-08", "numerator": 23, "denominator": 25}
    definition = {"from": "2024-01-01", "document": "民政局口径", "denominator": "城镇社区"}
    defined, later = (
        answered(songhe(*QINGTONGXIA, "--explain", rows=[row | {"inputs": {"definition": definition | change}}]))[0]
        for change in ({}, {"from": "2026-01-01"})
    )
    assert (defined["answer"], defined["denominator"]) == ("met", "城镇社区")
    assert defined["definition"] == {"from": "2024-01-01", "document": "民政局口径"}
    assert later["answer"] == "undetermined"


def test_lines_of_places_below_are_parts_of_the_line_above(songhe: Any) -> None:
    counts = {"4213": 5, "421303": 1, "421321": 0, "421381": 4, "421303001": 0}
    rows = [{"division": code, "indicator": "SZ-M-04b", "numerator": count} for code, count in counts.items()]
    city, *counties = answered(songhe(*SUIZHOU, rows=rows))
    assert (city["answer"], city["failing"]) == ("not_met", ["421321"])
    assert [row["answer"] for row in counties] == ["met", "not_met", "met", "not_met"]


def test_county_failures_show_when_the_city_passes(songhe: Any) -> None:
    figures = {"640381": (60, 100), "640381100": (20, 50), "640381101": (40, 50)}
    rows = [
        {"division": code, "indicator": "QTX-I-09", "numerator": top, "denominator": base}
        for code, (top, base) in figures.items()
    ]
    city, *_ = answered(songhe(*QINGTONGXIA, rows=rows))
    assert (city["answer"], city["failing"]) == ("met", ["640381100"])


def test_body_and_table_are_two_targets_and_both_are_shown(songhe: Any) -> None:
    row = {"division": "640381", "indicator": "QTX-I-24", "numerator": 60, "denominator": 100}
    (table,) = answered(songhe(*QINGTONGXIA, rows=[row]))
    assert (table["answer"], table["conflicts"]) == ("met", ["QTX-C-01"])
    assert table["beside"] == [{"indicator": "QTX-S-1.2d", "target": "≥85%", "answer": "not_met"}]


def test_other_targets_of_other_figures_are_answered_only_with_figures_of_their_own(songhe: Any) -> None:
    alone = {"division": "640381", "indicator": "QTX-M-7.2a", "numerator": 7}
    other = {"division": "640381", "indicator": "QTX-M-7.2h", "numerator": 7, "denominator": 25}
    (first,) = answered(songhe(*QINGTONGXIA, rows=[alone]))
    (second, _) = answered(songhe(*QINGTONGXIA, rows=[alone, other]))
    assert first["beside"] == [{"indicator": "QTX-M-7.2h", "target": "=100%", "answer": None}]
    assert second["beside"][0]["answer"] == "not_met"


def test_a_dip_of_what_was_to_be_kept_is_told_with_its_day(songhe: Any) -> None:
    history = [{"on": "2025-06-30", "numerator": 74, "denominator": 100}]
    row = {
        "division": "370500",
        "indicator": "DY-G-02",
        "numerator": 76,
        "denominator": 100,
        "inputs": {"history": history},
    }
    (kept,) = answered(songhe("indicator", "--policy", "dongying-2024", "--as-of", "2026-12-31", rows=[row]))
    assert (kept["answer"], kept["dips"]) == ("not_met", [{"on": "2025-06-30", "value": "74/100"}])


def test_unknown_members_are_judged_at_both_ends(songhe: Any) -> None:
    (row,) = answered(songhe(*SUIZHOU, rows=[LOTTERY | {"inputs": {"possible": 11_000}}]))
    assert row["answer"] == "undetermined"


def test_no_figure_and_zero_of_zero_are_undetermined(songhe: Any) -> None:
    rows = [LOTTERY | {"numerator": None}, LOTTERY | {"division": "421303", "numerator": 0, "denominator": 0}]
    none, zero = answered(songhe(*SUIZHOU, rows=rows))
    assert (none["answer"], none["value"]) == ("undetermined", None)
    assert zero["answer"] == "undetermined" and "分母为零" in zero["why"]


@pytest.mark.parametrize(
    ("change", "field", "what"),
    [
        ({"indicator": "SZ-S-2d"}, "indicator", "did you mean SZ-S-2c"),
        ({"indicator": None}, "indicator", "missing"),
        ({"division": "42130"}, "division", "4, 6, 9 or 12 digits"),
        ({"division": 421300}, "division", "as a text"),
        ({"division": "370500"}, "division", "does not lie in 421300"),
        ({"numerator": -1}, "numerator", "below zero"),
        ({"numerator": True}, "numerator", "not a number"),
        ({"numerator": "many"}, "numerator", "not a number"),
        ({"numerator": 20_001}, "numerator", "above the denominator"),
        ({"denominator": 10**16}, "denominator", "out of range"),
        ({"denominater": 1}, "denominater", "did you mean denominator"),
        ({"inputs": {"beds": 1}}, "inputs.beds", "unknown field"),
        ({"inputs": {"possible": 1}}, "possible", "below what is sure"),
        ({"inputs": {"places": 0}}, "inputs.places", "number of places"),
        ({"inputs": {"history": [{"on": "2025-13-01"}]}}, "inputs.history[0].on", "not a day"),
        ({"inputs": {"definition": {"from": "2024-01-01"}}}, "inputs.definition.document", "missing"),
        ({"indicator": "SZ-M-02c"}, "denominator", "counts 户 and has no denominator"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(
    songhe: Any, tmp_path: Path, change: dict[str, Any], field: str, what: str
) -> None:
    output = tmp_path / "out.jsonl"
    result = songhe(*SUIZHOU, "--output", output, rows=[LOTTERY | {"division": "421303"}, LOTTERY | change])
    assert result.exit_code == 2
    assert f"line 2, {field}: " in result.stderr and what in result.stderr
    assert not output.exists()


def test_bad_lines_can_be_left_out(songhe: Any) -> None:
    result = songhe(*SUIZHOU, "--skip-bad", rows=[LOTTERY | {"numerator": -1}, LOTTERY])
    assert [row["answer"] for row in answered(result)] == ["not_met"]
    assert "line 1, numerator" in result.stderr and "1 lines left out" in result.stderr


def test_the_same_figure_twice_is_refused_however_its_place_is_written(songhe: Any) -> None:
    result = songhe(*SUIZHOU, rows=[LOTTERY, LOTTERY | {"division": "4213"}])
    assert result.exit_code == 2
    assert "SZ-S-2c of 4213 stands on an earlier line" in result.stderr


def test_a_day_before_the_document_is_warned_of(songhe: Any) -> None:
    result = songhe("indicator", "--policy", "suizhou-2023", "--as-of", "2022-12-31", rows=[LOTTERY])
    assert "before the document was signed" in result.stderr
    assert "早于计划期" in answered(result)[0]["why"]
