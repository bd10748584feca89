"""By which rules small numbers are withheld at a place on a day, as `publishing.yaml` and the operator's files say."""

from __future__ import annotations

import datetime as dt
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from songhe.common.division import within
from songhe.common.text import Text
from songhe.reports.errors import ReportError
from songhe.reports.suppression import Limits

BUILT_IN = Path(__file__).with_name("publishing.yaml")
FOLDERS_VARIABLE = "SONGHE_PUBLISHING"


class Rule(BaseModel):
    """One entry of the file. A place may ask for more caution than the built-in rule or for less, and says why."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)
    id: str
    start: dt.date = Field(alias="from")
    place: str | None = None
    threshold: int = Field(ge=2)
    protection: int = Field(ge=1)
    zeros: Literal["shown", "withheld"] = "shown"
    money_people: int = Field(ge=1)
    because: Text

    @model_validator(mode="after")
    def _protects(self) -> Self:
        if self.protection < self.threshold - 1:
            raise ValueError("protection must be threshold - 1 at least: a withheld cell could be told to be small")
        return self

    @property
    def limits(self) -> Limits:
        return Limits(self.threshold, self.protection)

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class Licence(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Text
    text: Text


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    rules: tuple[Rule, ...] = ()
    licence: Licence | None = None


def rule_for(code: str, day: dt.date) -> Rule:
    """The rule that holds in a division (its code) on a day. Raises ReportError for files that cannot be used."""
    rules, _ = _read(os.environ.get(FOLDERS_VARIABLE, ""))
    fitting = [one for one in rules if one.start <= day and (one.place is None or within(code, one.place) is True)]
    if not fitting:
        raise ReportError(
            f"{day} 没有小数抑制规则，不能发布。请在 publishing.yaml 中补充。",
            f"No rule says on {day} what is too small to be published; add one to publishing.yaml.",
        )
    return max(fitting, key=lambda one: (len(one.place or ""), one.start))


def licence() -> Licence:
    return _read(os.environ.get(FOLDERS_VARIABLE, ""))[1]


@lru_cache(maxsize=4)
def _read(folders: str) -> tuple[tuple[Rule, ...], Licence]:
    files = [
        BUILT_IN,
        *(path for part in folders.split(os.pathsep) if part for path in sorted(Path(part).glob("*.yaml"))),
    ]
    read = [_file(path) for path in files]
    licences = [one.licence for one in read if one.licence is not None]
    return tuple(rule for one in read for rule in one.rules), licences[-1]


def _file(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ReportError(
            f"发布规则文件 {path.name} 有误，请对照 publishing.yaml 修改：{error}",
            f"The file of publishing rules {path.name} cannot be used; write it like publishing.yaml: {error}",
        ) from None
