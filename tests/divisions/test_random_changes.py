"""Whatever happens to a city, in whatever order: every day has one whole tree and no figure is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.divisions import domain
from songhe.divisions.codes import CITY, COUNTY, TOWN, VILLAGE
from songhe.divisions.domain import DivisionError, New
from songhe.divisions.models import Division, Version
from songhe.divisions.queries import carry, count_by, tree_on
from songhe.divisions.tree import Node, Tree
from tests.divisions.builders import LONG_AGO, small_city

START = dt.date(2024, 1, 1)
DAY = dt.timedelta(days=1)

Dice = Callable[[list], object]


class Clerk:
    """Makes the changes that the dice ask for; those that are refused must leave nothing behind."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.on = START
        self.days = [LONG_AGO, START]
        self.done = 0
        self.numbers = count(201)

    def pick(self, nodes: list[Node], title: str) -> Division:
        return Division(pk=self.data.draw(st.sampled_from(nodes), label=title).id)

    def new(self, parent: Node, level: int) -> New:
        number = next(self.numbers)
        code = f"9901{number % 100:02d}" if level == COUNTY else f"{parent.code}{number}"
        return New(code, f"新{number}", Division(pk=parent.id))

    def step(self) -> None:
        # Now and then on the same day, or back before the last change.
        self.on += self.data.draw(st.integers(-40, 120), label="days on") * DAY
        kind = self.data.draw(
            st.sampled_from(["found", "rename", "recode", "move", "merge", "merge_new", "split", "dissolve"]),
            label="change",
        )
        tree = tree_on(self.on)
        nodes = [node for node in tree if node.level > CITY]
        if not nodes:
            return
        before = {day: list(tree_on(day)) for day in self.days if day < self.on}
        everything = Version.objects.count()
        try:
            getattr(self, kind)(tree, nodes)
        except DivisionError:
            assert Version.objects.count() == everything
        else:
            self.done += 1
            self.days = sorted({*self.days, self.on - DAY, self.on})
        assert {day: list(tree_on(day)) for day in before} == before

    def found(self, tree: Tree, nodes: list[Node]) -> None:
        parent = self.data.draw(st.sampled_from([node for node in tree if node.level < VILLAGE]))
        new = self.new(parent, parent.level + 1)
        domain.found(code=new.code, name=new.name, parent=new.parent, on=self.on)

    def rename(self, tree: Tree, nodes: list[Node]) -> None:
        domain.rename(division=self.pick(nodes, "who"), name=f"改{next(self.numbers)}", on=self.on)

    def recode(self, tree: Tree, nodes: list[Node]) -> None:
        one, other = (tree.node(self.pick(nodes, "who").pk) for _ in range(2))
        domain.recode(division=Division(pk=one.id), code=other.code, codes={other.code: one.code}, on=self.on)

    def move(self, tree: Tree, nodes: list[Node]) -> None:
        domain.move(division=self.pick(nodes, "who"), to=self.pick(list(tree), "to"), on=self.on)

    def merge(self, tree: Tree, nodes: list[Node]) -> None:
        into = tree.node(self.pick(nodes, "into").pk)
        alike = [node for node in nodes if node.level == into.level]
        domain.merge(divisions=[self.pick(alike, "who")], into=Division(pk=into.id), on=self.on)

    def merge_new(self, tree: Tree, nodes: list[Node]) -> None:
        one = tree.node(self.pick(nodes, "who").pk)
        alike = [node for node in nodes if node.level == one.level]
        new = self.new(tree.node(one.parent), one.level)
        domain.merge(divisions=[Division(pk=one.id), self.pick(alike, "who")], into=new, on=self.on)

    def split(self, tree: Tree, nodes: list[Node]) -> None:
        one = tree.node(self.pick(nodes, "who").pk)
        alike = [node for node in nodes if node.level == one.level]
        parts = [self.new(tree.node(one.parent), one.level), self.pick(alike, "part")]
        continues = self.data.draw(st.booleans(), label="continues")
        children = {
            Division(pk=child.id): self.data.draw(st.integers(0, 1), label="part of child")
            for child in tree.children(one.id)
            if not continues or self.data.draw(st.booleans(), label="child goes")
        }
        domain.split(division=Division(pk=one.id), parts=parts, children=children, continues=continues, on=self.on)

    def dissolve(self, tree: Tree, nodes: list[Node]) -> None:
        domain.dissolve(division=self.pick(nodes, "who"), on=self.on)


@contextmanager
def undone() -> Iterator[None]:
    """One example in a database that the next one finds as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_every_day_has_one_whole_tree(days: list[dt.date]) -> None:
    for day in days:
        tree = tree_on(day)
        assert len({node.code for node in tree}) == len(tree)
        for node in tree:
            path = tree.path(node.id)
            assert path[-1] == node
            assert [one.level for one in path] == sorted({one.level for one in path})
            assert path[0].parent is None
            assert path[0].level == CITY
        assert tree.subtree([root.id for root in tree.children(None)]) == {node.id for node in tree}


def check_no_figure_is_lost(days: list[dt.date]) -> None:
    counts = [(node.id, day, 1 + number) for number, day in enumerate(days) for node in tree_on(day).level(VILLAGE)]
    total = sum(number for _, _, number in counts)
    for level in (CITY, COUNTY, TOWN, VILLAGE):
        for day in (None, *days):
            figures = count_by(level, counts, as_of=day)
            assert sum(figures.values()) == total
            assert None not in figures
            if day:
                assert all(tree_on(day).node(one).level <= level for one in figures)
    for day in days:
        of_day = [count for count in counts if count[1] == day]
        assert count_by(COUNTY, of_day, as_of=day) == count_by(COUNTY, of_day)


def check_succession_can_be_walked_in_stages(days: list[dt.date]) -> None:
    first, middle, last = days[0], days[len(days) // 2], days[-1]
    for node in tree_on(first):
        assert carry(node.id, first, first) == (node.id,)
        stages = {late for one in carry(node.id, first, middle) for late in carry(one, middle, last)}
        assert set(carry(node.id, first, last)) == stages
        for late in carry(node.id, first, last):
            assert node.id in carry(late, last, first)


@pytest.mark.django_db
@settings(max_examples=25)
@given(data=st.data())
def test_random_changes_keep_every_day_whole(data: st.DataObject):
    with undone():
        small_city()
        clerk = Clerk(data)
        for _ in range(data.draw(st.integers(1, 12), label="changes")):
            clerk.step()
        check_every_day_has_one_whole_tree(clerk.days)
        check_no_figure_is_lost(clerk.days)
        check_succession_can_be_walked_in_stages(clerk.days)
