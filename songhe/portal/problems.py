"""What is to be mended in a form."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.common.text import Text


@dataclass(frozen=True)
class Problem:
    """Something to mend, with the id of the field to go to."""

    target: str
    label: Text
    text: Text
