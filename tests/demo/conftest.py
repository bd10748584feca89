"""A small demo city, loaded once for the tests of a module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

PEOPLE = 600


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the demo writes its sign-ins."""
    folder = tmp_path_factory.mktemp("home")
    before = os.environ.get("SONGHE_HOME")
    os.environ["SONGHE_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["SONGHE_HOME"]
    else:
        os.environ["SONGHE_HOME"] = before


@pytest.fixture(scope="module")
def loaded(home: Path, django_db_setup: None, django_db_blocker):
    """What `load_demo` answers; taken back after the module."""
    from songhe.demo.load import load_demo

    with override_settings(UPLOADS=home / "uploads"), django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(people=PEOPLE)
        transaction.set_rollback(True)
