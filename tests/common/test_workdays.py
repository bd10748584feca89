import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.common.workdays import (
    FOLDERS_VARIABLE,
    Due,
    HolidayError,
    Span,
    add_workdays,
    is_workday,
    last_day_of_period,
    workdays_between,
)

KNOWN = st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("2023-01-28", True),  # a Saturday after Spring Festival, worked
        ("2023-10-06", False),
        ("2024-02-09", True),  # the eve of 2024 was no day off
        ("2024-02-18", True),
        ("2025-01-28", False),  # the eve of 2025 was one
        ("2025-02-08", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-03-01", False),
        ("2026-11-23", True),
    ],
)
def test_holidays_and_make_up_days_are_those_of_the_state_council(text: str, worked: bool) -> None:
    assert is_workday(day(text)) is worked


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-02-12", 1, "2026-02-13"),
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
        ("2026-02-14", 1, "2026-02-24"),  # over the nine days
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 6, "2026-02-28"),
        ("2023-01-20", 2, "2023-01-29"),  # Saturday and Sunday in a row
        ("2026-02-16", 1, "2026-02-24"),  # beginning within the holiday
        ("2026-02-16", 0, "2026-02-16"),
    ],
)
def test_a_period_runs_around_spring_festival(start: str, number: int, end: str) -> None:
    assert add_workdays(day(start), number) == Due(day(end))


@given(start=KNOWN, number=st.integers(0, 300))
def test_counting_back_gives_the_number_that_was_added(start: dt.date, number: int) -> None:
    end = add_workdays(start, number)
    assert workdays_between(start, end.day) == Span(number, end.unknown_years)
    assert workdays_between(end.day, start).number == -number


def test_a_year_without_a_table_says_that_it_was_counted_by_weekdays() -> None:
    end = add_workdays(day("2026-12-30"), 3)
    assert end == Due(day("2027-01-04"), (2027,))
    assert end.note is not None and "2027" in end.note.zh and "weekdays only" in end.note.en
    assert add_workdays(day("2026-12-30"), 1).note is None
    assert (is_workday(day("2027-01-01")), is_workday(day("2027-01-02"))) == (None, False)


def test_a_period_of_days_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    assert last_day_of_period(day("2026-02-10"), 7) == Due(day("2026-02-24"))
    assert last_day_of_period(day("2026-03-02"), 7) == Due(day("2026-03-09"))


def test_an_operators_table_stands_before_the_built_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "2027.yaml").write_text("off: [2027-01-01..2027-01-03]\nwork: [2027-01-09]\n", encoding="utf-8")
    (tmp_path / "2026.yaml").write_text("off: [2026-11-23]\n", encoding="utf-8")
    monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path))
    assert add_workdays(day("2026-12-31"), 1) == Due(day("2027-01-04"))
    assert is_workday(day("2027-01-09")) is True
    assert is_workday(day("2026-11-23")) is False


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("off: [2027-13-01]", "2027-13-01"),
        ("off: [2028-01-01]", "2028-01-01"),
        ("off: []\nwork: [2027-01-04]", "2027-01-04"),
        ("holidays: [2027-01-01]", "2027.yaml"),
    ],
)
def test_a_wrong_table_names_file_and_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, named: str
) -> None:
    (tmp_path / "2027.yaml").write_text(table, encoding="utf-8")
    monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path))
    with pytest.raises(HolidayError, match=r"2027\.yaml") as caught:
        add_workdays(day("2027-01-01"), 1)
    assert named in str(caught.value)


def test_there_is_no_period_of_negative_length() -> None:
    with pytest.raises(ValueError, match="-1"):
        add_workdays(day("2026-01-01"), -1)
