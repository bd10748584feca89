"""Why an answer is what it is: the engine's explanation as a short tree of plain sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from songhe.common.text import Text, join, say
from songhe.policy.package import Package
from songhe.policy.phrases import constant_in_words, period_in_words, value_in_words
from songhe.policy.schema import Period
from songhe.portal.phrases import words_of
from songhe.rules.explain import Explained

YES, NO, UNKNOWN = "yes", "no", "unknown"
_MARKS = {True: YES, False: NO, None: UNKNOWN}
_JOINS = {
    "all": say("以下各项都要符合", "all of these"),
    "any": say("以下有一项符合即可", "any one of these"),
    "not": say("不能是以下情形", "not any of these"),
}
NOT_ANSWERED = say("没有回答", "not answered")
SURELY = say("怎么理解都算的情形", "counts under any reading")
SURELY_NOT = say("怎么理解都不算的情形", "does not count under any reading")


@dataclass(frozen=True)
class Why:
    """One line of a reason: what is asked, whether it holds, what was answered, and the lines below it.

    `is_named` tells that it says by itself what it means; an unnamed one only joins its parts (`kind` all, any, not).
    """

    mark: str
    text: Text
    kind: str = "leaf"
    is_named: bool = True
    answer: Text | None = None
    note: Text | None = None
    clauses: tuple[str, ...] = ()
    parts: tuple[Why, ...] = ()
    joins: Text | None = None


class Explainer:
    """Puts one package's explanations on a day into words."""

    def __init__(self, package: Package, day: dt.date, in_force: Period, silent: Text = NOT_ANSWERED) -> None:
        self.package = package
        self.day = day
        self.in_force = in_force
        self.silent = silent

    def read(self, explained: Explained) -> Why:
        match explained.kind:
            case "leaf":
                return self._leaf(explained)
            case "term":
                return self._term(explained)
            case "open":
                return self._open(explained)
            case _:
                return self._joined(explained)

    def _leaf(self, explained: Explained) -> Why:
        text = explained.label or self._test(explained)
        note = None
        if explained.assumed and explained.because:
            note = say(f"{self.silent.zh}：{explained.because.zh}", f"{self.silent.en}: {explained.because.en}")
        answer = None if explained.assumed else self._answer(explained.facts or {})
        return Why(_MARKS[explained.truth], text, answer=answer, note=note, clauses=explained.clauses)

    def _test(self, explained: Explained) -> Text:
        if explained.text:
            return words_of(explained.text, self.package, self.day)
        # Only the item's own period and `true` or `false` stand without a text.
        if self.in_force != Period():
            return period_in_words(self.in_force.start, self.in_force.end)
        return constant_in_words(explained.truth)

    def _answer(self, facts: Mapping[str, Any]) -> Text | None:
        """What was answered; with the facts' labels where a sentence reads several."""
        told = []
        if all(value is None for value in facts.values()):
            return None
        for name, value in facts.items():
            label = self.package.vocabularies["person"].facts[name].label
            words = value_in_words(name, value, self.package, self.day)
            told.append(words if len(facts) == 1 else say(f"{label.zh}：{words.zh}", f"{label.en}: {words.en}"))
        return join(told, "；", "; ") if told else None

    def _term(self, explained: Explained) -> Why:
        term = self.package.terms.get(explained.term or "")
        name = explained.label or (term.name if term else say(explained.term or "", explained.term or ""))
        (inner,) = map(self.read, explained.parts) if len(explained.parts) == 1 else (self._joined(explained),)
        clauses = tuple(dict.fromkeys((*explained.clauses, *inner.clauses)))
        if inner.kind == "open":
            return replace(inner, text=name, clauses=clauses)
        if inner.kind == "leaf" and not inner.parts:
            text = name if inner.text == name else say(f"{name.zh}：{inner.text.zh}", f"{name.en}: {inner.text.en}")
            return replace(inner, text=text, clauses=clauses)
        parts = (inner,) if inner.is_named else inner.parts
        return Why(_MARKS[explained.truth], name, kind="term", clauses=clauses, parts=parts, joins=inner.joins)

    def _open(self, explained: Explained) -> Why:
        term = self.package.terms[explained.term or ""]
        told = [SURELY] if term.surely is not None else []
        told += [SURELY_NOT] if term.surely_not is not None else []
        sides = tuple(self._side(text, part) for text, part in zip(told, explained.parts, strict=True))
        return Why(
            _MARKS[explained.truth],
            term.name,
            kind="open",
            note=open_term_note(explained.term or "", self.package),
            parts=sides,
        )

    def _side(self, text: Text, explained: Explained) -> Why:
        inner = self.read(explained)
        parts = inner.parts if not inner.is_named else (inner,)
        return Why(inner.mark, text, kind="side", parts=parts, joins=None if inner.is_named else inner.joins)

    def _joined(self, explained: Explained) -> Why:
        kind = explained.kind if explained.kind in _JOINS else "all"
        parts = tuple(self._spliced(kind, [self.read(part) for part in explained.parts]))
        if len(parts) == 1 and kind != "not" and explained.label is None:
            return replace(parts[0], clauses=tuple(dict.fromkeys((*explained.clauses, *parts[0].clauses))))
        named = explained.label is not None
        text = explained.label or _JOINS[kind]
        return Why(
            _MARKS[explained.truth],
            text,
            kind,
            named,
            clauses=explained.clauses,
            parts=parts,
            joins=_JOINS[kind],
        )

    def _spliced(self, kind: str, parts: list[Why]) -> Iterator[Why]:
        """A nameless *all* inside an *all* says nothing of its own."""
        for part in parts:
            if part.kind == kind and kind != "not" and not part.is_named and not part.clauses:
                yield from part.parts
            else:
                yield part


def open_term_note(id: str, package: Package) -> Text:
    """That the document leaves a word open, and what is known of it."""
    term = package.terms[id]
    note = term.note
    zh = f"文件没有说清“{term.name.zh}”指什么。{note.zh if note else ''}"
    return say(zh, f"The document does not settle what “{term.name.en}” means. {note.en if note else ''}".strip())


def reasons(why: Why) -> list[Why]:
    """The named lines that made the answer: those that share its mark, from the top down."""
    if why.is_named:
        return [why]
    if why.kind == "not":
        return [why]
    return [reason for part in why.parts if part.mark == why.mark for reason in reasons(part)]
