"""The engines beside DuckDB; `make test-engines` starts them."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import require_or_skip


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engines: needs PostgreSQL or Spark beside DuckDB")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A private, empty PostgreSQL, as a URL that psycopg takes; SONGHE_TEST_POSTGRES names one of your own."""
    url = os.environ.get("SONGHE_TEST_POSTGRES") or os.environ.get("SONGHE_POSTGRES_URL", "")
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
    java = shutil.which(os.path.join(os.environ.get("JAVA_HOME", ""), "bin", "java")) or shutil.which("java")
    require_or_skip(java, "Java, for Spark (apt install default-jre-headless)")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark")))
        .getOrCreate()
    )
    yield session
    session.stop()
