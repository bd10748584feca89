from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.common.money import format_yuan, parse_percent, parse_yuan, share

sums = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("100元", 10_000),
        ("87.50元", 8_750),
        ("87.5元", 8_750),
        ("0.01元", 1),
        ("0元", 0),
        ("-3.20元", -320),
        (" 5元 ", 500),
    ],
)
def test_yuan_are_read_as_fen(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["100", "100 元", "1,000元", "87.505元", ".5元", "5.元", "１e3元", "1e3元", "元", "+5元", "100万元", ""]
)
def test_other_writings_of_yuan_are_told_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like 100元 or 87\.50元"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0元"),
        (1, "0.01元"),
        (12_345, "123.45元"),
        (10_000, "100元"),
        (123_456_700, "1,234,567元"),
        (-320, "-3.20元"),
    ],
)
def test_fen_are_shown_as_yuan(fen: int, text: str) -> None:
    assert format_yuan(fen) == text


@given(st.integers(-(10**15), 10**15))
def test_what_is_shown_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen).replace(",", "")) == fen


@pytest.mark.parametrize(
    ("text", "points"), [("20%", 2_000), ("12.5%", 1_250), ("0.01%", 1), ("0%", 0), ("150%", 15_000)]
)
def test_percentages_are_read_as_basis_points(text: str, points: int) -> None:
    assert parse_percent(text) == points


@pytest.mark.parametrize("text", ["20", "20 %", "-5%", "12.505%", "0.2", "%", "20％"])
def test_other_writings_of_percentages_are_told_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like 20% or 12\.5%"):
        parse_percent(text)


@pytest.mark.parametrize(
    ("fen", "points", "part"),
    [(10_000, 2_000, 2_000), (1, 5_000, 1), (1, 4_999, 0), (3, 5_000, 2), (333, 3_333, 111), (10**15, 10_000, 10**15)],
)
def test_half_a_fen_is_rounded_up(fen: int, points: int, part: int) -> None:
    assert share(fen, points) == part


@given(sums, st.integers(0, 20_000))
def test_a_share_is_never_half_a_fen_off(fen: int, points: int) -> None:
    exact = Fraction(fen * points, 10_000)
    assert -Fraction(1, 2) < share(fen, points) - exact <= Fraction(1, 2)
