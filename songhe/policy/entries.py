"""The entries of package files: overlaid by id, then checked for shape, with every value's file and line kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from songhe.policy.errors import Problem, shown_path
from songhe.policy.yamlfile import Located, Path_, YamlProblem, read_yaml

Model = TypeVar("Model", bound=BaseModel)

_MEND = {
    "missing": "add it",
    "extra_forbidden": "remove it, or check its spelling",
    "string_type": "write it as text (in quotes if it looks like a number)",
    "date_type": "write a date like 2024-05-01",
    "literal_error": "use one of the listed values",
    "list_type": "write a list, [a, b]",
    "model_type": "write a mapping, {zh: …, en: …}",
    "date_from_datetime_parsing": "write a date like 2024-05-01",
    "date_from_datetime_inexact": "write a date like 2024-05-01",
    "date_parsing": "write a date like 2024-05-01",
}


@dataclass
class RawEntry:
    """An entry as written, each field with the file and place it came from."""

    id: str
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, tuple[Located, Path_]] = field(default_factory=dict)
    place: tuple[Located, Path_] | None = None
    layer: str = ""

    def overlay(self, located: Located, path: Path_, values: dict[str, Any], layer: str) -> None:
        """Replace the fields that are given here."""
        self.place, self.layer = (located, path), layer
        for key, value in values.items():
            self.values[key] = value
            self.origins[key] = (located, (*path, key))

    def problem(self, path: Path_, what: str, mend: str) -> Problem:
        """A problem at a place inside the entry, with its file and line."""
        if path and path[0] in self.origins:
            located, start = self.origins[str(path[0])]
            return located.problem((*start, *path[1:]), f"{self.id}: {what}", mend)
        assert self.place is not None
        return self.place[0].problem(self.place[1], f"{self.id}: {what}", mend)


def read_entries(folders: list[Path], name: str, problems: list[Problem], *, key: str = "id") -> dict[str, RawEntry]:
    """All entries of one file name over the layers, in the order of the base."""
    entries: dict[str, RawEntry] = {}
    for folder in folders:
        path = folder / f"{name}.yaml"
        if not path.exists():
            continue
        try:
            located = read_yaml(path)
        except YamlProblem as error:
            problems.append(error.problem)
            continue
        _overlay_file(located, folder.name, key, entries, problems)
    return entries


def _overlay_file(
    located: Located, layer: str, key: str, entries: dict[str, RawEntry], problems: list[Problem]
) -> None:
    if located.data is None:
        return
    if not isinstance(located.data, list):
        problems.append(located.problem((), "the file is not a list of entries", f"begin each with `- {key}: …`"))
        return
    seen: set[str] = set()
    for index, values in enumerate(located.data):
        if not isinstance(values, dict) or not isinstance(values.get(key), str):
            problems.append(located.problem((index,), f"an entry without {key}", f"begin it with `- {key}: …`"))
            continue
        name = values[key]
        if name in seen:
            problems.append(located.problem((index,), f"{name} stands twice", "keep one of them"))
        seen.add(name)
        entries.setdefault(name, RawEntry(name)).overlay(located, (index,), values, layer)


def validate(entry: RawEntry, model: type[Model], problems: list[Problem]) -> Model | None:
    """The entry as its model, or None with the problems noted."""
    try:
        return model.model_validate(entry.values)
    except ValidationError as error:
        for item in error.errors():
            path = tuple(part for part in item["loc"] if part != "function-wrap")
            problems.append(
                entry.problem(path, _describe(path, item), _MEND.get(item["type"], "see policies/README.md"))
            )
        return None


def _describe(path: Path_, item: Any) -> str:
    where = ".".join(map(str, path))
    match item["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"unknown key {where}"
        case _:
            return f"{where}: {item['msg']} (found {item['input']!r})"[:300]


def read_document(folder: Path, model: type[Model], problems: list[Problem]) -> Model | None:
    """`document.yaml`, which is one mapping."""
    try:
        located = read_yaml(folder / "document.yaml")
    except YamlProblem as error:
        problems.append(error.problem)
        return None
    if not isinstance(located.data, dict):
        problems.append(Problem(shown_path(located.path), 1, "the document is not a mapping", "write id: …, title: …"))
        return None
    entry = RawEntry("document")
    entry.overlay(located, (), located.data, folder.name)
    return validate(entry, model, problems)
