"""Where uploads lie: sealed, one file each, in a folder that only the server reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import IO

from django.conf import settings

from songhe.common import sealedfolder
from songhe.common.sealedfile import open_sealed
from songhe.intake.models import Import
from songhe.intake.problems import FileRefused


def keep(upload: Import, content: IO[bytes]) -> None:
    """Seal the content in its place and note its size and SHA-256; nothing remains when it fails."""
    kept = sealedfolder.keep(path_of(upload), content, name=str(upload.public_id))
    upload.size, upload.sha256 = kept.size, kept.sha256


def opened(upload: Import) -> IO[bytes]:
    """The content. Raises FileRefused when it was deleted."""
    try:
        return open_sealed(path_of(upload).open("rb"), name=str(upload.public_id))
    except FileNotFoundError:
        raise FileRefused("上传的文件已删除，请重新上传", "the upload was deleted; send it again") from None


def forget(upload: Import) -> None:
    path_of(upload).unlink(missing_ok=True)


def sweep(*, now: dt.datetime) -> int:
    """Delete what has lain here for a day and no import names. How many files went."""
    kept = Import.objects.filter(is_kept=True)
    return sealedfolder.sweep(Path(settings.UPLOADS), now=now, named=lambda: kept.values_list("public_id", flat=True))


def path_of(upload: Import) -> Path:
    return Path(settings.UPLOADS) / f"{upload.public_id}.sealed"
