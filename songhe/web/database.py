"""The database: SQLite in `var/` unless `DATABASE_URL` names a PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

# Measured for many readers beside one writer; see the SQLite documentation of each.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
        "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000;"
    ),
}


def databases(root: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for this environment."""
    url = os.environ.get("DATABASE_URL")
    if url:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0))
    else:
        config = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(root / "var" / "songhe.sqlite3")}
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = _SQLITE_OPTIONS
    return {"default": config}
