"""What a file may hold, in what form, and in which columns."""

import datetime as dt

import pytest
from django.core.management import call_command

from songhe.registry.models import CurrentPerson
from songhe.registry.pinyin import reading
from songhe.registry.sources import precedence, read_precedence
from songhe.registry.vocabulary import (
    StatementError,
    fact_names,
    from_text,
    is_sealed,
    personal_facts,
    rule_facts,
    to_text,
)

KINDS = {
    "date": "DateField",
    "bool": "BooleanField",
    "int": "BigIntegerField",
    "money": "BigIntegerField",
    "code": "CharField",
    "division": "CharField",
}


def test_the_projection_has_a_typed_column_for_every_fact():
    columns = {field.name: type(field).__name__ for field in CurrentPerson._meta.concrete_fields}
    rules = {fact.name: KINDS[fact.type] for fact in rule_facts().values()}
    personal = {name: "BinaryField" if is_sealed(name) else "CharField" for name in personal_facts()}
    own = {"person", "name_pinyin", "name_initials", "residence_division", "hukou_division", "conflicts"}
    assert {name: kind for name, kind in columns.items() if name not in own} == rules | personal


@pytest.mark.django_db
def test_no_fact_lacks_its_migration():
    call_command("makemigrations", "registry", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("fact", "raw", "text"),
    [
        ("birth_date", dt.date(1944, 2, 29), "1944-02-29"),
        ("birth_date", "1944-02-29", "1944-02-29"),
        ("dibao", False, "false"),
        ("disability_grade", 2, "2"),
        ("income_per_capita_month", 120000, "120000"),
        ("residence", "640381001201", "640381001201"),
        ("name", "  张　伟 ", "张 伟"),
        ("resident_id", "１１０１０５ 19491231 002x", "11010519491231002X"),
        ("phone", "+86 138-0013-8000", "+8613800138000"),
        ("bank_account", "6222 0000 1111 2222", "6222000011112222"),
        ("sex", None, None),
    ],
)
def test_a_value_is_stored_in_one_form_only(fact, raw, text):
    assert to_text(fact, raw) == text
    if fact in rule_facts() and raw is not None:
        assert to_text(fact, from_text(fact, text)) == text


@pytest.mark.parametrize("fact", ["resident_id", "phone", "bank_account"])
def test_a_wrong_number_is_not_in_the_message(fact):
    with pytest.raises(StatementError) as refused:
        to_text(fact, "12a4567")
    assert "12a4567" not in str(refused.value)


def test_masks_hide_most_of_a_number():
    masked = {name: fact.masked("110105194912310021") for name, fact in personal_facts().items() if fact.sealed}
    assert masked == {
        "resident_id": "110105**********21",
        "phone": "110*************21",
        "bank_account": "**************0021",
        "address": "110105************",
    }
    assert personal_facts()["phone"].masked("12345") == "*****"


def test_every_fact_knows_whom_to_believe():
    assert set(precedence().ranks) == set(fact_names())
    ranks = precedence().ranks["disability_grade"]
    assert sorted(ranks, key=ranks.__getitem__)[:3] == ["settled", "disabled_federation", "police"]


SOURCES = """
sources: [{id: police, name: {zh: 公安, en: Police}}, {id: health, name: {zh: 卫健, en: Health}}]
"""


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("default: [police]", "must name every source"),
        ("default: [police, health]\nfacts: {colour: [police]}", "no fact colour"),
        ("default: [police, health]\nfacts: {sex: [army]}", "the source army"),
    ],
)
def test_a_wrong_list_of_sources_says_what_is_wrong(rest, message):
    with pytest.raises(ValueError, match=message):
        read_precedence(SOURCES + rest)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("曾小明", ("zengxiaoming", "zxm")),
        ("单于飞", ("chanyufei", "cyf")),
        ("单国强", ("shanguoqiang", "sgq")),
        ("吕秀英", ("lvxiuying", "lxy")),
        ("Aygul", ("aygul", "aygul")),
    ],
)
def test_names_are_typed_as_they_are_said(name, letters):
    assert reading(name) == letters
