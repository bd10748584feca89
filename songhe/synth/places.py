"""The communities and villages of a synthetic city."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from songhe.synth.city import City, Town

# The statistical division code keeps 001-199 for residents' committees and 200-399 for villagers' committees.
FIRST_COMMUNITY = 1
FIRST_VILLAGE = 201


@dataclass(frozen=True)
class Place:
    """A community or village: twelve-digit code, systematic name, and the nine-digit code it lies under."""

    code: str
    name: str
    kind: Literal["community", "village"]
    parent: str


def places(city: City) -> list[Place]:
    """Every community of the city, then every village, each in the order of codes."""
    towns = city.places.towns_list
    return [place for town in towns for place in _communities(town)] + [
        place for town in towns for place in _villages(town)
    ]


def _communities(town: Town) -> Iterator[Place]:
    for number in range(town.communities):
        code = f"{town.code}{FIRST_COMMUNITY + number:03d}"
        yield Place(code, f"{town.name}第{number + 1:02d}社区", "community", town.code)


def _villages(town: Town) -> Iterator[Place]:
    for number in range(town.villages):
        code = f"{town.code}{FIRST_VILLAGE + number:03d}"
        yield Place(code, f"{town.name}第{number + 1:02d}村", "village", town.code)
