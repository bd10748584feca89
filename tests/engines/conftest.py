"""The engines beside DuckDB; `make test-engines` starts them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import require_or_skip


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A private, empty PostgreSQL, as a URL that psycopg takes."""
    url = os.environ.get("SONGHE_POSTGRES_URL", "")
    require_or_skip(url, "PostgreSQL (run `make test-engines`)")
    return url


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Any]:
    """A psycopg connection; what the test writes is rolled back."""
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A local Spark session with one task at a time for each core, without its web page."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        require_or_skip(False, "pyspark (run `make test-engines`)")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark")))
        .getOrCreate()
    )
    yield session
    session.stop()
