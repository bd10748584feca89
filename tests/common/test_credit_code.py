import pytest

from songhe.common.credit_code import check_character, is_valid


# Published codes of large enterprises.
@pytest.mark.parametrize("code", ["91440300708461136T", "914403001922038216", "9144030071526726XG"])
def test_codes_that_are_in_use_are_valid(code: str) -> None:
    assert is_valid(code)
    assert check_character(code[:17]) == code[17]


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_character_is_always_noticed(place: int) -> None:
    code = "91440300708461136T"
    others = [code[:place] + other + code[place + 1 :] for other in "0123456789ABCDEFGHJKLMNPQRTUWXY"]
    assert [one for one in others if is_valid(one)] == [code]


@pytest.mark.parametrize(
    "code",
    ["", "91440300708461136", "91440300708461136TT", "91440300708461136t", "9144O300708461136T", "９1440300708461136T"],
)
def test_what_has_another_form_is_none(code: str) -> None:
    assert not is_valid(code)


def test_the_check_character_follows_from_seventeen_characters_only() -> None:
    with pytest.raises(ValueError, match="17"):
        check_character("9144")
