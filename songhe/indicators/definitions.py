"""Which definition of an indicator holds in a division on a day: the nearest above it, the latest that has begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from songhe.common.text import Text
from songhe.decision.openness import Definition as Laid
from songhe.divisions.queries import tree_on
from songhe.indicators.models import Definition

# Parts that are words in both languages, and parts that are one figure or code.
WORDS = ("numerator", "denominator", "base", "period")
CODES = ("unit", "direction", "value", "bound")
# A definition that counts, by division and indicator, oldest first.
Held = Mapping[tuple[int, str], Sequence[Definition]]


def definitions_over(
    packages: Iterable[str], divisions: Iterable[int], day: dt.date, known: dt.datetime | None = None
) -> dict[tuple[int, str], list[Definition]]:
    """Every confirmed definition of these divisions and of all above them: rules, which whoever asks may read."""
    tree = tree_on(day)
    around = {node.id for one in divisions if one in tree for node in tree.path(one)}
    rows = Definition.objects.filter(package__in=list(packages), division__in=around, outcome="confirmed")
    if known is not None:
        rows = rows.filter(settled_at__lte=known)
    found: dict[tuple[int, str], list[Definition]] = {}
    for row in rows.select_related("stated_by").order_by("valid_from", "settled_at", "pk"):
        found.setdefault((row.division_id, row.indicator), []).append(row)
    return found


def definition_for(held: Held, indicator: str, division: int, day: dt.date) -> Laid | None:
    """The one that holds, as the judge takes it; when none has begun yet, the next one, which says from when."""
    tree = tree_on(day)
    later: Definition | None = None
    for node in reversed(tree.path(division)) if division in tree else ():
        rows = held.get((node.id, indicator), ())
        begun = [row for row in rows if row.valid_from <= day]
        if begun:
            return laid(begun[-1])
        later = later or next(iter(rows), None)
    return None if later is None else laid(later)


def laid(row: Definition) -> Laid:
    words = {name: Text(**row.parts[name]) for name in WORDS if name in row.parts}
    codes = {name: row.parts[name] for name in CODES if name in row.parts}
    return Laid(row.valid_from, row.document, by=row.stated_by.display_name, **words, **codes)
