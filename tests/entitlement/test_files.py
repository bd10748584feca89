"""Folders of runs: what stays, what goes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from songhe.entitlement.files import folder_of, placed, sweep
from tests.entitlement.conftest import VILLAGE, born

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(runs_home: Path) -> Path:
    made = runs_home / "640381" / "2026-06" / "a.partial"
    made.mkdir(parents=True)
    return made


def _break_off(folder: Path, error: Exception) -> Path:
    with pytest.raises(type(error)), placed("640381/2026-06/a") as place:
        place(folder)
        raise error
    return folder.with_name("a")


def test_a_folder_is_gone_when_its_row_was_refused(folder: Path) -> None:
    assert not _break_off(folder, IntegrityError()).exists()


def test_it_stays_when_nobody_knows_whether_its_row_was_written(folder: Path) -> None:
    assert _break_off(folder, OperationalError("server closed the connection")).exists()


def test_after_a_day_what_no_run_names_goes(folder: Path, register: Any, decide: Callable[..., Any]) -> None:
    register(birth_date=born(85), alive=True, hukou=VILLAGE)
    named, lost, fresh = folder_of(decide(202606)), folder.with_name("lost"), folder.with_name("fresh")
    now = timezone.now()
    long_ago = (now - dt.timedelta(days=2)).timestamp()
    for one in (lost, fresh):
        one.mkdir()
    for one in (named, lost):
        os.utime(one, (long_ago, long_ago))
    assert sweep(now=now) == 1
    assert (named.exists(), lost.exists(), fresh.exists()) == (True, False, True)
