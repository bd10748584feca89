"""Reading a file of borders: GeoJSON (RFC 7946), checked whole before anything is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from songhe.common.text import Text, say
from songhe.divisions.codes import canonical
from songhe.divisions.errors import DivisionError

# Degrees of China; what lies elsewhere was drawn in another system, or has its numbers the wrong way round.
EAST, NORTH = (73.0, 136.0), (3.0, 54.0)
LARGEST = 64 * 1024 * 1024
# Of longitude and latitude in WGS 84, and of China's CGCS2000, which differs by less than a hand.
_SYSTEMS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
# A tenth of a metre.
_PLACES = 6
_TOLD = 5
Position = list[float]


@dataclass(frozen=True)
class Shape:
    """The border that a file gives for a code; `geometry` is compact GeoJSON."""

    code: str
    geometry: str


class _Fault(Exception):
    """What is wrong with one feature."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_shapes(content: bytes, *, code_property: str) -> list[Shape]:
    """The borders of a FeatureCollection, by the codes in a property. DivisionError says what is wrong, where."""
    features = _features(_parsed(content))
    shapes: list[Shape] = []
    faults: list[Text] = []
    codes: set[str] = set()
    for number, feature in enumerate(features, 1):
        try:
            shape = _shape(feature, code_property)
            if shape.code in codes:
                raise _Fault(f"代码 {shape.code} 出现两次", f"the code {shape.code} stands twice")
        except _Fault as fault:
            faults.append(say(f"第 {number} 个要素：{fault.zh}", f"feature {number}: {fault.en}"))
            continue
        codes.add(shape.code)
        shapes.append(shape)
    if faults:
        _refuse_all(faults)
    return shapes


def _refuse_all(faults: list[Text]) -> NoReturn:
    some = faults[:_TOLD]
    more = len(faults) - len(some)
    zh = "；".join(one.zh for one in some) + (f"；另有 {more} 处" if more else "")
    en = "; ".join(one.en for one in some) + (f"; and {more} more" if more else "")
    raise DivisionError(
        f"界线文件有误，一条也没有写入：{zh}。", f"The file of borders is wrong, nothing was written: {en}."
    )


def _parsed(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise DivisionError(
            "文件超过 64 MB，请先简化界线（例如用 mapshaper 保留 10%）。",
            "The file is larger than 64 MB: simplify the borders first, for example to a tenth with mapshaper.",
        )
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise DivisionError(
            "读不懂这个文件：应为 UTF-8 编码的 GeoJSON。", "The file cannot be read: it must be GeoJSON in UTF-8."
        ) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _features(content: Any) -> list[Any]:
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        raise DivisionError(
            "文件应是一个 FeatureCollection（要素集合）。", "The file must be one FeatureCollection of GeoJSON."
        )
    if not features:
        raise DivisionError("文件里没有任何要素。", "There is no feature in the file.")
    system = json.dumps(content["crs"]) if content.get("crs") else ""
    if system and not any(name in system for name in _SYSTEMS):
        raise DivisionError(
            "坐标系应为 WGS 84 或 CGCS2000 经纬度，请先转换。",
            "The coordinates must be longitude and latitude in WGS 84 or CGCS2000: convert them first.",
        )
    return features


def _shape(feature: Any, code_property: str) -> Shape:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise _Fault("没有属性", "it has no properties")
    properties = feature["properties"]
    if code_property not in properties:
        there = "、".join(sorted(properties)[:8])
        raise _Fault(f"没有属性“{code_property}”，有：{there}", f"no property {code_property!r}, there are: {there}")
    try:
        code = canonical(str(properties[code_property]))
    except DivisionError as error:
        raise _Fault(error.zh.rstrip("。"), error.en.rstrip(".")) from None
    return Shape(code, json.dumps(_geometry(feature.get("geometry")), separators=(",", ":")))


def _geometry(geometry: Any) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        return {"type": kind, "coordinates": _polygon(geometry.get("coordinates"))}
    if kind == "MultiPolygon":
        return {"type": kind, "coordinates": [_polygon(one) for one in _listed(geometry.get("coordinates"))]}
    raise _Fault(f"几何类型是 {kind}，应为 Polygon 或 MultiPolygon", f"its geometry is {kind}, not a (Multi)Polygon")


def _polygon(rings: Any) -> list[list[Position]]:
    return [_ring(ring) for ring in _listed(rings)]


def _ring(ring: Any) -> list[Position]:
    positions = list(_positions(_listed(ring)))
    if len(positions) < 4 or positions[0] != positions[-1]:
        raise _Fault("有一圈界线没有闭合（首尾须相同，至少四点）", "a ring is not closed (first as last, four points)")
    return positions


def _listed(value: Any) -> Iterable[Any]:
    if not isinstance(value, list) or not value:
        raise _Fault("界线没有坐标", "a border has no coordinates")
    return value


def _positions(ring: Iterable[Any]) -> Iterator[Position]:
    for position in ring:
        if not isinstance(position, list) or len(position) < 2 or not all(map(_is_number, position[:2])):
            raise _Fault("有的坐标不是两个数", "a position is not two numbers")
        yield _checked(position[0], position[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _checked(east: float, north: float) -> Position:
    if EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1]:
        return [round(east, _PLACES), round(north, _PLACES)]
    if EAST[0] <= north <= EAST[1] and NORTH[0] <= east <= NORTH[1]:
        raise _Fault("经度和纬度写反了，应先经后纬", "longitude and latitude are swapped: longitude stands first")
    raise _Fault(
        f"坐标 {east:g}, {north:g} 不在中国的经纬度范围内，可能是投影坐标，请先转换",
        f"{east:g}, {north:g} is no longitude and latitude in China; convert projected coordinates first",
    )
