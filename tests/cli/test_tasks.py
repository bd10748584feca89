"""`songhe tasks`: the terminal contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from songhe.policy.load import load_package

XIANYANG = ("tasks", "--policy", "xianyang-2019", "--as-of", "2020-01-01")


def rows(result: Any) -> dict[str, dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}


def test_it_writes_every_row_in_the_order_of_the_package(songhe: Any) -> None:
    assert list(rows(songhe(*XIANYANG))) == list(load_package("xianyang-2019").tasks)


def test_a_row_has_exactly_the_fields_of_the_contract(songhe: Any) -> None:
    row = rows(songhe(*XIANYANG))["XY-T-01.1"]
    missed = {
        "text": "全市提标老年人摸底完成",
        "date": "2019-06-30",
        "precision": "month",
        "number": 1,
        "deadline": "2019年6月",
        "state": "overdue",
        "days": -185,
        "done_on": None,
        "late": None,
        "clause": "XY-T-01.1c",
    }
    following = missed | {
        "text": "增发资金列入政府预算，并已增发",
        "date": "2020-12-31",
        "precision": "year",
        "number": 2,
        "deadline": "2020年",
        "state": "open",
        "days": 365,
        "clause": "XY-T-01.1d",
    }
    assert row == {
        "id": "XY-T-01.1",
        "name": "按类别增发低保金，完善社会救助",
        "policy": "xianyang-2019",
        "as_of": "2020-01-01",
        "state": "continuing",
        "next_milestone": following,
        "leads": ["市民政局"],
        "cooperating": ["市财政局", "市残联", "各县市区人民政府"],
        "deadline": {"text": "持续实施", "date": None, "precision": "none", "continuing": True},
        "days": None,
        "done_on": None,
        "late": None,
        "milestones": [missed, following],
        "missed_milestones": [missed],
        "year": None,
        "row": "1.1",
        "clauses": row["clauses"],
        "breaks_off": None,
        "note": None,
    }
    assert row["clauses"][0] == "XY-T-01.1"


def test_a_sentence_that_breaks_off_and_joint_leads_are_shown(songhe: Any) -> None:
    row = rows(songhe(*XIANYANG))["XY-T-27.1"]
    assert "没有写完" in row["breaks_off"]
    assert row["leads"] == ["市民政局", "市卫生健康委员会"]


def test_what_is_done_counts_from_its_day_on(songhe: Any) -> None:
    done = [
        {"task": "SZ-T23-07", "on": "2023-12-05"},
        {"id": "SZ-T23-06", "date": "2024-01-02"},
        {"task": "SZ-T23-05"},
        {"task": "SZ-T23-08", "done": True},
    ]
    arguments = ("tasks", "--policy", "suizhou-2023", "--as-of", "2024-01-01", "--done", "-")
    found = rows(songhe(*arguments, rows=done))
    assert (found["SZ-T23-07"]["state"], found["SZ-T23-07"]["late"]) == ("done", 5)
    assert (found["SZ-T23-06"]["state"], found["SZ-T23-06"]["days"]) == ("overdue", -1)
    assert (found["SZ-T23-05"]["state"], found["SZ-T23-05"]["done_on"], found["SZ-T23-05"]["late"]) == (
        "done",
        None,
        None,
    )
    assert found["SZ-T23-08"]["state"] == "done"


def test_one_milestone_may_be_done_by_number_or_text(songhe: Any) -> None:
    done = [
        {"task": "XY-T-01.1", "milestone": 1, "on": "2019-06-01"},
        {"task": "XY-T-01.2", "milestone": "出台文件，健全老年人应急临时救助机制", "on": "2019-07-01"},
    ]
    found = rows(songhe(*XIANYANG, "--done", "-", rows=done))
    assert found["XY-T-01.1"]["missed_milestones"] == []
    assert found["XY-T-01.2"]["milestones"][0]["late"] == 1
    assert found["XY-T-01.2"]["state"] == "continuing"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"task": "XY-T-1.1"}', "line 2, task: xianyang-2019 has no task 'XY-T-1.1'; did you mean XY-T-"),
        ('{"on": "2019-01-01"}', "line 2, task: missing"),
        ('{"task": "XY-T-01.1", "id": "XY-T-01.1"}', "line 2, id: task says the same"),
        ('{"task": "XY-T-01.1", "on": "2019-13-01"}', "line 2, on: 2019-13-01 is not a day"),
        ('{"task": "XY-T-01.1", "on": 2019}', "line 2, on: 2019 is not a date"),
        ('{"task": "XY-T-01.1", "done": false}', "line 2, done: false; leave out"),
        ('{"task": "XY-T-01.1", "milestone": 3}', "line 2, milestone: 3 is none of XY-T-01.1; it has 1 to 2"),
        ('{"task": "XY-T-01.1", "milestone": true}', "line 2, milestone: True is none"),
        ('{"task": "XY-T-05.1", "milestone": 1}', "line 2, milestone: XY-T-05.1 has no milestones"),
        ('{"task": "XY-T-01.1", "mileston": 1}', "line 2, mileston: unknown field; did you mean milestone"),
        ('{"task": "XY-T-33.1", "note": "again"}', "line 2: XY-T-33.1 stands on an earlier line"),
        ("[]", "line 2: not a JSON object"),
        ("{", "line 2: not JSON"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(songhe: Any, tmp_path: Path, line: str, what: str) -> None:
    given = '{"task": "XY-T-33.1"}\n' + line + "\n"
    output = tmp_path / "out.jsonl"
    refused = songhe(*XIANYANG, "--done", "-", "--output", output, text=given)
    assert refused.exit_code == 2 and what in refused.stderr.replace("\n", " ")
    assert not output.exists()
    skipped = songhe(*XIANYANG, "--done", "-", "--skip-bad", "--output", output, text=given)
    assert skipped.exit_code == 0 and what in skipped.stderr.replace("\n", " ") and "1 lines left out" in skipped.stderr
    assert json.loads(output.read_text("utf-8").splitlines()[-1])["state"] == "done"


def test_a_day_before_the_document_is_warned_about(songhe: Any) -> None:
    result = songhe("tasks", "--policy", "suizhou-2023", "--as-of", "2023-05-31")
    assert result.exit_code == 0
    assert "before the document was signed" in result.stderr


def test_a_file_that_is_not_there_is_named(songhe: Any, tmp_path: Path) -> None:
    result = songhe(*XIANYANG, "--done", tmp_path / "none.jsonl")
    assert result.exit_code == 2 and "--done" in result.stderr


def test_the_table_counts_the_states(songhe: Any) -> None:
    result = songhe("tasks", "--policy", "suizhou-2023", "--as-of", "2023-12-01", "--table")
    assert result.exit_code == 0
    assert "逾期 overdue 1，未完成 open 53，持续实施 continuing 0，完成 done 0" in result.stdout
