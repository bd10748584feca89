from collections import Counter
from importlib import resources
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from songhe.common.calendar import parse_date
from songhe.synth.city import City, known_cities, load_city
from songhe.synth.errors import SynthError
from songhe.synth.places import places
from songhe.synth.plan import make_plan

CITY = load_city("qingtongxia")


def raw() -> dict[str, Any]:
    text = resources.files("songhe.synth").joinpath("qingtongxia.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def test_an_unknown_city_lists_the_known_ones() -> None:
    assert known_cities() == ["qingtongxia"]
    with pytest.raises(SynthError, match="no synthetic city 'atlantis'; there is: qingtongxia"):
        load_city("atlantis")


def test_the_name_lists_are_no_city() -> None:
    with pytest.raises(SynthError):
        load_city("names")


def test_every_clause_it_cites_is_in_the_policy_package() -> None:
    text = resources.files("songhe.policies").joinpath(f"{CITY.document}/clauses.yaml").read_text(encoding="utf-8")
    ids = {clause["id"] for clause in yaml.safe_load(text)}
    cited = {clause for group in [*CITY.ages, *CITY.ability.groups] for clause in group.clause}
    cited |= {*CITY.income.clause, *CITY.places.villages.clause, *CITY.places.communities.clause}
    assert cited - ids == set()


def test_it_has_the_published_divisions() -> None:
    kinds = Counter(town.kind for town in CITY.places.towns_list)
    assert kinds == {"town": 8, "farm": 2, "subdistrict": 1}
    assert Counter(place.kind for place in places(CITY)) == {"community": 25, "village": 84}


def test_places_have_codes_of_their_own_below_the_city() -> None:
    codes = [place.code for place in places(CITY)]
    assert len(set(codes)) == 109
    assert all(code.startswith(CITY.division) and len(code) == 12 for code in codes)


def test_places_say_that_their_names_are_systematic() -> None:
    names = {place.code: place.name for place in places(CITY)}
    assert names["640381001001"] == "裕民街道第01社区"
    assert names["640381100211"] == "小坝镇第11村"


def test_a_count_without_a_clause_does_not_load() -> None:
    data = raw()
    del data["ages"][0]["clause"]
    with pytest.raises(ValidationError, match="names no clause"):
        City.model_validate(data)


def test_a_split_without_a_reason_does_not_load() -> None:
    data = raw()
    del data["ages"][1]["assumed"]
    with pytest.raises(ValidationError, match="why it is assumed"):
        City.model_validate(data)


def test_a_list_of_towns_that_misses_a_village_does_not_load() -> None:
    data = raw()
    data["places"]["list"][1]["villages"] -= 1
    with pytest.raises(ValidationError, match="84 are published, the list has 83"):
        City.model_validate(data)


def test_a_value_outside_the_vocabulary_is_named() -> None:
    data = raw()
    pension = next(draw for draw in data["draws"] if draw["name"] == "pension")
    pension["chance"]["urban"] = {"golden": 1}
    with pytest.raises(ValueError, match=r"pension: .*golden"):
        make_plan(City.model_validate(data), CITY.as_of)


def test_a_fact_outside_the_vocabulary_is_named() -> None:
    data = raw()
    data["missing"].append({"facts": ["shoe_size"], "chance": 0.1, "assumed": "for the test"})
    with pytest.raises(ValueError, match="shoe_size"):
        make_plan(City.model_validate(data), CITY.as_of)


def test_a_day_on_which_nobody_can_be_a_hundred_is_refused() -> None:
    with pytest.raises(SynthError, match="choose a later day"):
        make_plan(CITY, parse_date("0090-01-01"))
