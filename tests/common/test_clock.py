import datetime as dt
from threading import Thread

import pytest
from django.conf import settings

from songhe.common import clock

NEW_YEARS_EVE = dt.datetime(2025, 12, 31, 16, 30, tzinfo=dt.UTC)


def test_without_a_told_history_it_is_the_real_time():
    before = dt.datetime.now(dt.UTC)

    assert before <= clock.now() <= dt.datetime.now(dt.UTC)


def test_a_day_is_a_day_in_china():
    with clock.standing_at(NEW_YEARS_EVE):
        assert clock.today() == dt.date(2026, 1, 1)

    assert clock.ZONE.key == settings.TIME_ZONE


def test_it_stands_still_and_histories_lie_within_each_other():
    earlier = NEW_YEARS_EVE - dt.timedelta(days=3)
    with clock.standing_at(NEW_YEARS_EVE):
        with clock.standing_at(earlier):
            assert clock.now() == earlier
        assert clock.now() == clock.now() == NEW_YEARS_EVE

    assert clock.now() > NEW_YEARS_EVE


def test_other_threads_keep_the_real_time():
    seen = []
    with clock.standing_at(NEW_YEARS_EVE):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0] != NEW_YEARS_EVE


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"), clock.standing_at(dt.datetime(2025, 12, 31, 12)):
        pass


def test_production_has_only_the_real_time(monkeypatch):
    monkeypatch.setenv("SONGHE_PRODUCTION", "1")

    with pytest.raises(RuntimeError, match="production"), clock.standing_at(NEW_YEARS_EVE):
        pass
