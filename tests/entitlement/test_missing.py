"""Missing facts as work, and people whose answer turned."""

import datetime as dt

from songhe.entitlement.models import Found, MissingFact
from songhe.registry.domain.facts import record_death, record_facts
from songhe.registry.domain.statements import Statement
from tests.entitlement.conftest import VILLAGE, born


def missing(person):
    rows = MissingFact.objects.filter(person=person).order_by("fact")
    return [(row.fact, row.items, row.settles, row.fen) for row in rows]


def elder(register, **facts):
    known = {"birth_date": born(75), "dibao": False, "living": "with_children", "disability_grade": "none"}
    return register(**{k: v for k, v in {"hukou": VILLAGE, "alive": True, **known, **facts}.items() if v is not None})


def test_who_is_decided_misses_nothing(register, decide):
    li = elder(register)
    decide(202606)
    assert missing(li) == []


def test_a_fact_on_which_answers_hang_is_work_with_what_settling_it_is_worth(register, decide):
    li = elder(register, birth_date=None)
    wang = elder(register, disability_grade=None)
    zhao = elder(register, disability_grade="1", dibao=None)
    decide(202606)
    # Two tiers of the allowance: the higher one is at stake. What is false whatever the age does not hang on it.
    assert missing(li) == [("birth_date", 1, 1, 15000)]
    assert missing(wang) == [("disability_certificate_from", 1, 0, 11000), ("disability_grade", 1, 0, 11000)]
    assert missing(zhao) == [("dibao", 1, 1, 0), ("disability_certificate_from", 1, 1, 11000)]


def test_a_later_run_replaces_the_list(register, decide, pay, by):
    li = elder(register, dibao=None)
    pay(202605)
    assert missing(li) == [("dibao", 1, 1, 0)]
    record_facts(by=by("civil_affairs"), person=li, statements=[Statement("dibao", True)])
    pay(202606)
    assert missing(li) == []


def found():
    return list(
        Found.objects.order_by("person", "item").values_list("person", "item", "kind", "delivery", "since", "fen")
    )


def test_people_newly_entitled_are_found_with_how_the_item_reaches_them(register, pay, by):
    li = elder(register, disability_grade="1", disability_certificate_from="2026-06-03")
    wang = elder(register, birth_date="1946-06-20")
    pay(202605)
    assert found() == []
    pay(202606)
    assert found() == [
        (li.pk, "DISABILITY", "new", "invite", 202606, 11000),
        (wang.pk, "ALLOWANCE", "new", "offer", 202606, 15000),
    ]


def test_people_no_longer_entitled_are_found_with_since_when(register, pay, by):
    li = elder(register, birth_date=born(82), living="alone")
    for month in (202603, 202604, 202605):
        pay(month)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 2))
    pay(202606)
    assert found() == [
        (li.pk, "ALLOWANCE", "lost", "offer", 202604, 15000),
        (li.pk, "MEAL", "lost", "apply", 202606, 0),
    ]
