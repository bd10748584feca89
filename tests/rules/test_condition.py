"""Conditions as they stand in a package: the tree they make, and what is refused at which place."""
# ruff: noqa: E501 (a table reads best with one case a line)

import datetime as dt
from typing import Any

import pytest

from songhe.rules import tree
from songhe.rules.condition import read_condition
from songhe.rules.errors import RuleError
from tests.builders import SCOPE, decide, text

TERMS = {"old": tree.Noted(tree.AgeReached(tree.Literal(80)), term="old", kind="term")}
BOTH = {"zh": "一", "en": "one"}


def term(name: str) -> tree.Node:
    if name not in TERMS:
        raise RuleError(f"unknown term {name}", "define it in terms.yaml")
    return TERMS[name]


def read(raw: Any) -> tree.Node:
    return read_condition(raw, SCOPE, term)


def leaf(expression: str, part: tree.Node, **notes: Any) -> tree.Node:
    return tree.Noted(part, text=expression, **notes)


DIBAO = leaf("dibao", tree.Flag("dibao"))


@pytest.mark.parametrize(
    ("raw", "node"),
    [
        ("dibao", DIBAO),
        (True, tree.Constant(True)),
        ({"all": ["dibao", "dibao"]}, tree.Noted(tree.All((DIBAO, DIBAO)), kind="all")),
        ({"any": ["dibao"]}, tree.Noted(tree.Any((DIBAO,)), kind="any")),
        ({"not": "dibao"}, tree.Noted(tree.Not(DIBAO), kind="not")),
        ({"use": "old"}, tree.Noted(TERMS["old"], kind="use")),
        ({"test": "dibao"}, DIBAO),
        (
            {"test": "dibao", "clause": "C-1", "label": BOTH, "convention": "bounds"},
            leaf("dibao", tree.Flag("dibao"), clauses=("C-1",), label=text("一").model_copy(update={"en": "one"}), convention="bounds"),
        ),
        (
            {"test": "dibao", "unknown": True, "because": BOTH},
            leaf("dibao", tree.Assume(tree.Flag("dibao"), True, text("一").model_copy(update={"en": "one"}))),
        ),
        ({"all": ["dibao"], "clause": "C-2"}, tree.Noted(tree.All((DIBAO,)), clauses=("C-2",), kind="all")),
    ],
)  # fmt: skip
def test_it_is_read_into_the_checked_tree(raw: Any, node: tree.Node) -> None:
    assert read(raw) == node


def test_conditions_join_leaves_and_terms() -> None:
    node = read({"any": [{"use": "old"}, {"all": ["dibao", {"not": "alone"}]}]})
    assert tree.facts_of(node) == ("birth_date", "dibao", "alone")


@pytest.mark.parametrize(
    ("raw", "path", "what", "mend"),
    [
        ({"all": []}, ("all",), "all without a list of conditions", "give it at least one"),
        ({"any": []}, ("any",), "any without a list of conditions", "give it at least one"),
        ({"all": None}, ("all",), "all without a list of conditions", "give it at least one"),
        ({"any": "dibao"}, ("any",), "any without a list of conditions", "give it at least one"),
        ({}, (), "a condition with the keys", "exactly one of all, any, not, use, test"),
        (None, (), "None is not a condition", "write an expression"),
        (5, (), "5 is not a condition", "write an expression"),
        (["dibao"], (), "['dibao'] is not a condition", "write an expression"),
        ({"al": ["dibao"]}, (), "a condition with the keys al", "exactly one of all, any, not, use, test"),
        ({"all": ["dibao"], "any": ["dibao"]}, (), "the keys all, any", "exactly one of"),
        ({"all": ["dibao"], "clauses": "C-1"}, (), "unknown key clauses", "beside all only clause, label"),
        ({"all": ["dibao"], "unknown": False}, (), "unknown key unknown", "beside all only clause, label"),
        ({"test": "dibao", "note": "x"}, (), "unknown key note", "beside test only because, clause"),
        ({"not": ["dibao"]}, ("not",), "is not a condition", "write an expression"),
        ({"use": "young"}, ("use",), "unknown term young", "define it in terms.yaml"),
        ({"use": ["old"]}, ("use",), "is not the name of a term", "name a term of terms.yaml"),
        ({"test": {"all": ["dibao"]}}, ("test",), "is not an expression", "write it as text"),
        ({"test": "dibao", "unknown": False}, (), "`unknown` without a reason", "add `because` with zh and en"),
        ({"test": "dibao", "because": BOTH}, ("because",), "`because` without `unknown`", "say what an unknown"),
        ({"test": "dibao", "unknown": "no", "because": BOTH}, ("unknown",), "unknown: 'no'", "say true or false"),
        ({"test": "dibao", "unknown": None, "because": BOTH}, ("unknown",), "unknown: None", "say true or false"),
        ({"test": "dibao", "unknown": True, "because": "x"}, ("because",), "not a text in both", "write {zh: …, en: …}"),
        ({"test": "dibao", "unknown": True, "because": {"zh": "一"}}, ("because",), "in both languages", "zh"),
        ({"all": ["dibao"], "label": "x"}, ("label",), "not a text in both languages", "write {zh: …, en: …}"),
        ({"all": ["dibao"], "clause": ["C-1"]}, ("clause",), "clause: ['C-1']", "name one clause id"),
        ({"all": ["dibao", {"any": ["alone", "age = 80"]}]}, ("all", 1, "any", 1), "age = is not allowed", "age >= n"),
        ({"not": {"test": "dibo"}}, ("not", "test"), "unknown fact dibo", "did you mean dibao?"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place_and_how_to_mend_it(
    raw: Any, path: tuple[str | int, ...], what: str, mend: str
) -> None:
    with pytest.raises(RuleError) as error:
        read(raw)
    assert error.value.path == path
    assert what in error.value.what
    assert mend in error.value.mend


def nested(depth: int) -> Any:
    raw: Any = "dibao"
    for _ in range(depth):
        raw = {"not": {"all": [raw]}}
    return raw


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RuleError, match="nested more than 30 deep"):
        read(nested(1_000))


def test_what_is_nested_less_deep_is_decided() -> None:
    assert decide(read(nested(18)), {"dibao": True}, dt.date(2024, 1, 1)) is True
