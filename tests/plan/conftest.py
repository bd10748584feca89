"""A small city with the code of Suizhou, whose document has its tasks, and the people who answer for them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

# Keys of these tests alone, unless the environment brings its own.
if not {"SONGHE_KEYS", "SONGHE_KEYS_FILE"} & set(os.environ):
    _secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    os.environ["SONGHE_KEYS"] = f"test:aes-256-gcm:{_secret} test-search:hmac-sha256:{_secret}"


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Any:
    from tests.plan.builders import Office

    settings.UPLOADS = tmp_path / "uploads"
    return Office()
