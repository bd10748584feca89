"""What every format looks like to the rest: a header, and rows of texts with their line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, NamedTuple

from songhe.common.spreadsheet import plain_cell
from songhe.intake.problems import FileRefused, RowProblem

Opener = Callable[[], IO[bytes]]


class RawRow(NamedTuple):
    """A row as it stands in the file; one that could not be read at all carries the problem."""

    line: int
    cells: Sequence[str]
    problem: RowProblem | None = None


@dataclass(frozen=True)
class Shape:
    """What is found out about a file once: encoding and separator of a text, the sheet of a book, the titles."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: tuple[str, ...] = ()


class Table(ABC):
    """A table of one format. `rows` begins anew every time; it raises FileRefused for a file that was cut off."""

    def __init__(self, opener: Opener, shape: Shape) -> None:
        self.opener = opener
        self.shape = shape if shape.header else self.look(shape)
        if not any(self.shape.header):
            raise FileRefused("文件是空的", "the file is empty")

    @abstractmethod
    def look(self, wanted: Shape) -> Shape:
        """Find out the shape."""

    @abstractmethod
    def rows(self) -> Iterator[RawRow]:
        """Every row that is not blank, with the number of its first line."""


def unmarked(cells: Sequence[str]) -> list[str]:
    """The cells without the apostrophes that a file of ours was given."""
    return [plain_cell(cell) if cell[:1] == "'" else cell for cell in cells]
