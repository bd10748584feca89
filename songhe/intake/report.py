"""What an import did, or would do: figures, examples and reasons, without personal data in the clear."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from songhe.common.text import Text
from songhe.registry.vocabulary import label

_EXAMPLES = 3
_FIRST = 20


@dataclass
class Change:
    """How often a fact changes for people already known, and a few examples: line, before, after (masked)."""

    fact: str
    count: int = 0
    examples: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def label(self) -> Text:
        return label(self.fact)

    def add(self, line: int, before: str, after: str) -> None:
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append((line, before, after))


@dataclass(frozen=True)
class Wrong:
    """One thing wrong with one row."""

    line: int
    column: str
    what: Text


@dataclass
class Report:
    """The figures count rows, those of `opened` and `touched` count people, `records` statements written.

    `new` rows are about people not known before, `matched` rows were recognised without a number. `refused` says why
    the file as a whole was not taken. `same_as` is the public id of an earlier import of the very same file.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0
    matched: int = 0
    opened: int = 0
    records: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)
    first_errors: list[Wrong] = field(default_factory=list)
    refused: Text | None = None
    same_as: str = ""

    def change(self, fact: str, line: int, before: str, after: str) -> None:
        self.changes.setdefault(fact, Change(fact)).add(line, before, after)

    def error(self, wrong: Wrong) -> None:
        if len(self.first_errors) < _FIRST:
            self.first_errors.append(wrong)

    @property
    def nothing_changes(self) -> bool:
        return self.refused is None and not (self.new or self.changed)

    def written(self) -> dict[str, Any]:
        """As JSON keeps it."""
        plain = asdict(self)
        plain["changes"] = {fact: asdict(change) for fact, change in self.changes.items()}
        plain["first_errors"] = [
            {"line": one.line, "column": one.column, **one.what.model_dump()} for one in self.first_errors
        ]
        plain["refused"] = self.refused and self.refused.model_dump()
        return plain


def read_report(plain: dict[str, Any]) -> Report:
    """What `written` made."""
    content = dict(plain)
    changes = {
        fact: Change(fact, one["count"], [tuple(example) for example in one["examples"]])
        for fact, one in content.pop("changes", {}).items()
    }
    errors = [
        Wrong(one["line"], one["column"], Text(zh=one["zh"], en=one["en"])) for one in content.pop("first_errors", [])
    ]
    refused = content.pop("refused", None)
    return Report(**content, changes=changes, first_errors=errors, refused=refused and Text(**refused))
