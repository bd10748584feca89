"""What the file knows of a person, and which package speaks for the place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from songhe.common import clock
from songhe.common.division import within
from songhe.common.text import Text, say
from songhe.divisions.models import Level
from songhe.divisions.queries import tree_on
from songhe.entitlement.queries import last_accepted
from songhe.policy.package import Package
from songhe.portal.items import Item, Reader
from songhe.portal.questions import questions_for
from songhe.portal.shelf import open_shelf, place_of
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.places import moved
from songhe.registry.queries import file_as_of
from songhe.registry.vocabulary import rule_facts
from songhe.rules.vocabulary import Value

_SILENT = say("档案里没有记", "not in the file")


@dataclass(frozen=True)
class File:
    """A person's own file, for the person or the family. What rests on the registry is read once for a page."""

    person: Person

    @cached_property
    def current(self) -> CurrentPerson | None:
        return CurrentPerson.objects.filter(pk=self.person.pk).first()

    @property
    def name(self) -> str:
        return (self.current and self.current.name) or "—"

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where the person is registered and lives today (ids), the registration first."""
        if self.current is None:
            return ()
        today = moved(clock.today())
        ids = (self.current.hukou_division_id, self.current.residence_division_id)
        return tuple(today.get(id, id) or id for id in ids if id is not None)

    @cached_property
    def package(self) -> Package | None:
        """The one by which the county pays; before its first run, the one that speaks for the place."""
        tree = tree_on()
        for place in self.places:
            county = tree.at_level(place, Level.COUNTY) if place in tree else None
            run = last_accepted(county.id) if county is not None else None
            found = open_shelf().find(run.package) if run is not None else None
            if found is not None:
                return found
        codes = [node.code for place in self.places if (node := tree.get(place)) is not None]
        speaking = (p for code in codes for p in open_shelf().cities if within(code, place_of(p).division))
        return next(speaking, None)

    @cached_property
    def items(self) -> list[Item]:
        """Every item as it is decided today; none without a package."""
        return [] if self.package is None else items_of(self.person, self.package, clock.today(), None)

    @property
    def offices(self) -> list[str]:
        """Where the person can go: the village of the residence, and its town."""
        tree = tree_on()
        for place in reversed(self.places):
            levels = (tree.at_level(place, level) for level in (Level.VILLAGE, Level.TOWN) if place in tree)
            if names := [node.name for node in levels if node is not None]:
                return names
        return []

    def name_of(self, item: str) -> Text:
        """What an item is called: by the person's package, or any that has it."""
        id = item.partition("#")[0]
        for package in filter(None, (self.package, *open_shelf().packages)):
            if id in package.entitlements:
                return package.entitlements[id].name
        return say(item, item)


def items_of(person: Person, package: Package, day: dt.date, known_at: int | None) -> list[Item]:
    """Every item of a package on a day, by what the file knew at a transaction (now)."""
    questions = {question.name: question for question in questions_for(package)}
    return Reader(package, day, facts_of(person, day, known_at), questions, _SILENT).items()


def facts_of(person: Person, day: dt.date, known_at: int | None) -> dict[str, Value]:
    file = file_as_of(person, valid_on=day, known_at=known_at)
    return {name: one.value for name, one in file.items() if name in rule_facts()}
