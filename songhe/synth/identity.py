"""Who the synthetic people are: ids, resident numbers and names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from songhe.common.resident_id import CHECK_CHARACTERS, WEIGHTS
from songhe.synth.city import AddressRange
from songhe.synth.errors import SynthError
from songhe.synth.plan import Days

Text = npt.NDArray[np.uint8]
ZERO = ord("0")
ID_DIGITS = 9
# Of 001 to 999, men take odd sequence numbers and women even ones, which are one fewer.
PER_ADDRESS = 499


def ids(prefix: str, first: int, size: int) -> pa.StringArray:
    """`QTX-000000001` and on, for `size` people from the number `first`."""
    front = np.frombuffer(f"{prefix}-".encode("ascii"), np.uint8)
    numbers = _digits(np.arange(first, first + size), ID_DIGITS)
    return _strings(np.hstack([np.broadcast_to(front, (size, front.size)), numbers]))


class ResidentNumbers:
    """Gives every person a resident number that nobody has, and no number twice.

    The address part was never assigned to a division, so no real number begins with it. People of one birth
    date and sex are counted through all chunks, and the count decides address and sequence.
    """

    def __init__(self, addresses: AddressRange, oldest: np.datetime64, youngest: np.datetime64) -> None:
        self._first_address = addresses.first_address
        self._capacity = (addresses.last_address - addresses.first_address + 1) * PER_ADDRESS
        self._oldest = oldest
        days = int((youngest - oldest).astype(np.int64)) + 1
        self._used = np.zeros(2 * days, np.int64)

    def issue(self, birth: Days, male: npt.NDArray[np.bool_]) -> pa.StringArray:
        """A number per person; SynthError when more are born on a day than there are numbers."""
        count = self._count(2 * (birth - self._oldest).astype(np.int64) + male)
        if count.size and count.max() >= self._capacity:
            raise SynthError("too many people share a birth date for the unassigned resident numbers")
        address, sequence = np.divmod(count, PER_ADDRESS)
        body = np.hstack(
            [
                _digits(self._first_address + address, 6),
                _digits(_compact_date(birth), 8),
                _digits(2 * sequence + np.where(male, 1, 2), 3),
            ]
        )
        return _strings(np.hstack([body, _check_characters(body)]))

    def _count(self, key: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many of the same key came before, in this chunk and all earlier ones."""
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        place = np.arange(key.size)
        starts = np.where(np.diff(ordered, prepend=-1) != 0, place, 0)
        before = np.empty_like(key)
        before[order] = place - np.maximum.accumulate(starts) + self._used[ordered]
        self._used += np.bincount(key, minlength=self._used.size)
        return before


def names(male: npt.NDArray[np.bool_], rng: np.random.Generator) -> pa.Array:
    """A Chinese name per person, put together at random."""
    data = _name_data()
    size = male.size
    weights = np.cumsum(list(data["surnames"].values()))
    surname = np.searchsorted(weights, rng.random(size) * weights[-1], side="right")
    first = _pick(data["given"]["F"]["first"], data["given"]["M"]["first"], male, rng)
    second = _pick(data["given"]["F"]["second"], data["given"]["M"]["second"], male, rng)
    # The last entry of the first characters is none at all.
    characters = [*data["given"]["F"]["first"], *data["given"]["M"]["first"], ""]
    first[rng.random(size) < data["single_share"]] = len(characters) - 1
    return pc.binary_join_element_wise(
        _chosen(list(data["surnames"]), surname),
        _chosen(characters, first),
        _chosen([*data["given"]["F"]["second"], *data["given"]["M"]["second"]], second),
        "",
    )


def _pick(women: str, men: str, male: npt.NDArray[np.bool_], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """A place in the women's characters followed by the men's."""
    start = np.where(male, len(women), 0)
    return start + rng.integers(0, np.where(male, len(men), len(women)))


def _chosen(values: Sequence[str], places: npt.NDArray[Any]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(places))


def _digits(numbers: npt.NDArray[np.int64], width: int) -> Text:
    """Decimal digits as ASCII, one row per number."""
    digits = np.empty((numbers.size, width), np.uint8)
    left = numbers
    for column in reversed(range(width)):
        left, digit = np.divmod(left, 10)
        digits[:, column] = digit + ZERO
    return digits


def _compact_date(days: Days) -> npt.NDArray[np.int64]:
    """Dates as the number yyyymmdd."""
    months = days.astype("M8[M]")
    year, month = np.divmod(months.astype(np.int64), 12)
    day = (days - months.astype("M8[D]")).astype(np.int64) + 1
    compact: npt.NDArray[np.int64] = (year + 1970) * 10_000 + (month + 1) * 100 + day
    return compact


def _check_characters(body: Text) -> Text:
    totals = (body - ZERO).astype(np.int64) @ np.array(WEIGHTS)
    characters = np.frombuffer(CHECK_CHARACTERS.encode("ascii"), np.uint8)
    column: Text = characters[totals % len(CHECK_CHARACTERS)][:, np.newaxis]
    return column


def _strings(rows: Text) -> pa.StringArray:
    """Rows of ASCII as a string column, without a Python object per row."""
    count, width = rows.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(rows)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))


@cache
def _name_data() -> dict[str, Any]:
    text = resources.files("songhe.synth").joinpath("names.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data
