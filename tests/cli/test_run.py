"""`songhe run`: a population over months."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from songhe.synth.population import synthesise

ARGUMENTS = ("run", "--policy", "suizhou-county-example", "--months", "2024-01..2024-12")


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """Three people of one village: in March one turns 80 and one of 90 dies; of the third only the id is known."""
    people = {
        "id": ["wang", "zhao", "chen"],
        "birth_date": pa.array([date(1944, 3, 15), date(1933, 6, 1), None], pa.date32()),
        "death_date": pa.array([None, date(2024, 3, 20), None], pa.date32()),
        "alive": pa.array([True, None, None], pa.bool_()),
        "hukou": ["421321001001", "421321001001", None],
    }
    path = tmp_path / "village.parquet"
    pq.write_table(pa.table(people), path)
    return path


def summary(output: Path, item: str) -> dict[tuple[str, str | None], tuple[int, int, int, int]]:
    rows = duckdb.execute(
        "SELECT month, division, entitled, undetermined, exact_fen, floor_fen FROM read_parquet(?) WHERE item = ?",
        [str(output / "summary.parquet"), item],
    ).fetchall()
    return {(month, division): tuple(rest) for month, division, *rest in rows}


def test_months_are_decided_by_their_last_day(songhe: Any, village: Path, tmp_path: Path) -> None:
    output = tmp_path / "run"
    result = songhe(*ARGUMENTS, "--population", village, "--output", output)
    assert result.exit_code == 0, result.output
    allowance = summary(output, "SZ-L-03")
    before, after = allowance["2024-02", "421321"], allowance["2024-03", "421321"]
    assert before[:2] == (1, 0)  # Zhao, 90
    assert after[:2] == (1, 0)  # Zhao died in March, Wang turned 80
    assert before[2] != after[2]  # the tier of 90 pays more than that of 80
    assert allowance["2024-03", None][:2] == (0, 1)  # of Chen nothing is known: undetermined, not refused


def test_the_summary_has_every_month_division_and_item(songhe: Any, village: Path, tmp_path: Path) -> None:
    output = tmp_path / "run"
    songhe(*ARGUMENTS, "--population", village, "--output", output)
    (count,) = duckdb.execute(
        "SELECT count(DISTINCT (month, division, item)) FROM read_parquet(?)", [str(output / "summary.parquet")]
    ).fetchone()  # type: ignore[misc]
    assert count == 12 * 2 * 28


def test_the_manifest_names_package_population_and_engine(songhe: Any, village: Path, tmp_path: Path) -> None:
    output = tmp_path / "run"
    songhe(*ARGUMENTS, "--population", village, "--output", output)
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["layers"] == ["cn", "suizhou-2023", "suizhou-county-example"]
    assert len(manifest["package_hash"]) == 64
    assert manifest["rows"] == {"people": 3, "items": 28, "months": 12}
    assert manifest["engine"]["duckdb"] == duckdb.__version__


def test_the_summary_is_printed_as_a_table(songhe: Any, village: Path, tmp_path: Path) -> None:
    result = songhe(*ARGUMENTS, "--population", village, "--output", tmp_path / "run", "--as-table")
    assert "2024-12" in result.stdout and "高龄津贴" in result.stdout and "未知 unknown" in result.stdout


def test_the_same_run_gives_the_same_bytes(songhe: Any, tmp_path: Path) -> None:
    population, first, second = tmp_path / "p.parquet", tmp_path / "first", tmp_path / "second"
    synthesise(city="qingtongxia", seed=1, people=5_000, output=population)
    for output in (first, second, first):  # the last one replaces a run that is there
        result = songhe(*ARGUMENTS, "--population", population, "--output", output)
        assert result.exit_code == 0, result.output
    names = sorted(path.name for path in first.iterdir())
    assert names == ["decisions.parquet", "manifest.json", "summary.parquet"]
    assert [(first / name).read_bytes() for name in names] == [(second / name).read_bytes() for name in names]


def test_a_long_horizon_is_cut_into_files(songhe: Any, village: Path, tmp_path: Path) -> None:
    output = tmp_path / "run"
    arguments = ("run", "--policy", "suizhou-2023", "--months", "2020-01..2026-12")
    result = songhe(*arguments, "--population", village, "--output", output)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in output.glob("decisions*")) == [
        "decisions-2020-01.parquet",
        "decisions-2025-01.parquet",
    ]
    assert summary(output, "SZ-L-11")["2026-12", "421321"][0] == 1


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("birthday", pa.array([None], pa.date32()), "unknown fact birthday; did you mean birth_date"),
        ("birth_date", pa.array(["1944-01-01"]), "birth_date is VARCHAR; a date is DATE"),
        ("disability_grade", pa.array(["9"]), "1 rows with a wrong disability_grade, such as '9' of id 'a'"),
        ("hukou", pa.array(["Suizhou"]), "wrong hukou"),
        ("dibao", pa.array([1]), "dibao is BIGINT"),
    ],
)
def test_a_wrong_population_is_refused_and_nothing_is_written(
    songhe: Any, tmp_path: Path, column: str, values: pa.Array, told: str
) -> None:
    path, output = tmp_path / "p.parquet", tmp_path / "run"
    pq.write_table(pa.table({"id": ["a"], column: values}), path)
    result = songhe(*ARGUMENTS, "--population", path, "--output", output)
    assert result.exit_code == 2
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_is_decided_in_an_empty_population(songhe: Any, tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pq.write_table(pa.table({"id": pa.array([], pa.string())}), path)
    result = songhe(*ARGUMENTS, "--population", path, "--output", tmp_path / "run")
    assert result.exit_code == 2
    assert "the population is empty" in result.stderr


def test_an_id_on_two_rows_is_refused(songhe: Any, tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pq.write_table(pa.table({"id": ["a", "b", "a"]}), path)
    result = songhe(*ARGUMENTS, "--population", path, "--output", tmp_path / "run")
    assert result.exit_code == 2
    assert "the id 'a' stands on several rows" in result.stderr


@pytest.mark.parametrize("months", ["2024-12..2024-01", "2024", "2024-13", "2024-01..", "..2024-01"])
def test_wrong_months_are_refused(songhe: Any, village: Path, tmp_path: Path, months: str) -> None:
    arguments = ("run", "--policy", "suizhou-2023", "--months", months, "--population", village)
    result = songhe(*arguments, "--output", tmp_path / "run")
    assert result.exit_code == 2
    assert "--months" in result.stderr


def test_a_folder_that_is_not_a_run_is_left_alone(songhe: Any, village: Path, tmp_path: Path) -> None:
    output = tmp_path / "letters"
    output.mkdir()
    (output / "letter.txt").write_text("dear aunt", encoding="utf-8")
    result = songhe(*ARGUMENTS, "--population", village, "--output", output)
    assert result.exit_code == 2
    assert [path.name for path in output.iterdir()] == ["letter.txt"]


def test_a_killed_run_leaves_no_half_result_and_runs_again(tmp_path: Path) -> None:
    population, output = tmp_path / "p.parquet", tmp_path / "run"
    synthesise(city="qingtongxia", seed=1, people=200_000, output=population)
    command = [sys.executable, "-m", "songhe", "run", "--policy", "suizhou-2023", "--months", "2024-01..2026-12"]
    command += ["--population", str(population), "--output", str(output)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("run.partial-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not output.exists()
    assert list(tmp_path.glob("run.partial-*"))
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.parquet", "run"]
    assert (output / "manifest.json").is_file()


def test_a_county_may_decide_a_month_by_its_first_day(songhe: Any, village: Path, tmp_path: Path) -> None:
    county = tmp_path / "first-day-county"
    county.mkdir()
    (county / "document.yaml").write_text(
        "id: first-day-county\ntitle: {zh: 示例, en: Example}\nextends: suizhou-2023\nstatus: example\n"
        "month_decided_by: first_day\n",
        encoding="utf-8",
    )
    output = tmp_path / "run"
    result = songhe(
        "run", "--policy", county, "--months", "2024-03..2024-04", "--population", village, "--output", output
    )
    assert result.exit_code == 0, result.output
    allowance = summary(output, "SZ-L-03")
    assert allowance["2024-03", "421321"][0] == 1  # Zhao lived on 1 March, Wang was still 79
    assert allowance["2024-04", "421321"][0] == 1  # Zhao had died, Wang was 80
