"""A page of a list that costs the same at its beginning and at its end: read on from a row, never by counting rows.

Rising orders have the unknown last and falling ones first, so that one is exactly the other read backwards.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

M = TypeVar("M", bound=Model)
COUNTED = 10_000
_SALT = "songhe.keyset"


@dataclass(frozen=True)
class Window(Generic[M]):
    """A page of rows, with the cursors of the pages before and after; empty where there is none."""

    rows: Sequence[M]
    before: str
    after: str


def first_of(rows: QuerySet[M], number: int) -> Sequence[M]:
    return list(rows[:number])


def window(
    queryset: QuerySet[M],
    *,
    by: str,
    pk: str = "pk",
    falling: bool = False,
    cursor: str = "",
    size: int = 50,
    fetch: Callable[[QuerySet[M], int], Sequence[M]] = first_of,
) -> Window[M]:
    """Rows in the order of a column, ties in the order of `pk`; a cursor that is none gives the first page.

    `fetch` reads the first rows of an ordered queryset: for lists that know a quicker way than the database finds.
    """
    place = _read(cursor, by)
    backwards = place is not None and place[0] == "before"
    down = falling != backwards
    rows = _ordered(queryset, by, pk, down)
    if place is not None:
        rows = rows.filter(_beyond(queryset.model, by, pk, place[1], place[2], down))
    found = fetch(rows, size + 1)
    more, found = len(found) > size, list(found[:size])
    if backwards:
        found.reverse()
    return Window(
        found,
        before=_cursor("before", found, by, pk) if (more if backwards else place is not None) else "",
        after=_cursor("after", found, by, pk) if (backwards or more) else "",
    )


def count_up_to(queryset: QuerySet[Any], limit: int = COUNTED) -> tuple[int, bool]:
    """How many rows there are, counted no further than the limit, and whether there are more."""
    number = queryset.order_by()[: limit + 1].count()
    return min(number, limit), number > limit


def _ordered(queryset: QuerySet[M], by: str, pk: str, down: bool) -> QuerySet[M]:
    if by == pk:
        return queryset.order_by(f"-{pk}" if down else pk)
    if down:
        first = F(by).desc(nulls_first=True) if _nullable(queryset.model, by) else F(by).desc()
        return queryset.order_by(first, f"-{pk}")
    return queryset.order_by(F(by).asc(nulls_last=True) if _nullable(queryset.model, by) else F(by).asc(), pk)


def _beyond(model: type[Model], by: str, pk: str, value: Any, row: Any, down: bool) -> Q:
    """The rows behind (value, row); written so that an index of (by, pk) is read from there on."""
    way = "lt" if down else "gt"
    behind = Q(**{f"{pk}__{way}": row})
    if by == pk:
        return behind
    if value is None:
        tied = Q(**{f"{by}__isnull": True}) & behind
        return tied | Q(**{f"{by}__isnull": False}) if down else tied
    reached = Q(**{f"{by}__{way}e": value}) & (Q(**{f"{by}__{way}": value}) | behind)
    return reached if down or not _nullable(model, by) else reached | Q(**{f"{by}__isnull": True})


def _nullable(model: type[Model], by: str) -> bool:
    *way, name = by.split("__")
    nullable = False
    for part in way:
        field = model._meta.get_field(part)
        nullable = nullable or field.null
        model = field.related_model
    return nullable or model._meta.get_field("id" if name == "pk" else name).null


def _cursor(side: str, rows: Sequence[Model], by: str, pk: str) -> str:
    if not rows:
        return ""
    row = rows[0] if side == "before" else rows[-1]
    value = _value(row, by)
    shown = value.isoformat() if isinstance(value, dt.date) else value
    # Signed: what it holds is compared in the database, and may be part of a name that others should not guess at.
    return signing.dumps([side, by, type(value).__name__, shown, _value(row, pk)], salt=_SALT)


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _read(cursor: str, by: str) -> tuple[str, Any, Any] | None:
    try:
        side, column, kind, value, row = signing.loads(cursor, salt=_SALT) if cursor else (None,) * 5
    except (signing.BadSignature, ValueError, json.JSONDecodeError):
        return None
    if side is None or column != by:
        return None
    readers = {"date": parse_date, "datetime": parse_datetime}
    return side, readers[kind](value) if kind in readers else value, row
