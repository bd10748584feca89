"""`songhe decide`: the terminal contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

AUNT_LI = {"id": "li", "birth_date": "1944-05-01", "alive": True, "hukou": "421303", "hukou_type": "rural"}
SUIZHOU = ("decide", "--policy", "suizhou-2023", "--on", "2024-05-01")


def answers(result: Any) -> dict[str, dict[str, Any]]:
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    return {decision["id"]: decision for decision in json.loads(line)["decisions"]}


def test_it_decides_every_item_in_list_order(songhe: Any) -> None:
    result = songhe(*SUIZHOU, rows=[AUNT_LI])
    row = json.loads(result.stdout)
    assert list(row) == ["id", "policy", "on", "decisions"]
    assert (row["id"], row["policy"], row["on"]) == ("li", "suizhou-2023", "2024-05-01")
    assert [decision["id"] for decision in row["decisions"]] == [f"SZ-L-{n:02d}" for n in range(1, 29)]


def test_a_decision_has_exactly_the_fields_of_the_contract(songhe: Any) -> None:
    decision = answers(songhe(*SUIZHOU, rows=[AUNT_LI | {"dibao": True}]))["SZ-L-17"]
    assert decision == {
        "id": "SZ-L-17",
        "name": "养老服务补贴",
        "answer": "entitled",
        "variant": None,
        "amount": {"kind": "at_least", "fen": 10000, "unit": "元/月/人"},
        "missing": [],
        "open_terms": [],
        "conventions": ["age-on-birthday"],
        "clauses": decision["clauses"],
    }
    assert decision["clauses"][0] == "SZ-L-17"


def test_unknown_facts_are_named_and_pay_nobody(songhe: Any) -> None:
    decided = answers(songhe(*SUIZHOU, rows=[{"id": "nobody"}]))
    assert not [item for item in decided.values() if item["answer"] == "entitled"]
    assert set(decided["SZ-L-03"]["missing"]) == {"alive", "birth_date", "hukou"}


def test_the_levels_of_the_scenic_spot_item_are_variants(songhe: Any) -> None:
    spot = {"identity_document": True, "scenic_spot_price": "government_guided", "alive": True}
    ages = {"1964-05-02": None, "1964-05-01": "half", "1954-05-02": "half", "1954-05-01": "free"}
    for birth, variant in ages.items():
        decided = answers(songhe(*SUIZHOU, rows=[{"id": birth, "birth_date": birth} | spot]))["SZ-L-09"]
        assert decided["variant"] == variant
        assert decided["answer"] == ("entitled" if variant else "not_entitled")


def test_explain_adds_the_tree_and_the_next_change(songhe: Any) -> None:
    person = AUNT_LI | {"birth_date": "1944-05-02"}
    decided = answers(songhe(*SUIZHOU, "--explain", rows=[person]))["SZ-L-03"]
    assert decided["answer"] == "not_entitled"
    assert decided["next_change"] == "2024-05-02"
    assert decided["explanation"]["truth"] is False
    leaves = [leaf for leaf in leaves_of(decided["explanation"]) if "birth_date" in leaf.get("facts", {})]
    assert leaves[0]["facts"] == {"birth_date": "1944-05-02"}
    assert leaves[0]["truth"] is False
    assert leaves[0]["clause"] == "SZ-L-03a"
    assert leaves[0]["parameters"] == {"allowance_age": 80}


def test_every_leaf_is_explained_with_value_truth_label_and_clause(songhe: Any) -> None:
    decided = answers(songhe(*SUIZHOU, "--explain", rows=[AUNT_LI]))
    for decision in decided.values():
        for leaf in leaves_of(decision["explanation"]):
            assert {"truth", "facts", "label"} <= set(leaf)
    person, place = (leaves_of(part) for part in decided["SZ-L-20"]["explanation"]["parts"])
    assert all("clause" not in leaf for leaf in person)  # that the person lives is no clause of the document
    assert {leaf["clause"] for leaf in place if "clause" in leaf} == {"SZ-L-20"}


def leaves_of(node: dict[str, Any]) -> list[dict[str, Any]]:
    if node["kind"] == "leaf":
        return [node]
    return [leaf for part in node.get("parts", []) for leaf in leaves_of(part)]


def test_it_reads_and_writes_files(songhe: Any, tmp_path: Path) -> None:
    source, target = tmp_path / "people.jsonl", tmp_path / "decided.jsonl"
    source.write_text(json.dumps(AUNT_LI) + "\n\n" + json.dumps(AUNT_LI | {"id": "wang"}), encoding="utf-8")
    result = songhe(*SUIZHOU, "--facts", source, "--output", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert [json.loads(line)["id"] for line in target.read_text(encoding="utf-8").splitlines()] == ["li", "wang"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["decided.jsonl", "people.jsonl"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not a JSON object"),
        ('{"birth_date": "1944-05-01"}', "line 2, id: missing"),
        ('{"id": true}', "line 2, id: True is not a text"),
        ('{"id": "a", "birthday": "1944-05-01"}', "line 2, birthday: unknown fact; did you mean birth_date"),
        ('{"id": "a", "age": 80}', "line 2, age: unknown fact"),
        ('{"id": "a", "dibao": "yes"}', "line 2, dibao: 'yes' is not true or false"),
        ('{"id": "a", "birth_date": "1944-02-30"}', "line 2, birth_date: 1944-02-30 is not a day of the calendar"),
        ('{"id": "a", "birth_date": "1944-13-05"}', "are day and month swapped (1944-05-13)?"),
        ('{"id": "a", "disability_grade": 5}', "line 2, disability_grade: 5 is not one of none, 1, 2, 3, 4"),
        ('{"id": "a", "income_per_capita_month": 1.5}', "line 2, income_per_capita_month: 1.5 is not a whole number"),
        ('{"id": "a", "hukou": 421300}', "line 2, hukou: 421300 is not a division code"),
        ('{"id": "a", "dibao": true, "dibao": false}', "line 2, dibao: the field stands twice"),
        ('{"id": "a", "income_per_capita_month": NaN}', "line 2: not JSON"),
        ('{"id": "first"}', "line 2, id: the id 'first' stands on an earlier line"),
    ],
)
def test_a_bad_line_ends_with_2_names_line_and_field_and_writes_nothing(
    songhe: Any, tmp_path: Path, line: str, told: str
) -> None:
    target = tmp_path / "decided.jsonl"
    target.write_text("as before\n", encoding="utf-8")
    result = songhe(*SUIZHOU, "--output", target, text='{"id": "first"}\n' + line + "\n")
    assert result.exit_code == 2
    assert told in result.stderr
    assert target.read_text(encoding="utf-8") == "as before\n"
    assert list(tmp_path.iterdir()) == [target]


def test_a_bad_line_leaves_standard_output_empty(songhe: Any) -> None:
    result = songhe(*SUIZHOU, rows=[AUNT_LI, {"id": "a", "dibao": 1}])
    assert (result.exit_code, result.stdout) == (2, "")


def test_skip_bad_writes_the_good_lines_and_reports_the_bad_ones(songhe: Any) -> None:
    rows = [AUNT_LI, {"id": "a", "dibao": 1}, {"id": "a"}]
    result = songhe(*SUIZHOU, "--skip-bad", rows=rows)
    assert result.exit_code == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["li", "a"]
    assert "line 2, dibao: 1 is not true or false" in result.stderr
    assert "1 lines left out" in result.stderr


def test_bytes_that_are_not_utf8_are_refused(songhe: Any) -> None:
    result = songhe(*SUIZHOU, text='{"id": "李"}'.encode("gb18030"))
    assert result.exit_code == 2
    assert "line 1: not UTF-8 text" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--policy", "atlantis", "--on", "2024-05-01"), "no policy package 'atlantis'"),
        (("--policy", "suizhou-2023", "--on", "2024-13-05"), "swapped"),
        (("--policy", "suizhou-2023", "--on", "2024-05-01", "--subject", "ghost"), "unknown subject 'ghost'"),
        (("--policy", "suizhou-2023", "--on", "2024-05-01", "--facts", "/no/such/file"), "No such file"),
        (("--policy", "suizhou-2023", "--on", "2024-05-01", "--output", "/no/such/folder/x"), "does not exist"),
    ],
)
def test_a_wrong_option_ends_with_2_and_says_so(songhe: Any, arguments: tuple[str, ...], told: str) -> None:
    result = songhe("decide", *arguments, rows=[AUNT_LI])
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_day_before_the_document_is_decided_with_a_warning(songhe: Any) -> None:
    result = songhe("decide", "--policy", "suizhou-2023", "--on", "2023-05-31", rows=[AUNT_LI])
    assert result.exit_code == 0
    assert "before the document was signed" in result.stderr


def test_standards_of_estates_show_their_arithmetic(songhe: Any) -> None:
    estate = {"id": "e", "kind": "new", "households": 1240, "care_premises_m2": "371.9"}
    result = songhe("decide", "--policy", "xinxiang-2022", "--on", "2024-01-01", "--subject", "estate", rows=[estate])
    decisions = [d for d in json.loads(result.stdout)["decisions"] if d["required"] == 372]
    assert decisions[0]["answer"] == "not_met"
    assert (decisions[0]["actual"], decisions[0]["shortfall"]) == (371.9, 0.1)
    assert decisions[0]["arithmetic"] == "1240 × 30 ÷ 100 = 372"
