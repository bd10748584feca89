"""Texts in both languages, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence

from songhe.common.text import Text


def say(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def join(parts: Sequence[Text], zh: str, en: str) -> Text:
    """Texts in a row, with each language's own separator."""
    return Text(zh=zh.join(part.zh for part in parts), en=en.join(part.en for part in parts))
