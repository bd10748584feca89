"""Reads what an indicator counts in the platform's own records into checked trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from songhe.policy.entries import RawEntry
from songhe.policy.indicator import Computed, Measure
from songhe.policy.rule import ComputedRule, MeasureRule, StandardRule
from songhe.policy.yamlfile import Path_
from songhe.rules import tree
from songhe.rules.quantity import parse_quantity

if TYPE_CHECKING:
    from songhe.policy.rulebook import RuleReader


def read_computed(
    reader: RuleReader, computed: Computed, entry: RawEntry, standards: Mapping[str, StandardRule]
) -> ComputedRule | None:
    """The measures with their trees; None when one has a problem, which is noted at its line."""
    before = len(reader.problems)
    measures = {
        side: _measure(reader, measure, entry, ("computed", side), standards)
        for side in ("numerator", "denominator", "widest")
        if (measure := getattr(computed, side)) is not None
    }
    return None if len(reader.problems) > before else ComputedRule(**measures)


def _measure(
    reader: RuleReader, measure: Measure, entry: RawEntry, path: Path_, standards: Mapping[str, StandardRule]
) -> MeasureRule | None:
    _check_items(reader, measure, entry, path)
    subject = measure.subject
    if subject is None or subject not in reader.vocabularies:
        return MeasureRule(measure)
    _check_standard(reader, measure, entry, path, standards)
    where = reader.guarded(True if measure.where is None else measure.where, subject, entry, (*path, "where"))
    total = None
    if (text := measure.sum) is not None:
        total = reader.guard(entry, (*path, "sum"), lambda: parse_quantity(text, reader.scope(subject)))
    return None if where is None else MeasureRule(measure, tree.every(reader.premise(subject), where), total)


def _check_items(reader: RuleReader, measure: Measure, entry: RawEntry, path: Path_) -> None:
    for index, item in enumerate(measure.items):
        if item not in reader.parts["entitlements"]:
            place = (*path, "items", index)
            reader.problems.append(entry.problem(place, f"unknown item {item}", "name one of entitlements.yaml"))


def _check_standard(
    reader: RuleReader, measure: Measure, entry: RawEntry, path: Path_, standards: Mapping[str, StandardRule]
) -> None:
    if measure.meets is None:
        return
    rule = standards.get(measure.meets)
    if rule is None or rule.standard.subject != measure.subject or not rule.is_computable or rule.is_subsidy:
        what = f"{measure.meets} is no standard that is computed of a {measure.subject}"
        reader.problems.append(entry.problem((*path, "meets"), what, "name one of standards.yaml"))
