"""Reading borders: which division has which border on a day, and which files they came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Min

from songhe.divisions.models import Boundary, BoundaryFile


@dataclass(frozen=True)
class Loaded:
    """A file of borders: how many it gave, and from which day on they hold."""

    file: BoundaryFile
    number: int
    valid_from: dt.date


def boundaries_on(division_ids: Collection[int], day: dt.date) -> dict[int, str]:
    """The border of each of these divisions on a day, as GeoJSON text; those without one are left out."""
    rows = Boundary.objects.filter(division_id__in=division_ids, valid_from__lte=day)
    last = dict(rows.order_by("valid_from", "pk").values_list("division_id", "pk"))
    return dict(Boundary.objects.filter(pk__in=last.values()).values_list("division_id", "geometry"))


def have_boundaries(division_ids: Collection[int], day: dt.date) -> int:
    """How many of these divisions have a border on a day."""
    rows = Boundary.objects.filter(division_id__in=division_ids, valid_from__lte=day)
    return rows.values("division_id").distinct().count()


def files_loaded(limit: int = 50) -> list[Loaded]:
    """The last files, newest first."""
    files = BoundaryFile.objects.annotate(number=Count("boundaries"), since=Min("boundaries__valid_from"))
    return [Loaded(file, file.number, file.since) for file in files.order_by("-pk")[:limit]]
