"""`songhe compare`: packages side by side on the screen and in files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from openpyxl import load_workbook

from tests.cli.conftest import Run


def test_the_five_documents_stand_side_by_side(songhe: Run) -> None:
    answer = songhe("compare", "--kind", "standards", "--capability", "facility-quota-check", "--as-of", "2024-06-01")
    assert answer.exit_code == 0
    assert "新建小区养老服务用房" in answer.output
    for city in ("东营市", "青铜峡市", "随州市", "咸阳市", "新乡市"):
        assert city in answer.output


def test_json_holds_both_languages_and_the_clauses(songhe: Run) -> None:
    answer = songhe("compare", "suizhou-2023", "xinxiang-2022", "--kind", "items", "--format", "json")
    table = json.loads(answer.output)
    assert [one["package"] for one in table["packages"]] == ["suizhou-2023", "xinxiang-2022"]
    visits = next(line for line in table["lines"] if line["row"] == "visits")
    assert visits["name"] == {"zh": "探访、巡访", "en": "Visits at home"}
    assert [one["id"] for one in visits["cells"][0]["entries"][0]["clauses"]] == ["SZ-L-24"]


def test_csv_and_xlsx_hold_the_same_rows(songhe: Run, tmp_path: Path) -> None:
    asked = ("compare", "--kind", "amounts", "--as-of", "2024-06-01", "--language", "en")
    for form in ("csv", "xlsx"):
        answer = songhe(*asked, "--format", form, "--output", tmp_path / f"cities.{form}")
        assert answer.exit_code == 0, answer.output
    with (tmp_path / "cities.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [[cell or None for cell in row] for row in csv.reader(stream)]
    sheet = load_workbook(tmp_path / "cities.xlsx").active
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == rows
    assert rows[0][:2] == ["Kind", "Capability"]


def test_what_cannot_be_is_told(songhe: Run, tmp_path: Path) -> None:
    assert "no policy package 'suizou'" in songhe("compare", "suizou").output
    assert "no such capability" in songhe("compare", "--capability", "nothing").output
    assert "not a day of the calendar" in songhe("compare", "--as-of", "2024-02-30").output
    assert "--output" in songhe("compare", "--format", "xlsx").output
    assert "does not exist" in songhe("compare", "--format", "csv", "--output", tmp_path / "no" / "a.csv").output


def test_a_synthetic_city_is_decided_by_another_citys_rules(songhe: Run, tmp_path: Path) -> None:
    asked = ("compare", "qingtongxia-2023", "suizhou-2023", "--synth", "qingtongxia", "--people", "200")
    answer = songhe(*asked, "--months", "2024-01", "--format", "json", "--output", tmp_path / "crossed.json")
    assert answer.exit_code == 0, answer.output
    crossed = json.loads((tmp_path / "crossed.json").read_text(encoding="utf-8"))
    home, other = crossed["sides"]
    assert (crossed["people"], home["package"], other["package"]) == (200, "qingtongxia-2023", "suizhou-2023")
    assert "都当作在随州市" in other["assumed"]["zh"]
    table = songhe(*asked, "--months", "2024-01")
    assert "多享受的" in table.stdout
    assert "待定的答案缺什么" in table.stdout


def test_what_a_crossing_needs_is_told(songhe: Run, tmp_path: Path) -> None:
    people = ("--synth", "qingtongxia", "--people", "10")
    assert "Name the package of the people's home first" in songhe("compare", *people).output
    two = ("compare", "qingtongxia-2023", "suizhou-2023")
    assert "--months" in songhe(*two, *people).output
    assert "no such file" in songhe(*two, "--population", tmp_path / "no.parquet", "--months", "2024-01").output
