import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from songhe.common.calendar import birthday, latest_birth_date
from songhe.common.resident_id import birth_date, is_valid, sex
from songhe.synth.population import CHUNK, SynthError, synthesise
from songhe.synth.vocabulary import person_facts

CENSUS = dt.date(2020, 12, 31)
PUBLISHED = 42_034


def make(folder: Path, people: int, **more: Any) -> Path:
    output = folder / "city.parquet"
    arguments: dict[str, Any] = {"city": "qingtongxia", "seed": 1, "people": people, "output": output}
    synthesise(**(arguments | more))
    return output


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("city"), PUBLISHED)


@pytest.fixture(scope="module")
def count(city: Path) -> Callable[[str], int]:
    return lambda condition: count_in(city, condition)


def query(sql: str) -> list[Any]:
    with duckdb.connect() as database:
        return database.execute(sql).fetchall()


def count_in(file: Path, condition: str) -> int:
    return int(query(f"select count(*) from '{file}' where {condition}")[0][0])


def aged(age: int, day: dt.date = CENSUS) -> str:
    return f"alive and birth_date <= date '{latest_birth_date(day, age)}'"


@pytest.mark.parametrize(
    ("condition", "published"),
    [
        (aged(60), 42_034),  # QTX-F-11
        (aged(65), 30_232),  # QTX-F-04a: 12.39 % of 244,000
        (aged(80), 4_168),  # QTX-F-05
        (aged(100), 7),  # QTX-F-06
        ("ability in ('moderate', 'severe')", 1_063),  # QTX-F-07
        ("ability = 'complete'", 676),  # QTX-F-08
    ],
)
def test_published_counts_are_exact(count: Callable[[str], int], condition: str, published: int) -> None:
    assert count(condition) == published


def test_people_live_in_every_published_division(city: Path) -> None:
    rows = query(f"select distinct residence from '{city}' where residence is not null")
    codes = {code for (code,) in rows}
    assert len({code for code in codes if code[9] == "0"}) == 25
    assert len({code for code in codes if code[9] == "2"}) == 84
    towns = {code[:9] for code in codes}
    assert len({code for code in towns if code[6] == "0"}) == 1
    assert len({code for code in towns if code[6] == "1"}) == 8
    assert len({code for code in towns if code[6] == "4"}) == 2


def test_columns_follow_the_vocabulary(city: Path) -> None:
    kinds = {"date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "money": pa.int64()}
    schema = pq.read_schema(city)
    identity = [(name, pa.string()) for name in ("id", "name", "resident_id")]
    facts = [(fact.name, kinds.get(fact.type, pa.string())) for fact in person_facts()]
    assert [(field.name, field.type) for field in schema] == identity + facts


def test_every_fact_is_known_for_somebody_and_coded_in_the_vocabulary(city: Path) -> None:
    table = pq.read_table(city)
    unknown = [fact.name for fact in person_facts() if table[fact.name].null_count == PUBLISHED]
    assert unknown == ["death_date"]
    for fact in person_facts():
        if fact.values:
            assert set(table[fact.name].unique().to_pylist()) - {None} <= set(fact.values)


def test_what_the_counts_rest_on_is_never_missing(city: Path) -> None:
    table = pq.read_table(city)
    known = [name for name in table.column_names if table[name].null_count == 0]
    assert known == ["id", "name", "resident_id", "birth_date", "alive", "sex", "ability"]


def test_rows_are_sorted_by_id(city: Path) -> None:
    ids = pq.read_table(city, columns=["id"])["id"].to_pylist()
    assert ids[0] == "QTX-000000001"
    assert ids[-1] == "QTX-000042034"
    assert ids == sorted(set(ids))


def test_resident_numbers_agree_with_the_facts(city: Path) -> None:
    rows = pq.read_table(city, columns=["resident_id", "birth_date", "sex"]).to_pylist()
    assert len({row["resident_id"] for row in rows}) == PUBLISHED
    for row in rows[::20]:
        number = row["resident_id"]
        assert is_valid(number)
        assert number.startswith("6499")
        assert (birth_date(number), sex(number)) == (row["birth_date"], row["sex"])


def test_resident_numbers_are_unique_across_chunks(tmp_path: Path) -> None:
    people = 2 * CHUNK + 1
    file = make(tmp_path, people)
    assert pq.ParquetFile(file).metadata.num_row_groups == 3
    assert query(f"select count(distinct resident_id) from '{file}'") == [(people,)]


@pytest.mark.parametrize(
    "contradiction",
    [
        "dibao and tekun <> 'none'",
        "dibao and low_income_family",
        "low_income_family and tekun <> 'none'",
        "still_in_hardship and not dibao",
        "tekun = 'central' and living <> 'institution'",
        "disability_certificate and disability_grade = 'none'",
        "not disability_certificate and disability_certificate_from is not null",
        "disability_certificate_to <> disability_certificate_from + interval 10 years",
        "disability_certificate_from > date '2020-12-31'",
        "hukou_since > date '2020-12-31' or hukou_since < birth_date or hukou_since < date '1958-01-09'",
        "dementia and ability in ('intact', 'mild')",
        "youfu_no_supporter and youfu_supporter_incapable",
        "state_periodic_allowance and youfu_kind = 'none'",
        "attends_training and not family_carer_of_disabled_elder",
        "income_per_capita_month < 0 or income_per_capita_month % 100 <> 0",
        "dibao and hukou_type = 'rural' and income_per_capita_month > 38000",
        "residence not like '640381______'",
        "hukou like '640381%' and length(hukou) <> 12",
    ],
)
def test_no_row_contradicts_itself(count: Callable[[str], int], contradiction: str) -> None:
    assert count(contradiction) == 0


def test_what_belongs_together_goes_together(count: Callable[[str], int]) -> None:
    def share(of: str, where: str) -> float:
        return count(f"({of}) and ({where})") / count(where)

    assert share("disability_grade <> 'none'", "ability = 'complete'") > 0.5
    assert share("disability_grade <> 'none'", "ability = 'intact'") < 0.06
    assert share("ability in ('severe', 'complete')", aged(85)) > 0.1
    assert share("ability in ('severe', 'complete')", f"not ({aged(70)})") < 0.02
    assert 0.05 < share("disability_certificate_to < date '2020-12-31'", "disability_certificate") < 0.15
    assert 0.03 < share("hukou not like '640381%'", "hukou is not null") < 0.08


@pytest.mark.parametrize(("people", "aged_80", "aged_100", "half", "complete"), [
    (1_000, 99, 0, 25, 16),
    (100_000, 9_916, 17, 2_529, 1_608),
])  # fmt: skip
def test_other_sizes_are_in_proportion(
    tmp_path: Path, people: int, aged_80: int, aged_100: int, half: int, complete: int
) -> None:
    file = make(tmp_path, people)
    assert count_in(file, aged(60)) == people
    assert count_in(file, aged(80)) == aged_80
    assert count_in(file, aged(100)) == aged_100
    assert count_in(file, "ability in ('moderate', 'severe')") == half
    assert count_in(file, "ability = 'complete'") == complete


def test_one_person_is_a_city(tmp_path: Path) -> None:
    assert pq.read_table(make(tmp_path, 1)).num_rows == 1


@pytest.mark.parametrize("day", [dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2023, 3, 1)])
def test_ages_are_counted_on_the_day(tmp_path: Path, day: dt.date) -> None:
    births = pq.read_table(make(tmp_path, 5_000, as_of=day))["birth_date"].to_pylist()

    def reached(age: int) -> int:
        return sum(date is not None and date <= day for date in (birthday(birth, age) for birth in births))

    assert (reached(60), reached(65), reached(80), reached(100)) == (5_000, 3_596, 496, 1)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = make(tmp_path, 2_000).read_bytes()
    assert make(tmp_path, 2_000).read_bytes() == first
    assert make(tmp_path, 2_000, seed=2).read_bytes() != first


def test_the_dead_come_after_the_living_and_leave_their_counts_alone(tmp_path: Path) -> None:
    file = make(tmp_path, 5_000, deaths=300)
    rows = pq.read_table(file, columns=["id", "alive", "birth_date", "death_date"]).to_pylist()
    assert [row["alive"] for row in rows] == [True] * 5_000 + [False] * 300
    assert count_in(file, aged(80)) == 496
    assert all(row["death_date"] is None for row in rows[:5_000])
    year_before = CENSUS - dt.timedelta(days=365)
    assert all(year_before < row["death_date"] <= CENSUS for row in rows[5_000:])


def test_progress_hears_of_every_row(tmp_path: Path) -> None:
    heard: list[int] = []
    make(tmp_path, CHUNK + 5, progress=heard.append, deaths=7)
    assert heard == [CHUNK, 5, 7]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"city": "atlantis"}, "there is: qingtongxia"),
        ({"people": 0}, "from 1 to 10,000,000, not 0"),
        ({"people": -5}, "not -5"),
        ({"people": 10_000_001}, "not 10,000,001"),
        ({"deaths": -1}, "deaths must be from 0"),
        ({"people": 10_000_000, "deaths": 1}, "beside 10,000,000 people"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"as_of": dt.date(1999, 12, 31)}, "2000-01-01 or later"),
        ({"output": Path("/nowhere/at/all.parquet")}, "no folder /nowhere/at; create it first"),
        ({"output": Path("/")}, "is a folder"),
    ],
)
def test_it_says_what_cannot_be_met(tmp_path: Path, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SynthError, match=message):
        make(tmp_path, **{"people": 10} | wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_leaves_the_old_file_alone(tmp_path: Path) -> None:
    def give_up(rows: int) -> None:
        raise KeyboardInterrupt

    before = make(tmp_path, 100).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path, 200, progress=give_up)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]
