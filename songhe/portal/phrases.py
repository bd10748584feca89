"""Tests of facts in plain words, and facts as a person would say them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from songhe.common.division import stem
from songhe.common.text import Text, say
from songhe.policy.package import Package
from songhe.policy.phrases import Words
from songhe.portal.shelf import open_shelf, place_of
from songhe.rules import tree
from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope, parse_expression


def words_of(text: str, package: Package, day: dt.date) -> Text:
    """`age >= 60` as *满60周岁*; what cannot be put in words is shown as it is written."""
    try:
        node = _parsed(text, package.id)
    except RuleError:
        return say(text, text)
    return Words(package, day, area_name).of(node)


@lru_cache(maxsize=2048)
def _parsed(text: str, package_id: str) -> tree.Node:
    package = open_shelf().find(package_id)
    if package is None:
        raise RuleError(f"{package_id} is not on the shelf", "")
    types = {id: parameter.type for id, parameter in package.parameters.items()}
    return parse_expression(text, Scope(package.vocabularies["person"], types))


def area_name(code: str) -> Text:
    """The place's name where a package speaks for it, its code otherwise."""
    for package in open_shelf().packages:
        city = place_of(package)
        if stem(city.division) == stem(code):
            return Text(zh=city.zh, en=city.en)
    return say(f"行政区划{code}", f"division {code}")
