"""Single fields encrypted at rest (字段加密), and the keyed hashes by which they are found again.

A sealed field is: one byte of format, the length of the key's id and the id, 12 bytes of nonce, the encrypted text,
16 bytes of tag. The field's name is bound to it, so that a telephone number cannot be passed off as an account.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from songhe.common.keyring import Key, Keyring, load_keyring

_FORMAT = 1
_NONCE, _TAG = 12, 16


class SealError(ValueError):
    """What is stored cannot be opened; the text says why and never what it holds."""


def seal(field: str, text: str, *, keyring: Keyring | None = None) -> bytes:
    """`text` under the current key, bound to the field's name; other bytes with every call.

    Random nonces allow about 4,000 million fields under one key (NIST SP 800-38D): add a key long before that.
    """
    key = (keyring or load_keyring()).current
    header = _header(key.id)
    nonce = os.urandom(_NONCE)
    return header + nonce + lock(key, nonce, text.encode(), header + field.encode())


def unseal(field: str, sealed: bytes, *, keyring: Keyring | None = None) -> str:
    """The text of what `seal` made for this field, under whichever key it was made."""
    keyring = keyring or load_keyring()
    # PostgreSQL and SQLite hand out bytes, drivers in between may hand out a memoryview.
    sealed = bytes(sealed)
    id = key_of(sealed)
    key = keyring.keys.get(id)
    if key is None:
        raise SealError(f"缺少密钥 {id}： {field} was sealed under a key that is not in the keyring: {id}")
    header = _header(id)
    nonce, locked = sealed[len(header) :][:_NONCE], sealed[len(header) + _NONCE :]
    try:
        return unlock(key, nonce, locked, header + field.encode()).decode()
    except (InvalidTag, ValueError):
        raise SealError(
            f"{field} 的密文已被改动或属于其他字段： It was changed, or belongs to another field."
        ) from None


def key_of(sealed: bytes) -> str:
    """The id of the key a field was sealed under: whatever is not the current one's can be sealed anew."""
    length = sealed[1] if len(sealed) > 1 and sealed[0] == _FORMAT else 0
    if not length or len(sealed) < 2 + length + _NONCE + _TAG:
        raise SealError("不是加密字段： This is not a sealed field.")
    return sealed[2 : 2 + length].decode("ascii", "replace")


def search_hash(kind: str, text: str, *, keyring: Keyring | None = None) -> bytes:
    """32 bytes that are equal for equal texts of one kind: HMAC-SHA-256 under the key for searching.

    The caller brings the text into one form first (no spaces, capital X). Nobody can try numbers without the key.
    """
    secret = (keyring or load_keyring()).search.secret
    return hmac.digest(secret, kind.encode() + b"\0" + text.encode(), hashlib.sha256)


@functools.lru_cache(maxsize=32)
def _header(id: str) -> bytes:
    return bytes((_FORMAT, len(id))) + id.encode("ascii")


@functools.lru_cache(maxsize=32)
def _aes(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def lock(key: Key, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    """Encrypted content and its tag; `bound` is not hidden but cannot be exchanged. A nonce serves once for a key."""
    if key.cipher == "aes-256-gcm":
        return _aes(key.secret).encrypt(nonce, content, bound)
    encryptor = Cipher(SM4(key.secret), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(content) + encryptor.finalize() + encryptor.tag


def unlock(key: Key, nonce: bytes, locked: bytes, bound: bytes) -> bytes:
    """What `lock` was given. Raises InvalidTag or ValueError."""
    if key.cipher == "aes-256-gcm":
        return _aes(key.secret).decrypt(nonce, locked, bound)
    decryptor = Cipher(SM4(key.secret), modes.GCM(nonce, locked[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(locked[:-_TAG]) + decryptor.finalize()
