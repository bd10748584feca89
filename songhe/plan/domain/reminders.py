"""Making the reminders of a night: for every document with tasks, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from songhe.common import clock
from songhe.divisions.queries import tree_on
from songhe.entitlement.applicable import place_of
from songhe.plan.models import Reminder
from songhe.plan.packages import city_of, package_for
from songhe.plan.reading import every_row
from songhe.plan.reminding import calls
from songhe.policy.folders import package_ids
from songhe.policy.package import Package


def remind() -> int:
    """How many new reminders the day brings; none that was made before."""
    day, made = clock.today(), 0
    for package in _in_use(day):
        wanted = [call for row in every_row(package, day) for call in calls(row, day)]
        with transaction.atomic():
            asked = Reminder.objects.filter(package=package.id)
            there = set(asked.values_list("task", "division_id", "milestone", "due", "offset"))
            new = [
                Reminder(
                    package=package.id,
                    task=call.task,
                    division_id=call.division,
                    milestone=call.milestone,
                    due=call.due,
                    offset=call.offset,
                )
                for call in wanted
                if (call.task, call.division, call.milestone, call.due, call.offset) not in there
            ]
            made += len(Reminder.objects.bulk_create(new, ignore_conflicts=True))
    return made


def _in_use(day: dt.date) -> Iterator[Package]:
    """Each package whose tasks hold in its city on the day."""
    tree = tree_on(day)
    # Its place first: to load a package means to check all of it.
    cities = {node.id for id in package_ids() if (code := place_of(id)) and (node := tree.find(code))}
    for city in sorted(cities):
        package = package_for(city, day)
        if package is not None and (place := city_of(package, tree)) is not None and place.id == city:
            yield package
