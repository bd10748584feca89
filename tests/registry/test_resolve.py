"""What holds, out of what was stated."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from songhe.registry.resolve import Record, resolve
from songhe.registry.sources import precedence

DAY = dt.date(2024, 6, 30)


def holds(*records: Record, on: dt.date = DAY, known_at: int | None = None) -> dict[str, str]:
    verdicts = resolve(records, valid_on=on, known_at=known_at, precedence=precedence())
    return {fact: verdict.value for fact, verdict in verdicts.items()}


def conflicts(*records: Record, on: dt.date = DAY) -> set[str]:
    verdicts = resolve(records, valid_on=on, known_at=None, precedence=precedence())
    return {fact for fact, verdict in verdicts.items() if verdict.conflict}


def said(id: int, fact: str, value: str | None, source: str = "police", *, tx: int = 0, **more) -> Record:
    return Record(id=id, fact=fact, value=value, source=source, transaction=tx or id, **more)


def day(month: int, number: int = 1, year: int = 2024) -> dt.date:
    return dt.date(year, month, number)


class TestOneSource:
    def test_the_record_valid_from_the_latest_day_wins(self):
        early = said(1, "living", "with_children", valid_from=day(1))
        late = said(2, "living", "alone", valid_from=day(4))
        assert holds(early, late) == {"living": "alone"}
        assert holds(early, late, on=day(3)) == {"living": "with_children"}

    def test_it_does_not_matter_in_which_order_they_arrive(self):
        late_first = said(1, "living", "alone", valid_from=day(4))
        early_second = said(2, "living", "with_children", valid_from=day(1))
        assert holds(late_first, early_second) == {"living": "alone"}

    def test_of_the_same_day_the_one_recorded_last_wins(self):
        assert holds(said(1, "sex", "M"), said(2, "sex", "F")) == {"sex": "F"}
        assert holds(said(2, "sex", "F"), said(1, "sex", "M")) == {"sex": "F"}

    def test_a_back_dated_certificate_counts_for_its_own_days_only(self):
        none = said(1, "disability_grade", "none", "disabled_federation")
        grade = said(2, "disability_grade", "2", "disabled_federation", valid_from=day(2), valid_to=day(5, 31))
        assert [holds(none, grade, on=one)["disability_grade"] for one in (day(1), day(2), day(5, 31), day(6))] == [
            "none",
            "2",
            "2",
            "none",
        ]
        assert holds(none, grade, on=day(3), known_at=1) == {"disability_grade": "none"}

    def test_a_source_may_withdraw_to_unknown(self):
        assert holds(said(1, "dibao", "true"), said(2, "dibao", None)) == {}
        assert holds(said(1, "dibao", "true"), said(2, "dibao", None), known_at=1) == {"dibao": "true"}

    def test_a_retracted_record_counts_for_nothing_from_then_on(self):
        retracted = said(2, "sex", "F", retracted_in=3)
        assert holds(said(1, "sex", "M"), retracted) == {"sex": "M"}
        assert holds(said(1, "sex", "M"), retracted, known_at=2) == {"sex": "F"}


class TestTwoSources:
    def test_the_better_source_holds_and_the_conflict_shows(self):
        records = said(1, "dibao", "true", "civil_affairs"), said(2, "dibao", "false", "community")
        assert holds(*records) == {"dibao": "true"}
        assert conflicts(*records) == {"dibao"}

    def test_the_precedence_differs_by_fact(self):
        police, federation = (
            said(1, "disability_grade", "none"),
            said(2, "disability_grade", "1", "disabled_federation"),
        )
        assert holds(police, federation) == {"disability_grade": "1"}

    def test_who_agrees_makes_no_conflict(self):
        assert conflicts(said(1, "sex", "M"), said(2, "sex", "M", "health")) == set()

    def test_who_withdrew_leaves_it_to_the_next(self):
        records = said(1, "sex", "M"), said(2, "sex", "F", "health"), said(3, "sex", None)
        assert holds(*records) == {"sex": "F"}
        assert conflicts(*records) == set()

    def test_what_a_person_settled_stands_before_all(self):
        records = said(1, "sex", "M"), said(2, "sex", "F", "health"), said(3, "sex", "F", "settled")
        assert holds(*records) == {"sex": "F"}
        assert conflicts(*records) == set()

    def test_a_source_that_disagrees_later_opens_it_again(self):
        records = said(1, "sex", "F", "health"), said(2, "sex", "F", "settled"), said(3, "sex", "M")
        assert holds(*records) == {"sex": "F"}
        assert conflicts(*records) == {"sex"}


class TestDeath:
    def test_a_late_row_does_not_revive_the_dead(self):
        dead = said(1, "alive", "false", "civil_affairs", valid_from=day(3))
        assert holds(dead, said(2, "alive", "true", valid_from=day(5))) == {"alive": "false"}
        assert holds(dead, said(2, "alive", "true", "civil_affairs", valid_from=day(5))) == {"alive": "false"}
        assert holds(dead, said(2, "alive", None, "civil_affairs", valid_from=day(5))) == {"alive": "false"}

    def test_before_the_death_the_person_lived(self):
        records = said(1, "alive", "true"), said(2, "alive", "false", valid_from=day(3))
        assert holds(*records, on=day(2, 29)) == {"alive": "true"}

    def test_the_date_of_death_is_enough(self):
        date = said(1, "death_date", "2024-03-01", "health")
        assert holds(date, said(2, "alive", "true"))["alive"] == "false"
        assert holds(date, said(2, "alive", "true"), on=day(2, 29))["alive"] == "true"

    def test_it_is_known_only_from_the_day_it_was_recorded(self):
        alive, dead = said(1, "alive", "true"), said(5, "alive", "false", valid_from=day(3))
        assert holds(alive, dead, known_at=4) == {"alive": "true"}

    def test_only_retracting_brings_the_person_back(self):
        dead = said(1, "alive", "false", valid_from=day(3), retracted_in=3)
        assert holds(dead, said(2, "alive", "true", "health")) == {"alive": "true"}

    def test_who_was_seen_alive_after_it_is_a_conflict(self):
        dead = said(1, "alive", "false", "civil_affairs", valid_from=day(3))
        assert conflicts(dead, said(2, "alive", "true", valid_from=day(5))) == {"alive"}

    def test_who_only_has_not_heard_of_it_yet_is_none(self):
        dead = said(1, "alive", "false", "civil_affairs", valid_from=day(3))
        assert conflicts(dead, said(2, "alive", "true", valid_from=day(1))) == set()
        assert conflicts(dead, said(2, "alive", "true")) == set()


days = st.none() | st.dates(day(1), day(3))
records = st.lists(
    st.builds(
        Record,
        id=st.integers(1, 10**6),
        fact=st.just("alive"),
        value=st.sampled_from(["true", "false", None]),
        source=st.sampled_from(["police", "health", "community"]),
        transaction=st.integers(1, 9),
        valid_from=days,
        retracted_in=st.none() | st.integers(9, 12),
    ),
    unique_by=lambda record: record.id,
    max_size=6,
)


@given(records, st.randoms())
def test_the_order_in_which_records_come_changes_nothing(some: list[Record], luck):
    shuffled = list(some)
    luck.shuffle(shuffled)
    assert holds(*some) == holds(*shuffled)


@given(records, st.dates(day(1), day(3)), st.integers(0, 100))
def test_who_is_dead_stays_dead_unless_a_record_is_retracted(some: list[Record], on: dt.date, later: int):
    if holds(*some, on=on).get("alive") != "false":
        return
    assert holds(*some, on=on + dt.timedelta(later))["alive"] == "false"
    more = said(10**6 + 1, "alive", "true", tx=10, valid_from=on + dt.timedelta(later))
    assert holds(*some, more, on=on + dt.timedelta(later))["alive"] == "false"
