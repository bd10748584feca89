from fractions import Fraction

import pytest

from songhe.accounts.scope import OutOfScope
from songhe.payment.domain.funds import CARE, OTHER, available, open_fund, plan_budget, spend
from songhe.payment.errors import PaymentError
from songhe.payment.models import Fund
from songhe.payment.queries import funds_for, lottery_shares, over_budget, position
from songhe.policy.load import load_package
from tests.payment.conftest import ITEM, Office


def test_a_fund_is_opened_once(office: Office) -> None:
    with pytest.raises(PaymentError, match="already"):
        open_fund(
            by=office.maker,
            kind=Fund.Kind.FISCAL,
            level=Fund.Level.COUNTY,
            division=office.division,
            year=2024,
        )


def test_money_is_put_in_and_spent_but_never_more_than_is_there(office: Office, whole) -> None:
    office.fill(10_000)
    spend(by=office.maker, fund=office.fund, purpose=CARE, fen=4_000, document="合同1号")
    with pytest.raises(PaymentError, match="lacks 1 fen"):
        spend(by=office.maker, fund=office.fund, purpose=CARE, fen=6_001, document="合同2号")
    office.fill(-6_000)
    with pytest.raises(PaymentError, match="lacks 1 fen"):
        office.fill(-1)
    assert available(office.fund) == 0
    whole()


def test_a_full_fund_never_stands_in_for_an_empty_one(office: Office) -> None:
    office.fill(10_000, office.lottery)
    office.owe(office.person(), 700)
    assert position(office.fund).shortfall == 700
    assert position(office.lottery).shortfall == 0
    with pytest.raises(PaymentError, match="no other fund"):
        spend(by=office.maker, fund=office.fund, purpose=CARE, fen=1, document="合同1号")


def test_what_was_taken_on_beyond_the_budget_is_told_by_item(office: Office) -> None:
    plan_budget(by=office.maker, fund=office.fund, item=ITEM, fen=1_000, document="预算1号")
    office.owe(office.person(), 900)
    assert over_budget(office.fund) == {}
    office.owe(office.person(), 900)
    office.owe(office.person(), 1, item="SZ-T1-9")
    assert over_budget(office.fund) == {ITEM: 800, "SZ-T1-9": 1}


def test_a_budget_is_cut_but_not_below_nothing(office: Office) -> None:
    plan_budget(by=office.maker, fund=office.fund, item=ITEM, fen=1_000, document="预算1号")
    plan_budget(by=office.maker, fund=office.fund, item=ITEM, fen=-1_000, document="预算2号")
    with pytest.raises(PaymentError, match="less than nothing"):
        plan_budget(by=office.maker, fund=office.fund, item=ITEM, fen=-1, document="预算3号")


def test_nobody_of_another_county_reaches_the_fund(office: Office) -> None:
    with pytest.raises(OutOfScope):
        spend(by=office.stranger, fund=office.fund, purpose=CARE, fen=1, document="合同1号")
    assert list(funds_for(office.stranger)) == []
    assert set(funds_for(office.maker)) == {office.fund, office.lottery}


@pytest.mark.parametrize(
    ("purpose", "fen", "document"), [("fun", 1, "x"), (CARE, -1, "x"), (CARE, 0, "x"), (CARE, 1, "")]
)
def test_spending_names_its_purpose_and_document(office: Office, purpose: str, fen: int, document: str) -> None:
    office.fill(10)
    with pytest.raises(PaymentError):
        spend(by=office.maker, fund=office.fund, purpose=purpose, fen=fen, document=document)


# -- the share of the welfare lottery funds


@pytest.mark.parametrize(
    ("package", "limits"),
    [
        ("dongying-2024", {"DY-O-04": Fraction(55, 100)}),
        ("xianyang-2019", {"XY-T-31.1a": Fraction(1, 2)}),
        # The document contradicts itself: both readings stand.
        ("qingtongxia-2023", {"QTX-I-24": Fraction(55, 100), "QTX-S-1.2d": Fraction(85, 100)}),
    ],
)
def test_the_limits_are_those_of_the_package_with_their_clauses(office: Office, package: str, limits: dict) -> None:
    shares = lottery_shares([office.lottery], load_package(package))
    assert {share.clause: share.at_least for share in shares} == limits


@pytest.mark.parametrize(("care", "met"), [(5_500, True), (5_499, False)])
def test_exactly_the_share_is_enough_and_a_fen_less_is_not(office: Office, care: int, met: bool) -> None:
    office.fill(10_000, office.lottery)
    spend(by=office.maker, fund=office.lottery, purpose=CARE, fen=care, document="合同1号")
    spend(by=office.maker, fund=office.lottery, purpose=OTHER, fen=10_000 - care, document="合同2号")
    (share,) = lottery_shares([office.lottery], load_package("dongying-2024"))
    assert (share.share, share.met) == (Fraction(care, 10_000), met)


def test_one_level_never_helps_another_and_an_empty_fund_has_no_share(office: Office) -> None:
    city = open_fund(
        by=office.bureau, kind=Fund.Kind.WELFARE_LOTTERY, level=Fund.Level.CITY, division=office.city.city, year=2024
    )
    office.fill(100, office.lottery)
    spend(by=office.maker, fund=office.lottery, purpose=CARE, fen=100, document="合同1号")
    shares = list(lottery_shares([office.fund, office.lottery, city], load_package("dongying-2024")))
    assert [(share.fund, share.met) for share in shares] == [(office.lottery, True), (city, None)]
