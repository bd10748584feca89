"""Are these two the same person? Rules that always answer alike, and say by which rule (确定性规则). Pure.

`same` is what a careful clerk would not ask about; `likely` is for a person to decide. Nothing here merges anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from songhe.common import resident_id
from songhe.common.text import Text
from songhe.linkage.names import alike, normal
from songhe.linkage.numbers import Number, is_slip, read, swapped_day


class Kind(StrEnum):
    SAME = "same"
    LIKELY = "likely"
    DIFFERENT = "different"


class Rule(StrEnum):
    """The rules by name; `WORDS` says what each found."""

    NUMBER = "number"
    NUMBER_SLIP = "number_slip"
    NUMBER_UNREADABLE = "number_unreadable"
    NAME_BIRTH_SEX_PLACE = "name_birth_sex_place"
    NUMBER_OTHER_NAME = "number_other_name"
    NUMBER_SLIP_OTHER = "number_slip_other"
    NUMBER_SWAPPED_DAY = "number_swapped_day"
    NAME_BIRTH_SEX = "name_birth_sex"
    NAME_SWAPPED_DAY = "name_swapped_day"
    PROBABILITY = "probability"
    NUMBERS_DIFFER = "numbers_differ"
    NOTHING = "nothing"


WORDS: Mapping[Rule, Text] = {
    Rule.NUMBER: Text(zh="公民身份号码相同", en="The same resident number"),
    Rule.NUMBER_SLIP: Text(
        zh="姓名相同，号码只差一处笔误", en="The same name, and numbers that one slip of the hand sets apart"
    ),
    Rule.NUMBER_UNREADABLE: Text(
        zh="姓名和写错的号码都相同", en="The same name, and the same number that cannot be right"
    ),
    Rule.NAME_BIRTH_SEX_PLACE: Text(
        zh="一方没有号码，姓名、出生日期、性别和住处相同",
        en="One has no number; name, birth, sex and place are the same",
    ),
    Rule.NUMBER_OTHER_NAME: Text(
        zh="公民身份号码相同，姓名完全不同", en="The same resident number under quite another name"
    ),
    Rule.NUMBER_SLIP_OTHER: Text(
        zh="号码只差一处笔误，姓名差一字，或出生日期、性别不同",
        en="Numbers one slip apart, and a name that differs in a character, or another birth or sex",
    ),
    Rule.NUMBER_SWAPPED_DAY: Text(
        zh="姓名相同，两个有效号码只是出生月日互换",
        en="The same name, and two valid numbers that only swap day and month of birth",
    ),
    Rule.NAME_BIRTH_SEX: Text(zh="姓名、出生日期和性别相同", en="The same name, birth and sex"),
    Rule.NAME_SWAPPED_DAY: Text(
        zh="姓名、性别和住处相同，出生月日互换", en="The same name, sex and place; day and month of birth swapped"
    ),
    Rule.PROBABILITY: Text(zh="多项信息相近", en="Alike in many things"),
    Rule.NUMBERS_DIFFER: Text(zh="两个有效号码不同", en="Two valid numbers that differ"),
    Rule.NOTHING: Text(zh="没有相同之处", en="Nothing that says so"),
}


class Identity(NamedTuple):
    """Who a row or a file says it is; everything may be unknown. `residence` is a division code of any length."""

    name: str | None = None
    resident_id: str | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    residence: str | None = None


class Reading(NamedTuple):
    """An identity in one form: what a valid number says stands before what is written beside it."""

    name: str
    number: Number | None
    birth_date: dt.date | None
    sex: str | None
    residence: str | None


class Verdict(NamedTuple):
    kind: Kind
    rule: Rule
    # Such a verdict only holds when nobody else is meant as well.
    if_unique: bool = False

    @property
    def words(self) -> Text:
        return WORDS[self.rule]


_VILLAGE = 12


def reading(one: Identity) -> Reading:
    """An identity made ready to be compared many times."""
    number = read(one.resident_id)
    birth, sex = one.birth_date, one.sex
    if number is not None and number.valid:
        birth, sex = resident_id.birth_date(number.text), resident_id.sex(number.text)
    return Reading(normal(one.name or ""), number, birth, sex, one.residence)


def compare(one: Identity, other: Identity) -> Verdict:
    """What the rules say of two identities, in whichever order."""
    return judge(reading(one), reading(other))


def judge(one: Reading, other: Reading) -> Verdict:
    """`compare`, of what was read already."""
    if one.number is None or other.number is None:
        return _without_number(one, other)
    if one.number.valid and other.number.valid:
        return _both_valid(one, other)
    return _one_slipped(one, other)


def _both_valid(one: Reading, other: Reading) -> Verdict:
    assert one.number and other.number
    if one.number == other.number:
        # A slip can lead to the number of somebody who is there, and some write down a relative's.
        named_otherwise = one.name and other.name and not alike(one.name, other.name)
        return Verdict(Kind.LIKELY, Rule.NUMBER_OTHER_NAME) if named_otherwise else Verdict(Kind.SAME, Rule.NUMBER)
    if _same_name(one, other) and one.number.text == swapped_day(other.number.text):
        return Verdict(Kind.LIKELY, Rule.NUMBER_SWAPPED_DAY)
    # One slip never turns a valid number into another: the check character would tell.
    return Verdict(Kind.DIFFERENT, Rule.NUMBERS_DIFFER)


def _one_slipped(one: Reading, other: Reading) -> Verdict:
    assert one.number and other.number
    names, contradicted = _same_name(one, other), _contradicted(one, other)
    if one.number.text == other.number.text:
        return Verdict(Kind.SAME if names and not contradicted else Kind.LIKELY, Rule.NUMBER_UNREADABLE)
    if is_slip(one.number.text, other.number.text):
        if names and not contradicted and (one.number.valid or other.number.valid):
            return Verdict(Kind.SAME, Rule.NUMBER_SLIP, if_unique=True)
        # People born on one day in one place have numbers next to each other: without a name it means nothing.
        if names or (alike(one.name, other.name) and not contradicted):
            return Verdict(Kind.LIKELY, Rule.NUMBER_SLIP_OTHER)
    verdict = _without_number(one, other)
    # Two numbers that are far from each other speak against it.
    return Verdict(Kind.LIKELY, verdict.rule) if verdict.kind is Kind.SAME else verdict


def _without_number(one: Reading, other: Reading) -> Verdict:
    if not _same_name(one, other) or one.sex is None or one.sex != other.sex:
        return Verdict(Kind.DIFFERENT, Rule.NOTHING)
    if one.birth_date is None or other.birth_date is None:
        return Verdict(Kind.DIFFERENT, Rule.NOTHING)
    place = _same_village(one, other)
    if one.birth_date == other.birth_date:
        if place:
            return Verdict(Kind.SAME, Rule.NAME_BIRTH_SEX_PLACE, if_unique=True)
        return Verdict(Kind.LIKELY, Rule.NAME_BIRTH_SEX)
    if place and one.birth_date == swapped(other.birth_date):
        return Verdict(Kind.LIKELY, Rule.NAME_SWAPPED_DAY)
    return Verdict(Kind.DIFFERENT, Rule.NOTHING)


def swapped(day: dt.date) -> dt.date | None:
    """The date with day and month swapped; None when that is no date."""
    return dt.date(day.year, day.day, day.month) if day.day <= 12 else None


def _same_name(one: Reading, other: Reading) -> bool:
    return bool(one.name) and one.name == other.name


def _contradicted(one: Reading, other: Reading) -> bool:
    """Whether birth or sex, where both are known, speak against it; of a birth, all but a slip of day and month."""
    if one.sex and other.sex and one.sex != other.sex:
        return True
    if one.birth_date is None or other.birth_date is None:
        return False
    return one.birth_date != other.birth_date and one.birth_date != swapped(other.birth_date)


def _same_village(one: Reading, other: Reading) -> bool:
    return one.residence is not None and len(one.residence) == _VILLAGE and one.residence == other.residence
