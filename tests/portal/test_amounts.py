import datetime as dt

import pytest

from songhe.policy.package import Package
from songhe.policy.phrases import figure_in_words, sum_in_words, unit_in_english
from songhe.portal.amounts import amount_of
from songhe.portal.shelf import decider, open_shelf

DAY = dt.date(2024, 5, 1)


def amount(package: Package, id: str, **facts: object):
    decision = next(d for d in decider(package.id, DAY).decide(facts) if d.rule.id == id)
    return amount_of(decision, package, DAY, facts)


@pytest.mark.parametrize(
    ("id", "zh", "en", "is_money"),
    [
        ("SZ-L-04", "不发钱，是服务", "none, it is a service", False),
        ("SZ-L-03", "文件没有写金额", "The document gives no amount", True),
        ("SZ-L-17", "不低于 100元/月/人", "at least 100 yuan a month per person", True),
        ("SZ-L-16", "文件只写了最低比例，没有写基数，算不出金额", None, True),
    ],
)
def test_an_amount_is_told_as_far_as_it_is_written(suizhou: Package, id: str, zh: str, en: str | None, is_money: bool):
    told = amount(suizhou, id, alive=True)
    assert (told.text.zh, told.is_money) == (zh, is_money)
    assert en is None or told.text.en == en


def test_what_a_share_is_worked_out_from_is_told(suizhou: Package):
    figures = amount(suizhou, "SZ-L-16", alive=True).figures
    assert [(figure.name.zh, figure.shown.zh) for figure in figures] == [
        ("当地低保标准", "文件没有写"),
        ("低保金增发比例", "不低于 20%"),
    ]


def test_an_exact_sum_has_its_unit():
    assert sum_in_words(10050, "元/月/人").model_dump() == {
        "zh": "100.50元/月/人",
        "en": "100.50 yuan a month per person",
    }
    assert sum_in_words(100, None).zh == "1元"
    assert unit_in_english("元/户") == "yuan per household"


@pytest.mark.parametrize(("basis_points", "text"), [(2000, "20%"), (13000, "130%"), (1250, "12.5%"), (0, "0%")])
def test_a_percentage_keeps_its_zeros(basis_points: int, text: str):
    assert figure_in_words("percent", basis_points).zh == text


def test_every_unit_of_every_package_is_put_in_english():
    for package in open_shelf().packages:
        for rule in package.rules_for("person"):
            assert unit_in_english(rule.amount.unit or "元").isascii(), rule.amount.unit


def test_unknown_tiers_are_all_told():
    tiered = [(p, r) for p in open_shelf().packages for r in p.rules_for("person") if r.amount.tiers]
    for package, rule in tiered:
        told = amount(package, rule.id, alive=True)
        assert told.text.zh == "分档发放，缺的信息清楚后才能确定"
        assert len(told.figures) == len(rule.amount.tiers)
