import datetime as dt

import pytest

from songhe.common.resident_id import birth_date, check_digit, is_valid, sex

# The two examples printed in GB 11643-1999.
WOMAN_OF_1949 = "11010519491231002X"
MAN_OF_1880 = "440524188001010014"


@pytest.mark.parametrize("number", [WOMAN_OF_1949, MAN_OF_1880])
def test_it_accepts_the_examples_of_the_standard(number: str) -> None:
    assert is_valid(number)
    assert check_digit(number[:17]) == number[17]


def test_it_reads_birth_date_and_sex() -> None:
    assert birth_date(WOMAN_OF_1949) == dt.date(1949, 12, 31)
    assert sex(WOMAN_OF_1949) == "F"
    assert birth_date(MAN_OF_1880) == dt.date(1880, 1, 1)
    assert sex(MAN_OF_1880) == "M"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "110105194912310021",  # wrong check character
        "110105194913310020",  # no thirteenth month
        "110105194902300024",  # no 30 February
        "11010519491231002x",  # the standard writes a capital X
        "11010519491231002",
        " 11010519491231002X",
        "11010519491231002X\n",
        "１１０１０５１９４９１２３１００２X",
        "110105491231002",  # fifteen digits
    ],
)
def test_it_rejects_what_is_no_number(number: str) -> None:
    assert not is_valid(number)


@pytest.mark.parametrize("position", range(17))
def test_the_check_character_catches_every_wrong_digit(position: int) -> None:
    right = WOMAN_OF_1949
    for digit in set("0123456789") - {right[position]}:
        assert not is_valid(right[:position] + digit + right[position + 1 :])


@pytest.mark.parametrize("read", [birth_date, sex, lambda text: check_digit(text)])
def test_it_says_what_is_malformed_without_repeating_it(read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="17 digits") as error:
        read("12345")
    assert "12345" not in str(error.value)


def test_it_names_a_date_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="19490230"):
        birth_date("110105194902300024")
