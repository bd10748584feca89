"""What every test may ask for."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.db import connection

from tests.tables import fill, tables_file

_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# The machine that runs the tests may be busy; how long one example takes is nobody's bug.
hypothesis.settings.register_profile("songhe", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("songhe")


def require_or_skip(condition: object, what: str) -> None:
    """Skip the test, saying `what` is missing, when `condition` is false; fail with SONGHE_REQUIRE_ALL=1."""
    if condition:
        return
    if os.environ.get("SONGHE_REQUIRE_ALL") == "1":
        pytest.fail(f"needed here because SONGHE_REQUIRE_ALL=1, and missing: {what}", pytrace=False)
    pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session", name="require_or_skip")
def require_or_skip_fixture() -> Callable[[object, str], None]:
    return require_or_skip


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium that tests of pages drive: SONGHE_BROWSER, or the first one in PATH."""
    names = (os.environ.get("SONGHE_BROWSER"), *BROWSERS)
    path = next(filter(None, (shutil.which(name) for name in names if name)), None)
    require_or_skip(path, "a browser (apt install chromium fonts-noto-cjk)")
    return str(path)


@pytest.fixture(scope="session")
def tables(pytestconfig: pytest.Config) -> Path:
    """A SQLite file with all tables and nothing in them, to be copied."""
    return tables_file(pytestconfig.cache.mkdir("tables"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """On SQLite the tables are there before Django looks for them, so that it makes them once for all workers."""
    name = connection.creation._get_test_db_name() if connection.vendor == "sqlite" else ""
    if "mode=memory" not in name:
        yield
        return
    # A database in memory lasts as long as somebody holds it.
    holder = sqlite3.connect(name, uri=True)
    fill(holder, request.getfixturevalue("tables"))
    yield
    holder.close()


@pytest.fixture
def committing(transactional_db: None) -> Iterator[None]:
    """What the test writes is really committed; afterwards every table is emptied, as nobody else may."""
    yield
    _empty_all_tables()


def _empty_all_tables() -> None:
    there = set(connection.introspection.table_names())
    models = apps.get_models(include_auto_created=True)
    # A test may have made a model that has no table.
    tables = sorted({model._meta.db_table for model in models} & there)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # No trigger of ours runs for a replica.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        cursor.execute("PRAGMA foreign_keys = OFF")
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        for _, statement in triggers:
            cursor.execute(statement)
        cursor.execute("PRAGMA foreign_keys = ON")


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Any]:
    """A Chromium of playwright, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, to be evaluated in a page."""
    return (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several writers at once, TRUNCATE and the like exist on PostgreSQL only: elsewhere there is nothing to test."""
    if connection.vendor == "postgresql":
        return
    elsewhere = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if not item.get_closest_marker("postgresql")]
