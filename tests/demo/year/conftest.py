"""A small year, played once for the tests of the module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

PEOPLE, FIRST, MONTHS = 220, 202504, 4


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """What `play_year` answers; taken back after the module."""
    from songhe.demo.year.play import play_year

    home: Path = tmp_path_factory.mktemp("year")
    before, runs = os.environ.get("SONGHE_HOME"), settings.RUNS
    os.environ["SONGHE_HOME"], settings.RUNS = str(home), home / "runs"
    with django_db_blocker.unblock(), transaction.atomic():
        yield play_year(people=PEOPLE, first=FIRST, months=MONTHS)
        transaction.set_rollback(True)
    settings.RUNS = runs
    os.environ.pop("SONGHE_HOME") if before is None else os.environ.update(SONGHE_HOME=before)
