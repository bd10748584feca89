"""`songhe payment verify`, on a database of its own."""

import os
import subprocess
import sys
from pathlib import Path


def songhe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SONGHE_HOME": str(folder)}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "songhe", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_a_ledger_is_proved_and_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    assert "songhe manage migrate" in songhe(tmp_path, "payment", "verify").stderr
    assert songhe(tmp_path, "manage", "migrate").returncode == 0
    done = songhe(tmp_path, "payment", "verify")
    assert (done.returncode, "0 张凭证" in done.stdout) == (0, True), done.stderr
