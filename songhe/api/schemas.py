"""What goes in and out, as documented in openapi.json."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from songhe.intake.domain.pushing import MOST_RECORDS
from songhe.outbox.domain.handing import MOST

# Nobody's: there is no division 990101.
_EXAMPLE = {"公民身份号码": "990101194402290019", "姓名": "曾某", "是否低保": "是", "低保起始日期": "2024-05-01"}


class Words(Schema):
    """A text in Chinese and English."""

    zh: str
    en: str


class Problem(Schema):
    """What a request was refused for."""

    detail: Words


class RecordsIn(Schema):
    """Records of one department; keys are column titles of its files, or names of facts."""

    source: str = Field(description="部门 such as police, civil_affairs, community", examples=["civil_affairs"])
    records: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=MOST_RECORDS,
        examples=[
            [{"公民身份号码": "110101190001010010", "姓名": "王某", "是否低保": "是", "低保起始日期": "2024-05-01"}]
        ],
    )


class RecordError(Schema):
    """What is wrong with a record: the column (empty: the record as a whole), and how to mend it."""

    column: str
    zh: str
    en: str


class RecordResult(Schema):
    """What became of a record; `person` is the public id of the file, none when the record was refused."""

    status: Literal["created", "updated", "unchanged", "refused"]
    person: uuid.UUID | None
    errors: list[RecordError]


class RecordsOut(Schema):
    """A result for each record, in their order; `unknown_columns` were not read."""

    results: list[RecordResult]
    unknown_columns: list[str]


class FactOut(Schema):
    """A fact as it holds; sealed ones are masked. Money is in fen."""

    label: Words
    value: str | bool | int | dt.date
    source: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    recorded_at: dt.datetime
    conflict: bool = Field(description="来源不一致 sources disagree")


class PersonOut(Schema):
    """A file as it was valid on a day and known at a moment; a fact that is absent was unknown."""

    person: uuid.UUID
    merged_into: uuid.UUID | None
    valid_on: dt.date
    known_at: dt.datetime
    facts: dict[str, FactOut]


class SourceOut(Schema):
    """What a department may send: fact → titles accepted; `required` ones must be there."""

    source: str
    name: Words
    opens_files: bool
    required: dict[str, list[str]]
    accepted: dict[str, list[str]]


class TakeIn(Schema):
    """How many messages at once."""

    number: int = Field(default=50, ge=1, le=MOST)


class MessageOut(Schema):
    """A message in the clear; after `expires_at` it must not be sent any more."""

    id: uuid.UUID
    kind: Literal["code", "notice"]
    phone: str
    text: str
    expires_at: dt.datetime


class BatchOut(Schema):
    """What was taken; reports name `lease`. After `until` another gateway may take what was not reported."""

    lease: uuid.UUID
    until: dt.datetime
    messages: list[MessageOut]


class ReportIn(Schema):
    """What became of a message; `error` is the gateway's own code, never a telephone number."""

    id: uuid.UUID
    lease: uuid.UUID
    outcome: Literal["delivered", "failed"]
    error: str = Field(default="", max_length=40, pattern=r"^[A-Za-z0-9_.:-]*$")


class ReportsIn(Schema):
    """Reports on messages of one or several leases."""

    reports: list[ReportIn] = Field(min_length=1, max_length=MOST)


class ReportsOut(Schema):
    """For each report, in order; `refused`: not taken by you under this lease, or by another since."""

    results: list[Literal["recorded", "refused"]]
