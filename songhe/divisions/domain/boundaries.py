"""Writing borders: all of a file or nothing; the past is kept, a correction is a new row."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from songhe.divisions.errors import DivisionError
from songhe.divisions.geojson import Shape, read_shapes
from songhe.divisions.models import Boundary, BoundaryFile
from songhe.divisions.queries import tree_on

_NAMED = 8


@dataclass(frozen=True)
class Written:
    """A file of borders was written; `unknown` are codes that no division had on the day, left out as asked."""

    file: BoundaryFile
    divisions: tuple[int, ...]
    unknown: tuple[str, ...]


@transaction.atomic
def write_boundaries(
    *,
    content: bytes,
    name: str,
    source: str,
    code_property: str,
    on: dt.date,
    loaded_by: str,
    within: frozenset[int] | None = None,
    leave_unknown: bool = False,
) -> Written:
    """Keep the borders of a GeoJSON file, valid from a day on. Raises DivisionError, and then nothing is written.

    Codes are those of the day. `within`: divisions the file may speak of; None: all.
    """
    if not source.strip():
        raise DivisionError("请写明界线的来源。", "Say where the borders are from.")
    shapes = read_shapes(content, code_property=code_property)
    found, unknown = _found(shapes, on)
    if unknown and not leave_unknown:
        some = "、".join(unknown[:_NAMED]) + ("…" if len(unknown) > _NAMED else "")
        raise DivisionError(
            f"{on} 的区划名录里没有这些代码，共 {len(unknown)} 个：{some}。请核对生效日和代码，或选择跳过它们。",
            f"No division has these codes on {on}, {len(unknown)} of them: {some}. Check the day, or leave them out.",
        )
    if not found:
        raise DivisionError("文件里没有一个代码在区划名录中。", "None of the codes of the file is known.")
    _check_within(found, within, on)
    digest = hashlib.sha256(content).hexdigest()
    file = BoundaryFile.objects.create(name=name[:200], source=source.strip(), sha256=digest, loaded_by=loaded_by)
    rows = (
        Boundary(file=file, division_id=division, valid_from=on, geometry=shape.geometry)
        for division, shape in found.items()
    )
    Boundary.objects.bulk_create(rows, batch_size=200)
    return Written(file, tuple(found), tuple(unknown))


def _found(shapes: Sequence[Shape], on: dt.date) -> tuple[dict[int, Shape], list[str]]:
    tree, found, unknown = tree_on(on), {}, []
    for shape in shapes:
        node = tree.find(shape.code)
        if node is None:
            unknown.append(shape.code)
        else:
            found[node.id] = shape
    return found, unknown


def _check_within(found: Iterable[int], within: frozenset[int] | None, on: dt.date) -> None:
    if within is None:
        return
    tree = tree_on(on)
    if beyond := [tree.node(one) for one in found if one not in within]:
        some = "、".join(f"{node.name}（{node.code}）" for node in beyond[:_NAMED])
        raise DivisionError(
            f"文件里有 {len(beyond)} 个区划不在您的范围内：{some}。",
            f"{len(beyond)} divisions of the file lie beyond your reach: {some}.",
        )
