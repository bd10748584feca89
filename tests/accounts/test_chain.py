import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.accounts.actions import Action
from songhe.accounts.chain import GENESIS, DetailError, Record, plain

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
RECORD = Record(
    sequence=1,
    at=NOON,
    user=7,
    actor="王芳",
    action="person.read",
    subject_kind="person",
    subject_id="42",
    division=3,
    details={"n": 1},
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
details = st.recursive(
    st.none() | st.booleans() | st.integers() | texts | st.dates(),
    lambda parts: st.lists(parts) | st.dictionaries(texts, parts),
    max_leaves=8,
)


def test_the_hash_is_what_it_was_ever() -> None:
    """Trails are kept for years: whoever changes how a hash is made breaks all of them."""
    assert RECORD.hash_after(GENESIS) == "d7386f47072fc5ef802d92053b106b2a10290a8ea06da6047c99d55dd4d7eb70"


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 2},
        {"at": NOON + dt.timedelta(microseconds=1)},
        {"user": None},
        {"actor": "王方"},
        {"action": "person.revealed"},
        {"subject_kind": "user"},
        {"subject_id": "43"},
        {"division": None},
        {"details": {"n": "1"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_line_is_in_its_hash(change: dict[str, object]) -> None:
    assert dataclasses.replace(RECORD, **change).hash_after(GENESIS) != RECORD.hash_after(GENESIS)


def test_the_line_before_is_in_the_hash() -> None:
    assert RECORD.hash_after("1" * 64) != RECORD.hash_after(GENESIS)


def test_a_moment_has_one_hash_in_every_time_zone() -> None:
    shanghai = NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert dataclasses.replace(RECORD, at=shanghai).hash_after(GENESIS) == RECORD.hash_after(GENESIS)


@given(detail=details)
def test_details_come_back_from_json_as_they_went(detail: object) -> None:
    kept = plain(detail)
    assert json.loads(json.dumps(kept)) == kept


def test_dates_and_constants_become_texts() -> None:
    kept = plain({"on": dt.date(2026, 3, 1), "action": Action.PERSON_READ, "both": (1, None)})
    assert kept == {"on": "2026-03-01", "action": "person.read", "both": [1, None]}
    assert type(kept["action"]) is str


@pytest.mark.parametrize("detail", [1.5, {1: "a"}, b"a", {"a", "b"}, "a\0b", "half \ud83d", {"\0": 1}, object()])
def test_details_that_would_not_read_the_same_everywhere_are_refused(detail: object) -> None:
    with pytest.raises(DetailError):
        plain({"detail": detail})
