"""People of the small city, for tests of the console."""

from __future__ import annotations

from typing import Any

from songhe.registry.domain.facts import register_person
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import Person


def somebody(village: str = "990101001001", *, source: str = "police", **facts: Any) -> Person:
    """A person who lives and is registered in a village, known to 公安 since ever."""
    known = {"name": "王建国", "sex": "M", "birth_date": "1944-05-01", "residence": village, "hukou": village}
    said = [Statement(*fact) for fact in (known | facts).items()]
    return register_person(by=Author(user=None, source=source), statements=said)
