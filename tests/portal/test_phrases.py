import datetime as dt

import pytest

from songhe.policy.package import Package
from songhe.policy.phrases import value_in_words
from songhe.portal.phrases import words_of
from songhe.portal.shelf import open_shelf
from songhe.rules import tree

DAY = dt.date(2024, 5, 1)


@pytest.mark.parametrize(
    ("test", "zh", "en"),
    [
        ("age >= 60", "满60周岁", "aged 60 or over"),
        ("age < 70", "未满70周岁", "under 70"),
        ("age >= allowance_age", "满80周岁", "aged 80 or over"),
        ("dibao", "低保家庭成员", "Member of a dibao family"),
        ("NOT dibao", "并非“低保家庭成员”", "not “Member of a dibao family”"),
        ("hukou_type = 'urban'", "城镇/农村户籍：城镇", "Urban or rural household registration: urban"),
        ("within(hukou, '421300')", "户籍所在地在随州市", "Place of household registration in Suizhou"),
        ("within(hukou, '999999')", "户籍所在地在行政区划999999", None),
        ("disability_grade IN ('1', '2')", "残疾等级：一级、二级", None),
        ("disability_grade <> '1'", "残疾等级不等于一级", None),
        ("hukou_since <= day", "户籍迁入日期不晚于这一天", None),
        ("disability_certificate IS NULL", "没有填写：持残疾人证", None),
        ("disability_certificate IS NOT NULL", "已填写：持残疾人证", None),
        ("dibao AND age >= 60", "低保家庭成员，并且满60周岁", None),
        ("dibao OR age >= 60", "低保家庭成员，或者满60周岁", None),
        ("income_per_capita_month <= '1500元'", "家庭月人均收入不超过1,500元", None),
    ],
)
def test_a_test_is_put_in_plain_words(suizhou: Package, test: str, zh: str, en: str | None):
    words = words_of(test, suizhou, DAY)
    assert words.zh == zh
    assert en is None or words.en == en


def test_every_test_of_every_city_has_words():
    for package in open_shelf().packages:
        for rule in package.rules_for("person"):
            texts = [node.text for c in rule.conditions for node in tree.walk(c) if getattr(node, "text", None)]
            for text in texts:
                words = words_of(text, package, DAY)
                assert words.zh != text, f"{package.id} {rule.id}: {text}"


@pytest.mark.parametrize(
    ("fact", "value", "zh"),
    [
        ("birth_date", dt.date(1944, 5, 1), "1944年5月1日，80周岁"),
        ("hukou_since", dt.date(1944, 5, 1), "1944年5月1日"),
        ("dibao", True, "是"),
        ("dibao", None, "不知道"),
        ("living", "alone", "独居"),
        ("hukou", "421303", "本市（随州市）"),
        ("hukou", "110000", "外地"),
        ("income_per_capita_month", 123450, "1,234.50元"),
    ],
)
def test_a_value_is_told_as_people_tell_it(suizhou: Package, fact: str, value: object, zh: str):
    assert value_in_words(fact, value, suizhou, DAY).zh == zh
