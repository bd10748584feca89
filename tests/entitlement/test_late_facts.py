"""Facts that arrive late: what the next run pays and takes back."""

import datetime as dt

from songhe.entitlement.queries import accounted
from songhe.registry.domain.facts import record_death, record_facts, settle_conflict
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.models import FactRecord
from tests.entitlement.conftest import VILLAGE, born

MONTHS = (202601, 202602, 202603, 202604, 202605)


def elder(register, **facts):
    return register(**{"hukou": VILLAGE, "alive": True, **facts})


def test_a_month_pays_what_is_owed_and_nothing_else(register, pay, lines):
    li, wang = elder(register, birth_date=born(82)), elder(register, birth_date=born(91))
    elder(register, birth_date=born(70), dibao=True)
    assert lines(pay(202606)) == [
        (li.pk, "ALLOWANCE", 202606, 6000, "due"),
        (wang.pk, "ALLOWANCE", 202606, 15000, "due"),
    ]


def test_grandma_li_dies_in_march_and_it_is_reported_in_june(register, pay, lines, by):
    li, zhao = elder(register, birth_date=born(82)), elder(register, birth_date=born(85))
    for month in MONTHS:
        pay(month)
    record_death(by=by(), person=li, on=dt.date(2026, 3, 12))
    assert lines(pay(202606)) == [
        (li.pk, "ALLOWANCE", 202603, -6000, "recovery"),
        (li.pk, "ALLOWANCE", 202604, -6000, "recovery"),
        (li.pk, "ALLOWANCE", 202605, -6000, "recovery"),
        (zhao.pk, "ALLOWANCE", 202606, 6000, "due"),
    ]
    assert accounted(li.pk) == {("ALLOWANCE", 202601): 6000, ("ALLOWANCE", 202602): 6000}


def test_a_certificate_is_back_dated_and_the_sum_rose_meanwhile(register, pay, lines, by, granted):
    li = elder(register, birth_date=born(70), disability_grade="2", disability_certificate_from="2026-05-01")
    granted(li, "DISABILITY")
    for month in MONTHS:
        pay(month)
    record_facts(by=by(), person=li, statements=[Statement("disability_certificate_from", "2026-03-15")])
    assert lines(pay(202606)) == [
        (li.pk, "DISABILITY", 202603, 10000, "arrears"),
        (li.pk, "DISABILITY", 202604, 11000, "arrears"),
        (li.pk, "DISABILITY", 202606, 11000, "due"),
    ]


def test_a_corrected_birth_date_moves_her_into_the_higher_tier(register, pay, lines, by):
    li = elder(register, birth_date="1936-06-30")
    for month in MONTHS:
        pay(month)
    record_facts(by=by(), person=li, statements=[Statement("birth_date", "1936-04-30")])
    assert lines(pay(202606)) == [
        (li.pk, "ALLOWANCE", 202604, 9000, "arrears"),
        (li.pk, "ALLOWANCE", 202605, 9000, "arrears"),
        (li.pk, "ALLOWANCE", 202606, 15000, "due"),
    ]


def test_a_second_correction_of_the_same_month_builds_on_the_first(register, pay, lines, by):
    li = elder(register, birth_date=born(82))
    for month in MONTHS:
        pay(month)
    record_death(by=by(), person=li, on=dt.date(2026, 3, 12))
    pay(202606)
    wrong = FactRecord.objects.filter(person=li, fact__in=("alive", "death_date")).exclude(value="true")
    retract(by=by(reason="登记错人"), person=li, records=wrong.values_list("pk", flat=True))
    record_death(by=by(), person=li, on=dt.date(2026, 5, 2))
    assert lines(pay(202607)) == [
        (li.pk, "ALLOWANCE", 202603, 6000, "arrears"),
        (li.pk, "ALLOWANCE", 202604, 6000, "arrears"),
    ]
    assert sum(accounted(li.pk).values()) == 4 * 6000


def test_a_fact_settled_for_the_past_counts_from_then_on(register, pay, lines, by, granted):
    li = elder(register, birth_date=born(70), disability_certificate_from="2020-01-01", disability_grade="4")
    granted(li, "DISABILITY")
    for month in MONTHS:
        pay(month)
    on = dt.date(2026, 2, 10)
    settle_conflict(by=by(reason="复核"), person=li, fact="disability_grade", value="2", valid_from=on)
    assert [(month, fen) for _, _, month, fen, _ in lines(pay(202606))] == [
        (202602, 10000),
        (202603, 10000),
        (202604, 11000),
        (202605, 11000),
        (202606, 11000),
    ]


def test_a_fact_that_has_ended_counts_for_the_months_in_which_it_was_valid(register, pay, lines, by, granted):
    li = elder(register, birth_date=born(70), disability_certificate_from="2020-01-01")
    granted(li, "DISABILITY")
    for month in MONTHS:
        pay(month)
    grade = Statement("disability_grade", "2", dt.date(2026, 2, 10), dt.date(2026, 4, 10))
    record_facts(by=by("disabled_federation"), person=li, statements=[grade])
    assert [(month, fen) for _, _, month, fen, _ in lines(pay(202606))] == [(202602, 10000), (202603, 10000)]


def test_a_run_that_finds_no_news_pays_its_month_and_nothing_else(register, pay, lines):
    li = elder(register, birth_date=born(82))
    pay(202601)
    assert lines(pay(202602)) == [(li.pk, "ALLOWANCE", 202602, 6000, "due")]


def test_a_month_that_was_left_out_is_made_up_for_everybody(register, pay, lines):
    li = elder(register, birth_date=born(82))
    pay(202601)
    assert lines(pay(202604)) == [
        (li.pk, "ALLOWANCE", 202602, 6000, "arrears"),
        (li.pk, "ALLOWANCE", 202603, 6000, "arrears"),
        (li.pk, "ALLOWANCE", 202604, 6000, "due"),
    ]


def test_the_first_run_says_from_when_money_is_accounted(register, pay, lines, by):
    li = elder(register, birth_date=born(82))
    run = pay(202603, accounts_from=202602)
    assert [month for _, _, month, _, _ in lines(run)] == [202602, 202603]
    record_facts(by=by(), person=li, statements=[Statement("birth_date", born(92))])
    assert [(month, fen) for _, _, month, fen, _ in lines(pay(202604))] == [
        (202602, 9000),
        (202603, 9000),
        (202604, 15000),
    ]


def test_the_same_month_decided_once_more_pays_the_difference_only(register, pay, lines):
    li = elder(register, birth_date=born(82))
    pay(202606)
    late = elder(register, birth_date=born(83))
    assert lines(pay(202606)) == [(late.pk, "ALLOWANCE", 202606, 6000, "due")]
    assert accounted(li.pk) == {("ALLOWANCE", 202606): 6000}
