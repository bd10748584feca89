"""Values of parameters as people write them."""

import pytest

from songhe.policy.parameters import read_value, show_value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("percent", "20%"),
        ("percent", "100%"),
        ("percent", "0%"),
        ("percent", "12.5%"),
        ("percent", "7.25%"),
        ("money", "100元"),
        ("money", "87.50元"),
        ("age", "80"),
        ("date", "2024-05-01"),
    ],
)
def test_what_is_read_is_shown_as_it_was_written(kind: str, written: str) -> None:
    assert show_value(kind, read_value(kind, written)) == written
