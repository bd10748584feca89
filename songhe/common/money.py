"""Money is integer fen (分); nothing here ever holds a float."""

from __future__ import annotations

import re

_YUAN = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,2}))?元")
_PERCENT = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?%")


def parse_yuan(text: str) -> int:
    """Fen of a sum written like `100元` or `87.50元`; ValueError says how to write it."""
    match = _YUAN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a sum of money; write it like 100元 or 87.50元")
    sign, yuan, rest = match.groups()
    fen = int(yuan) * 100 + int((rest or "").ljust(2, "0"))
    return -fen if sign else fen


def format_yuan(fen: int) -> str:
    """`12345` fen as people write it: `123.45元`; whole yuan without decimals."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    yuan, rest = divmod(fen, 100)
    return f"{sign}{yuan:,}.{rest:02d}元" if rest else f"{sign}{yuan:,}元"


def parse_percent(text: str) -> int:
    """Basis points (1/100 of a percentage point) of `20%` or `12.5%`."""
    match = _PERCENT.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a percentage; write it like 20% or 12.5%")
    whole, rest = match.groups()
    return int(whole) * 100 + int((rest or "").ljust(2, "0"))


def share(fen: int, basis_points: int) -> int:
    """That part of a sum, half a fen rounded up."""
    return (fen * basis_points * 2 + 10_000) // 20_000
