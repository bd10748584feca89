"""`songhe payment verify`, on a database of its own."""

from pathlib import Path

from tests.cli.conftest import terminal


def test_a_ledger_is_proved(home: Path) -> None:
    done = terminal(home, "payment", "verify")
    assert (done.returncode, "0 张凭证" in done.stdout) == (0, True), done.stderr


def test_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    assert "songhe manage migrate" in terminal(tmp_path, "payment", "verify").stderr
