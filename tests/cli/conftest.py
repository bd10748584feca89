"""The command line as its users call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from songhe.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def songhe() -> Run:
    """Runs `songhe …` with text or JSON-ready rows on standard input."""

    def run(*arguments: object, rows: list[Any] | None = None, text: str | bytes | None = None) -> Result:
        given = text if rows is None else "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)

    return run
