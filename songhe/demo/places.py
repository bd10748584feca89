"""Where the demo city's people live: the national list, the synthetic villages it lacks, and what changed half-way."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from songhe.divisions import lists
from songhe.divisions.domain import Row, load_divisions, merge
from songhe.divisions.models import Division
from songhe.divisions.queries import resolve, tree_on
from songhe.synth.city import City
from songhe.synth.places import places

CITY, COUNTY = "640300", "640381"
# Of these, nothing but the name is known here; people of the city are registered there.
NEIGHBOURS = (Row("640302", "利通区", CITY), Row("640303", "红寺堡区", CITY), Row("640324", "同心县", CITY))
_SYNTHETIC = "演示用合成区划，国家名录中没有"
_NEIGHBOURING = "国标行政区划代码，演示数据中的户籍地"
_ORDERED = "演示用，并非真实变更"


def load_places(city: City) -> None:
    """The divisions of the city and of its synthetic people, since ever; those that exist stay as they are."""
    load_divisions(rows=lists.read_city(city.city), on=lists.SINCE, note=lists.NOTE)
    load_divisions(rows=NEIGHBOURS, on=lists.SINCE, note=_NEIGHBOURING)
    towns = [Row(town.code, town.name, COUNTY) for town in city.places.towns_list]
    villages = [Row(place.code, place.name, place.parent) for place in places(city)]
    there = tree_on()
    new = [row for row in (*towns, *villages) if there.find(row.code) is None]
    load_divisions(rows=new, on=lists.SINCE, note=_SYNTHETIC)


def change_places(city: City, on: dt.date) -> dict[str, str]:
    """A farm goes to a town, and a village is merged into the next one. Returns code before → code after."""
    farm, forest = (town.code for town in city.places.towns_list if town.kind == "farm")
    gone, kept = _villages_to_merge(city)
    became = {}
    for before, after in ((farm, forest), (gone, kept)):
        merge(divisions=[_division(before)], into=_division(after), on=on, note=_ORDERED)
        became[before] = after
    return became


def _villages_to_merge(city: City) -> tuple[str, str]:
    """Two villages of one town that only the synthetic city has."""
    synthetic = [place for place in places(city) if tree_on().node(_id(place.code)).name == place.name]
    for one, other in pairwise(synthetic):
        if one.kind == other.kind == "village" and one.parent == other.parent:
            return other.code, one.code
    raise LookupError("no two synthetic villages lie in one town")


def _id(code: str) -> int:
    found = resolve(code)
    if found is None:
        raise LookupError(f"there is no division {code}")
    return found


def _division(code: str) -> Division:
    return Division.objects.get(pk=_id(code))


def division(code: str) -> Division:
    """Raises LookupError when there is none today."""
    return _division(code)
