"""What a list of the register is asked for, as it stands in its address. Numbers of people never stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from django.core import signing
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.common.text import Text, say
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.registry.register import ORDERS, Wanted
from songhe.registry.vocabulary import label, personal_facts, rule_facts
from songhe.registry.words import NO, YES

ANY = say("不限", "any")
CODES = ("sex", "living", "ability", "disability_grade")
_LIVES = (("alive", say("在世", "living")), ("dead", say("已故", "deceased")))
_FOUND = "songhe.register.found"
# So many digits in a row are somebody's number.
_DIGITS = re.compile(r"[0-9０-９]{5}")
_OLDEST = 150


@dataclass(frozen=True)
class Choice:
    """A list to choose one from: value and text of each. Made into HTML here: a template is slow with so many."""

    name: str
    label: Text
    options: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def html(self) -> SafeString:
        mark = f'<option value="{escape(self.chosen)}"'
        return mark_safe(_html(self.options).replace(f"{mark}>", f"{mark} selected>", 1))


@lru_cache(maxsize=500)
def _html(options: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)


def is_number(text: str) -> bool:
    """Whether a text is to be looked up as somebody's number and kept out of addresses."""
    return bool(_DIGITS.search(re.sub(r"[\s()+-]", "", text)))


def signed(people: Sequence[int]) -> str:
    """People who were found by a number, for the address: nobody can put others there."""
    return signing.dumps(list(people), salt=_FOUND)


def kept(given: QueryDict) -> str:
    """The query of a filled-in form: what was left empty is left out."""
    names = ("q", "division", *CODES, "dibao", "age_from", "age_to", "life", "conflict", "unknown", "sort")
    pairs = [(name, given.get(name, "").strip()) for name in names]
    return urlencode([(name, value) for name, value in pairs if value and not (name == "q" and is_number(value))])


def wanted(given: QueryDict) -> Wanted:
    """What the address asks for; what it cannot ask for counts as not asked."""
    sort = given.get("sort", "")
    order = sort.removeprefix("-")
    text = given.get("q", "").strip()[:60]
    return Wanted(
        text="" if is_number(text) else text,
        people=_found(given.get("found", "")),
        division=_division(given.get("division", "")),
        facts=dict(_facts(given)),
        age_from=_age(given.get("age_from", "")),
        age_to=_age(given.get("age_to", "")),
        alive={"alive": True, "dead": False}.get(given.get("life", "")),
        in_conflict=given.get("conflict") == "1",
        unknown=given.get("unknown", "") if given.get("unknown") in _unknowable() else "",
        order=order if order in ORDERS else ORDERS[0],
        falling=sort.startswith("-"),
    )


def _found(text: str) -> tuple[int, ...] | None:
    try:
        return tuple(signing.loads(text, salt=_FOUND)) if text else None
    except signing.BadSignature:
        return ()


def _division(code: str) -> int | None:
    if not code:
        return None
    node = tree_on().find(code)
    # Nobody lives in a division that is none.
    return -1 if node is None else node.id


def _facts(given: QueryDict) -> Iterator[tuple[str, object]]:
    for name in CODES:
        if given.get(name) in rule_facts()[name].values:
            yield name, given[name]
    if given.get("dibao") in ("yes", "no"):
        yield "dibao", given["dibao"] == "yes"


def _age(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text[:4]) <= _OLDEST else None


def _unknowable() -> tuple[str, ...]:
    return (*rule_facts(), *personal_facts())


def choices(given: QueryDict, user: User, *, language: str) -> list[Choice]:
    """The lists of the form, in the order in which they stand."""
    lists = [_divisions(given, user, language)]
    for name in CODES:
        lists.append(_choice(given, name, label(name), rule_facts()[name].value_labels or {}, language))
    lists.append(_choice(given, "dibao", label("dibao"), {"yes": YES, "no": NO}, language))
    lists.append(_choice(given, "life", say("在世", "Life"), dict(_LIVES), language))
    lists.append(
        _choice(given, "unknown", say("缺少信息", "Lacking"), {name: label(name) for name in _unknowable()}, language)
    )
    return lists


def _choice(given: QueryDict, name: str, text: Text, words: Mapping[str, Text], language: str) -> Choice:
    options = [(value, word.in_language(language)) for value, word in words.items()]
    return Choice(name, text, (("", ANY.in_language(language)), *options), given.get(name, ""))


def _divisions(given: QueryDict, user: User, language: str) -> Choice:
    """The way down to the chosen division, those below it, and all that the user holds as a whole."""
    tree = tree_on()
    reached = divisions_for(user, Action.PERSON_READ)
    code = given.get("division", "")
    chosen = tree.find(code) if code else None
    every = ("", say("全部（权限内）", "all in reach").in_language(language))
    near = [(node.code, _indented(node, tree, reached)) for node in _near(tree, chosen, reached)]
    return Choice("division", say("区划", "Division"), (every, *near), chosen.code if chosen else "")


@lru_cache(maxsize=200)
def _tops(tree: Tree, reached: frozenset[int]) -> tuple[Node, ...]:
    return tuple(node for node in tree if node.id in reached and node.parent not in reached)


def _near(tree: Tree, chosen: Node | None, reached: frozenset[int]) -> Iterator[Node]:
    tops = _tops(tree, reached)
    opened = {node.id for node in tree.path(chosen.id)} if chosen is not None and chosen.id in reached else set()
    # Whoever holds one division wants to choose among those below it at once.
    opened |= {tops[0].id} if len(tops) == 1 else set()

    def walk(node: Node) -> Iterator[Node]:
        yield node
        if node.id in opened:
            for child in tree.children(node.id):
                yield from walk(child)

    for top in tops:
        yield from walk(top)


def _indented(node: Node, tree: Tree, reached: frozenset[int]) -> str:
    depth = sum(above.id in reached for above in tree.path(node.id)) - 1
    return "\u3000" * depth + node.name
