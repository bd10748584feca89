"""Conditions as they stand in a package: `all`, `any`, `not`, `use` and leaves, read into a checked tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from songhe.common.text import Text
from songhe.rules import tree
from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope, parse_expression

MAX_DEPTH = 30
_NOTES = {"clause", "label"}
_KEYS = {
    "all": _NOTES,
    "any": _NOTES,
    "not": _NOTES,
    "use": _NOTES,
    "test": _NOTES | {"unknown", "because", "convention"},
}

TermReader = Callable[[str], tree.Node]


def read_condition(raw: Any, scope: Scope, term: TermReader) -> tree.Node:
    """The checked tree of a condition; `term` gives the tree behind a `use`.

    Raises RuleError with the path of the faulty part inside the condition.
    """
    return _read(raw, scope, term, ())


def _read(raw: Any, scope: Scope, term: TermReader, path: tuple[str | int, ...]) -> tree.Node:
    if len(path) > 2 * MAX_DEPTH:
        raise RuleError(f"conditions are nested more than {MAX_DEPTH} deep", "make a term of the inner part", path)
    if isinstance(raw, bool):
        return tree.Constant(raw)
    if isinstance(raw, str):
        return _at(path, lambda: tree.Noted(parse_expression(raw, scope), text=raw))
    if not isinstance(raw, Mapping):
        raise RuleError(f"{raw!r} is not a condition", "write an expression, or all / any / not / use / test", path)
    kinds = [key for key in _KEYS if key in raw]
    if len(kinds) != 1:
        raise RuleError(
            f"a condition with the keys {', '.join(map(str, raw))}",
            "exactly one of all, any, not, use, test",
            path,
        )
    (kind,) = kinds
    strange = set(raw) - {kind} - _KEYS[kind]
    if strange:
        raise RuleError(
            f"unknown key {sorted(strange)[0]}", f"beside {kind} only {', '.join(sorted(_KEYS[kind]))}", path
        )
    return _noted(_READERS[kind](raw, scope, term, path), raw, kind, path)


def _joined(join: type[tree.All] | type[tree.Any], key: str) -> Callable[..., tree.Node]:
    def read(raw: Mapping[str, Any], scope: Scope, term: TermReader, path: tuple[str | int, ...]) -> tree.Node:
        parts = raw[key]
        if not isinstance(parts, list) or not parts:
            # An empty `all` would include everybody, an empty `any` nobody: neither is ever meant.
            raise RuleError(f"{key} without a list of conditions", "give it at least one", (*path, key))
        return join(tuple(_read(part, scope, term, (*path, key, index)) for index, part in enumerate(parts)))

    return read


def _negated(raw: Mapping[str, Any], scope: Scope, term: TermReader, path: tuple[str | int, ...]) -> tree.Node:
    return tree.Not(_read(raw["not"], scope, term, (*path, "not")))


def _used(raw: Mapping[str, Any], scope: Scope, term: TermReader, path: tuple[str | int, ...]) -> tree.Node:
    name = raw["use"]
    if not isinstance(name, str):
        raise RuleError(f"{name!r} is not the name of a term", "name a term of terms.yaml", (*path, "use"))
    return _at((*path, "use"), lambda: term(name))


def _tested(raw: Mapping[str, Any], scope: Scope, term: TermReader, path: tuple[str | int, ...]) -> tree.Node:
    text = raw["test"]
    if not isinstance(text, str):
        raise RuleError(f"{text!r} is not an expression", "write it as text", (*path, "test"))
    node = _at((*path, "test"), lambda: parse_expression(text, scope))
    if "unknown" not in raw:
        if "because" in raw:
            raise RuleError("`because` without `unknown`", "say what an unknown fact means", (*path, "because"))
        return node
    truth = raw["unknown"]
    if not isinstance(truth, bool):
        raise RuleError(f"unknown: {truth!r}", "say true or false", (*path, "unknown"))
    if "because" not in raw:
        raise RuleError("`unknown` without a reason", "add `because` with zh and en", path)
    return tree.Assume(node, truth, _text(raw["because"], (*path, "because")))


_READERS: dict[str, Callable[..., tree.Node]] = {
    "all": _joined(tree.All, "all"),
    "any": _joined(tree.Any, "any"),
    "not": _negated,
    "use": _used,
    "test": _tested,
}


def _noted(node: tree.Node, raw: Mapping[str, Any], kind: str, path: tuple[str | int, ...]) -> tree.Node:
    clause = raw.get("clause")
    if clause is not None and not isinstance(clause, str):
        raise RuleError(f"clause: {clause!r}", "name one clause id", (*path, "clause"))
    return tree.Noted(
        node,
        text=raw["test"] if kind == "test" else None,
        clauses=(clause,) if clause else (),
        label=_text(raw["label"], (*path, "label")) if "label" in raw else None,
        convention=raw.get("convention"),
        kind="leaf" if kind == "test" else kind,
    )


def _text(raw: Any, path: tuple[str | int, ...]) -> Text:
    try:
        return Text.model_validate(raw)
    except ValueError:
        raise RuleError(f"{raw!r} is not a text in both languages", "write {zh: …, en: …}", path) from None


def _at(path: tuple[str | int, ...], read: Callable[[], tree.Node]) -> tree.Node:
    try:
        return read()
    except RuleError as error:
        raise error.below(path) from None
