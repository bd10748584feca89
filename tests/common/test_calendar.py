import calendar
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.common.calendar import birthday, last_day, latest_birth_date, months_between, parse_date, parse_month

LEAP_DAY_CHILD = dt.date(1944, 2, 29)
near_february = st.builds(
    lambda year, offset: dt.date(year, 3, 1) + dt.timedelta(days=offset), st.integers(1900, 2100), st.integers(-4, 2)
)
births = st.dates(dt.date(1880, 1, 1), dt.date(2030, 12, 31)) | near_february
days = st.dates(dt.date(1990, 1, 1), dt.date(2110, 12, 31)) | near_february


def age_by_counting(birth: dt.date, day: dt.date) -> int:
    """Whole years of age, counted one birthday after the other."""
    years = 0
    while True:
        year = birth.year + years + 1
        is_moved = (birth.month, birth.day) == (2, 29) and not calendar.isleap(year)
        if day < (dt.date(year, 3, 1) if is_moved else birth.replace(year=year)):
            return years
        years += 1


class TestAge:
    @pytest.mark.parametrize(
        ("birth", "age", "reached"),
        [
            (dt.date(1944, 5, 1), 80, dt.date(2024, 5, 1)),
            (dt.date(1944, 12, 31), 80, dt.date(2024, 12, 31)),
            (LEAP_DAY_CHILD, 80, dt.date(2024, 2, 29)),
            (LEAP_DAY_CHILD, 79, dt.date(2023, 3, 1)),
            (LEAP_DAY_CHILD, 156, dt.date(2100, 3, 1)),
            (dt.date(1900, 2, 28), 100, dt.date(2000, 2, 28)),
            (dt.date(2024, 5, 1), 0, dt.date(2024, 5, 1)),
            (dt.date(9000, 1, 1), 1000, None),
        ],
    )
    def test_it_is_reached_on_the_birthday(self, birth: dt.date, age: int, reached: dt.date | None) -> None:
        assert birthday(birth, age) == reached

    @pytest.mark.parametrize(
        ("day", "age", "latest"),
        [
            (dt.date(2024, 5, 1), 80, dt.date(1944, 5, 1)),
            (dt.date(2024, 2, 29), 80, LEAP_DAY_CHILD),
            (dt.date(2024, 2, 29), 79, dt.date(1945, 2, 28)),
            (dt.date(2023, 2, 28), 79, dt.date(1944, 2, 28)),
            (dt.date(2023, 3, 1), 79, dt.date(1944, 3, 1)),
            (dt.date(2024, 1, 1), 2024, None),
        ],
    )
    def test_the_latest_birth_date_that_has_reached_it(self, day: dt.date, age: int, latest: dt.date | None) -> None:
        assert latest_birth_date(day, age) == latest

    @given(births, st.integers(0, 130), days)
    def test_both_ways_of_asking_agree(self, birth: dt.date, age: int, day: dt.date) -> None:
        reached, latest = birthday(birth, age), latest_birth_date(day, age)
        assert reached is not None and latest is not None
        assert (reached <= day) is (birth <= latest)

    @given(births, days)
    def test_it_is_the_number_of_birthdays(self, birth: dt.date, day: dt.date) -> None:
        if birth <= day:
            age = age_by_counting(birth, day)
            at, next_year = latest_birth_date(day, age), latest_birth_date(day, age + 1)
            assert at is not None and next_year is not None
            assert next_year < birth <= at


class TestDates:
    def test_a_date_is_written_year_month_day(self) -> None:
        assert parse_date("2024-02-29") == dt.date(2024, 2, 29)

    @pytest.mark.parametrize("text", ["2024-2-9", "29.02.2024", "2024/02/29", "20240229", "2024-02-29 ", "", "2024-02"])
    def test_anything_else_is_told_how_to_be_written(self, text: str) -> None:
        with pytest.raises(ValueError, match="write it like 2024-05-01"):
            parse_date(text)

    @pytest.mark.parametrize(("text", "turned"), [("2024-31-12", "2024-12-31"), ("2024-13-01", "2024-01-13")])
    def test_a_swapped_day_and_month_is_named_and_not_turned_round(self, text: str, turned: str) -> None:
        with pytest.raises(ValueError) as refused:
            parse_date(text)
        assert f"are day and month swapped ({turned})?" in str(refused.value)

    @pytest.mark.parametrize("text", ["2023-02-29", "2024-04-31", "2024-00-10", "2024-13-40", "0000-01-01"])
    def test_a_day_that_does_not_exist_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a day of the calendar") as refused:
            parse_date(text)
        assert "swapped" not in str(refused.value)


class TestMonths:
    def test_a_month_is_written_year_month(self) -> None:
        assert parse_month("2024-02") == (2024, 2)

    @pytest.mark.parametrize("text", ["2024-13", "2024-00", "0000-01", "2024-2", "2024", "2024-02-01", "2024-02 "])
    def test_anything_else_is_told_how_to_be_written(self, text: str) -> None:
        with pytest.raises(ValueError, match="write it like 2024-05"):
            parse_month(text)

    @pytest.mark.parametrize(
        ("year", "month", "day"),
        [(2023, 2, 28), (2024, 2, 29), (2100, 2, 28), (2000, 2, 29), (2024, 12, 31), (2024, 4, 30)],
    )
    def test_the_last_day_knows_leap_years(self, year: int, month: int, day: int) -> None:
        assert last_day(year, month) == dt.date(year, month, day)

    def test_months_go_over_the_turn_of_a_year(self) -> None:
        assert months_between((2023, 11), (2024, 2)) == [(2023, 11), (2023, 12), (2024, 1), (2024, 2)]
        assert months_between((2024, 2), (2024, 2)) == [(2024, 2)]
        assert months_between((2024, 2), (2024, 1)) == []

    @given(st.integers(1, 9000), st.integers(1, 12), st.integers(0, 200))
    def test_each_month_follows_the_one_before(self, year: int, month: int, count: int) -> None:
        index = year * 12 + month - 1 + count
        months = months_between((year, month), (index // 12, index % 12 + 1))
        assert len(months) == count + 1
        for earlier, later in pairwise(months):
            assert last_day(*earlier) + dt.timedelta(days=1) == dt.date(*later, 1)
