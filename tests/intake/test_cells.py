"""One cell: what departments write, and what it means."""

import datetime as dt

import pytest

from songhe.intake.cells import reader_of
from songhe.intake.problems import CellError
from songhe.registry.sources.mapping import mapping_for, plain_title
from tests.intake.builders import number


def read(source: str, title: str, text: str):
    return reader_of(mapping_for(source).columns[plain_title(title)])(text)


@pytest.mark.parametrize(
    ("source", "title", "text", "value"),
    [
        ("police", "性别", "女", "F"),
        ("police", "性别", "2", "F"),
        ("police", "户口性质", "非农业", "urban"),
        ("police", "户口状态", "死亡注销", False),
        ("police", "在世", "true", True),
        ("disabled_federation", "残疾等级", "一级", "1"),
        ("disabled_federation", "残疾等级", "Ⅳ级", "4"),
        ("disabled_federation", "残疾等级", "２", "2"),
        ("civil_affairs", "低保", "是", True),
        ("civil_affairs", "低保", "停保", False),
        ("civil_affairs", "特困供养方式", "分散", "scattered"),
        ("civil_affairs", "家庭月人均收入（元）", "586.50", 58650),
        ("civil_affairs", "家庭月人均收入（元）", "¥1,234元", 123400),
        ("civil_affairs", "家庭月人均收入（分）", "58650", 58650),
        ("civil_affairs", "income_per_capita_month", "58650", 58650),
        ("community", "居住状况", "空巢老人", "empty_nest_couple"),
        ("community", "residence", "990101001001", "990101001001"),
        ("police", "出生日期", "1944年2月29日", dt.date(1944, 2, 29)),
        ("police", "身份证号", f" {number(1).lower()} ", number(1)),
        ("police", "身份证号", number(1)[:6] + number(1)[8:17], number(1)),
    ],
)
def test_it_is_understood(source: str, title: str, text: str, value: object):
    assert read(source, title, text) == value


@pytest.mark.parametrize(
    ("source", "title", "text", "why"),
    [
        ("police", "性别", "公", "请填：男、女"),
        ("civil_affairs", "低保", "也许", "请填：是、否"),
        ("police", "出生日期", "1944-13-02", "月和日疑似写反"),
        ("police", "出生日期", "1943-02-29", "没有这一天"),
        ("police", "出生日期", "02/29/1944", "不是日期"),
        ("police", "身份证号", "6.40381194402290E+17", "设为“文本”格式"),
        ("police", "身份证号", "6.40381E+17", "设为“文本”格式"),
        ("police", "身份证号", "640381194402290011", "校验码"),
        ("police", "身份证号", "640381440231001", "校验码"),
        ("social_security", "银行账号", "6.2284800001235E+18", "设为“文本”格式"),
        ("civil_affairs", "家庭月人均收入（元）", "586.505", "最多两位小数"),
        ("civil_affairs", "家庭月人均收入（元）", "-1", "最多两位小数"),
        ("civil_affairs", "家庭月人均收入（元）", "NaN", "最多两位小数"),
        ("civil_affairs", "家庭月人均收入（分）", "58.5", "整数"),
        ("community", "常住地", "青铜峡市", "行政区划代码"),
    ],
)
def test_it_is_not_guessed_and_its_value_not_repeated(source: str, title: str, text: str, why: str):
    with pytest.raises(CellError, match=why) as wrong:
        read(source, title, text)
    assert text not in str(wrong.value)
