import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.common.division import coarser_codes, stem, within

LENGTHS = (2, 4, 6, 9, 12)
codes = st.sampled_from(LENGTHS).flatmap(lambda length: st.text("0123", min_size=length, max_size=length))


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("42", "42"),
        ("420000", "42"),
        ("4213", "4213"),
        ("421300", "4213"),
        ("421303", "421303"),
        ("421303000", "421303"),
        ("421303001", "421303001"),
        ("421303000000", "421303"),
        ("421303001000", "421303001"),
        ("420000000000", "42"),
        ("421310", "421310"),
        ("421300001", "421300001"),
        ("100000", "10"),
    ],
)
def test_zeros_that_only_fill_up_are_no_part_of_a_place(code: str, short: str) -> None:
    assert stem(code) == short


@pytest.mark.parametrize(
    ("place", "area", "answer"),
    [
        ("421303", "421303", True),
        ("421303001005", "421303", True),
        ("421303", "421300", True),
        ("421303", "4213", True),
        ("421303", "420000000000", True),
        ("421302", "421303", False),
        ("411303", "4213", False),
        ("421303002", "421303001", False),
        # A place written too coarsely may lie inside.
        ("421300", "421303", None),
        ("4213", "421303001", None),
        ("42", "4213", None),
        ("420000000000", "421303001005", None),
        # A town without a county above it, as in Dongguan.
        ("441900003", "441900", True),
        ("441900", "441900003", None),
        ("441901", "441900003", False),
    ],
)
def test_a_place_lies_in_an_area_or_not_or_may(place: str, area: str, answer: bool | None) -> None:
    assert within(place, area) is answer


@given(codes)
def test_every_place_lies_in_itself(code: str) -> None:
    assert within(code, code) is True


@given(codes, codes, codes)
def test_a_part_of_a_part_is_a_part(place: str, area: str, region: str) -> None:
    if within(place, area) and within(area, region):
        assert within(place, region)


@given(codes, codes)
def test_the_coarser_codes_are_exactly_those_that_may_hold_the_area(place: str, area: str) -> None:
    assert (place in coarser_codes(area)) is (within(place, area) is None)


def test_coarser_codes_are_written_in_every_length() -> None:
    assert coarser_codes("421300") == ("42", "4200", "420000", "420000000", "420000000000")
    assert coarser_codes("42") == ()
