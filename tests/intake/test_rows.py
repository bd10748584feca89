"""One row: what it states, and everything that is wrong with it."""

import datetime as dt

import pytest

from songhe.intake.problems import FileRefused
from songhe.intake.rows import RowReader
from songhe.registry.sources.mapping import mapping_for
from tests.intake.builders import VILLAGE, number

TODAY = dt.date(2024, 7, 1)


@pytest.fixture
def read(city):
    """`read("police", 姓名="曾")`: the row of these cells."""

    def make(source: str, **cells: str):
        return RowReader(mapping_for(source), tuple(cells), today=TODAY).read(2, list(cells.values()))

    return make


def said(row):
    return {
        one.fact: (one.value, one.valid_from, one.valid_to) for one in row.said.values() if one.fact != "resident_id"
    }


def wrong(row):
    return [(problem.column, problem.zh) for problem in row.problems]


WHO = {"身份证号": number(1), "姓名": "曾"}


def test_days_of_their_own_columns(read):
    row = read("civil_affairs", **WHO, 低保="是", 低保起始日期="2024-01-01", 低保终止日期="2024-12-31", 特困="无")
    assert said(row) == {
        "name": ("曾", None, None),
        "dibao": ("true", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        "tekun": ("none", None, None),
    }


def test_a_day_for_the_whole_row_spares_what_holds_for_life(read):
    row = read("civil_affairs", **WHO, 性别="男", 低保="是", 低保起始日期="", 特困="无", 生效日期="2024/3/1")
    march = dt.date(2024, 3, 1)
    assert said(row) == {
        "name": ("曾", None, None),
        "sex": ("M", None, None),
        "dibao": ("true", march, None),
        "tekun": ("none", march, None),
    }


def test_empty_and_not_known_say_nothing_and_a_withdrawal_does(read):
    row = read("civil_affairs", **WHO, 低保=" ", 特困="不详", 低收入家庭="/", 家庭月人均收入="撤回")
    assert said(row) == {"name": ("曾", None, None), "income_per_capita_month": (None, None, None)}


def test_a_death_with_its_day(read):
    row = read("police", **WHO, 户口状态="死亡", 死亡日期="2024-06-01")
    assert said(row)["alive"] == ("false", dt.date(2024, 6, 1), None)
    assert said(row)["death_date"] == ("2024-06-01", None, None)


def test_only_police_takes_birth_and_sex_from_the_number(read):
    assert {"birth_date", "sex"} <= set(read("police", **WHO).said)
    assert not {"birth_date", "sex"} & set(read("health", **WHO).said)
    assert said(read("police", **WHO, 性别="女"))["sex"][0] == "F"


def test_everything_that_is_wrong_is_told_at_once(read):
    row = read("police", 身份证号="1", 姓名="曾", 性别="?", 出生日期="1944-02-30")
    assert [column for column, _ in wrong(row)] == ["身份证号", "性别", "出生日期"]


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"姓名": ""}, "姓名", "必填"),
        ({"在世": "是", "死亡日期": "2024-06-01"}, "", "既填在世，又填死亡日期"),
        ({"死亡日期": "2999-01-01"}, "死亡日期", "在将来"),
        ({"户籍地代码": "990101001999"}, "户籍地代码", "没有这个区划代码"),
        ({"户籍地代码": "99010100"}, "户籍地代码", "6、9或12位"),
        ({"联系电话": "无"}, "联系电话", "联系电话有误"),
        ({"姓名": "撤回"}, "姓名", "不能在文件里撤回"),
    ],
)
def test_what_is_wrong_names_the_column(read, cells, column, why):
    ((where, told),) = wrong(read("police", **(WHO | cells)))
    assert where == column
    assert why in told


def test_an_end_before_its_beginning(read):
    row = read("civil_affairs", **WHO, 低保="是", 低保起始日期="2024-12-31", 低保终止日期="2024-01-01")
    assert wrong(row) == [("低保", "止早于起。")]


def test_a_place_of_another_province_is_not_ours_to_doubt(read):
    row = read("police", **WHO, 户籍地代码="110101001001", 常住地代码=VILLAGE)
    assert (row.problems, row.said["hukou"].division) == ([], None)


def test_cells_too_many_may_be_empty(city):
    reader = RowReader(mapping_for("police"), ("身份证号", "姓名"), today=TODAY)
    assert reader.read(2, [number(1), "曾", "", " "]).problems == []
    assert wrong(reader.read(2, [number(1), "曾", "x"])) == [("", "有 3 个单元格，标题行有 2 个")]


@pytest.mark.parametrize(
    ("source", "titles", "why"),
    [
        ("police", ("姓名",), "缺少必需的列“公民身份号码”，可用标题：公民身份号码、"),
        ("community", ("姓名", "性别"), "缺少公民身份号码列"),
        ("police", ("身份证号", "姓名", "性别", "sex"), "同一件事：性别、sex"),
        ("police", ("身份证号", "姓名", "姓 名"), "出现了两次"),
    ],
)
def test_a_header_that_cannot_be_used(city, source, titles, why):
    with pytest.raises(FileRefused, match=why):
        RowReader(mapping_for(source), titles, today=TODAY)


def test_columns_that_mean_nothing(city):
    reader = RowReader(mapping_for("police"), ("身份证号", "姓名", "星座", "备注", ""), today=TODAY)
    assert reader.unknown == ("星座", "第5列（无标题）")
