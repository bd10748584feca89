"""Where the files that show what a report says lie: sealed, one each, in a folder that only the server reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import IO

from django.conf import settings

from songhe.common import sealedfolder
from songhe.common.sealedfile import open_sealed
from songhe.plan.errors import PlanError
from songhe.plan.models import Evidence


def keep(evidence: Evidence, content: IO[bytes]) -> None:
    """Seal the content in its place and note its size and SHA-256; nothing remains when it fails or is empty."""
    kept = sealedfolder.keep(path_of(evidence), content, name=str(evidence.public_id))
    if kept.size == 0:
        forget(evidence)
        raise PlanError("文件是空的。", "The file is empty.")
    evidence.size, evidence.sha256 = kept.size, kept.sha256


def opened(evidence: Evidence) -> IO[bytes]:
    """The content. Raises PlanError when the file is not where it was put."""
    try:
        return open_sealed(path_of(evidence).open("rb"), name=str(evidence.public_id))
    except FileNotFoundError:
        raise PlanError("找不到这份佐证材料的文件，请联系技术人员。", "The file is not where it was put.") from None


def forget(evidence: Evidence) -> None:
    path_of(evidence).unlink(missing_ok=True)


def sweep(*, now: dt.datetime) -> int:
    """Delete files of a day ago and older that no report names. How many went."""
    return sealedfolder.sweep(_folder(), now=now, named=lambda: Evidence.objects.values_list("public_id", flat=True))


def path_of(evidence: Evidence) -> Path:
    return _folder() / f"{evidence.public_id}.sealed"


def _folder() -> Path:
    return Path(settings.UPLOADS) / "plan"
