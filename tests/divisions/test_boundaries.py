"""Borders of divisions: read whole or refused with the place of what is wrong, and dated like the tree."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from songhe.accounts.models import Entry, Role
from songhe.divisions.boundaries import boundaries_on, files_loaded, have_boundaries
from songhe.divisions.errors import DivisionError
from songhe.divisions.geojson import read_shapes
from songhe.divisions.models import Boundary, BoundaryFile
from songhe.registry.domain.boundaries import load_boundaries
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city

DAY = dt.date(2024, 1, 1)
RING = [[113.1, 31.1], [113.2, 31.1], [113.2, 31.2], [113.1, 31.1]]
Change = Callable[[dict[str, Any]], None]


def feature(code: Any, ring: Any = RING, **more: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry, **more}


def content(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def load(data: bytes, on: dt.date = DAY, **more: Any) -> Any:
    given = {"by": None, "name": "a.geojson", "source": "测绘院", "code_property": "code", **more}
    return load_boundaries(content=data, on=on, **given)


WRONG = {
    b"{": "读不懂",
    b'{"type": "FeatureCollection", "features": [NaN]}': "读不懂",
    content(): "没有任何要素",
    json.dumps({"type": "Feature"}).encode(): "FeatureCollection",
    content(feature(990101), crs={"type": "name", "properties": {"name": "EPSG:3857"}}): "坐标系",
    content(feature("abc")): "不是行政区划代码",
    content({"type": "Feature", "properties": {"id": 1}, "geometry": None}): "没有属性“code”，有：id",
    content(feature(990101) | {"geometry": {"type": "Point", "coordinates": [1, 2]}}): "Point",
    content(feature(990101, RING[:-1])): "没有闭合",
    content(feature(990101, [[31.1, 113.1], *RING[1:-1], [31.1, 113.1]])): "写反",
    content(feature(990101, [[3786543.2, 512345.0], *RING[1:]])): "投影坐标",
    content(feature(990101, [["113", 31], *RING[1:]])): "不是两个数",
    content(feature(990101), feature("990101000000")): "第 2 个要素：代码 990101 出现两次",
}


@pytest.mark.parametrize(("data", "told"), WRONG.items(), ids=WRONG.values())
def test_a_wrong_file_is_refused_and_says_where(data: bytes, told: str) -> None:
    with pytest.raises(DivisionError) as refused:
        read_shapes(data, code_property="code")
    assert told in refused.value.zh


def test_codes_may_be_numbers_and_of_any_length_and_heights_are_left_out() -> None:
    ring = [[*position, 85.0] for position in RING]
    shapes = read_shapes(content(feature(990101000000, ring)), code_property="code")
    assert [(one.code, json.loads(one.geometry)["coordinates"]) for one in shapes] == [("990101", [RING])]


def test_a_border_holds_from_its_day_until_the_next(city: SmallCity) -> None:
    east, west = city.counties
    later = [[114.0, 31.0], *RING[1:-1], [114.0, 31.0]]
    load(content(feature("990101"), feature("990102")))
    load(content(feature("990101", later)), on=dt.date(2025, 1, 1))
    both = [east.pk, west.pk]
    assert boundaries_on(both, dt.date(2023, 12, 31)) == {}
    assert json.loads(boundaries_on(both, dt.date(2024, 12, 31))[east.pk])["coordinates"] == [RING]
    assert json.loads(boundaries_on(both, dt.date(2025, 1, 1))[east.pk])["coordinates"] == [later]
    assert have_boundaries(both, DAY) == 2
    assert [(one.number, one.valid_from) for one in files_loaded()] == [(1, dt.date(2025, 1, 1)), (2, DAY)]


def test_unknown_codes_are_named_and_nothing_is_written(city: SmallCity) -> None:
    data = content(feature("990101"), feature("999999"))
    with pytest.raises(DivisionError, match="999999"):
        load(data)
    assert not BoundaryFile.objects.exists()
    assert load(data, leave_unknown=True).unknown == ("999999",)
    assert Boundary.objects.count() == 1


def test_the_past_is_not_edited(city: SmallCity) -> None:
    load(content(feature("990101")))
    for change in (Boundary.objects.all().delete, lambda: Boundary.objects.update(geometry="{}")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_nobody_loads_borders_beyond_their_reach(city: SmallCity) -> None:
    small_city(prefix="9902")
    bureau = holder(Role.CITY_BUREAU, city.city)
    load(content(feature("990101")), by=bureau)
    with pytest.raises(DivisionError, match="不在您的范围内"):
        load(content(feature("990101"), feature("990201")), by=bureau)
    with pytest.raises(DivisionError):
        load(content(feature("990101")), by=holder(Role.COUNTY_BUREAU, city.counties[0]))
    told = Entry.objects.get(action="division.boundaries")
    assert (told.user_id, told.division_id) == (bureau.pk, city.counties[0].pk)


def test_the_operator_loads_a_file(city: SmallCity, tmp_path: Path) -> None:
    file = tmp_path / "city.geojson"
    file.write_bytes(content(feature("990101") | {"properties": {"adcode": 990101}}))
    call_command("load_boundaries", str(file), "--property", "adcode", "--on", "2024-01-01")
    assert set(boundaries_on([one.pk for one in city.counties], DAY)) == {city.counties[0].pk}
    with pytest.raises(CommandError, match="没有属性"):
        call_command("load_boundaries", str(file))
