"""What was worked out is kept for the state it was made from, and only so much of it."""

import pytest

from songhe.common.finished import Finished


def test_it_is_made_once_for_a_state_and_anew_for_another():
    kept, made = Finished(8), []

    def ask(key, state):
        return kept.get(key, state, lambda: made.append((key, state)) or (key, state))

    assert [ask("city", 1), ask("city", 1), ask("town", 1), ask("city", 2)] == [
        ("city", 1),
        ("city", 1),
        ("town", 1),
        ("city", 2),
    ]
    assert made == [("city", 1), ("town", 1), ("city", 2)]
    assert len(kept) == 2


def test_what_was_not_asked_for_longest_goes_first():
    kept = Finished(2)
    for key in ("city", "town", "city", "village"):
        kept.get(key, 0, lambda key=key: key)
    assert kept.get("city", 0, lambda: "anew") == "city"
    assert kept.get("town", 0, lambda: "anew") == "anew"


def test_what_fails_is_not_kept():
    kept = Finished(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("city", 0, lambda: 1 // 0)
    assert len(kept) == 0 and kept.get("city", 0, lambda: 5) == 5
