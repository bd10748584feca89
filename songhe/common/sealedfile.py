"""Whole files encrypted at rest (文件加密), written as a stream and read at any place.

A sealed file is: one byte of format, the length of the key's id and the id, 16 bytes of salt, then pieces of 64 KiB,
each followed by a tag of 16 bytes. Every file has a key of its own, derived from the keyring's by the salt, so pieces
are simply numbered in the nonce. The last piece is marked there: a file that was cut short does not open.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from songhe.common.fieldcrypto import SealError, lock, unlock
from songhe.common.keyring import Key, Keyring, load_keyring

_FORMAT = 2
_SALT, _TAG, _PIECE = 16, 16, 1 << 16


def seal_file(target: IO[bytes], chunks: Iterable[bytes], *, name: str, keyring: Keyring | None = None) -> None:
    """Write chunks of any size, sealed and bound to a name, under the current key."""
    key = (keyring or load_keyring()).current
    salt = os.urandom(_SALT)
    header = bytes((_FORMAT, len(key.id))) + key.id.encode("ascii")
    target.write(header + salt)
    own = _key_of(key, salt, name)
    number, held = 0, bytearray()
    for chunk in chunks:
        held += chunk
        # The last piece is known only at the end: one more byte than a piece is needed to write one.
        while len(held) > _PIECE:
            target.write(lock(own, _nonce(number, last=False), bytes(held[:_PIECE]), header))
            del held[:_PIECE]
            number += 1
    target.write(lock(own, _nonce(number, last=True), bytes(held), header))


def open_sealed(source: IO[bytes], *, name: str, keyring: Keyring | None = None) -> IO[bytes]:
    """The content of what `seal_file` wrote under this name; closing it closes the source.

    Raises SealError for a missing key, another name, a changed byte or a missing end.
    """
    return io.BufferedReader(_Opened(source, name, keyring or load_keyring()), _PIECE)


class _Opened(io.RawIOBase):
    def __init__(self, source: IO[bytes], name: str, keyring: Keyring) -> None:
        self._source = source
        start = source.read(2)
        if len(start) < 2 or start[0] != _FORMAT:
            raise SealError("不是加密文件： This is not a sealed file.")
        id = source.read(start[1])
        key = keyring.keys.get(id.decode("ascii", "replace"))
        if key is None:
            raise SealError(f"缺少密钥 {id!r}： The file was sealed under a key that is not in the keyring.")
        self._header = start + id
        self._key = _key_of(key, source.read(_SALT), name)
        self._begin = source.tell()
        size = source.seek(0, os.SEEK_END) - self._begin
        self._pieces = max(1, -(-size // (_PIECE + _TAG)))
        self._length = size - self._pieces * _TAG
        self._place = 0
        self._held = -1, b""
        # The end is looked at first, so that nobody works on half a file.
        self._piece(self._pieces - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._place >= self._length:
            return 0
        number, offset = divmod(self._place, _PIECE)
        content = self._piece(number)[offset : offset + len(buffer)]
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)

    def close(self) -> None:
        self._source.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._source.seek(self._begin + number * (_PIECE + _TAG))
            sealed = self._source.read(_PIECE + _TAG)
            nonce = _nonce(number, last=number == self._pieces - 1)
            try:
                self._held = number, unlock(self._key, nonce, sealed, self._header)
            except (InvalidTag, ValueError):
                raise SealError("加密文件不完整或已被改动： The sealed file was changed or cut short.") from None
        return self._held[1]


def _key_of(key: Key, salt: bytes, name: str) -> Key:
    """The key of this file alone, for the same cipher."""
    info = b"songhe file\0" + name.encode()
    return Key(key.id, key.cipher, HKDF(SHA256(), len(key.secret), salt, info).derive(key.secret))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))
