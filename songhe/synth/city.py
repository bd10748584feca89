"""The shape of a synthetic city's data file, as typed models.

A figure either carries the clause that publishes it or says why it is assumed; a file with neither does not
load.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cache
from importlib import resources
from typing import Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from songhe.synth.errors import SynthError

# Shares are written as decimals; their sum differs from one by binary rounding at most.
TOLERANCE = 1e-9
NOT_CITIES = {"dirt", "names"}

SomeFigure = TypeVar("SomeFigure", bound="Figure")


class Entry(BaseModel):
    """Base of everything in the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Figure(Entry):
    """A published count, or an assumed split of one."""

    count: int | None = None
    clause: list[str] = []
    derived: str | None = None
    assumed: str | None = None

    @model_validator(mode="after")
    def count_has_a_source(self) -> Self:
        if self.count is not None and not self.clause:
            raise ValueError(f"the count {self.count} names no clause")
        return self


class AgeGroup(Figure):
    """Persons `start` years old and over; those below the next group's start fall into these bands."""

    start: int = Field(alias="from")
    count: int
    bands: dict[str, float]

    @model_validator(mode="after")
    def split_is_whole(self) -> Self:
        return _check_split(self, self.bands)


class AbilityGroup(Figure):
    """Persons of some levels of ability; the group without a count takes everyone else."""

    levels: dict[str, float]

    @model_validator(mode="after")
    def split_is_whole(self) -> Self:
        return _check_split(self, self.levels)


class Ability(Entry):
    groups: list[AbilityGroup]
    risk: dict[str, float]
    assumed: str


class Town(Entry):
    """A town, subdistrict or farm, with how many communities and villages lie in it."""

    code: str = Field(pattern=r"^\d{9}$")
    name: str
    kind: Literal["subdistrict", "town", "farm"]
    communities: int
    villages: int


class Elsewhere(Entry):
    """Where else residents are registered: GB/T 2260 codes and their shares."""

    codes: dict[str, float]
    assumed: str


class Places(Entry):
    subdistricts: Figure
    towns: Figure
    farms: Figure
    communities: Figure
    villages: Figure
    assumed: str
    towns_list: list[Town] = Field(alias="list")
    elsewhere: Elsewhere

    @model_validator(mode="after")
    def list_adds_up(self) -> Self:
        kinds = Counter(town.kind for town in self.towns_list)
        listed = {
            "subdistricts": kinds["subdistrict"],
            "towns": kinds["town"],
            "farms": kinds["farm"],
            "communities": sum(town.communities for town in self.towns_list),
            "villages": sum(town.villages for town in self.towns_list),
        }
        for name, count in listed.items():
            published = getattr(self, name).count
            if published != count:
                raise ValueError(f"{name}: {published} are published, the list has {count}")
        return self


class AddressRange(Entry):
    """Division codes that were never assigned, for the front of resident numbers."""

    first_address: int
    last_address: int


class Deaths(Entry):
    within_days: int
    risk: dict[str, float]
    assumed: str


class Hukou(Entry):
    since_law: dt.date
    mean_years_since_move: float
    assumed: str


class Certificate(Entry):
    validity_years: int
    issued_within_years: int
    assumed: str


class Income(Entry):
    """Yuan per person; the keys of the mappings are the values of `hukou_type`."""

    yearly_yuan: dict[str, int]
    clause: list[str]
    dibao_line_monthly_yuan: dict[str, int]
    low_income_multiple: float
    spread: float
    assumed: str


class Draw(Entry):
    """How one fact, or a helper that is no fact, is drawn; `chance` is read by `songhe.synth.tables`."""

    name: str
    values: list[str | bool] = []
    given: list[str] = []
    chance: Any
    assumed: str


class Missing(Entry):
    """Facts that are missing together, and how often."""

    facts: list[str]
    given: list[str] = []
    chance: Any
    assumed: str


class City(Entry):
    city: str
    name: dict[str, str]
    document: str
    division: str = Field(pattern=r"^\d{6}$")
    id_prefix: str = Field(pattern=r"^[A-Z]{2,4}$")
    as_of: dt.date
    ages: list[AgeGroup]
    ability: Ability
    places: Places
    resident_id: AddressRange
    deaths: Deaths
    hukou: Hukou
    certificate: Certificate
    income: Income
    draws: list[Draw]
    missing: list[Missing]

    def bands(self) -> list[str]:
        """Names of the age bands, youngest first; `60-64` includes both ages."""
        return [band for group in self.ages for band in group.bands]


def known_cities() -> list[str]:
    """Cities with a data file in this folder."""
    files = resources.files("songhe.synth").iterdir()
    names = (file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml"))
    return sorted(set(names) - NOT_CITIES)


@cache
def load_city(city: str) -> City:
    """The city's data; SynthError, with the cities there are, when there is none of that name."""
    known = known_cities()
    if city not in known:
        raise SynthError(f"no synthetic city {city!r}; there is: {', '.join(known)}")
    text = resources.files("songhe.synth").joinpath(f"{city}.yaml").read_text(encoding="utf-8")
    return City.model_validate(yaml.safe_load(text))


def _check_split(figure: SomeFigure, shares: dict[str, float]) -> SomeFigure:
    if abs(sum(shares.values()) - 1) > TOLERANCE:
        raise ValueError(f"shares of {', '.join(shares)} add up to {sum(shares.values())}, not to 1")
    if len(shares) > 1 and not figure.assumed:
        raise ValueError(f"the split into {', '.join(shares)} does not say why it is assumed")
    return figure
