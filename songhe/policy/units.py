"""Every unit that is named as responsible is listed in `units.yaml`, and every listed one is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from songhe.policy.entries import RawEntry
from songhe.policy.errors import Problem
from songhe.policy.yamlfile import Path_

# The files whose entries name units, and the fields they name them in.
NAMING = ("entitlements", "indicators", "tasks", "standards")
FIELDS = ("lead", "responsible", "cooperating")


def check_units(parts: Mapping[str, Mapping[str, tuple[Any, RawEntry]]], problems: list[Problem]) -> None:
    """Notes units that are named and not listed, and those that are listed and never named."""
    units = parts["units"]
    named: set[str] = set()
    for name, entry, path in _namings(parts):
        named.add(name)
        if name not in units:
            near = get_close_matches(name, units, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(entry.problem(path, f"the unit {name} is not listed", f"list it in units.yaml{hint}"))
    for name, (_, entry) in units.items():
        if name not in named:
            problems.append(
                entry.problem((), "nothing names this unit", "take it out, or write it as the document does")
            )


def _namings(parts: Mapping[str, Mapping[str, tuple[Any, RawEntry]]]) -> Iterator[tuple[str, RawEntry, Path_]]:
    for kind in NAMING:
        for item, entry in parts[kind].values():
            for field in FIELDS:
                for index, name in enumerate(getattr(item, field, ())):
                    yield name, entry, (field, index)
