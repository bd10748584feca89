"""Days as offices write them."""

import datetime as dt

import pytest

from songhe.common.dates import DateError, read_date


@pytest.mark.parametrize(
    "text",
    [
        "1944-02-29", "1944/2/29", "1944.2.29", "19440229", "1944年2月29日", "1944年02月29号", " 1944-2-29 ",
        "1944-02-29 00:00:00", "1944/2/29 0:00", "１９４４年２月２９日", "1944 年 2 月 29 日",
    ],
)  # fmt: skip
def test_every_usual_spelling_is_the_same_day(text: str):
    assert read_date(text) == dt.date(1944, 2, 29)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1944-13-02", "swapped"),
        ("1944-30-12", "swapped"),
        ("1943-02-29", "not a day of the calendar"),
        ("1944-00-10", "not a day of the calendar"),
        ("0000-01-01", "not a day of the calendar"),
        ("29/02/1944", "no date"),
        ("44-02-29", "no date"),
        ("1944-02", "no date"),
        ("1944-02/29", "no date"),
        ("194429", "no date"),
        ("16131", "no date"),
        ("1944-02-29 13:00", "no date"),
    ],
)
def test_nothing_is_guessed(text: str, why: str):
    with pytest.raises(DateError, match=why):
        read_date(text)
