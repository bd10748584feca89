"""Holding an answer file while somebody looks at what it would do: sealed, for a day at most, gone once taken in."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from django.conf import settings

from songhe.common.sealedfile import open_sealed, seal_file
from songhe.payment.errors import PaymentError
from songhe.payment.models import Batch

_SECONDS = 24 * 3600


def hold(batch: Batch, content: bytes) -> str:
    """Keep the content; the name under which `held` finds it is its SHA-256. Files left lying are deleted."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(batch, digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        seal_file(target, [content], name=path.name)
    return digest


def held(batch: Batch, digest: str) -> bytes:
    """Raises PaymentError when it is no longer there."""
    path = _path(batch, digest)
    try:
        with open_sealed(path.open("rb"), name=path.name) as source:
            return source.read()
    except FileNotFoundError:
        raise PaymentError("回单文件已不在，请重新上传。", "The file is gone; send it again.") from None


def let_go(batch: Batch, digest: str) -> None:
    """Delete it; nothing happens when it is gone already."""
    _path(batch, digest).unlink(missing_ok=True)


def _path(batch: Batch, digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise PaymentError("回单文件标识有误，请重新上传。", "The file has no right name; send it again.")
    return _folder() / f"{batch.pk}-{digest}.sealed"


def _folder() -> Path:
    return Path(settings.UPLOADS) / "answers"


def sweep() -> None:
    """Delete what has been left lying for longer than a day."""
    old = time.time() - _SECONDS
    for path in _folder().glob("*.sealed"):
        if path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
