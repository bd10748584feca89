"""`songhe import` and `songhe worker`."""

from pathlib import Path

import pytest

from songhe.accounts.models import Role
from songhe.cli import intake, site
from songhe.intake import jobs
from songhe.intake.models import Import
from songhe.registry.models import Person
from tests.accounts.builders import holder
from tests.divisions.builders import small_city
from tests.intake.builders import csv_file, person


@pytest.fixture(autouse=True)
def wang(db, settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"
    return holder(Role.CITY_BUREAU, small_city().city, "wang")


@pytest.fixture
def send(songhe, tmp_path: Path):
    def run(rows, *arguments, name: str = "人口.csv"):
        path = tmp_path / name
        path.write_bytes(csv_file(rows))
        return songhe("import", "--source", "police", "--file", path, "--user", "wang", *arguments)

    return run


def test_a_whole_file_ends_with_0_and_leaves_no_copy(send, tmp_path: Path):
    result = send([person(1), person(2)])
    assert (result.exit_code, Person.objects.count()) == (0, 2), result.output
    assert "新建 new: 2" in result.output
    assert list((tmp_path / "uploads").iterdir()) == []
    assert Import.objects.get().state == "done"


def test_rows_set_aside_end_with_1_and_lie_in_the_file(send, tmp_path: Path):
    result = send([person(1), person(2, 性别="?")], "--errors", tmp_path / "mend.csv")
    assert (result.exit_code, Person.objects.count()) == (1, 1), result.output
    assert "性别" in (tmp_path / "mend.csv").read_text("utf-8")
    assert (tmp_path / "mend.csv").stat().st_mode & 0o077 == 0


def test_a_dry_run_writes_nothing(send):
    result = send([person(1)], "--dry-run")
    assert (result.exit_code, Person.objects.count()) == (0, 0), result.output
    assert "将会 would be  新建 new: 1" in result.output


def test_the_same_file_twice_says_so(send):
    send([person(1)])
    result = send([person(1)])
    assert "没有任何变化 Nothing changes" in result.output
    assert "是同一文件" in result.output


@pytest.mark.parametrize(
    ("rows", "arguments", "why"),
    [
        ([{"姓名": "曾"}], [], "缺少必需的列"),
        ([person(1)], ["--rows", 2], "申报 2 行"),
        ([person(1)], ["--division", "123456"], "没有区划"),
        ([person(1)], ["--user", "nobody"], "没有启用的用户"),
        ([person(1)], ["--source", "neighbour"], "没有来源 neighbour"),
    ],
)
def test_what_is_refused_ends_with_2(send, rows, arguments, why):
    result = send(rows, *arguments)
    assert (result.exit_code, Person.objects.count()) == (2, 0)
    assert why in result.output


def test_a_file_that_is_not_there(songhe, tmp_path: Path):
    result = songhe("import", "--source", "police", "--file", tmp_path / "none.csv", "--user", "wang")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_worker_with_nothing_to_do_ends(songhe, monkeypatch):
    # It renews its connection, and would lose that of the test.
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    assert songhe("worker", "--until-empty").exit_code == 0


def test_a_worker_that_comes_up_before_its_database_waits_for_it(songhe, monkeypatch):
    """Nobody starts it once more: it is started with the machine, as the database is."""
    reasons, worked = iter(["数据库打不开", "数据库打不开", ""]), []
    monkeypatch.setattr(site, "why_not_ready", lambda: next(reasons))
    monkeypatch.setattr(intake, "why_not_ready", site.why_not_ready)
    monkeypatch.setattr(site, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(jobs, "work", lambda *, until_empty: worked.append(until_empty))
    result = songhe("worker")
    assert (result.exit_code, worked) == (0, [False])
    assert "数据库打不开" in result.output
