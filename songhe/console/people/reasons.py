"""The reason for an answer as a short tree of lines: what is asked, what is known and from whom, and the clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from songhe.common.text import Text, join, say
from songhe.policy.package import Package
from songhe.registry.queries import Resolved
from songhe.registry.vocabulary import label
from songhe.registry.words import in_words, source_name
from songhe.rules.explain import Explained

_JOINS: Mapping[str, Text] = {
    "all": say("以下各项都要符合", "all of these"),
    "any": say("以下有一项符合即可", "any one of these"),
    "not": say("不能是以下情形", "not any of these"),
    "open": say("文件没有界定，按下列理解", "left open by the document; read as follows"),
}
_MARKS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class Known:
    """A fact a line read: its value (unknown without one) and who said it."""

    label: Text
    value: Text
    source: Text | None


@dataclass(frozen=True)
class Told:
    """One line; `test` is how the package writes it, `note` why an unknown was read as it was."""

    mark: str
    text: Text
    test: str | None
    known: Sequence[Known]
    note: Text | None
    clauses: Sequence[str]
    parts: Sequence[Told]
    is_named: bool


def grounds(line: Told) -> list[Told]:
    """The named lines that settle the whole: those with its mark, below joints that have no name of their own."""
    if line.is_named or not line.parts:
        return [line]
    return [ground for part in line.parts if part.mark == line.mark for ground in grounds(part)]


def told(explained: Explained, facts: Mapping[str, Resolved], package: Package, clauses: tuple[str, ...] = ()) -> Told:
    """The whole tree; a line without a clause of its own rests on that of what holds it."""
    own = explained.clauses or clauses
    parts = [told(part, facts, package, own) for part in explained.parts]
    if explained.kind != "leaf" and len(parts) == 1 and explained.label is None and explained.kind in ("all", "any"):
        return parts[0]
    return Told(
        mark=_MARKS[explained.truth],
        text=_text(explained, package),
        test=explained.text if explained.kind == "leaf" else None,
        known=[_known(name, facts.get(name)) for name in explained.facts or ()],
        note=explained.because if explained.assumed else None,
        clauses=own if explained.kind == "leaf" else (),
        parts=parts,
        is_named=explained.kind == "leaf" or explained.label is not None or explained.term in package.terms,
    )


def _text(explained: Explained, package: Package) -> Text:
    if explained.label is not None:
        return explained.label
    if explained.term and explained.term in package.terms:
        return package.terms[explained.term].name
    if explained.kind == "leaf":
        labels = [label(name) for name in explained.facts or ()]
        return join(labels, "、", ", ") if labels else say("政策有效期", "the time the policy is in force")
    return _JOINS.get(explained.kind, _JOINS["all"])


def _known(fact: str, held: Resolved | None) -> Known:
    if held is None:
        return Known(label(fact), in_words(fact, None), None)
    return Known(label(fact), in_words(fact, held.value), source_name(held.source))
