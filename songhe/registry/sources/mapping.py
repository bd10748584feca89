"""How each department writes its files: which columns mean which facts, and which words mean which values.

One YAML file for each source beside this one, and `common.yaml` for what they share. All of it is checked when it is
read, so that a mistake in a mapping is found before the first row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Entry

from songhe.common.text import Text
from songhe.policy.yamlfile import Located, YamlProblem, read_yaml
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import fact_names, label, rule_facts

FOLDER = Path(__file__).parent
NUMBER, NAME, BIRTH, SEX = "resident_id", "name", "birth_date", "sex"
# These hold for a whole life: a day in the row does not limit them.
LIFELONG = frozenset({NUMBER, NAME, BIRTH, SEX, "death_date", "alive"})
_NOT_MAPPINGS = {"precedence.yaml", "common.yaml"}
_YES_NO = {"holds": True, "holds_not": False}
_UNITS = ("yuan", "fen")
Model = TypeVar("Model", bound=BaseModel)


class MappingError(ValueError):
    """A mapping that must not be used; the text names file, line, what is wrong and how to mend it."""


class UnknownSource(LookupError):
    """No department of that name sends files; `zh` and `en` name those that do."""

    def __init__(self, source: str) -> None:
        known = "、".join(f"{id}（{mapping.label.zh}）" for id, mapping in mappings().items())
        self.zh = f"没有来源 {source} 的导入格式。可用的来源：{known}"
        self.en = f"There is no mapping for the source {source}; there are {', '.join(mappings())}."
        super().__init__(f"{self.zh} {self.en}")


@dataclass(frozen=True)
class Column:
    """A column of a department's files: the fact it states, how values are written, which columns date it.

    `words` takes a written value to that of the vocabulary; `unit` is yuan or fen for money. `own` marks the column
    that bears the fact's own name and holds values as the platform writes them.
    """

    fact: str
    required: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "fen"
    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True)
class SourceMapping:
    """What a source's files may hold. Titles are in the form of `plain_title`."""

    source: str
    label: Text
    opens_files: bool
    without_number: bool
    from_number: tuple[str, ...]
    columns: Mapping[str, Column]
    dates: frozenset[str]
    ignored: frozenset[str]
    row_from: tuple[str, ...]
    row_to: tuple[str, ...]
    unknown: frozenset[str]
    withdraw: frozenset[str]

    def knows(self, title: str) -> bool:
        return title in self.columns or title in self.dates or title in self.ignored

    @property
    def required(self) -> dict[str, tuple[str, ...]]:
        """The facts every file must have a column for, each with the titles it may bear."""
        facts = dict.fromkeys(column.fact for column in self.columns.values() if column.required)
        return {fact: tuple(title for title, one in self.columns.items() if one.fact == fact) for fact in facts}


def plain_title(title: str) -> str:
    """A title as it is compared: without spaces, in half width."""
    return "".join(unicodedata.normalize("NFKC", title).split())


@cache
def mappings() -> Mapping[str, SourceMapping]:
    """Every mapping by source, in the order of the sources. Raises MappingError."""
    found = [read_mapping(path) for path in FOLDER.glob("*.yaml") if path.name not in _NOT_MAPPINGS]
    order = list(precedence().names)
    return {one.source: one for one in sorted(found, key=lambda one: order.index(one.source))}


def mapping_for(source: str) -> SourceMapping:
    """Raises UnknownSource."""
    if source not in mappings():
        raise UnknownSource(source)
    return mappings()[source]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _ColumnEntry(_Strict):
    fact: str
    titles: list[str] = []
    required: bool = False
    words: dict[str, list[str]] = {}
    unit: str | None = None
    since: list[str] = Entry(default=[], alias="from")
    until: list[str] = Entry(default=[], alias="to")


class _FileEntry(_Strict):
    source: str
    columns: list[_ColumnEntry]
    opens_files: bool = False
    without_number: bool = False
    from_number: list[str] = []
    ignore: list[str] = []


class _Common(_Strict):
    titles: dict[str, list[str]]
    holds: list[str]
    holds_not: list[str]
    unknown: list[str]
    withdraw: list[str]
    row_from: list[str]
    row_to: list[str]
    ignore: list[str]


def read_mapping(path: Path, common: Path = FOLDER / "common.yaml") -> SourceMapping:
    """A mapping from its file. Raises MappingError for what is wrong first."""
    shared = _read(common, _Common)[1]
    located, entry = _read(path, _FileEntry)
    return _Builder(located, entry, shared).build()


def _read(path: Path, model: type[Model]) -> tuple[Located, Model]:
    try:
        located = read_yaml(path)
        return located, model.model_validate(located.data)
    except YamlProblem as error:
        raise MappingError(str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise MappingError(str(located.problem(first["loc"], first["msg"], "see the mappings beside it"))) from None


class _Builder:
    """Puts a mapping together and refuses what cannot be meant."""

    def __init__(self, located: Located, entry: _FileEntry, common: _Common) -> None:
        self.located, self.entry, self.common = located, entry, common
        self.columns: dict[str, Column] = {}

    def build(self) -> SourceMapping:
        entry, common = self.entry, self.common
        if entry.source not in precedence().names:
            self._refuse(("source",), f"there is no source {entry.source}", "use an id of precedence.yaml")
        for index, one in enumerate(entry.columns):
            self._add(index, one)
        for index, fact in enumerate(entry.from_number):
            if fact not in (BIRTH, SEX):
                self._refuse(("from_number", index), f"{fact} does not follow from a number", "leave it out")
        return SourceMapping(
            source=entry.source,
            label=precedence().names[entry.source],
            opens_files=entry.opens_files,
            without_number=entry.without_number,
            from_number=tuple(entry.from_number),
            columns=self.columns,
            dates=frozenset(self._dates()),
            ignored=self._ignored(),
            row_from=_plain(common.row_from),
            row_to=_plain(common.row_to),
            unknown=frozenset(common.unknown),
            withdraw=frozenset(common.withdraw),
        )

    def _add(self, index: int, one: _ColumnEntry) -> None:
        if one.fact not in fact_names():
            self._refuse(("columns", index, "fact"), f"there is no fact {one.fact}", "see facts.yaml and personal.yaml")
        is_money = one.fact in rule_facts() and rule_facts()[one.fact].type == "money"
        if is_money and one.unit not in _UNITS:
            self._refuse(("columns", index), f"{one.fact} has no unit", "say unit: yuan or unit: fen")
        column = Column(
            fact=one.fact,
            required=one.required,
            words=self._words(index, one),
            unit=one.unit or "fen",
            since=(*_plain(one.since), f"{one.fact}.valid_from"),
            until=(*_plain(one.until), f"{one.fact}.valid_to"),
        )
        shared = self.common.titles.get(one.fact, []) if one.fact not in self._facts_before(index) else []
        for title in dict.fromkeys(map(plain_title, (*one.titles, *shared, label(one.fact).zh))):
            # Money says its unit in the title, or is not money in this column.
            if not (is_money and title not in _plain(one.titles)):
                self._title(index, title, column)
        if one.fact not in self.columns:
            self.columns[one.fact] = Column(**{**vars(column), "unit": "fen", "own": True})

    def _title(self, index: int, title: str, column: Column) -> None:
        if title in self.columns:
            self._refuse(("columns", index), f"the title {title} is used twice", "keep it for one fact")
        self.columns[title] = column

    def _facts_before(self, index: int) -> set[str]:
        return {one.fact for one in self.entry.columns[:index]}

    def _words(self, index: int, one: _ColumnEntry) -> dict[str, Any]:
        """Written values and what they mean: the vocabulary's codes and labels, the shared words, the source's own."""
        fact = rule_facts().get(one.fact)
        words: dict[str, Any] = {}
        if fact is None or fact.type not in ("bool", "code"):
            if one.words:
                self._refuse(("columns", index, "words"), f"{one.fact} takes no words", "leave them out")
            return words
        if fact.type == "bool":
            meanings: dict[str, Any] = _YES_NO
            words.update(dict.fromkeys(self.common.holds, True) | dict.fromkeys(self.common.holds_not, False))
        else:
            meanings = {value: value for value in fact.values}
            words.update(meanings)
            words.update({text.zh: value for value, text in (fact.value_labels or {}).items()})
        for meaning, texts in one.words.items():
            if meaning not in meanings:
                self._refuse(("columns", index, "words", meaning), f"{one.fact} has no value {meaning}", "correct it")
            words.update(dict.fromkeys(texts, meanings[meaning]))
        return words

    def _dates(self) -> Iterator[str]:
        for column in self.columns.values():
            yield from (*column.since, *column.until)
        yield from _plain((*self.common.row_from, *self.common.row_to))

    def _ignored(self) -> frozenset[str]:
        for index, title in enumerate(self.entry.ignore):
            if plain_title(title) in self.columns:
                self._refuse(("ignore", index), f"{title} is a column and ignored", "keep one of them")
        return frozenset(_plain((*self.entry.ignore, *self.common.ignore)))

    def _refuse(self, place: tuple[str | int, ...], what: str, mend: str) -> NoReturn:
        raise MappingError(str(self.located.problem(place, what, mend)))


def _plain(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(plain_title, titles))
