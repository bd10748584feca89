"""The keys (密钥) of what is encrypted at rest: where they come from, and when Songhe refuses to work with them.

A key is written `id:cipher:secret`, the secret in base64. `SONGHE_KEYS_FILE` names a file with one key a line, which
nobody but its owner may read; `SONGHE_KEYS` holds the keys themselves, with spaces between them. The last key that
encrypts seals, every one opens: rotation is a line more. The one key of `hmac-sha256` is for searching.

`python -m songhe.common.keyring FILE [CIPHER]` makes the file, or adds a key to it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import functools
import hashlib
import hmac
import logging
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

CIPHERS = {"aes-256-gcm": 32, "sm4-gcm": 16}
SEARCH = "hmac-sha256"
DEFAULT_CIPHER = "aes-256-gcm"
# The size of a secret in bytes, by what the key is for.
_SIZES = {**CIPHERS, SEARCH: 32}
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")
_DEVELOPMENT = "development"
_log = logging.getLogger(__name__)


class KeyringError(Exception):
    """The keys cannot be used; the text says why and what to do, never what a key is."""


@dataclass(frozen=True, repr=False)
class Key:
    """A secret with its name and what it is for."""

    id: str
    cipher: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id!r}, {self.cipher!r})"

    def written(self) -> str:
        return f"{self.id}:{self.cipher}:{base64.b64encode(self.secret).decode()}"


@dataclass(frozen=True, repr=False)
class Keyring:
    """All keys: `current` seals, any of `keys` opens, `search` hashes what is looked up."""

    keys: Mapping[str, Key]
    current: Key
    search: Key

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.keys)}; current {self.current.id})"

    @property
    def is_for_development(self) -> bool:
        return any(key.id.startswith(_DEVELOPMENT) for key in (*self.keys.values(), self.search))

    def derive(self, purpose: str) -> str:
        """A secret of 64 hex digits for something else that needs one; another for every purpose."""
        return hmac.digest(self.search.secret, b"songhe derived\0" + purpose.encode(), hashlib.sha256).hex()


@functools.cache
def load_keyring() -> Keyring:
    """The keys of this process, read once.

    Raises KeyringError when they are malformed, readable by others, or made for development while
    `SONGHE_PRODUCTION=1`.
    """
    return read_keyring(os.environ, Path(os.environ.get("SONGHE_HOME", Path.cwd())))


def read_keyring(environment: Mapping[str, str], home: Path) -> Keyring:
    """The keys an environment names; without any, the development keys in `home`/var, made when there are none."""
    production = environment.get("SONGHE_PRODUCTION") == "1"
    keyring = _configured(environment)
    if keyring is None and production:
        raise KeyringError(
            "生产环境没有密钥： Production has no keys. Make a file and name it:\n"
            "    python -m songhe.common.keyring /etc/songhe/keys\n"
            "    export SONGHE_KEYS_FILE=/etc/songhe/keys"
        )
    keyring = keyring or _for_development(home / "var" / "development-keys", environment)
    if production and keyring.is_for_development:
        raise KeyringError("生产环境不得使用开发密钥： Production refuses development keys; make keys of its own.")
    return keyring


def parse(texts: Iterable[str]) -> Keyring:
    """A keyring of keys as they are written; empty texts and comments after `#` are skipped."""
    keys = [_parse(text.strip()) for text in texts if text.strip() and not text.strip().startswith("#")]
    if repeated := {key.id for key in keys if sum(key.id == other.id for other in keys) > 1}:
        raise KeyringError(f"密钥编号重复： Key ids are given twice: {', '.join(sorted(repeated))}")
    sealing = {key.id: key for key in keys if key.cipher in CIPHERS}
    search = [key for key in keys if key.cipher == SEARCH]
    if not sealing or len(search) != 1:
        raise KeyringError(
            f"需要至少一个加密密钥和恰好一个 {SEARCH} 密钥： At least one key that encrypts and exactly one of "
            f"{SEARCH} are needed; found {len(sealing)} and {len(search)}."
        )
    return Keyring(keys=sealing, current=list(sealing.values())[-1], search=search[0])


def add_key(path: Path, cipher: str = DEFAULT_CIPHER) -> Key:
    """A new key, written at the end of the file so that it seals from now on; the file is made when there is none."""
    if cipher not in CIPHERS:
        raise KeyringError(f"未知的加密算法 {cipher}： Unknown cipher; one of {', '.join(CIPHERS)}.")
    taken = _read(path).keys if path.exists() else {}
    day = dt.date.today().isoformat()
    names = (day, *(f"{day}.{number}" for number in range(2, len(taken) + 3)))
    key = _new(next(name for name in names if name not in taken), cipher)
    if not path.exists():
        _make(path, _new("search", SEARCH), key)
        return key
    with path.open("a", encoding="ascii") as file:
        file.write(f"{key.written()}\n")
    return key


def _configured(environment: Mapping[str, str]) -> Keyring | None:
    path, text = environment.get("SONGHE_KEYS_FILE"), environment.get("SONGHE_KEYS")
    if path and text:
        raise KeyringError("SONGHE_KEYS_FILE 与 SONGHE_KEYS 只能设置一个： Only one of the two may be set.")
    if path:
        return _read(Path(path))
    return parse(text.split()) if text else None


def _read(path: Path) -> Keyring:
    try:
        mode, lines = path.stat().st_mode, path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not ASCII"
        raise KeyringError(f"无法读取密钥文件 {path} The key file cannot be read: {why}") from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyringError(
            f"密钥文件 {path} 的权限过宽（{stat.S_IMODE(mode):04o}）： Others can read the key file; run:\n"
            f"    chmod 600 {path}"
        )
    try:
        # Only whole lines are comments; a line that was broken off must not pass for a shorter key.
        return parse(lines)
    except KeyringError as error:
        raise KeyringError(f"{path}: {error}") from None


def _parse(text: str) -> Key:
    id, cipher, secret = (*text.split(":"), "", "", "")[:3]
    if text.count(":") != 2 or not _ID.fullmatch(id) or cipher not in _SIZES:
        raise KeyringError(
            f"密钥须写作 编号:算法:密钥： A key is written id:cipher:secret; ciphers: {', '.join(_SIZES)}"
        )
    try:
        content = base64.b64decode(secret, validate=True)
    except binascii.Error:
        content = b""
    if len(content) != _SIZES[cipher]:
        raise KeyringError(
            f"密钥 {id} 须为 {_SIZES[cipher]} 字节的 base64： The secret of {id} is not that many bytes."
        )
    return Key(id, cipher, content)


def _for_development(path: Path, environment: Mapping[str, str]) -> Keyring:
    if not path.exists():
        cipher = environment.get("SONGHE_CIPHER", DEFAULT_CIPHER)
        if cipher not in CIPHERS:
            raise KeyringError(f"SONGHE_CIPHER={cipher}: 未知的加密算法 unknown; one of {', '.join(CIPHERS)}.")
        _make(path, _new(f"{_DEVELOPMENT}-search", SEARCH), _new(_DEVELOPMENT, cipher))
        bar = "!" * 72
        print(
            f"{bar}\n没有密钥，已生成仅供开发使用的密钥：{path}\n"
            "切勿用于真实老年人的数据；丢失此文件，已加密的内容将无法读取。\n"
            "There were no keys: keys FOR DEVELOPMENT ONLY were made in that file. Never keep real people's\n"
            f"data under them. Without the file, what was encrypted cannot be read again.\n{bar}",
            file=sys.stderr,
        )
    else:
        _log.warning("正在使用开发密钥 using development keys: %s", path)
    return _read(path)


def _new(id: str, cipher: str) -> Key:
    return Key(id, cipher, secrets.token_bytes(_SIZES[cipher]))


def _make(path: Path, *keys: Key) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{key.written()}\n" for key in keys))
    try:
        # Two processes may start at once: the first one's keys stand, whole, for both.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def main(arguments: list[str]) -> None:
    if len(arguments) not in (1, 2):
        sys.exit("用法 usage: python -m songhe.common.keyring FILE [aes-256-gcm|sm4-gcm]")
    try:
        key = add_key(Path(arguments[0]), *arguments[1:])
    except KeyringError as error:
        sys.exit(str(error))
    print(f"已写入新密钥 A new key was written: {key.id} {key.cipher} → {arguments[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
