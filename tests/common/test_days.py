import datetime as dt

import pytest

from songhe.common.days import DayProblem, age_on, age_reached_on, next_birthday, read_day, write_day

BIRTH = dt.date(1944, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "1944-05-01",
        "1944-5-1",
        "1944年5月1日",
        "1944年05月01号",
        " 1944 年 5 月 1 日 ",
        "1944/5/1",
        "1944.5.1",
        "1944、5、1",
        "1944 5 1",
        "19440501",
        "\uff11\uff19\uff14\uff14\uff0d\uff10\uff15\uff0d\uff10\uff11",
        "1 May 1944",
        "1 may, 1944",
    ],
)
def test_a_day_may_be_written_as_people_write_it(text: str):
    assert read_day(text) == BIRTH


@pytest.mark.parametrize("text", ["1944", "44-5-1", "昨天", "1/5/1944", "194451", "五月一日", "1 Ma"])
def test_what_is_no_day_says_how_to_write_one(text: str):
    with pytest.raises(DayProblem) as caught:
        read_day(text)
    assert "1944年5月1日" in caught.value.text.zh
    assert "1944-05-01" in caught.value.text.en


def test_a_day_that_does_not_exist_is_named():
    with pytest.raises(DayProblem) as caught:
        read_day("1943-02-29")
    assert caught.value.text.zh == "1943年2月29日不存在。"


def test_a_swapped_day_and_month_is_asked_about_not_turned_round():
    with pytest.raises(DayProblem) as caught:
        read_day("1944-13-05")
    assert "1944年5月13日" in caught.value.text.zh
    assert "5 May" not in caught.value.text.en
    assert "13 May 1944" in caught.value.text.en


@pytest.mark.parametrize("text", ["1500-01-01", "9999-12-31", "0000-01-01"])
def test_a_year_out_of_all_proportion_is_refused(text: str):
    with pytest.raises(DayProblem):
        read_day(text)


def test_days_are_written_in_both_languages():
    assert write_day(BIRTH).model_dump() == {"zh": "1944年5月1日", "en": "1 May 1944"}


@pytest.mark.parametrize(("day", "age"), [("2024-04-30", 79), ("2024-05-01", 80), ("2025-04-30", 80)])
def test_an_age_is_reached_on_the_birthday(day: str, age: int):
    assert age_on(BIRTH, dt.date.fromisoformat(day)) == age


def test_someone_born_on_29_february_turns_older_on_1_march():
    leap = dt.date(1944, 2, 29)
    assert age_on(leap, dt.date(2025, 2, 28)) == 80
    assert next_birthday(leap, dt.date(2025, 2, 28)) == (dt.date(2025, 3, 1), 81)
    assert age_reached_on(leap, dt.date(2025, 3, 1)) == 81


def test_the_next_birthday_of_somebody_whose_birthday_is_today_is_in_a_year():
    assert next_birthday(BIRTH, dt.date(2024, 5, 1)) == (dt.date(2025, 5, 1), 81)


def test_a_day_that_is_no_birthday_reaches_no_age():
    assert age_reached_on(BIRTH, dt.date(2024, 5, 2)) is None
    assert age_reached_on(None, dt.date(2024, 5, 1)) is None
