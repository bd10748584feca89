"""The list of what people had before the platform, as a file.

Its columns are id_number or public_id, item, granted_on and document.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from songhe.casework.domain.taking_over import Stated
from songhe.casework.errors import CaseError
from songhe.common.fieldcrypto import search_hash
from songhe.common.text import Text, say
from songhe.registry.groups import groups_of
from songhe.registry.models import Person, PersonKey
from songhe.registry.sets import one_of
from songhe.registry.vocabulary import StatementError, to_text

_NUMBER = "resident_id"
_WHO = ("id_number", "public_id")
_COLUMNS = ("item", "granted_on", "document")
_BLOCK = 5_000


@dataclass(frozen=True)
class Row:
    """A line of the file (the heading is the first), and what it states or why it cannot be read."""

    line: int
    stated: Stated | None
    fault: Text | None = None


def read_list(path: Path) -> list[Row]:
    """Every row of a CSV in UTF-8. Raises CaseError when it is no such file or lacks a column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            headings = [str(name).strip() for name in reader.fieldnames or ()]
            rows = [(reader.line_num, {str(key).strip(): (text or "").strip() for key, text in row.items() if key})
                    for row in reader]  # fmt: skip
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CaseError("读不了此文件，须为 UTF-8 编码的 CSV。", f"The file is no CSV in UTF-8: {error}") from None
    who = next((name for name in _WHO if name in headings), None)
    if who is None or set(_COLUMNS) - set(headings):
        raise CaseError(
            f"文件须有列 {'、'.join(_COLUMNS)}，以及 id_number 或 public_id。",
            f"The file needs the columns {', '.join(_COLUMNS)}, and id_number or public_id.",
        )
    people = _people(who, [row[who] for _, row in rows])
    return [_read(line, row, people.get(row[who], ())) for line, row in rows]


def _read(line: int, row: Mapping[str, str], people: Sequence[int]) -> Row:
    if len(people) != 1:
        why = (
            say("没有此人", "there is no such person") if not people else say("有多人", "there are several such people")
        )
        return Row(line, None, why)
    try:
        day = dt.date.fromisoformat(row["granted_on"])
    except ValueError:
        return Row(line, None, say("granted_on 须写作 2025-03-01", "granted_on: write a date like 2025-03-01"))
    return Row(line, Stated(people[0], row["item"], day, row["document"]))


def _people(who: str, texts: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Who is meant by each text: those who stand for the files found."""
    found = _by_number(texts) if who == "id_number" else _by_public_id(texts)
    groups = groups_of(sorted({person for people in found.values() for person in people}))
    return {text: groups.survivors(sorted(people)) for text, people in found.items()}


def _by_number(texts: Sequence[str]) -> dict[str, set[int]]:
    hashes: dict[str, list[str]] = defaultdict(list)
    for text in dict.fromkeys(texts):
        try:
            number = to_text(_NUMBER, text)
        except StatementError:
            continue
        if number is not None:
            hashes[search_hash(_NUMBER, number).hex()].append(text)
    found: dict[str, set[int]] = defaultdict(set)
    wanted = list(hashes)
    for start in range(0, len(wanted), _BLOCK):
        keys = PersonKey.objects.filter(kind=_NUMBER, hash__in=one_of(wanted[start : start + _BLOCK]))
        for hash, person in keys.values_list("hash", "person_id"):
            for text in hashes[hash]:
                found[text].add(person)
    return found


def _by_public_id(texts: Sequence[str]) -> dict[str, set[int]]:
    ids: dict[UUID, list[str]] = defaultdict(list)
    for text in dict.fromkeys(texts):
        try:
            ids[UUID(text)].append(text)
        except ValueError:
            continue
    found: dict[str, set[int]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        people = Person.objects.filter(public_id__in=wanted[start : start + 500])
        for public_id, person in people.values_list("public_id", "pk"):
            found |= {text: {person} for text in ids[public_id]}
    return found
