"""Which encoding a text file is in: UTF-8 with or without its mark, or GB 18030."""

from __future__ import annotations

import codecs
from typing import IO

from songhe.intake.problems import FileRefused
from songhe.intake.readers.table import Opener

_CHUNK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(opener: Opener) -> str:
    """`utf-8-sig`, `utf-8` or `gb18030`: in which every byte has a meaning. Raises FileRefused."""
    with opener() as stream:
        start = stream.read(3)
        if start[:2] in _UTF16:
            raise FileRefused("文件是 UTF-16 编码，请另存为 UTF-8 或 GB 18030", "the file is UTF-16; save it as UTF-8")
        encodings = ("utf-8-sig",) if start == codecs.BOM_UTF8 else ("utf-8", "gb18030")
        wrong = {encoding: _first_wrong_byte(stream, encoding) for encoding in encodings}
        for encoding, place in wrong.items():
            if place is None:
                return encoding
        raise _refusal(stream, max(place for place in wrong.values() if place is not None))


def _first_wrong_byte(stream: IO[bytes], encoding: str) -> int | None:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    while True:
        chunk = stream.read(_CHUNK)
        # What is left over from the chunk before belongs to the place of an error.
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return before - held + error.start
        before += len(chunk)
        if not chunk:
            return None


def _refusal(stream: IO[bytes], place: int) -> FileRefused:
    stream.seek(0)
    line, remaining = 1, place
    while remaining > 0 and (chunk := stream.read(min(_CHUNK, remaining))):
        line += chunk.count(b"\n")
        remaining -= len(chunk)
    return FileRefused(
        "有既不是 UTF-8 也不是 GB 18030 的字节，请另存为 UTF-8", "a byte that is neither UTF-8 nor GB 18030", line
    )
