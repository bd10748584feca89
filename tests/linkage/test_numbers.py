"""Resident numbers as they arrive."""

import pytest

from songhe.common.resident_id import check_digit, is_valid
from songhe.linkage.numbers import Number, is_slip, neighbours, read, swapped_day
from tests.registry.conftest import number

ONE = number(7, "19440209")


@pytest.mark.parametrize(
    "raw",
    [
        ONE,
        f" {ONE[:6]} {ONE[6:14]}-{ONE[14:]} ",
        ONE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f"（{ONE}）",
    ],
)
def test_noise_is_taken_off(raw):
    assert read(raw) == Number(ONE, True)


@pytest.mark.parametrize("letter", ["X", "x", "Ｘ", "×", "*"])
def test_the_last_character_has_many_spellings(letter):
    body = next(ONE[:14] + f"{n:03d}" for n in range(1000) if check_digit(ONE[:14] + f"{n:03d}") == "X")
    assert read(body + letter) == Number(body + "X", True)


def test_fifteen_digits_become_eighteen():
    assert read(ONE[:6] + ONE[8:17]) == Number(ONE, True)


def test_fifteen_digits_of_no_day_are_not_valid():
    found = read("640381440230001")
    assert found is not None and not found.valid


def test_what_cannot_be_right_is_kept_as_it_was_written():
    wrong = ONE[:17] + ("1" if ONE[17] != "1" else "2")
    assert read(wrong) == Number(wrong, False)


@pytest.mark.parametrize("raw", [None, "", "  ", "无", "不详", "1234567", "13800138000"])
def test_nothing_like_a_number_is_none(raw):
    assert read(raw) is None


def slips(text: str) -> set[str]:
    """Every text that one slip makes of a number, by brute force."""
    changed = {
        text[:at] + character + text[at + 1 :]
        for at in range(18)
        for character in "0123456789X"
        if character != text[at]
    }
    swapped = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(17)}
    added = {text[:at] + character + text[at:] for at in range(19) for character in "0123456789"}
    dropped = {text[:at] + text[at + 1 :] for at in range(18)}
    return (changed | swapped | added | dropped | {swapped_day(text)}) - {text}


def test_every_slip_is_seen_and_leads_back():
    for text in slips(ONE):
        assert is_slip(text, ONE) and is_slip(ONE, text)
        if not is_valid(text) and "X" not in text[:16]:
            assert ONE in neighbours(text), text


def test_a_valid_number_has_no_valid_number_one_character_away():
    assert not {text for text in slips(ONE) - {swapped_day(ONE)} if len(text) == 18 and is_valid(text)}


def test_there_are_few_neighbours_and_all_are_valid():
    for text in sorted(slips(ONE)):
        if len(text) == 18 and not is_valid(text):
            assert len(neighbours(text)) <= 36
            assert all(is_valid(one) for one in neighbours(text))


def test_two_slips_are_not_one():
    other = ONE[:3] + str((int(ONE[3]) + 1) % 10) + ONE[4:10] + str((int(ONE[10]) + 1) % 10) + ONE[11:]
    assert not is_slip(ONE, other)
    assert not is_slip(ONE, ONE)
