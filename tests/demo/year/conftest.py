"""A small year, played once for the tests of the module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

PEOPLE, FIRST, MONTHS = 220, 202504, 4


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """What `play_year` answers; taken back after the module."""
    from songhe.demo.year.play import play_year

    home: Path = tmp_path_factory.mktemp("year")
    before = os.environ.get("SONGHE_HOME")
    os.environ["SONGHE_HOME"] = str(home)
    # Nobody signs in here: a password need not be slow to make.
    told = override_settings(RUNS=home / "runs", PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with told, django_db_blocker.unblock(), transaction.atomic():
        yield play_year(people=PEOPLE, first=FIRST, months=MONTHS)
        transaction.set_rollback(True)
    os.environ.pop("SONGHE_HOME") if before is None else os.environ.update(SONGHE_HOME=before)
