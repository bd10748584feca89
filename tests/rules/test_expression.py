"""The language of leaves: what it says, and what it refuses with which words."""
# ruff: noqa: E501 (a table reads best with one case a line)

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.rules import tree
from songhe.rules.errors import RuleError
from songhe.rules.expression import parse_expression, parse_sql
from tests.builders import PARAMETERS, SCOPE, VOCABULARY

DIBAO, ALONE = tree.Flag("dibao"), tree.Flag("alone")
EIGHTY = tree.AgeReached(tree.Literal(80))
WHITELIST = "use names, numbers, 'codes'"


def compare(fact: str, op: str, value: object) -> tree.Node:
    return tree.Compare(fact, op, tree.Literal(value))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "node"),
    [
        ("dibao", DIBAO),
        ("NOT dibao", tree.Not(DIBAO)),
        ("dibao = true", DIBAO),
        ("dibao = false", tree.Not(DIBAO)),
        ("dibao <> true", tree.Not(DIBAO)),
        ("NOT NOT dibao", DIBAO),
        ("dibao AND alone", tree.All((DIBAO, ALONE))),
        ("dibao OR alone", tree.Any((DIBAO, ALONE))),
        ("dibao OR alone AND dibao", tree.Any((DIBAO, tree.All((ALONE, DIBAO))))),
        ("NOT dibao AND alone", tree.All((tree.Not(DIBAO), ALONE))),
        ("NOT (dibao AND alone)", tree.Not(tree.All((DIBAO, ALONE)))),
        ("true", tree.Constant(True)),
        ("age >= 80", EIGHTY),
        ("age < 80", tree.Not(EIGHTY)),
        ("80 <= age", EIGHTY),
        ("age >= old_age", tree.AgeReached(tree.ParameterRef("old_age"))),
        ("age >= 60 AND age < 80", tree.All((tree.AgeReached(tree.Literal(60)), tree.Not(EIGHTY)))),
        ("grade = '1'", compare("grade", "=", "1")),
        ("grade <> 'none'", compare("grade", "<>", "none")),
        ("grade IN ('1', '2')", tree.Member("grade", ("1", "2"))),
        ("grade NOT IN ('1')", tree.Not(tree.Member("grade", ("1",)))),
        ("income <= 50000", compare("income", "<=", 50_000)),
        ("income <= '500元'", compare("income", "<=", 50_000)),
        ("income <= cap", tree.Compare("income", "<=", tree.ParameterRef("cap"))),
        ("cap >= income", tree.Compare("income", "<=", tree.ParameterRef("cap"))),
        ("rooms != 2", compare("rooms", "<>", 2)),
        ("rooms >= ratio", tree.Compare("rooms", ">=", tree.ParameterRef("ratio"))),
        ("floor_area < 12.5", compare("floor_area", "<", Decimal("12.5"))),
        ("rooms BETWEEN 1 AND few", tree.All((compare("rooms", ">=", 1), tree.Compare("rooms", "<=", tree.ParameterRef("few"))))),
        ("rooms NOT BETWEEN 1 AND 2", tree.Not(tree.All((compare("rooms", ">=", 1), compare("rooms", "<=", 2))))),
        ("since <= day", tree.DayCompare("since", "<=")),
        ("day >= since", tree.DayCompare("since", "<=")),
        ("since = day", tree.DayCompare("since", "=")),
        ("since <= birth_date", tree.FactCompare("since", "<=", "birth_date")),
        ("birth_date <> since", tree.FactCompare("birth_date", "<>", "since")),
        ("since >= '2024-02-29'", compare("since", ">=", dt.date(2024, 2, 29))),
        ("since >= DATE '2024-02-29'", compare("since", ">=", dt.date(2024, 2, 29))),
        ("since < start", tree.Compare("since", "<", tree.ParameterRef("start"))),
        ("dibao IS NULL", tree.Not(tree.Known("dibao"))),
        ("dibao IS NOT NULL", tree.Known("dibao")),
        ("within(home, '421303')", tree.Within("home", "421303")),
        ("WITHIN(home, '42')", tree.Within("home", "42")),
        ("(((dibao)))", DIBAO),
    ],
)  # fmt: skip
def test_it_is_read_into_the_checked_tree(expression: str, node: tree.Node) -> None:
    assert parse_expression(expression, SCOPE) == node


def refused(expression: str) -> RuleError:
    with pytest.raises(RuleError) as error:
        parse_expression(expression, SCOPE)
    assert error.value.mend.strip()
    return error.value


@pytest.mark.parametrize(
    ("expression", "what", "mend"),
    [
        # names
        ("dibo", "unknown fact dibo", "did you mean dibao?"),
        ("birthdate <= day", "unknown fact birthdate", "did you mean birth_date?"),
        ("DIBAO", "unknown fact DIBAO", "see policies/cn/facts.yaml"),
        ("p.dibao", "p.dibao is not a plain name", "write the fact's name alone"),
        ("dibao.x", "dibao.x is not a plain name", "write the fact's name alone"),
        ('"dibao"', '"dibao" is not a plain name', "write the fact's name alone"),
        ("grade = none", "unknown parameter none", "codes need quotes"),
        ('grade = "none"', '"none" is not a plain name', "alone"),
        ("rooms <= income", "rooms is a int and income a money", "both are dates, or both numbers of one type"),
        ("since <= since", "since is compared with itself", "name another fact"),
        ("day", "day stands where a fact must stand", "compare a fact with it"),
        ("cap", "cap stands where a fact must stand", "compare a fact with it"),
        ("day >= '2024-01-01'", "day stands where a fact must stand", "compare a fact with it"),
        # ages
        ("age = 80", "age = is not allowed", "`age >= n` or `age < n`"),
        ("age <> 80", "age <> is not allowed", "`age >= n` or `age < n`"),
        ("age > 79", "age > is not allowed", "`age >= n` or `age < n`"),
        ("age <= 79", "age <= is not allowed", "`age >= n` or `age < n`"),
        ("80 = age", "age = is not allowed", "`age >= n` or `age < n`"),
        ("age BETWEEN 60 AND 79", "BETWEEN needs a fact", "`age >= n AND age < m`"),
        ("age IN (60, 80)", "age stands where a fact must stand", "compare a fact with it"),
        ("age IS NULL", "an age is not a fact", "ask birth_date IS NULL"),
        ("age >= 79.5", "79.5 is not an age in whole years", "write a number like 80"),
        ("age >= 151", "151 is not an age in whole years", "write a number like 80"),
        ("age >= -1", "-1 is not an age in whole years", "write a number like 80"),
        ("age >= '80'", "'80' is not an age in whole years", "write a number like 80"),
        ("age >= cap", "cap is a money, not an age", "give it the type age"),
        ("age >= ９", "unknown parameter", "parameters are"),
        ("age >= ８０", "unknown parameter", "parameters are"),
        ("age >= 8９", "is not part of the rule language", WHITELIST),
        # types
        ("grade", "grade is a code, not a bool", "compare it, like grade = 'none'"),
        ("income", "income is a money, not a bool", "compare it, like income >= 1"),
        ("dibao = 1", "dibao is a bool", "write dibao or NOT dibao"),
        ("dibao = alone", "dibao is a bool", "write dibao or NOT dibao"),
        ("dibao > false", "dibao is a bool and has no order", "use = or <>"),
        ("grade < '2'", "grade is a code and has no order", "use = or <>"),
        ("grade BETWEEN '1' AND '2'", "grade is a code and has no order", "use = or IN"),
        ("grade = '5'", "grade has no value '5'", "its values are none, 1, 2"),
        ("grade IN ('1', '5')", "grade has no value '5'", "its values are none, 1, 2"),
        ("grade = 2", "2 is not a code", "write it in quotes, like grade = 'none'"),
        ("grade IN ('1', NULL)", "NULL is not a code", "write it in quotes"),
        ("rooms IN (1, 2)", "rooms is a int", "IN is for coded facts"),
        ("home = '421303'", "home is a division", "ask within(home, 'code')"),
        ("income >= few", "income is a money and few a count", "compare like with like"),
        ("since >= cap", "since is a date and cap a money", "compare like with like"),
        ("income >= 0.5", "0.5 is not whole", "income is counted in whole numbers"),
        ("income >= -1", "-1 is not a number", "write income >= 1"),
        ("income >= '500'", "'500' is not a sum of money", "write whole fen without quotes"),
        ("income >= true", "TRUE is not a number", "write income >= 1"),
        ("since >= 2024", "2024 is not a date", "like '2024-05-01', or day"),
        ("since <> day", "<> day is not allowed", "use < or >"),
        # dates
        ("since >= '2024-13-05'", "are day and month swapped (2024-05-13)?", "write year-month-day"),
        ("since >= '2023-02-29'", "2023-02-29 is not a day of the calendar", "write year-month-day"),
        ("since >= '24-2-9'", "'24-2-9' is not a date", "write year-month-day"),
        ("since >= TIMESTAMP '2024-02-29 00:00:00'", "is not a date", "like '2024-05-01', or day"),
        # divisions
        ("within(home)", "within() needs a division fact and a code", "write within(hukou, '421300')"),
        ("within(home, '42', '41')", "within() needs a division fact and a code", "write within(hukou, '421300')"),
        ("within('42', home)", "within() needs a division fact and a code", "write within(hukou, '421300')"),
        ("within(grade, '42')", "grade is a code, not a division", "use hukou or residence"),
        ("within(home, 421303)", "is not a division code", "write 6, 9 or 12 digits in quotes"),
        ("within(home, '42130')", "is not a division code", "write 6, 9 or 12 digits in quotes"),
        ("within(home, '42%')", "is not a division code", "write 6, 9 or 12 digits in quotes"),
        ("within(home, '４２１３０３')", "is not a division code", "write 6, 9 or 12 digits in quotes"),
        # what is not part of the language
        ("", "is not one expression", WHITELIST),
        ("NULL", "'NULL' is not part of the rule language", WHITELIST),
        ("dibao; alone", "is not one expression", WHITELIST),
        ("dibao; DROP TABLE people", "is not one expression", WHITELIST),
        ("DROP TABLE people", "'DROP TABLE people' is not part of the rule language", WHITELIST),
        ("DELETE FROM people", "is not part of the rule language", WHITELIST),
        ("ATTACH 'x'", "is not part of the rule language", WHITELIST),
        ("COPY people TO 'x'", "is not part of the rule language", WHITELIST),
        ("SELECT dibao", "is not part of the rule language", WHITELIST),
        ("FROM people", "is not part of the rule language", WHITELIST),
        ("(SELECT true)", "is not part of the rule language", WHITELIST),
        ("EXISTS (SELECT 1)", "is not part of the rule language", WHITELIST),
        ("dibao OR (SELECT true)", "is not part of the rule language", WHITELIST),
        ("grade IN (SELECT grade FROM people)", "IN needs a fact and a list", "write fact IN ('a', 'b')"),
        ("income >= (SELECT 1)", "(SELECT 1) is not a number", "write income >= 1"),
        ("grade IN ()", "IN needs a fact and a list", "write fact IN ('a', 'b')"),
        ("read_csv('x')", "is not part of the rule language", WHITELIST),
        ("lower(grade) = '1'", "neither side of the comparison is a fact", "compare a fact with a value"),
        ("coalesce(dibao, true)", "is not part of the rule language", WHITELIST),
        ("date_diff('year', birth_date, day) >= 80", "neither side of the comparison is a fact", "compare a fact"),
        ("income * 2 > 5", "neither side of the comparison is a fact", "compare a fact with a value"),
        ("1 = 1", "neither side of the comparison is a fact", "compare a fact with a value"),
        ("CASE WHEN dibao THEN true END", "is not part of the rule language", WHITELIST),
        ("dibao::bool", "is not part of the rule language", WHITELIST),
        ("dibao IS TRUE", "is not part of the rule language", "use IS NULL on a fact"),
        ("grade LIKE '1%'", "is not part of the rule language", WHITELIST),
        ("dibao || alone", "is not part of the rule language", WHITELIST),
        ("within(home, '42') OVER ()", "is not part of the rule language", WHITELIST),
        ("within(home, '42') FILTER (WHERE dibao)", "is not part of the rule language", WHITELIST),
        ("COLUMNS(*)", "is not part of the rule language", WHITELIST),
        ("?", "is not part of the rule language", WHITELIST),
        ("dibao AS x", "is not part of the rule language", WHITELIST),
        ("dibao WHERE true", "cannot be read", WHITELIST),
        ("dibao AND", "cannot be read", WHITELIST),
        ("dibao, alone", "cannot be read", WHITELIST),
        ("(dibao", "cannot be read", WHITELIST),
        ("dibao -- alone", "a comment inside an expression", "use `because`, `label` or `note`"),
        ("dibao /* alone */", "a comment inside an expression", "use `because`, `label` or `note`"),
        # limits
        ("(" * 21 + "dibao" + ")" * 21, "parentheses are nested 21 deep", "at most 20; split it with all/any"),
        ("(" * 10_000 + "dibao" + ")" * 10_000, "the expression has 20005 characters", "keep it under 1000"),
        ("dibao" + " OR dibao" * 600, "the expression has 5405 characters", "split it with all/any"),
        ("NOT " * 240 + "dibao", "cannot be read", WHITELIST),
        ("[" * 400, "cannot be read", WHITELIST),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_what_and_how_to_mend(expression: str, what: str, mend: str) -> None:
    error = refused(expression)
    assert what in error.what
    assert mend in error.mend


@pytest.mark.parametrize("expression", ['"age" >= 80', 'age >= "old_age"', 'since <= "day"', 'income <= "cap"'])
def test_no_name_is_written_in_quotes(expression: str) -> None:
    assert "is not a plain name" in refused(expression).what


def test_a_between_that_may_be_turned_round_is_refused() -> None:
    """An unknown word inside BETWEEN must not be dropped in silence: `SYMMETRIC 2 AND 1` holds for 1, `2 AND 1` never."""
    assert "SYMMETRIC" in refused("rooms BETWEEN SYMMETRIC 2 AND 1").what


@pytest.mark.parametrize("number", ["1e9999", "1e100000", "9" * 40, "1e1"])
def test_a_number_is_written_in_digits_and_not_too_many(number: str) -> None:
    """Otherwise a rule of eleven characters could keep the checker busy for hours."""
    started = time.monotonic()
    for fact in ("income", "rooms", "age", "floor_area"):
        refused(f"{fact} >= {number}")
    assert time.monotonic() - started < 2


def test_an_expression_of_a_thousand_characters_is_read() -> None:
    expression = "dibao" + " OR dibao" * 110
    assert len(expression) <= 1_000
    assert list(tree.facts_of(parse_expression(expression, SCOPE))) == ["dibao"]


def test_a_subject_without_a_birth_date_has_no_age() -> None:
    estate = type(VOCABULARY)("estate", {"rooms": VOCABULARY.facts["rooms"]})
    with pytest.raises(RuleError) as error:
        parse_expression("age >= 80", type(SCOPE)(estate, PARAMETERS))
    assert error.value.what.endswith("a estate has no age")


def test_the_error_repeats_the_expression() -> None:
    assert refused("dibao AND grade = '5'").what.startswith("in \"dibao AND grade = '5'\": ")


@given(st.text(max_size=60) | st.text("adgeibo ()<>='\"0123456789,;.-*/%NOTAND", max_size=60))
def test_whatever_is_written_is_read_or_refused_and_never_breaks(expression: str) -> None:
    try:
        node = parse_expression(expression, SCOPE)
    except RuleError as error:
        assert error.what and error.mend
    else:
        assert set(tree.facts_of(node)) <= set(VOCABULARY.facts)


def test_what_is_parsed_holds_no_second_statement() -> None:
    with pytest.raises(RuleError):
        parse_sql("dibao; SELECT 1")
