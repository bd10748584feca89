import subprocess
import sys
from pathlib import Path

import pytest

PEAK = """
import sys, pathlib
from songhe.synth.population import synthesise
synthesise(city="qingtongxia", seed=1, people=int(sys.argv[1]), output=pathlib.Path(sys.argv[2]))
status = pathlib.Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def peak_mebibytes(people: int, folder: Path) -> float:
    command = [sys.executable, "-c", PEAK, str(people), str(folder / "peak.parquet")]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_city(tmp_path: Path) -> None:
    small, large = peak_mebibytes(200_000, tmp_path), peak_mebibytes(600_000, tmp_path)
    assert large < small + 60
