"""What reports hold, as `contents.yaml` says it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from songhe.common.text import Text


class SectionEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    title: Text
    kinds: tuple[Literal["month", "year"], ...]
    publish: dict[str, Literal["counts", "open", "no"]] = {}


class Contents(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    sections: tuple[SectionEntry, ...]
    depth: dict[int, int]
    ages: tuple[int, ...]


@cache
def contents() -> Contents:
    text = resources.files("songhe.reports").joinpath("contents.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return Contents.model_validate(data)
