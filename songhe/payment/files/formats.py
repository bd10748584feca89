"""Formats of bank files (银行文件格式): data, so that another bank needs another file and no code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from songhe.common.text import Text
from songhe.payment.errors import PaymentError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """A column: its title, what it holds, how many bytes the bank takes."""

    title: str
    value: Literal["number", "account", "name", "yuan", "end_to_end", "text"]
    text: str = ""
    width: int | None = None


class TableFormat(_Strict):
    """A table for the bank, as CSV or XLSX."""

    name: Text
    kind: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str = ","
    columns: tuple[Column, ...] = Field(min_length=1)
    totals: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _totals_name_columns(self) -> TableFormat:
        if unknown := set(self.totals) - {column.title for column in self.columns}:
            raise ValueError(f"totals name columns that there are not: {', '.join(sorted(unknown))}")
        return self


class AnswerFormat(_Strict):
    """A table from the bank: `columns` is what → title."""

    name: Text
    kind: Literal["answer"]
    encoding: str
    delimiter: str = ","
    columns: Mapping[Literal["end_to_end", "result", "yuan", "code", "reason"], str]
    results: Mapping[str, Literal["paid", "bounced"]]
    skip: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_what_it_must(self) -> AnswerFormat:
        if missing := {"end_to_end", "result"} - set(self.columns):
            raise ValueError(f"columns lack {', '.join(sorted(missing))}")
        return self


@cache
def table_format(name: str) -> TableFormat:
    """Raises PaymentError for a format that there is not."""
    return TableFormat.model_validate(_read(name))


@cache
def answer_format(name: str) -> AnswerFormat:
    """Raises PaymentError for a format that there is not."""
    return AnswerFormat.model_validate(_read(name))


def table_formats() -> tuple[str, ...]:
    """The formats of files for the bank."""
    return tuple(name for name in names() if _kind(name) != "answer")


def answer_formats() -> tuple[str, ...]:
    """The formats of files from the bank."""
    return tuple(name for name in names() if _kind(name) == "answer")


@cache
def _kind(name: str) -> str:
    read = _read(name)
    return str(read.get("kind")) if isinstance(read, dict) else ""


def names() -> tuple[str, ...]:
    """All formats in `formats/`."""
    folder = resources.files("songhe.payment").joinpath("formats")
    return tuple(sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml")))


def _read(name: str) -> object:
    if name not in names():
        raise PaymentError(f"没有格式{name}，可用的有{'、'.join(names())}。", "There is no such format.")
    text = resources.files("songhe.payment").joinpath("formats", f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
