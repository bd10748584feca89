"""Where the cases of many people are handled, and by which procedure: asked once for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from songhe.casework.models import Kind, ProcedureText
from songhe.casework.procedures import rulebook
from songhe.casework.stored import keep, parsed
from songhe.divisions.queries import Tree, tree_on
from songhe.registry.models import CurrentPerson
from songhe.registry.places import moved


class Handling:
    """For benefits of a package.

    `places` has the places of those of `people` (ids) who live and stand for themselves.
    """

    def __init__(self, package: str, people: Sequence[int], today: dt.date) -> None:
        self.package, self.today = package, today
        self._moved = moved(today)
        self._tree: Tree = tree_on(today)
        self._procedures: dict[tuple[str, str], ProcedureText] = {}
        standing = CurrentPerson.objects.filter(pk__in=people, person__merged_into=None).exclude(alive=False)
        places = standing.values_list("pk", "hukou_division_id", "residence_division_id")
        self.places = {person: (hukou, residence) for person, hukou, residence in places}

    def of(self, person: int, item: str) -> tuple[int, ProcedureText] | None:
        """The division and the procedure; None when nobody knows where the person lives or is registered."""
        hukou, residence = (self._moved.get(place, place) if place else None for place in self.places[person])
        division = residence or hukou
        if division is None:
            return None
        row = self._procedure(item, division)
        if parsed(row).place == "hukou" and hukou is not None and hukou != division:
            division, row = hukou, self._procedure(item, hukou)
        return division, row

    def _procedure(self, item: str, division: int) -> ProcedureText:
        node = self._tree.get(division)
        code = node.code if node else ""
        found = rulebook().find(kind=Kind.BENEFIT, package=self.package, item=item, county=code, day=self.today)
        key = (found.id, str(found.start))
        if key not in self._procedures:
            self._procedures[key] = keep(found)
        return self._procedures[key]
