"""A text in Chinese with its English translation."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field


class Text(BaseModel):
    """Chinese first; `in_language` picks the translation for any language code that begins with `en`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


def say(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def join(parts: Sequence[Text], zh: str, en: str) -> Text:
    """Texts in a row, with each language's own separator."""
    return Text(zh=zh.join(part.zh for part in parts), en=en.join(part.en for part in parts))
