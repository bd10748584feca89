"""The same person in two cities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from songhe.policy.package import Package
from songhe.policy.schema import City
from songhe.portal.answers import read_answers
from songhe.portal.items import Item, Reader
from songhe.portal.questions import questions_for
from songhe.portal.result import Group, group
from songhe.portal.shelf import is_example, place_of


@dataclass(frozen=True)
class Side:
    """One city's column; places answered *in this city* mean that city in each column."""

    package: Package
    city: City
    groups: tuple[Group, Group, Group]

    @property
    def is_example(self) -> bool:
        return is_example(self.package)


@dataclass(frozen=True)
class Row:
    group: Group
    cells: tuple[tuple[Side, tuple[Item, ...]], ...]


@dataclass(frozen=True)
class Comparison:
    sides: tuple[Side, Side]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(
            Row(self.sides[0].groups[index], tuple((side, side.groups[index].items) for side in self.sides))
            for index in range(3)
        )


def compare(packages: tuple[Package, Package], day: dt.date, posted: Mapping[str, str]) -> Comparison:
    first, second = (_side(package, day, posted) for package in packages)
    return Comparison((first, second))


def _side(package: Package, day: dt.date, posted: Mapping[str, str]) -> Side:
    questions = {question.name: question for question in questions_for(package)}
    answers = read_answers(posted, package, day)
    items = Reader(package, day, answers.facts, questions).items()
    return Side(package, place_of(package), group(items))
