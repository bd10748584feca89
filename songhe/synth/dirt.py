"""The same people once more, badly written down, and others who only look like them: to test the search for duplicates.

The same arguments give the same rows. Nobody of them is real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import cycle, islice
from random import Random
from typing import Any, NamedTuple

import pyarrow as pa
import yaml

from songhe.common.resident_id import check_digit, is_valid
from songhe.synth.errors import SynthError

Row = dict[str, Any]
# A row with a fault, or None where that fault cannot be made.
Fault = Callable[[Row, Random], Row | None]
Copied = pa.Table | Sequence[Mapping[str, Any]]


class DirtyCopy(NamedTuple):
    """A second row of a person: all columns of the first, an id of its own; `kind` is one of `FAULTS` or `HARDER`."""

    row: Row
    copy_of: str
    kind: str


class Lookalike(NamedTuple):
    """Somebody else who is much like a person; `kind` is `twin` or `namesake`."""

    row: Row
    like: str
    kind: str


def dirty_copies(
    people: Copied, *, count: int, seed: int, faults: Mapping[str, Fault] | None = None
) -> list[DirtyCopy]:
    """Copies of `count` different people, of every kind about as many; `faults` are `FAULTS` unless given.

    People have at least `id`, `name`, `resident_id`, `birth_date`, `sex` and `residence`. SynthError when there are too
    few of whom copies can be made.
    """
    rng = Random(f"copies {seed}")
    rows, kinds = _drawn(people, rng), faults or FAULTS
    copies = []
    for number, kind in enumerate(islice(cycle(kinds), count), 1):
        original, faulty = _first(rows, lambda row, make=kinds[kind]: make(row, rng))
        copies.append(DirtyCopy(faulty | {"id": f"COPY-{number:09d}"}, original["id"], kind))
    return copies


def lookalikes(people: Copied, *, count: int, seed: int) -> list[Lookalike]:
    """Twins, and people of the same name, birth date and sex in another village; each with a number of their own."""
    rng = Random(f"lookalikes {seed}")
    numbers = people.column("resident_id").to_pylist() if isinstance(people, pa.Table) else None
    taken = set(numbers or (row["resident_id"] for row in people))
    rows, made = _drawn(people, rng), []
    for number, kind in enumerate(islice(cycle(("twin", "namesake")), count), 1):
        other = _twin if kind == "twin" else _namesake
        original, row = _first(rows, lambda row, other=other: other(row, next(rows), taken))
        taken.add(row["resident_id"])
        made.append(Lookalike(row | {"id": f"LIKE-{number:09d}"}, original["id"], kind))
    return made


def _drawn(people: Copied, rng: Random) -> Iterator[Row]:
    """Each once, in random order."""
    order = list(range(len(people)))
    rng.shuffle(order)
    for start in range(0, len(order), 1000):
        some = order[start : start + 1000]
        yield from people.take(some).to_pylist() if isinstance(people, pa.Table) else (dict(people[at]) for at in some)


def _first(rows: Iterator[Row], make: Callable[[Row], Row | None]) -> tuple[Row, Row]:
    for row in rows:
        if is_valid(row["resident_id"] or "") and (made := make(row)):
            return row, made
    raise SynthError("there are too few people to draw from; ask for fewer, or give more")


def _respelt(row: Row, rng: Random) -> Row:
    number = row["resident_id"]
    spellings = (
        number.lower().translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f" {number[:6]} {number[6:14]} {number[14:].lower()}",
    )
    return row | {"resident_id": rng.choice(spellings)}


def _fifteen_digits(row: Row, rng: Random) -> Row | None:
    number = row["resident_id"]
    return row | {"resident_id": number[:6] + number[8:17]} if number[6:8] == "19" else None


def _changed_digit(row: Row, rng: Random) -> Row:
    number, place = row["resident_id"], rng.randrange(17)
    other = rng.choice([digit for digit in "0123456789" if digit != number[place]])
    return row | {"resident_id": number[:place] + other + number[place + 1 :]}


def _swapped_neighbours(row: Row, rng: Random) -> Row | None:
    number = row["resident_id"]
    places = [place for place in range(16) if number[place] != number[place + 1]]
    if not places:
        return None
    place = rng.choice(places)
    return row | {"resident_id": number[:place] + number[place + 1] + number[place] + number[place + 2 :]}


def _lost_digit(row: Row, rng: Random) -> Row:
    number, place = row["resident_id"], rng.randrange(17)
    return row | {"resident_id": number[:place] + number[place + 1 :]}


def _swapped_day(row: Row, rng: Random) -> Row | None:
    """Day and month of birth change places, in the number and beside it."""
    number, born = row["resident_id"], row["birth_date"]
    if born is None or born.day > 12 or born.day == born.month:
        return None
    swapped = number[:10] + number[12:14] + number[10:12] + number[14:]
    return row | {"resident_id": swapped, "birth_date": dt.date(born.year, born.day, born.month)}


def _no_number(row: Row, rng: Random) -> Row | None:
    known = all(row[fact] for fact in ("name", "birth_date", "sex", "residence"))
    return row | {"resident_id": None} if known else None


def _no_number_nor_place(row: Row, rng: Random) -> Row | None:
    made = _no_number(row, rng)
    return made and made | {"residence": None}


def _no_number_swapped_day(row: Row, rng: Random) -> Row | None:
    made = _no_number(row, rng)
    return made and _then_without_number(_swapped_day(row, rng))


def _then_without_number(row: Row | None) -> Row | None:
    return row and row | {"resident_id": None}


def _traditional_name(row: Row, rng: Random) -> Row | None:
    return _renamed(row, "traditional")


def _traditional_name_no_number(row: Row, rng: Random) -> Row | None:
    return _no_number(row, rng) and _then_without_number(_renamed(row, "traditional"))


def _traditional_name_changed_digit(row: Row, rng: Random) -> Row | None:
    made = _renamed(row, "traditional")
    return made and _changed_digit(made, rng)


def _homophone(row: Row, rng: Random) -> Row | None:
    return _renamed(row, "homophones")


def _homophone_changed_digit(row: Row, rng: Random) -> Row | None:
    made = _renamed(row, "homophones")
    return made and _changed_digit(made, rng)


def _homophone_no_number(row: Row, rng: Random) -> Row | None:
    return _no_number(row, rng) and _then_without_number(_renamed(row, "homophones"))


def _wrong_year_no_number(row: Row, rng: Random) -> Row | None:
    """A year of birth whose last digit was misread: the same day of another year of the decade."""
    made = _no_number(row, rng)
    if not made or (row["birth_date"].month, row["birth_date"].day) == (2, 29):
        return None
    year = row["birth_date"].year
    return made | {"birth_date": row["birth_date"].replace(year=year - year % 10 + (year + rng.randint(1, 9)) % 10)}


# What no single fact tells any more; only how much speaks for it together.
HARDER: Mapping[str, Fault] = {
    "homophone_no_number": _homophone_no_number,
    "wrong_year_no_number": _wrong_year_no_number,
}

FAULTS: Mapping[str, Fault] = {
    "respelt": _respelt,
    "fifteen_digits": _fifteen_digits,
    "changed_digit": _changed_digit,
    "swapped_neighbours": _swapped_neighbours,
    "lost_digit": _lost_digit,
    "swapped_day": _swapped_day,
    "no_number": _no_number,
    "no_number_nor_place": _no_number_nor_place,
    "no_number_swapped_day": _no_number_swapped_day,
    "traditional_name": _traditional_name,
    "traditional_name_no_number": _traditional_name_no_number,
    "traditional_name_changed_digit": _traditional_name_changed_digit,
    "homophone": _homophone,
    "homophone_changed_digit": _homophone_changed_digit,
}


def _renamed(row: Row, table: str) -> Row | None:
    """With another spelling of the name; of homophones, one character of the given name only."""
    name, other = row["name"] or "", _tables()[table]
    if table == "homophones":
        place = next((at for at in range(1, len(name)) if name[at] in other), None)
        return None if place is None else row | {"name": name[:place] + other[name[place]] + name[place + 1 :]}
    renamed = "".join(other.get(character, character) for character in name)
    return row | {"name": renamed} if renamed != name else None


def _twin(row: Row, stranger: Row, taken: set[str]) -> Row | None:
    """Born the same day in the same family, with another given name and one of the next numbers."""
    name = f"{row['name'][:1]}{stranger['name'][1:]}"
    number = _next_number(row["resident_id"], taken)
    return row | {"name": name, "resident_id": number} if number and name != row["name"] else None


def _namesake(row: Row, stranger: Row, taken: set[str]) -> Row | None:
    number = _next_number(row["resident_id"], taken)
    moved = stranger["residence"] and row["residence"] and stranger["residence"] != row["residence"]
    return row | {"resident_id": number, "residence": stranger["residence"]} if number and moved else None


def _next_number(number: str, taken: set[str]) -> str | None:
    """The next number of the same place, day and sex that nobody has."""
    for sequence in range(int(number[14:17]) + 2, 1000, 2):
        body = f"{number[:14]}{sequence:03d}"
        if (free := body + check_digit(body)) not in taken:
            return free
    return None


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = resources.files("songhe.synth").joinpath("dirt.yaml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = yaml.safe_load(text)
    return tables
