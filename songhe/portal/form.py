"""The form of questions with what has been answered so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from songhe.common.text import Text
from songhe.policy.package import Package
from songhe.portal.answers import Answers
from songhe.portal.questions import Question, sections_for


@dataclass(frozen=True)
class Field:
    """One question on the page; `is_wanted` when an undecided item waits for it."""

    question: Question
    value: str
    problem: Text | None
    is_wanted: bool

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def is_known_choice(self) -> bool:
        return self.value in {choice.value for choice in self.question.choices}


@dataclass(frozen=True)
class FormSection:
    """Some fields under one title; folded away unless something in it is answered, wrong or wanted."""

    id: str
    title: Text
    fields: tuple[Field, ...]
    is_first: bool

    @property
    def is_open(self) -> bool:
        return self.is_first or any(field.value or field.problem or field.is_wanted for field in self.fields)


@dataclass(frozen=True)
class Form:
    sections: tuple[FormSection, ...]
    carried: tuple[tuple[str, str], ...]

    @property
    def problems(self) -> tuple[Field, ...]:
        return tuple(field for section in self.sections for field in section.fields if field.problem)

    @property
    def count(self) -> int:
        return sum(len(section.fields) for section in self.sections)


def make_form(
    package: Package, answers: Answers, kept: Mapping[str, str] | None = None, wanted: Collection[str] = ()
) -> Form:
    """The city's form; `kept` answers that are no question here are carried along unseen."""
    sections = tuple(
        FormSection(section.id, section.title, tuple(_field(q, answers, wanted) for q in section.questions), not index)
        for index, section in enumerate(sections_for(package))
    )
    asked = {field.name for section in sections for field in section.fields}
    carried = tuple((name, value) for name, value in (kept or {}).items() if name not in asked)
    return Form(sections, carried)


def _field(question: Question, answers: Answers, wanted: Collection[str]) -> Field:
    name = question.name
    return Field(question, answers.raw.get(name, ""), answers.problems.get(name), name in wanted)
