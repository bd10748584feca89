"""What the departments say of everybody: each the facts it keeps, once, and again for those who came later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from songhe.demo.cast import ENTRIES, Cast
from songhe.demo.chapters import Chapter
from songhe.registry.domain.confirming import confirm
from songhe.registry.domain.statements import Statement

# Days ago on which departments hand over those who were new since their own day.
CATCH_UP = 25
# Said only of those of whom they hold; a department keeps no list of the others.
_ONLY_WHEN_SO = {
    "still_in_hardship", "self_care_unable_recognised", "dementia", "special_family", "ltc_insured",
    "youfu_no_supporter", "youfu_supporter_incapable", "state_periodic_allowance",
    "requests_assessment", "wants_family_bed", "needs_home_care", "wants_central_support",
}  # fmt: skip
_NUMBERS = ("phone", "bank_account")


class Department(NamedTuple):
    source: str
    ago: int
    reason: str
    facts: tuple[str, ...]


POLICE = ("name", "resident_id", "birth_date", "sex", "hukou", "hukou_type", "hukou_since", "alive")
DEPARTMENTS = (
    Department("community", 500, "入户摸底", ("residence", "living", "phone")),
    Department("civil_affairs", 470, "社会救助名册", (
        "dibao", "low_income_family", "tekun", "still_in_hardship", "self_care_unable_recognised",
        "income_per_capita_month",
    )),
    Department("disabled_federation", 440, "持证残疾人名册", (
        "disability_grade", "disability_certificate", "disability_certificate_from", "disability_certificate_to",
    )),
    Department("social_security", 410, "养老待遇名册", ("pension", "bank_account")),
    Department("veterans", 380, "优抚对象名册", (
        "youfu_kind", "youfu_no_supporter", "youfu_supporter_incapable", "state_periodic_allowance",
    )),
    Department("medical_insurance", 360, "长期护理保险参保名册", ("ltc_insured",)),
    Department("health", 340, "慢病与计生特殊家庭名册", ("dementia", "special_family")),
    Department("person", 310, "意愿登记", (
        "requests_assessment", "wants_family_bed", "needs_home_care", "wants_central_support",
    )),
)  # fmt: skip
# Days ago on which a list came again and said the same; departments that are not here sent theirs once.
AGAIN = {"police": 12, "civil_affairs": 9, "social_security": 16, "medical_insurance": 30, "community": 70}
# Days ago of the rounds of assessment.
ROUNDS = (300, 240, 180, 120, 60, 15)
_MILDER = {"mild": "intact", "moderate": "mild", "severe": "moderate", "complete": "severe"}


def everybody(cast: Cast, misread: dict[int, dt.date], became: dict[str, str], changed: int) -> list[Chapter]:
    """All files, facts and assessments. `misread` holds birth dates that public security wrote down wrongly at first.

    Divisions of `became` have gone on as others since `changed` days ago.
    """
    give_numbers(cast)
    chapters = [_opening(cast, ago, misread, became if ago < changed else {}) for ago in ENTRIES]
    for department in DEPARTMENTS:
        chapters.append(_handing_over(cast, department, department.ago, 10**6, {}))
        chapters.append(_handing_over(cast, department, CATCH_UP, department.ago, became))
    return [*chapters, *_assessments(cast)]


def repeat(cast: Cast) -> None:
    """The lists that come regularly, once more: no news of whoever they still hold, and yet a sign that it holds."""
    for source, facts in [("police", POLICE), *((one.source, one.facts) for one in DEPARTMENTS)]:
        if source in AGAIN:
            day = cast.today - dt.timedelta(AGAIN[source])
            there = (one for one, entry in enumerate(cast.entry) if entry > CATCH_UP and cast.alive_on(one, day))
            said = {cast.ids[one]: {statement.fact for statement in said_of(cast, one, facts, {})} for one in there}
            confirm(source=source, on=day, said=said)


def _opening(cast: Cast, ago: int, misread: dict[int, dt.date], became: dict[str, str]) -> Chapter:
    def told() -> Iterator[tuple[int, Sequence[Statement]]]:
        for one, entry in enumerate(cast.entry):
            if entry == ago:
                said = said_of(cast, one, POLICE[:-1], became)
                wrong = misread.get(one)
                if wrong:
                    said = [Statement("birth_date", wrong) if two.fact == "birth_date" else two for two in said]
                yield one, [*said, Statement("alive", True)]

    return Chapter(ago, "police", "户籍人口" if ago == ENTRIES[0] else "新满六十周岁", told, opens=True)


def _handing_over(cast: Cast, department: Department, ago: int, before: int, became: dict[str, str]) -> Chapter:
    def told() -> Iterator[tuple[int, Sequence[Statement]]]:
        day = cast.today - dt.timedelta(ago)
        for one, entry in enumerate(cast.entry):
            if ago < entry <= before and cast.alive_on(one, day):
                yield one, said_of(cast, one, department.facts, became)

    return Chapter(ago, department.source, department.reason, told)


def _assessments(cast: Cast) -> list[Chapter]:
    """Who lost abilities, who asked, and a few others; one in eight was better off in an earlier round."""
    rounds: dict[int, list[tuple[int, str]]] = {ago: [] for ago in ROUNDS}
    abilities, asked = cast.columns["ability"], cast.columns["requests_assessment"]
    for one, ability in enumerate(abilities):
        if ability == "intact" and not asked[one] and cast.rng.random() > 0.06:
            continue
        fitting = [ago for ago in ROUNDS if _can_be_assessed(cast, one, ago)]
        if not fitting:
            continue
        last = cast.rng.choice(fitting)
        rounds[last].append((one, ability))
        if ability in _MILDER and last < fitting[0] and cast.rng.random() < 0.125:
            rounds[fitting[0]].append((one, _MILDER[ability]))
    return [_round(cast, ago, found) for ago, found in rounds.items()]


def _can_be_assessed(cast: Cast, one: int, ago: int) -> bool:
    return ago < cast.entry[one] and cast.alive_on(one, cast.today - dt.timedelta(ago))


def _round(cast: Cast, ago: int, found: list[tuple[int, str]]) -> Chapter:
    day = cast.today - dt.timedelta(ago + 3)

    def told() -> Iterator[tuple[int, Sequence[Statement]]]:
        for one, ability in found:
            care = cast.columns["needs_long_term_care"][one]
            said = [Statement("ability", ability, day)]
            if care is not None:
                said.append(Statement("needs_long_term_care", care, day))
            yield one, said

    return Chapter(ago, "assessment", "能力评估", told)


def said_of(cast: Cast, one: int, facts: Sequence[str], became: dict[str, str]) -> list[Statement]:
    """What a department says of somebody's facts, in the divisions of its day."""
    said = []
    for fact in facts:
        value = cast.columns[fact][one]
        if value is None or (fact in _ONLY_WHEN_SO and not value):
            continue
        said.append(Statement(fact, became.get(value, value) if became and isinstance(value, str) else value))
    return said


def give_numbers(cast: Cast) -> None:
    """Telephones of no network and accounts of no bank: 70 in a hundred have the one, those who are paid the other."""
    supported = zip(cast.columns["dibao"], cast.columns["tekun"], strict=True)
    paid = [bool(dibao) or tekun not in (None, "none") for dibao, tekun in supported]
    cast.columns["phone"] = [f"1000{one:07d}" if cast.rng.random() < 0.7 else None for one in range(len(cast))]
    cast.columns["bank_account"] = [f"99990000{one:011d}" if yes else None for one, yes in enumerate(paid)]
