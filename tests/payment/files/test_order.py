import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.payment.files.order import parse_yuan, yuan


@given(st.integers(0, 10**17))
def test_a_sum_is_read_as_it_was_written(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen


@pytest.mark.parametrize(("fen", "text"), [(1, "0.01"), (10, "0.10"), (12345, "123.45"), (100, "1.00"), (-5, "-0.05")])
def test_a_sum_has_two_decimals(fen: int, text: str) -> None:
    assert yuan(fen) == text


@pytest.mark.parametrize(("text", "fen"), [("1,234.5", 123450), ("7", 700), (" 0.10 ", 10), ("1.230", 123)])
def test_banks_write_sums_in_several_ways(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e3", "１", "1.2.3", "abc", "."])
def test_what_is_no_sum_or_has_parts_of_a_fen_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a sum|parts of a fen"):
        parse_yuan(text)
