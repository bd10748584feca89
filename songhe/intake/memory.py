"""What earlier rows of the same file said of the same people, kept only for those who come more than once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy

from songhe.intake.cells import read_day, read_number
from songhe.intake.problems import CellError, RowProblem
from songhe.intake.rows import Row, RowReader
from songhe.registry.domain.statements import Prepared
from songhe.registry.sources.mapping import BIRTH, NAME, NUMBER
from songhe.registry.vocabulary import label

_Said = dict[tuple[str, object], tuple[str | None, object, int]]


class Repeated:
    """Finds who comes more than once while the rows go by: eight bytes a row, whatever the size of the file."""

    def __init__(self, reader: RowReader) -> None:
        self._hashes = array("q")
        self._number, self._name, self._birth = (reader.place_of(fact) for fact in (NUMBER, NAME, BIRTH))

    def see(self, cells: list[str]) -> None:
        self._hashes.append(hash(self._identity(cells)))

    def found(self) -> frozenset[int]:
        hashes = numpy.sort(numpy.frombuffer(self._hashes, dtype=numpy.int64))
        return frozenset(hashes[1:][hashes[1:] == hashes[:-1]].tolist())

    def _identity(self, cells: list[str]) -> str:
        try:
            number = _cell(cells, self._number)
            if len(number) == 18 and number.isascii():
                return number.upper()
            if number:
                return read_number(number)
            return _likeness(_cell(cells, self._name), read_day(_cell(cells, self._birth)))
        except CellError:
            # Such a row is set aside; each is alone.
            return f"{len(self._hashes)}"


class Memory:
    """The words of people who come several times. `opened` are those for whom an earlier row opens a file."""

    def __init__(self, repeated: Iterable[int]) -> None:
        self._repeated = frozenset(repeated)
        self._said: dict[str, _Said] = {}
        self.opened: set[str] = set()

    def knows(self, identity: str) -> bool:
        return hash(identity) in self._repeated

    def disagreement(self, row: Row) -> list[RowProblem]:
        """What the row says otherwise than an earlier row did about the same days."""
        said = self._said.get(identity_of(row), {})
        return [
            _contradicts(one, earlier[2])
            for one in row.said.values()
            if (earlier := said.get((one.fact, one.valid_from))) and earlier[:2] != (one.value, one.valid_to)
        ]

    def news(self, row: Row) -> list[Prepared]:
        """What no earlier row said."""
        said = self._said.get(identity_of(row), {})
        return [one for one in row.said.values() if (one.fact, one.valid_from) not in said]

    def note(self, row: Row, *, opens: bool) -> None:
        identity = identity_of(row)
        if not self.knows(identity):
            return
        if opens:
            self.opened.add(identity)
        said = self._said.setdefault(identity, {})
        for one in row.said.values():
            said.setdefault((one.fact, one.valid_from), (one.value, one.valid_to, row.line))


def identity_of(row: Row) -> str:
    """Who a row without problems is about, as a text that is equal for equal people."""
    number = row.said.get(NUMBER)
    if number is not None and number.text is not None:
        return number.text
    return _likeness(str(row.value(NAME)), row.value(BIRTH))


def _likeness(name: str, birth: object) -> str:
    return f"{' '.join(name.split())} {birth}"


def _cell(cells: list[str], place: int | None) -> str:
    return "" if place is None or place >= len(cells) else cells[place].strip()


def _contradicts(one: Prepared, line: int) -> RowProblem:
    return RowProblem(
        label(one.fact).zh,
        f"与第 {line} 行对同一人的说法不一致，请只留正确的一行",
        f"contradicts line {line} about the same person; keep the right one",
    )
