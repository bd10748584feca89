"""What was known of somebody on a day, resolved in Python record by record, and whether the file lay in the county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from songhe.divisions.queries import Tree, tree_on
from songhe.registry.places import moved
from songhe.registry.resolve import Record, resolve
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import from_text, rule_facts
from songhe.rules.vocabulary import Value

HUKOU, RESIDENCE = "hukou", "residence"
# A value per fact of the vocabulary, in its order.
Facts = tuple[Value | None, ...]


@dataclass(frozen=True)
class Place:
    """The divisions of a day: where each leads, and which lie in the county."""

    tree: Tree
    went_on: Mapping[int, int | None]
    inside: frozenset[int]

    def standing(self, division: int | None) -> int | None:
        if division is None:
            return None
        return division if division in self.tree else self.went_on.get(division)


def place_on(county: int, day: dt.date) -> Place:
    tree = tree_on(day)
    return Place(tree, moved(day), frozenset(tree.subtree([county])) if county in tree else frozenset())


def facts_on(
    stated: Iterable[tuple[Record, int | None]], place: Place, *, valid_on: dt.date, known_at: int
) -> Facts | None:
    """The facts as known at a transaction; None when the file lay in another county, or nowhere."""
    divisions = {record.id: division for record, division in stated}
    records = [record for record, _ in stated]
    verdicts = resolve(records, valid_on=valid_on, known_at=known_at, precedence=precedence())
    where = {
        name: place.standing(divisions[verdicts[name].record.id]) for name in (HUKOU, RESIDENCE) if name in verdicts
    }
    lies = next((where[name] for name in (HUKOU, RESIDENCE) if where.get(name) is not None), None)
    if lies not in place.inside:
        return None
    values = {name: verdict.value for name, verdict in verdicts.items()}
    values |= {name: place.tree.node(division).code for name, division in where.items() if division is not None}
    return tuple(from_text(name, values.get(name)) for name in rule_facts())
