"""Reading a list page by page shows every row once, in order, in both directions, also when a value is unknown."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from songhe.accounts.models import User
from songhe.pages.keyset import count_up_to, window

DAYS = st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 4)))


class Reading(TestCase):
    @given(days=st.lists(DAYS, max_size=9), size=st.integers(1, 4), falling=st.booleans())
    def test_forwards_shows_all_and_backwards_the_same_pages(
        self, days: list[dt.date | None], size: int, falling: bool
    ) -> None:
        for number, day in enumerate(days):
            at = day and dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
            User.objects.create(username=f"u{number}", password_changed_at=at)

        def read(cursor: str = ""):
            return window(User.objects.all(), by="password_changed_at", falling=falling, cursor=cursor, size=size)

        pages = [read()]
        while pages[-1].after:
            pages.append(read(pages[-1].after))
        seen = [row.pk for page in pages for row in page.rows]

        def place(user: User) -> tuple[bool, float, int]:
            at = user.password_changed_at
            return (at is None, at.timestamp() if at else 0, user.pk)

        expected = sorted(User.objects.all(), key=place, reverse=falling)
        assert seen == [user.pk for user in expected]
        assert all(len(page.rows) == size for page in pages[:-1])
        assert not pages[0].before
        for earlier, later in zip(pages[-2::-1], pages[:0:-1], strict=True):
            assert [row.pk for row in read(later.before).rows] == [row.pk for row in earlier.rows]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["nonsense", "a:b:c", "?"])
def test_a_cursor_that_is_none_gives_the_first_page(cursor: str) -> None:
    User.objects.create(username="only")
    assert [user.username for user in window(User.objects.all(), by="username", cursor=cursor).rows] == ["only"]


@pytest.mark.django_db
def test_a_cursor_of_another_order_gives_the_first_page() -> None:
    for name in "abc":
        User.objects.create(username=name)
    by_name = window(User.objects.all(), by="username", size=1)
    assert window(User.objects.all(), by="pk", cursor=by_name.after, size=1).rows == by_name.rows


@pytest.mark.django_db
def test_counting_stops_at_the_limit() -> None:
    for name in "abc":
        User.objects.create(username=name)
    assert count_up_to(User.objects.all(), 2) == (2, True)
    assert count_up_to(User.objects.all(), 3) == (3, False)
