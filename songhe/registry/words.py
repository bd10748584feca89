"""What is known, in people's words: values, sources, and the groups in which a file shows its facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from songhe.common.text import Text, say
from songhe.divisions.queries import tree_on
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import fact_names, rule_facts
from songhe.rules.vocabulary import Value

YES, NO, UNKNOWN = say("是", "yes"), say("否", "no"), say("未知", "unknown")


@dataclass(frozen=True)
class Group:
    """Facts that stand together in a file."""

    name: Text
    facts: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Raises ValueError when `fact_groups.yaml` leaves a fact out, or names one twice."""
    text = resources.files("songhe.registry").joinpath("fact_groups.yaml").read_text(encoding="utf-8")
    found = tuple(Group(Text(**entry["name"]), tuple(entry["facts"])) for entry in yaml.safe_load(text))
    if wrong := set(fact_names()) ^ {fact for group in found for fact in group.facts}:
        raise ValueError(f"fact_groups.yaml must name every fact once: {sorted(wrong)}")
    return found


def in_words(fact: str, value: Value | None) -> Text:
    """A typed value as a page says it; what is masked stays masked."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return YES if value else NO
    known = rule_facts().get(fact)
    if known is not None and known.type == "code":
        return (known.value_labels or {}).get(str(value)) or _same(str(value))
    if known is not None and known.type == "money":
        return say(f"{int(value) / 100:,.2f}元", f"CNY {int(value) / 100:,.2f}")
    if known is not None and known.type == "division":
        return _same(place_of(str(value)))
    return _same(value.isoformat() if isinstance(value, dt.date) else str(value))


def place_of(code: str) -> str:
    """The full name of a division's code, today's; the code itself when it is none of ours."""
    node = tree_on().find(code)
    return code if node is None else tree_on().full_name(node.id)


def source_name(source: str) -> Text:
    return precedence().names.get(source) or _same(source)


@cache
def usual_sources() -> Mapping[str, Text]:
    """Where a fact usually comes from, as `policies/cn/facts.yaml` says."""
    text = resources.files("songhe.policies").joinpath("cn", "facts.yaml").read_text(encoding="utf-8")
    person = next(one for one in yaml.safe_load(text) if one["subject"] == "person")
    return {fact["name"]: Text(**fact["source"]) for fact in person["facts"] if "source" in fact}


def _same(text: str) -> Text:
    return say(text or "—", text or "—")
