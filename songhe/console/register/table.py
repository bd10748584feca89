"""The table of the register: which columns, and what stands in each cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from songhe.common.days import age_on
from songhe.common.fieldcrypto import unseal
from songhe.common.text import Text, say
from songhe.divisions.queries import Tree, tree_on
from songhe.registry.models import Person
from songhe.registry.vocabulary import fact_names, is_sealed, label, personal_facts, rule_facts
from songhe.registry.words import in_words

DEFAULT = ("sex", "age", "residence", "living", "ability", "dibao", "disability_grade", "state")
_OWN = {"age": say("年龄", "Age"), "state": say("状态", "State")}
_DECEASED, _IN_CONFLICT = say("已故", "deceased"), say("来源冲突", "sources disagree")
_ABSENT = "—"


def available() -> tuple[str, ...]:
    """Every column that can be chosen; the name always stands first."""
    return ("age", "state", *(name for name in fact_names() if name != "name"))


def title(column: str) -> Text:
    return _OWN[column] if column in _OWN else label(column)


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The columns of these names, in their order; the usual ones when there is none."""
    known = set(available())
    return tuple(dict.fromkeys(name for name in names if name in known)) or DEFAULT


def fields(columns: Sequence[str]) -> list[str]:
    """What must be read from CurrentPerson for these columns."""
    needed = ["person_id", "name"]
    for column in columns:
        needed += _READ_FOR.get(column, [column])
    return list(dict.fromkeys(needed))


_READ_FOR = {
    "age": ["birth_date", "alive", "death_date"],
    "state": ["alive", "conflicts"],
    "residence": ["residence", "residence_division_id"],
    "hukou": ["hukou", "hukou_division_id"],
}


@dataclass(frozen=True)
class Cells:
    """The texts of one person's row. `reveal` shows sealed facts in full: for those who may, and asked."""

    language: str
    today: dt.date
    tree: Tree
    reveal: bool = False

    def of(self, row: Any, columns: Sequence[str]) -> Iterator[str]:
        for column in columns:
            cell = _CELLS.get(column)
            yield cell(self, row) if cell else self._fact(column, getattr(row, column))

    def _fact(self, name: str, value: Any) -> str:
        if value is None:
            return _ABSENT
        if is_sealed(name):
            text = unseal(name, value)
            return text if self.reveal else personal_facts()[name].masked(text)
        return _said(name, value, self.language)

    def age(self, row: Any) -> str:
        if row.birth_date is None:
            return _ABSENT
        # Who has died does not grow older.
        until = self.today if row.alive is not False else row.death_date
        return str(age_on(row.birth_date, until)) if until and until >= row.birth_date else _ABSENT

    def state(self, row: Any) -> str:
        parts = ([_DECEASED] if row.alive is False else []) + ([_IN_CONFLICT] if row.conflicts else [])
        return " ".join(part.in_language(self.language) for part in parts)

    def place(self, division: int | None, code: str | None) -> str:
        if division is None or division not in self.tree:
            return code or _ABSENT
        return _short_name(self.tree, division)


_CELLS: dict[str, Callable[[Cells, Any], str]] = {
    "age": Cells.age,
    "state": Cells.state,
    "residence": lambda cells, row: cells.place(row.residence_division_id, row.residence),
    "hukou": lambda cells, row: cells.place(row.hukou_division_id, row.hukou),
}


@lru_cache(maxsize=4_000)
def _said(name: str, value: Any, language: str) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return in_words(name, value).in_language(language) if name in rule_facts() else str(value)


@lru_cache(maxsize=20_000)
def _short_name(tree: Tree, division: int) -> str:
    """From the county down: 东县甲镇第1村."""
    path = tree.path(division)
    return "".join(node.name for node in path if node.level >= 3) or path[-1].name


def cells(language: str, *, reveal: bool = False) -> Cells:
    return Cells(language, timezone.localdate(), tree_on(), reveal)


def body(rows: Sequence[Any], columns: Sequence[str], language: str) -> SafeString:
    """The rows of the table. Put together here: a template takes ten times as long for so many cells."""
    say_cells = cells(language)
    public = dict(Person.objects.filter(pk__in=[row.person_id for row in rows]).values_list("pk", "public_id"))
    address = reverse("console:person", args=["00000000-0000-0000-0000-000000000000"])
    classes = {"age": ' class="number"'}
    lines = []
    for row in rows:
        link = address.replace("00000000-0000-0000-0000-000000000000", str(public[row.person_id]))
        texts = zip(columns, say_cells.of(row, columns), strict=True)
        tail = "".join(f"<td{classes.get(column, '')}>{escape(text)}</td>" for column, text in texts)
        lines.append(f'<tr><th scope="row"><a href="{link}">{escape(row.name or _ABSENT)}</a></th>{tail}</tr>')
    return mark_safe("\n".join(lines))


@lru_cache(maxsize=200)
def boxes(columns: tuple[str, ...], language: str) -> SafeString:
    """A box to tick for every column there is."""
    lines = [
        f'<label><input type="checkbox" name="column" value="{name}"{" checked" if name in columns else ""}> '
        f"{escape(title(name).in_language(language))}</label>"
        for name in available()
    ]
    return mark_safe("\n".join(lines))


def header(columns: Sequence[str], language: str) -> list[dict[str, str]]:
    """Titles, with the order by which a click sorts and what numbers are."""
    sorts = {"age": "birth_date", "birth_date": "birth_date"}
    return [
        {
            "title": title(column).in_language(language),
            "sort": sorts.get(column, ""),
            "kind": "number" if column == "age" else "",
        }
        for column in columns
    ]
