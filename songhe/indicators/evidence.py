"""Where the files behind figures lie: sealed, one each, in a folder that only the server reads."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from django.conf import settings

from songhe.common.sealedfile import open_sealed
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Evidence

LARGEST = 20 << 20


def path_of(evidence: Evidence) -> Path:
    return Path(settings.UPLOADS) / "indicators" / f"{evidence.public_id}.sealed"


def opened(evidence: Evidence) -> IO[bytes]:
    """The content. Raises IndicatorError when the file is not where it was put."""
    try:
        return open_sealed(path_of(evidence).open("rb"), name=str(evidence.public_id))
    except FileNotFoundError:
        raise IndicatorError("找不到佐证材料的文件，请联系技术人员。", "The file is not where it was put.") from None
