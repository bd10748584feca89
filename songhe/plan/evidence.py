"""Where the files that show what a report says lie: sealed, one each, in a folder that only the server reads."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from songhe.common.sealedfile import open_sealed, seal_file
from songhe.plan.errors import PlanError
from songhe.plan.models import Evidence

_CHUNK = 1 << 20
_FOLDER = "plan"


def keep(evidence: Evidence, content: IO[bytes]) -> None:
    """Seal the content in its place and note its size and SHA-256; nothing remains when it fails or is empty."""
    path = path_of(evidence)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    evidence.size = 0
    partial = path.with_suffix(".partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            seal_file(target, _counted(evidence, content, digest), name=str(evidence.public_id))
        if evidence.size == 0:
            raise PlanError("文件是空的。", "The file is empty.")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    evidence.sha256 = digest.hexdigest()


def opened(evidence: Evidence) -> IO[bytes]:
    """The content. Raises PlanError when the file is not where it was put."""
    try:
        return open_sealed(path_of(evidence).open("rb"), name=str(evidence.public_id))
    except FileNotFoundError:
        raise PlanError("找不到这份佐证材料的文件，请联系技术人员。", "The file is not where it was put.") from None


def forget(evidence: Evidence) -> None:
    path_of(evidence).unlink(missing_ok=True)


def path_of(evidence: Evidence) -> Path:
    return Path(settings.UPLOADS) / _FOLDER / f"{evidence.public_id}.sealed"


def _counted(evidence: Evidence, content: IO[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        evidence.size += len(chunk)
        yield chunk
