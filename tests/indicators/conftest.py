"""A small place, and folders of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.indicators.builders import Place, small_place

# Keys of these tests alone, unless the environment brings its own.
if not {"SONGHE_KEYS", "SONGHE_KEYS_FILE"} & set(os.environ):
    _secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    os.environ["SONGHE_KEYS"] = f"test:aes-256-gcm:{_secret} test-search:hmac-sha256:{_secret}"


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Place:
    settings.RUNS, settings.UPLOADS = tmp_path / "runs", tmp_path / "uploads"
    return small_place()
