"""Chen makes the runs of a small county at the console, Director Ma answers for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_tasks_db.management.commands import db_worker

from songhe.intake import jobs
from tests.console.conftest import session_of
from tests.entitlement.conftest import (  # noqa: F401
    PACKAGE,
    VILLAGE,
    born,
    by,
    clerks,
    county,
    decide,
    divisions,
    package,
    pay,
    register,
    runs_home,
)


@pytest.fixture(autouse=True)
def policies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))


@pytest.fixture
def chen(clerks: dict[str, Any]) -> Client:  # noqa: F811
    return session_of(clerks["chen"])


@pytest.fixture
def ma(clerks: dict[str, Any]) -> Client:  # noqa: F811
    return session_of(clerks["ma"])


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what was queued; a real one renews its connection, which would lose the test's own."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    return lambda: jobs.work(until_empty=True)


@pytest.fixture
def elder(register: Callable[..., Any]) -> Callable[..., Any]:  # noqa: F811
    """`elder(name="王芳")`: somebody of 82 in the first village, entitled to the allowance and to nothing else."""

    def make(**facts: Any) -> Any:
        known = {"hukou": VILLAGE, "residence": VILLAGE, "alive": True, "birth_date": born(82), "dibao": False}
        known |= {"living": "with_children", "disability_grade": "none", "name": "王建国"}
        return register(**{name: value for name, value in (known | facts).items() if value is not None})

    return make


def text_of(answer: Any) -> str:
    return str(answer.content.decode())
