"""What every test may ask for."""

import os
import shutil
from collections.abc import Callable

import hypothesis
import pytest
from django.db import connection

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several writers at once, TRUNCATE and the like exist on PostgreSQL only: elsewhere there is nothing to test."""
    if connection.vendor == "postgresql":
        return
    elsewhere = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if not item.get_closest_marker("postgresql")]
