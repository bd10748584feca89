"""Whose document a part of the cockpit speaks of, where that is not the one whose indicators are shown."""

from __future__ import annotations

from songhe.common.text import Text
from songhe.policy.package import Package


def other_than(shown: Package | None, package: Package | None) -> Text | None:
    """The title of `package` where it is another document; None where nothing needs to be said."""
    if package is None or shown is None or package.id == shown.id:
        return None
    return package.document.title
