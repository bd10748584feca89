"""The population as charts: ages and sexes, parts of a whole, and how many there were month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from songhe.common.text import Text, say
from songhe.pages.charts import Band, Mark, Pyramid, Shares, Trend
from songhe.registry.counting import AGES, UNDER, UNKNOWN
from songhe.registry.population import Structure
from songhe.registry.words import in_words

_RELIEF = {
    "tekun": say("特困", "tekun"),
    "dibao": say("低保", "dibao"),
    "low_income": say("低收入家庭", "low-income family"),
    "none": say("都不是", "none of these"),
}
# What the register can be asked for.
_LISTED = ("living", "ability")
_FACTS = {"living": "living", "ability": "ability", "hukou": "hukou_type"}
_VALUES: Mapping[str, tuple[str, ...]] = {
    "living": ("alone", "empty_nest_couple", "left_behind", "with_children", "institution", "homeless"),
    "ability": ("intact", "mild", "moderate", "severe", "complete"),
    "hukou": ("urban", "rural"),
    "relief": tuple(_RELIEF),
}
TITLES: Mapping[str, Text] = {
    "living": say("居住状况", "Living situation"),
    "ability": say("能力等级", "Ability"),
    "hukou": say("城乡户籍", "Urban or rural registration"),
    "relief": say("社会救助", "Social relief"),
}
UNSAID = say("未知", "not known")
_PEOPLE = say("人数", "People")


def pyramid_of(counted: Structure) -> Pyramid:
    bands = [Band(_band(age), counted.get(f"age.F.{age}"), counted.get(f"age.M.{age}")) for age in AGES]
    about = say(
        f"{counted.people:,}人，女{counted.of('age.F.'):,}人，男{counted.of('age.M.'):,}人。",
        f"{counted.people:,} people: {counted.of('age.F.'):,} women, {counted.of('age.M.'):,} men.",
    )
    sides = (say("女", "Women"), say("男", "Men"))
    title, column = say("年龄和性别", "Age and sex"), say("年龄", "Age")
    return Pyramid(name="pyramid", title=title, about=about, column=column, bands=bands, sides=sides)


def _band(age: int) -> str:
    return f"{age}+" if age == AGES[-1] else f"{age}–{age + 4}"


def beside_the_bands(counted: Structure) -> Text | None:
    """Those whom the pyramid does not show, and why."""
    under = counted.get(f"age.F.{UNDER}") + counted.get(f"age.M.{UNDER}") + counted.of(f"age.{UNKNOWN}.{UNDER}")
    undated = sum(counted.get(f"age.{sex}.{UNKNOWN}") for sex in ("F", "M", UNKNOWN))
    sexless = (
        counted.of(f"age.{UNKNOWN}.") - counted.get(f"age.{UNKNOWN}.{UNKNOWN}") - counted.get(f"age.{UNKNOWN}.{UNDER}")
    )
    told = [
        (under, "不满60岁", "under 60"),
        (undated, "出生日期未知", "without a birth date"),
        (sexless, "性别未知", "whose sex is not known"),
    ]
    zh = "，".join(f"{name}{number:,}人" for number, name, _ in told if number)
    en = ", ".join(f"{number:,} {name}" for number, _, name in told if number)
    return say(f"图中未列：{zh}。", f"Not shown: {en}.") if zh else None


def shares_of(counted: Structure, group: str, people: Callable[..., str] | None = None) -> Shares:
    """`people` gives the address of those of a value, where the register can be asked for them."""
    listed = people if group in _LISTED else None
    marks = [
        Mark(
            _word(group, value),
            counted.get(f"{group}.{value}"),
            href=listed(life="alive", **{group: value}) if listed else "",
        )
        for value in _VALUES[group]
    ]
    unsaid = listed(life="alive", unknown=group) if listed else ""
    marks.append(Mark(UNSAID, counted.get(f"{group}.{UNKNOWN}"), href=unsaid))
    return Shares(name=f"share-{group}", title=TITLES[group], column=TITLES[group], value=_PEOPLE, marks=marks)


def _word(group: str, value: str) -> Text:
    return _RELIEF[value] if group == "relief" else in_words(_FACTS[group], value)


def oldest(counted: Structure) -> int:
    """Those of 80 and more."""
    return sum(counted.get(f"age.{sex}.{age}") for sex in ("F", "M", UNKNOWN) for age in AGES if age >= 80)


def trend_of(counts: Sequence[Structure], months: Sequence[tuple[int, int]], *, name: str, title: Text) -> Trend:
    """People month by month; with `oldest` in the name, those of 80 and more. A month without a count is a gap."""
    by_month = {(one.day.year, one.day.month): one for one in counts}
    marks = []
    for month in months:
        one = by_month.get(month)
        number = None if one is None else oldest(one) if name == "oldest" else one.people
        marks.append(Mark(f"{month[0]}-{month[1]:02d}", number))
    return Trend(name=name, title=title, column=say("月份", "Month"), value=_PEOPLE, marks=marks)
