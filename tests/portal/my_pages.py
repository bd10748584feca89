"""Signing in to the personal pages, for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client

from songhe.citizens.domain.codes import give_code
from songhe.common.resident_id import check_digit


def number_of(sequence: int) -> str:
    """A resident number that is nobody's."""
    first = f"99010119400501{sequence:03d}"
    return first + check_digit(first)


def reader(clerk: Any, person: Any, number: str, kinship: Any = None) -> Client:
    """A client that signed in with a code of the counter."""
    client = Client()
    code = give_code(user=clerk, person=person, kinship=kinship)
    answer = client.post("/my/counter/", {"number": number, "code": code})
    assert (answer.status_code, answer.url) == (302, "/my/")
    return client
