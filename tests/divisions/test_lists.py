"""The lists of the five cities, and the command that loads them."""

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from songhe.divisions import lists
from songhe.divisions.codes import CITY, COUNTY, TOWN, VILLAGE, level_of
from songhe.divisions.domain import DivisionError
from songhe.divisions.models import Version
from songhe.divisions.queries import tree_on

HEAD = "code,name,level,parent,is_committee"


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_divisions", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("city", "counties", "towns", "villages"),
    [
        ("suizhou", 5, 51, 1009),
        ("xinxiang", 15, 170, 3825),
        ("xianyang", 14, 142, 2374),
        ("dongying", 7, 52, 1921),
        ("qingtongxia", 1, 10, 114),
    ],
)
def test_a_list_holds_the_city_down_to_its_villages(city: str, counties: int, towns: int, villages: int):
    levels = Counter(level_of(row.code) for row in lists.read_city(city))
    assert levels == {CITY: 1, COUNTY: counties, TOWN: towns, VILLAGE: villages}


def test_the_committees_that_the_documents_name_stand_beside_counties():
    committees = {row.code: row.name for city in lists.CITIES for row in lists.read_city(city) if row.is_committee}
    assert committees == {
        "421391": "随州高新区",
        "421392": "大洪山风景名胜区",
        "410771": "新乡高新技术产业开发区",
        "410772": "新乡经济技术开发区",
        "410773": "新乡市平原城乡一体化示范区",
        "370571": "东营经济技术开发区",
        "370572": "东营港经济开发区",
    }


def test_qingtongxia_lies_under_wuzhong(db):
    load("--city", "qingtongxia")
    tree = tree_on()
    assert tree.full_name(tree.find("640381").id) == "吴忠市青铜峡市"
    assert len(tree) == 126


def test_the_command_loads_and_the_second_time_changes_nothing(db):
    assert load("--city", "qingtongxia", "--city", "suizhou") == (
        "qingtongxia: 新设 126，未变 0 · 126 new\nsuizhou: 新设 1066，未变 0 · 1066 new\n"
    )
    assert "0 new" in load("--city", "qingtongxia")
    assert Version.objects.count() == 126 + 1066


def test_all_five_stand_side_by_side(db):
    load()
    assert [node.name for node in tree_on(lists.SINCE).children(None)] == [
        "东营市",
        "新乡市",
        "随州市",
        "咸阳市",
        "吴忠市",
    ]


def test_a_file_of_another_city_is_loaded_from_its_day(db, tmp_path: Path):
    path = tmp_path / "city.csv"
    path.write_text(f"\ufeff{HEAD}\r\n990100,松鹤市,2,,0\r\n990101,东县,3,9901,0\r\n", "utf-8")
    assert load("--file", str(path), "--on", "2024-07-01") == "city.csv: 新设 2，未变 0 · 2 new\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("990101,东县,4,990100,0", "Line 3"),
        ("990101,东县,3,990100,yes", "Line 3"),
        ("990101,东县,3,990100", "Line 3"),
        ("990101,东县,3,990100,0,", "Line 3"),
        ("99-101,东县,3,990100,0", "is no division code"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, says: str):
    with pytest.raises(DivisionError, match=says):
        lists.read_list(f"{HEAD}\n990100,松鹤市,2,,0\n{line}\n")


def test_a_list_without_its_first_line_is_refused():
    with pytest.raises(DivisionError, match="first line must be code,name"):
        lists.read_list("990100,松鹤市,2,,0\n")


def test_the_command_says_what_is_wrong_with_a_file(db, tmp_path: Path):
    path = tmp_path / "city.csv"
    with pytest.raises(CommandError, match=re.escape(path.name)):
        load("--file", str(path))
    path.write_bytes(f"{HEAD}\n990100,松鹤市,2,,0\n".encode("gb18030"))
    with pytest.raises(CommandError):
        load("--file", str(path))
