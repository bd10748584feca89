"""`songhe policy`: check, show, diff, coverage, conflicts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

CITIES = {
    "suizhou-2023": 216,
    "qingtongxia-2023": 345,
    "xinxiang-2022": 149,
    "xianyang-2019": 145,
    "dongying-2024": 161,
}


def test_all_packages_pass(songhe: Any) -> None:
    result = songhe("policy", "check")
    assert result.exit_code == 0, result.output
    assert "✗" not in result.stdout
    assert "✓ comparison: " in result.stdout


def test_a_broken_package_is_refused_with_file_line_and_remedy(songhe: Any, tmp_path: Path) -> None:
    package = tmp_path / "brokentown-2024"
    package.mkdir()
    (package / "document.yaml").write_text("id: brokentown-2024\ntitle: {zh: 坏, en: Broken}\n", encoding="utf-8")
    (package / "clauses.yaml").write_text(
        "- id: BR-1\n  place: 一\n  kind: cash_benefit\n  text: {zh: 津贴, en: Allowance}\n"
        "  capability: benefit-payment\n",
        encoding="utf-8",
    )
    (package / "entitlements.yaml").write_text(
        "- id: BR-1\n  name: {zh: 津贴, en: Allowance}\n  what: {zh: 津贴, en: Allowance}\n"
        "  clauses: [BR-1]\n  amount: {kind: unset}\n  who:\n    all:\n      - dibbao\n",
        encoding="utf-8",
    )
    result = songhe("policy", "check", package)
    assert result.exit_code == 1
    assert "brokentown-2024/entitlements.yaml:8: BR-1: in 'dibbao': unknown fact dibbao" in result.stdout
    assert "did you mean dibao" in result.stdout


@pytest.mark.parametrize(("package", "clauses"), CITIES.items())
def test_coverage_accounts_for_every_clause(songhe: Any, package: str, clauses: int) -> None:
    result = songhe("policy", "coverage", package)
    assert result.exit_code == 0
    total = next(line for line in result.stdout.splitlines() if "合计" in line)
    numbers = [int(number) for number in re.findall(r"\d+", total)]
    assert numbers[-1] == clauses
    assert sum(numbers[:-1]) == clauses


def test_coverage_lists_each_clause_with_its_carrier(songhe: Any) -> None:
    result = songhe("policy", "coverage", "suizhou-2023", "--clauses")
    line = next(line for line in result.stdout.splitlines() if "SZ-L-03 " in line)
    assert "项目 SZ-L-03" in line


def test_conflicts_show_every_reading(songhe: Any) -> None:
    result = songhe("policy", "conflicts", "suizhou-2023")
    assert result.exit_code == 0
    assert "3000" in result.stdout and "2761" in result.stdout


def test_show_lists_the_items_with_their_conditions(songhe: Any) -> None:
    result = songhe("policy", "show", "suizhou-2023")
    assert result.exit_code == 0
    assert "随政办发〔2023〕16号" in result.stdout
    assert "SZ-L-28" in result.stdout


def test_show_gives_one_item_with_its_clauses_and_notes(songhe: Any) -> None:
    result = songhe("policy", "show", "suizhou-2023", "SZ-L-17")
    assert result.exit_code == 0
    assert "附件1 第17项" in result.stdout
    assert "城镇低收入家庭" in result.stdout
    assert "自申请当月" in result.stdout and "平台约定" in result.stdout


def test_show_gives_an_indicator_with_what_is_open_and_what_is_counted(songhe: Any) -> None:
    result = songhe("policy", "show", "qingtongxia-2023", "QTX-I-10")
    assert result.exit_code == 0
    for part in ("=100%", "没有写明 left open: 分子", "恰好一级", "count(institution)", "恰好一级还是"):
        assert part in result.stdout
    assert "QTX-S-1.2d" in songhe("policy", "show", "qingtongxia-2023", "QTX-I-24").stdout


def test_show_of_an_unknown_item_says_so(songhe: Any) -> None:
    result = songhe("policy", "show", "suizhou-2023", "SZ-L-99")
    assert result.exit_code == 2
    assert "SZ-L-99" in result.stderr


def test_diff_shows_what_a_reform_changes(songhe: Any) -> None:
    result = songhe("policy", "diff", "suizhou-2023", "suizhou-reform-75")
    assert result.exit_code == 0
    assert "allowance_age" in result.stdout
    assert "SZ-L-17" not in result.stdout


def test_an_unknown_package_ends_with_2_and_names_the_known_ones(songhe: Any) -> None:
    result = songhe("policy", "show", "atlantis")
    assert result.exit_code == 2
    assert "suizhou-2023" in result.stderr
