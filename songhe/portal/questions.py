"""The questions of a city: the facts its rules for persons read, in the vocabulary's order and in short sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from songhe.common.division import within
from songhe.common.text import Text, say
from songhe.policy.package import Package
from songhe.policy.schema import FactEntry
from songhe.portal.shelf import place_of
from songhe.rules import tree

# Whoever asks is taken to be alive; the page says so.
NOT_ASKED = frozenset({"alive", "death_date"})
LOCAL, ELSEWHERE = "local", "elsewhere"
YES, NO = "yes", "no"
_ELSEWHERE_CODES = ("110000", "310000", "440000")

# Which section asks which facts; a fact that stands nowhere is asked in the last one.
SECTIONS: tuple[tuple[str, Text, str], ...] = (
    (
        "person",
        say("本人", "The person"),
        "birth_date sex hukou hukou_type hukou_since residence identity_document living",
    ),
    (
        "household",
        say("家庭与收入", "Household and income"),
        "dibao low_income_family tekun still_in_hardship pension ltc_insured income_per_capita_month",
    ),
    (
        "disability",
        say("残疾", "Disability"),
        "disability_grade disability_certificate_from disability_certificate_to disability_certificate",
    ),
    (
        "care",
        say("健康与照护", "Health and care"),
        "needs_long_term_care self_care_unable_recognised ability dementia requests_assessment "
        "wants_family_bed needs_home_care wants_central_support",
    ),
    (
        "service",
        say("优抚与计划生育", "Military service and family planning"),
        "special_family youfu_kind youfu_no_supporter youfu_supporter_incapable state_periodic_allowance",
    ),
    ("moment", say("眼下的事", "Matters of the moment"), ""),
)


@dataclass(frozen=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One fact, asked in plain words; `kind` is day, choice, money or number."""

    fact: FactEntry
    kind: str
    text: Text
    choices: tuple[Choice, ...] = ()

    @property
    def name(self) -> str:
        return self.fact.name


@dataclass(frozen=True)
class Section:
    id: str
    title: Text
    questions: tuple[Question, ...]


def sections_for(package: Package) -> tuple[Section, ...]:
    """The sections that have a question in this city."""
    questions = questions_for(package)
    placed = {name for _, _, names in SECTIONS for name in names.split()}
    found = []
    for id, title, names in SECTIONS:
        mine = tuple(q for q in questions if q.name in names.split() or (not names and q.name not in placed))
        if mine:
            found.append(Section(id, title, mine))
    return tuple(found)


def questions_for(package: Package) -> tuple[Question, ...]:
    read = {name for rule in package.rules_for("person") for name in rule.facts} - NOT_ASKED
    return tuple(_question(fact, package) for fact in package.subjects["person"].facts if fact.name in read)


def _question(fact: FactEntry, package: Package) -> Question:
    text = fact.question or fact.label
    match fact.type:
        case "date":
            return Question(fact, "day", text)
        case "bool":
            return Question(fact, "choice", text, (Choice(YES, say("是", "Yes")), Choice(NO, say("否", "No"))))
        case "code":
            return Question(fact, "choice", text, tuple(Choice(value.value, value.name) for value in fact.values))
        case "division":
            city = place_of(package)
            here = say(f"本市（{city.zh}）", f"In {city.en}")
            return Question(fact, "choice", text, (Choice(LOCAL, here), Choice(ELSEWHERE, say("外地", "Elsewhere"))))
        case "money":
            return Question(fact, "money", text)
        case _:
            return Question(fact, "number", text)


def division_code(answer: str, fact: str, package: Package) -> str | None:
    """The code an answer of a place stands for; None where *elsewhere* does not settle what the rules ask."""
    home = place_of(package).division
    if answer == LOCAL:
        return home
    areas = set(_areas(fact, package))
    if any(within(area, home) is not True for area in areas):
        return None
    return next((code for code in _ELSEWHERE_CODES if all(within(code, a) is False for a in (home, *areas))), None)


def _areas(fact: str, package: Package) -> Iterator[str]:
    """The places that the rules compare a division fact with."""
    for rule in package.rules_for("person"):
        for condition in rule.conditions:
            for node in tree.walk(condition):
                if isinstance(node, tree.Within) and node.fact == fact:
                    yield node.code
