"""What can be wrong with a file or a row, said so that the department can mend it; never with the value itself."""

from __future__ import annotations

from typing import NamedTuple


class FileRefused(ValueError):
    """The file as a whole cannot be taken; nothing of it was written. `line` is where, when a line is to blame."""

    def __init__(self, zh: str, en: str, line: int | None = None) -> None:
        where_zh, where_en = (f"第 {line} 行：", f"line {line}: ") if line else ("", "")
        self.zh, self.en, self.line = f"{where_zh}{zh}", f"{where_en}{en}", line
        super().__init__(f"{self.zh} {self.en}")


class CellError(ValueError):
    """A cell that states nothing that can be recorded."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


class RowProblem(NamedTuple):
    """What is wrong with a row: the column's title (empty when it is the row as a whole), and how to mend it."""

    column: str
    zh: str
    en: str

    def told(self) -> str:
        """As it stands in the file that goes back."""
        return f"{self.column}：{self.zh}" if self.column else self.zh
