"""Where uploads lie: sealed, one file each, in a folder that only the server reads."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from songhe.common.sealedfile import open_sealed, seal_file
from songhe.intake.models import Import
from songhe.intake.problems import FileRefused

_CHUNK = 1 << 20
_UNNAMED = dt.timedelta(days=1)


def keep(upload: Import, content: IO[bytes]) -> None:
    """Seal the content in its place and note its size and SHA-256; nothing remains when it fails."""
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    upload.size = 0
    partial = path.with_suffix(".partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            seal_file(target, _counted(upload, content, digest), name=str(upload.public_id))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    upload.sha256 = digest.hexdigest()


def opened(upload: Import) -> IO[bytes]:
    """The content. Raises FileRefused when it was deleted."""
    try:
        return open_sealed(path_of(upload).open("rb"), name=str(upload.public_id))
    except FileNotFoundError:
        raise FileRefused("上传的文件已删除，请重新上传", "the upload was deleted; send it again") from None


def forget(upload: Import) -> None:
    path_of(upload).unlink(missing_ok=True)


def sweep(*, now: dt.datetime) -> None:
    """Delete what has lain here for a day and no import names."""
    before = (now - _UNNAMED).timestamp()
    old = {path.stem: path for path in Path(settings.UPLOADS).glob("*.sealed") if path.stat().st_mtime < before}
    named = Import.objects.filter(is_kept=True).values_list("public_id", flat=True) if old else ()
    for lost in old.keys() - {str(name) for name in named}:
        old[lost].unlink(missing_ok=True)


def path_of(upload: Import) -> Path:
    return Path(settings.UPLOADS) / f"{upload.public_id}.sealed"


def _counted(upload: Import, content: IO[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        upload.size += len(chunk)
        yield chunk
