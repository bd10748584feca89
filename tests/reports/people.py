"""Made-up people for reports: so many of an age in a village, and no more is known of them than is said."""

from __future__ import annotations

import datetime as dt

from songhe.registry.domain.facts import register_person
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.projection import project_at_end
from tests.divisions.builders import SmallCity, small_city

# Village → people by the decade they are in; nobody is in their nineties but three.
PEOPLE = {
    "990101001001": {65: 14, 75: 12, 85: 11},
    "990101001002": {65: 16, 75: 12, 95: 3},
    "990101002001": {65: 21, 75: 13, 85: 2},
    "990101003001": {65: 15, 75: 17, 85: 12},
    "990102001001": {65: 12, 75: 11, 85: 10},
}


def populated_city() -> SmallCity:
    city = small_city()
    with project_at_end():
        for village, ages in PEOPLE.items():
            for age, number in ages.items():
                settle(village, age, number)
    return city


def settle(village: str, age: int, number: int) -> None:
    for _ in range(number):
        born = dt.date(2024 - age, 2, 3).isoformat()
        statements = [Statement("birth_date", born), Statement("hukou", village), Statement("alive", True)]
        register_person(by=Author(user=None, source="police"), statements=statements)
