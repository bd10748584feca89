from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.payment.errors import PaymentError
from songhe.payment.shares import split

weights = st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any)


@given(fen=st.integers(-(10**15), 10**15), parts=weights)
def test_what_levels_bear_is_the_sum_to_the_fen_and_each_within_a_fen_of_its_share(fen: int, parts: list[int]) -> None:
    shares = {place: Fraction(part, sum(parts)) for place, part in enumerate(parts)}
    borne = split(fen, shares)
    assert sum(borne.values()) == fen
    assert all(abs(borne[place] - fen * share) < 1 for place, share in shares.items())


def test_the_fen_that_is_left_goes_to_the_largest_remainder_and_then_to_the_first_named() -> None:
    assert split(100, {"city": Fraction(1, 3), "county": Fraction(2, 3)}) == {"city": 33, "county": 67}
    assert split(101, {"city": Fraction(1, 2), "county": Fraction(1, 2)}) == {"city": 51, "county": 50}


def test_a_recovery_is_divided_as_the_due_was() -> None:
    shares = {"city": Fraction(3, 10), "county": Fraction(7, 10)}
    assert split(-8705, shares) == {level: -fen for level, fen in split(8705, shares).items()}


def test_shares_that_are_not_one_are_refused() -> None:
    with pytest.raises(PaymentError, match="exactly one"):
        split(100, {"city": Fraction(1, 2), "county": Fraction(1, 3)})
