import numpy as np
import pytest

from songhe.synth.city import load_city
from songhe.synth.quotas import (
    ability_quotas,
    age_quotas,
    deal,
    death_quotas,
    fill,
    largest_remainder,
    strata,
)

CITY = load_city("qingtongxia")


def test_largest_remainder_adds_up_and_prefers_the_largest() -> None:
    assert largest_remainder(10, [1, 1, 1]) == [4, 3, 3]
    assert largest_remainder(7, [50, 30, 20]) == [4, 2, 1]
    assert largest_remainder(0, [1, 2]) == [0, 0]
    assert largest_remainder(3, [0, 5]) == [0, 3]


def test_weights_that_are_whole_counts_come_back_unchanged() -> None:
    assert largest_remainder(42034, [11802, 26064, 4161, 7]) == [11802, 26064, 4161, 7]


def test_fill_gives_what_one_cannot_take_to_the_others() -> None:
    assert fill(10, [8, 1, 1], [3, 9, 9]) == [3, 4, 3]


def test_fill_says_when_nobody_has_room() -> None:
    with pytest.raises(ValueError, match="no room for 2 of 5"):
        fill(5, [1, 1], [2, 1])


@pytest.mark.parametrize("people", [1, 2, 7, 1_000, 42_034, 100_000, 9_999_999])
def test_strata_keep_ages_and_abilities(people: int) -> None:
    ages = age_quotas(CITY, people)
    table = strata(CITY, ages)
    assert table.min() >= 0
    assert table.sum(axis=1).tolist() == ages
    levels = ["intact", "mild", "moderate", "severe", "complete"]
    assert dict(zip(levels, table.sum(axis=0).tolist(), strict=True)) == ability_quotas(CITY, people)


def test_old_people_lose_ability_more_often() -> None:
    table = strata(CITY, age_quotas(CITY, 42_034))
    share = table[:, 2:].sum(axis=1) / table.sum(axis=1)
    assert (np.diff(share[:-1]) > 0).all()


def test_deaths_lean_to_the_old() -> None:
    living = np.array(age_quotas(CITY, 42_034))
    dead = np.array(death_quotas(CITY, 2_000))
    assert dead.sum() == 2_000
    assert dead[4:].sum() / 2_000 > 2 * living[4:].sum() / 42_034


def test_dealing_everyone_leaves_nobody() -> None:
    table = strata(CITY, age_quotas(CITY, 10_000))
    left, rng, total = table.copy(), np.random.default_rng(1), np.zeros_like(table)
    for size in (3_000, 3_000, 3_000, 1_000):
        chunk = deal(left, size, rng)
        assert chunk.sum() == size
        total += chunk
    assert (left == 0).all()
    assert (total == table).all()
