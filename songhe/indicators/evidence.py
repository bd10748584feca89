"""Where the files behind figures lie: sealed, one each, in a folder that only the server reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import IO

from django.conf import settings

from songhe.common import sealedfolder
from songhe.common.sealedfile import open_sealed
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Evidence

LARGEST = 20 << 20


def path_of(evidence: Evidence) -> Path:
    return _folder() / f"{evidence.public_id}.sealed"


def sweep(*, now: dt.datetime) -> int:
    """Delete files of a day ago and older that no figure names. How many went."""
    return sealedfolder.sweep(_folder(), now=now, named=lambda: Evidence.objects.values_list("public_id", flat=True))


def _folder() -> Path:
    return Path(settings.UPLOADS) / "indicators"


def opened(evidence: Evidence) -> IO[bytes]:
    """The content. Raises IndicatorError when the file is not where it was put."""
    try:
        return open_sealed(path_of(evidence).open("rb"), name=str(evidence.public_id))
    except FileNotFoundError:
        raise IndicatorError("找不到佐证材料的文件，请联系技术人员。", "The file is not where it was put.") from None
