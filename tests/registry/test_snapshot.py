"""A county's people as a file that rules are decided on."""

import datetime as dt
import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from songhe.accounts.models import Entry
from songhe.divisions.domain import changes
from songhe.divisions.models import Division
from songhe.registry.domain.facts import record_death, record_facts
from songhe.registry.domain.statements import Statement
from songhe.registry.models import Transaction
from songhe.registry.queries import file_as_of
from songhe.registry.snapshot import SnapshotError, write_snapshot
from songhe.registry.vocabulary import rule_facts

DAY = dt.date(2024, 6, 30)
VILLAGE, ELSEWHERE = "640381001201", "640302001201"


@pytest.fixture
def rows(divisions, tmp_path):
    """`rows("640381")`: what the snapshot of the county holds, known facts only."""

    def read(county: str, on: dt.date = DAY, known_at=None) -> list[dict]:
        path = write_snapshot(county=divisions[county], valid_on=on, known_at=known_at, folder=tmp_path)
        return [{k: v for k, v in row.items() if v is not None} for row in pq.read_table(path).to_pylist()]

    return read


def test_it_holds_what_the_files_say_in_the_order_of_ids(register, rows):
    first = register(hukou=VILLAGE, birth_date="1944-02-29", dibao=True, income_per_capita_month=120000)
    second = register(hukou=VILLAGE, sex="F")
    assert rows("640381") == [
        {
            "id": first.pk,
            "hukou": VILLAGE,
            "birth_date": dt.date(1944, 2, 29),
            "dibao": True,
            "income_per_capita_month": 120000,
        },
        {"id": second.pk, "hukou": VILLAGE, "sex": "F"},
    ]


def test_every_fact_has_its_column_and_nothing_personal(register, divisions, tmp_path):
    register(name="张伟", phone="13800138000", hukou=VILLAGE)
    path = write_snapshot(county=divisions["640381"], valid_on=DAY, known_at=None, folder=tmp_path)
    assert pq.read_schema(path).names == ["id", *rule_facts()]


def test_a_file_lies_where_the_hukou_is_or_else_the_residence(register, rows):
    here = register(hukou=VILLAGE, residence=ELSEWHERE)
    there = register(hukou=ELSEWHERE, residence=VILLAGE)
    from_afar = register(hukou="110101001001", residence=VILLAGE)
    assert [row["id"] for row in rows("640381")] == [here.pk, from_afar.pk]
    assert [row["id"] for row in rows("640302")] == [there.pk]


def test_who_moved_away_is_there_no_more(register, by, rows):
    person, stayed = register(), register(hukou=VILLAGE)
    moves = [Statement("hukou", VILLAGE, dt.date(2020, 1, 1)), Statement("hukou", ELSEWHERE, dt.date(2024, 5, 1))]
    record_facts(by=by(), person=person, statements=moves)
    assert [row["id"] for row in rows("640381")] == [stayed.pk]
    assert [row["id"] for row in rows("640381", on=dt.date(2024, 4, 30))] == [person.pk, stayed.pk]


def test_as_known_then_and_as_known_now(register, by, rows):
    person = register(hukou=VILLAGE, alive=True)
    then = Transaction.objects.get()
    record_death(by=by("civil_affairs"), person=person, on=dt.date(2024, 3, 1))
    assert rows("640381", known_at=then.pk)[0]["alive"] is True
    now = rows("640381")[0]
    assert (now["alive"], now["death_date"]) == (False, dt.date(2024, 3, 1))


def test_it_says_what_the_file_of_each_person_says(register, by, rows):
    people = [register(hukou=VILLAGE, residence=ELSEWHERE, living="alone", alive=True) for _ in range(3)]
    record_facts(by=by("community"), person=people[1], statements=[Statement("living", "institution")])
    record_death(by=by("health"), person=people[2], on=dt.date(2024, 3, 1))
    for person, row in zip(people, rows("640381"), strict=True):
        resolved = file_as_of(person, valid_on=DAY)
        assert row == {"id": person.pk} | {fact: one.value for fact, one in resolved.items()}


def test_the_same_moment_gives_the_same_bytes(register, by, divisions, tmp_path):
    person = register(hukou=VILLAGE)
    at = Transaction.objects.get().at
    ask = {"county": divisions["640381"], "valid_on": DAY, "known_at": at, "folder": tmp_path}
    before = write_snapshot(**ask).read_bytes()
    record_facts(by=by(), person=person, statements=[Statement("sex", "F")])
    assert write_snapshot(**ask).read_bytes() == before


def test_its_name_and_metadata_say_for_when_it_holds(register, divisions, tmp_path):
    register(hukou=VILLAGE)
    path = write_snapshot(county=divisions["640381"], valid_on=DAY, known_at=None, folder=tmp_path)
    assert path.name.startswith("640381-2024-06-30-known-")
    metadata = {key.decode(): value.decode() for key, value in pq.read_metadata(path).metadata.items()}
    assert (metadata["songhe.county"], metadata["songhe.valid_on"]) == ("640381", "2024-06-30")
    assert metadata["songhe.transaction"] == str(Transaction.objects.get().pk)
    assert list(tmp_path.iterdir()) == [path]
    assert Entry.objects.get(action="snapshot.written").details["count"] == 1


def test_a_county_of_nobody_is_no_snapshot(register, divisions, tmp_path):
    register(hukou=VILLAGE)
    with pytest.raises(SnapshotError, match="Nobody"):
        write_snapshot(county=divisions["640302"], valid_on=DAY, known_at=None, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_county_that_was_not_there_is_refused(register, divisions, tmp_path):
    register(hukou=VILLAGE)
    with pytest.raises(SnapshotError):
        write_snapshot(county=divisions["640381"], valid_on=dt.date(1900, 1, 1), known_at=None, folder=tmp_path)


def test_a_town_that_moved_takes_its_people_along(register, divisions, rows):
    person, stayed, other = register(hukou=VILLAGE), register(hukou="640381002201"), register(hukou=ELSEWHERE)
    town = Division.objects.get(pk=divisions["640381001"])
    changes.move(division=town, to=Division.objects.get(pk=divisions["640302"]), on=dt.date(2024, 7, 1))
    assert [row["id"] for row in rows("640381")] == [person.pk, stayed.pk]
    assert [row["id"] for row in rows("640381", on=dt.date(2024, 7, 31))] == [stayed.pk]
    assert [row["id"] for row in rows("640302", on=dt.date(2024, 7, 31))] == [person.pk, other.pk]


def test_songhe_run_decides_on_it(register, divisions, tmp_path):
    register(hukou=VILLAGE, birth_date="1930-01-01", alive=True, hukou_since="1960-01-01")
    path = write_snapshot(county=divisions["640381"], valid_on=DAY, known_at=None, folder=tmp_path)
    output = tmp_path / "run"
    command = [sys.executable, "-m", "songhe", "run", "--policy", "qingtongxia-2023", "--months", "2024-01..2024-06"]
    subprocess.run([*command, "--population", str(path), "--output", str(output)], check=True, capture_output=True)
    assert json.loads((output / "manifest.json").read_text("utf-8"))["rows"]["people"] == 1
