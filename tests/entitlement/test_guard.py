"""When a run stops for a person."""

import pytest

from songhe.entitlement.guard import Guard, findings, guard

LIMITS = Guard(headcount=10, total=10, recoveries=5, smallest=20)


def item(paid, fen=None, *, id="A", entitled=None, pays=True):
    fen = paid * 6000 if fen is None else fen
    return {
        "id": id,
        "name": id,
        "paid": paid,
        "fen": fen,
        "entitled": paid if entitled is None else entitled,
        "pays": pays,
    }


def kinds(*items, before=None, people=1000, recovery_fen=0):
    found = findings(LIMITS, people=people, items=items, totals={"recovery_fen": recovery_fen}, before=before)
    return [(one.kind, one.item) for one in found]


@pytest.mark.parametrize(("paid", "stops"), [(110, False), (111, True), (90, False), (89, True)])
def test_a_headcount_may_differ_by_the_share_and_no_more(paid, stops):
    found = kinds(item(paid, 600_000), before=[item(100, 600_000)])
    assert found == ([("headcount", "A")] if stops else [])


@pytest.mark.parametrize(("fen", "stops"), [(1_100_000, False), (1_100_001, True)])
def test_so_may_the_total(fen, stops):
    assert kinds(item(100, fen), before=[item(100, 1_000_000)]) == ([("total", "A")] if stops else [])


def test_a_handful_of_people_says_nothing():
    assert kinds(item(19), before=[item(3)]) == []
    assert kinds(item(20), before=[item(3)]) == [("headcount", "A"), ("total", "A")]


def test_everybody_is_too_many():
    assert kinds(item(1000), before=[item(1000)]) == [("everybody", "A")]
    assert kinds(item(0, entitled=1000, pays=False), before=[item(0)]) == []


def test_nobody_is_too_few():
    assert kinds(item(0)) == [("nobody", "")]
    assert kinds(item(0), before=[item(3)]) == [("nobody", "A")]


def test_an_item_that_is_gone_or_new_is_noticed():
    assert kinds(item(50, id="B"), before=[item(50)]) == [("headcount", "B"), ("total", "B"), ("nobody", "A")]


def test_many_recoveries_are_noticed():
    month = item(100, 1_000_000)
    assert kinds(month, before=[month], recovery_fen=-50_000) == []
    assert kinds(month, before=[month], recovery_fen=-50_001) == [("recoveries", "")]


def test_findings_say_it_in_both_languages():
    (found,) = findings(LIMITS, people=9, items=[item(0)], totals={"recovery_fen": 0}, before=[item(7)])
    assert (found.zh, found.en) == ("A：上月 7 人，本月无人。", "A: 7 people last month, nobody now.")


def test_the_shares_are_data():
    assert guard() == LIMITS
