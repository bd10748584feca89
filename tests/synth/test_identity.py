import numpy as np
import pytest

from songhe.common.resident_id import birth_date, is_valid, sex
from songhe.synth.city import AddressRange, load_city
from songhe.synth.errors import SynthError
from songhe.synth.identity import PER_ADDRESS, ResidentNumbers, ids, names

DAY = np.datetime64("1940-02-29")


def crowd(size: int, male: bool) -> tuple[np.ndarray, np.ndarray]:
    return np.full(size, DAY), np.full(size, male)


def test_ids_are_numbered_through() -> None:
    assert ids("QTX", 9, 2).to_pylist() == ["QTX-000000009", "QTX-000000010"]


def test_numbers_stay_unique_when_many_share_a_birthday() -> None:
    numbers = ResidentNumbers(AddressRange(first_address=649900, last_address=649999), DAY, DAY)
    issued = []
    for _ in range(2):
        issued += numbers.issue(*crowd(PER_ADDRESS + 1, True)).to_pylist()
        issued += numbers.issue(*crowd(PER_ADDRESS + 1, False)).to_pylist()
    assert len(set(issued)) == 4 * (PER_ADDRESS + 1)
    assert all(is_valid(number) for number in issued)
    assert {number[:6] for number in issued} == {"649900", "649901", "649902"}


def test_numbers_tell_birth_date_and_sex() -> None:
    numbers = ResidentNumbers(AddressRange(first_address=649900, last_address=649900), DAY, DAY + 1)
    man, woman = numbers.issue(np.array([DAY, DAY + 1]), np.array([True, False])).to_pylist()
    assert (birth_date(man).isoformat(), sex(man)) == ("1940-02-29", "M")
    assert (birth_date(woman).isoformat(), sex(woman)) == ("1940-03-01", "F")


def test_it_stops_rather_than_give_a_number_twice() -> None:
    numbers = ResidentNumbers(AddressRange(first_address=649900, last_address=649900), DAY, DAY)
    numbers.issue(*crowd(PER_ADDRESS, True))
    with pytest.raises(SynthError, match="share a birth date"):
        numbers.issue(*crowd(1, True))


def test_address_codes_lie_where_no_division_ever_was() -> None:
    addresses = load_city("qingtongxia").resident_id
    # The prefecture part 99 is outside every range of GB/T 2260: 01-20 and 51-70, 21-50, 90.
    assert {code // 100 for code in range(addresses.first_address, addresses.last_address + 1)} == {6499}


def test_names_have_two_or_three_characters() -> None:
    lengths = {len(name) for name in names(np.array([True, False] * 500), np.random.default_rng(1)).to_pylist()}
    assert lengths == {2, 3}
