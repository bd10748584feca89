"""YAML read so that every value knows its line, with the surprises of YAML 1.1 taken out.

`no` and `on` stay words, dates are checked (a swapped day and month is named), numbers keep their digits; duplicate
keys, aliases and needless depth are refused.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from songhe.common.calendar import parse_date
from songhe.policy.errors import Problem, shown_path

MAX_DEPTH = 100
MAX_SIZE = 4_000_000
Path_ = tuple[str | int, ...]

_INT = re.compile(r"-?(0|[1-9]\d{0,17})")
_DATE_LIKE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


@dataclass(frozen=True)
class Located:
    """A file's content with the line of every value, by its path of keys and positions."""

    path: Path
    data: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of a value, or of the nearest one that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path_, what: str, mend: str) -> Problem:
        return Problem(shown_path(self.path), self.line(path), what, mend)


class YamlProblem(ValueError):
    """The file cannot be read as YAML; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(path: Path) -> Located:
    """The file's data with lines. Raises YamlProblem for whatever is not plain, shallow YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlProblem(
            Problem(shown_path(path), 1, f"not UTF-8 text ({error.reason})", "save it as UTF-8")
        ) from None
    if len(text) > MAX_SIZE:
        raise YamlProblem(Problem(shown_path(path), 1, "the file is over 4 MB", "split it"))
    return _Reader(path).read(text)


class _Reader:
    """Builds plain data from YAML events, so that depth is checked before anything recurses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Path_, int] = {}

    def refuse(self, line: int, what: str, mend: str) -> YamlProblem:
        return YamlProblem(Problem(shown_path(self.path), line, what, mend))

    def read(self, text: str) -> Located:
        try:
            self._check_shape(text)
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self.refuse(line, f"not YAML: {error.problem}", "check the indentation, colons and quotes") from None
        except yaml.YAMLError as error:
            raise self.refuse(1, f"not YAML: {str(error).splitlines()[0]}", "check for control characters") from None
        data = self._value(node, ()) if node is not None else None
        return Located(self.path, data, self.lines)

    def _check_shape(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise self.refuse(line, "an anchor or alias", "write the value out")
            if getattr(event, "tag", None):
                raise self.refuse(line, "a tag", "leave it out")
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > MAX_DEPTH:
                    raise self.refuse(line, f"nested more than {MAX_DEPTH} deep", "make a term of the inner part")
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1

    def _value(self, node: yaml.Node, path: Path_) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise self.refuse(line, "a key that is not a word", "write a plain key")
            if key in result:
                raise self.refuse(line, f"the key {key} stands twice", "keep one of them")
            self.lines[(*path, key)] = line
            result[key] = self._value(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.ScalarNode) -> str | int | bool | dt.date | None:
        text: str = node.value
        if node.style in ("'", '"', "|", ">"):
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INT.fullmatch(text):
            return int(text)
        if _DATE_LIKE.fullmatch(text):
            return self._date(text, node.start_mark.line + 1)
        return text

    def _date(self, text: str, line: int) -> dt.date:
        try:
            return parse_date(text)
        except ValueError as error:
            raise self.refuse(line, str(error), "write year-month-day, like 2024-05-01") from None
