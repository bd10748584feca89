"""The bank beyond the wall: takes whole files, pays every transfer of a number once, and remembers it."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

_EVERY = 40


class Bank:
    """Files lie in `in/`, what was paid in `paid/`, a file for each number of a transfer."""

    def __init__(self, home: Path) -> None:
        self._in, self._paid = home / "bank" / "in", home / "bank" / "paid"
        for folder in (self._in, self._paid):
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, message: str, content: bytes) -> None:
        """A file that was exported; of the same message again, the bytes must be the same."""
        path, draft = self._in / message, self._in / f"{message}.{os.getpid()}"
        draft.write_bytes(content)
        if path.exists() and path.read_bytes() != content:
            (self._in / f"{message}.differs").write_bytes(content)
        draft.replace(path)

    def differing(self) -> list[str]:
        """Messages that were exported twice with different bytes."""
        return [path.stem for path in self._in.glob("*.differs")]

    def answers(self, message: str) -> list[Any]:
        """What became of each transfer of a file; one that was paid before is not paid again."""
        from songhe.payment.domain.answering import BOUNCED, PAID, BankAnswer

        answers = []
        for end_to_end, account, fen in self._transfers(message):
            # A few accounts are unknown to the bank until they are stated anew.
            bounces = account.startswith("6228") and int(account[-4:]) % _EVERY == 0
            if not bounces:
                self._pay(end_to_end, account, fen)
            answers.append(BankAnswer(end_to_end, BOUNCED if bounces else PAID, fen))
        return answers

    def paid(self) -> dict[str, int]:
        """Fen by the number of the transfer, of everything ever paid."""
        return {path.name: int(path.read_text().split()[1]) for path in self._paid.iterdir() if "." not in path.name}

    def _pay(self, end_to_end: str, account: str, fen: int) -> None:
        path = self._paid / end_to_end
        if path.exists():
            return
        draft = self._paid / f"{end_to_end}.{os.getpid()}"
        draft.write_text(f"{account} {fen}")
        draft.replace(path)

    def _transfers(self, message: str) -> list[tuple[str, str, int]]:
        """Number, account and fen; a file without its total is not whole, and not taken."""
        from songhe.payment.files.order import parse_yuan

        rows = list(csv.reader(io.StringIO((self._in / message).read_bytes().decode("gb18030"))))
        if rows[-1][0] != "合计":
            raise ValueError(f"{message} is not whole")
        return [(row[5], row[1], parse_yuan(row[3])) for row in rows[1:-1]]
