"""What a bank file says: a payer, and transfers in the clear. Lives in memory only, while the file is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple


class Transfer(NamedTuple):
    """One transfer of so many fen."""

    end_to_end: str
    name: str
    account: str
    fen: int


class Order(NamedTuple):
    """All transfers of a batch; `at` is when it was approved, so that a file written again has the same bytes."""

    message_id: str
    at: dt.datetime
    payer: str
    payer_account: str
    payer_bank: str
    title: str
    transfers: Sequence[Transfer]

    @property
    def fen(self) -> int:
        return sum(transfer.fen for transfer in self.transfers)


def yuan(fen: int) -> str:
    """`12345` fen as `123.45`: for machines, so always two decimals and no sign of thousands."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def parse_yuan(text: str) -> int:
    """Fen of `123.45`, `123.4`, `123` or `1,234.50`; ValueError for anything else."""
    plain = text.strip().replace(",", "")
    whole, point, rest = plain.partition(".")
    if not whole.isascii() or not whole.isdigit() or (point and not (rest.isascii() and rest.isdigit())):
        raise ValueError(f"{text!r} is not a sum like 123.45")
    if len(rest) > 2 and rest[2:].strip("0"):
        raise ValueError(f"{text!r} has parts of a fen")
    return int(whole) * 100 + int(rest[:2].ljust(2, "0"))
