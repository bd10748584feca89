"""All that one person is owed on a day: three groups, what is missing, and what changes next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from songhe.common.days import age_reached_on, next_birthday, write_day
from songhe.common.text import Text, say
from songhe.decision.person import ENTITLED, NOT_ENTITLED
from songhe.policy.package import Package
from songhe.policy.phrases import value_in_words
from songhe.portal.answers import Answers
from songhe.portal.items import ANSWERS, UNDECIDED, Change, Item, Reader
from songhe.portal.questions import Question, questions_for

FIRST_FEW = 5


@dataclass(frozen=True)
class Group:
    id: str
    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Missing:
    """A question that undecided items wait for, and how many."""

    question: Question
    items: int


@dataclass(frozen=True)
class Next:
    """The next day on which anything changes, with the items that do."""

    day: dt.date
    age: int | None
    changes: tuple[tuple[Item, Change], ...]


@dataclass(frozen=True)
class Given:
    """An answer as it was understood."""

    label: Text
    value: Text


@dataclass(frozen=True)
class Result:
    groups: tuple[Group, Group, Group]
    missing: tuple[Missing, ...]
    next: Next | None
    birthday: tuple[dt.date, int] | None
    given: tuple[Given, ...]
    unanswered: int
    notices: tuple[Text, ...]

    @property
    def owed(self) -> Group:
        return self.groups[0]

    @property
    def further(self) -> int:
        """How many missing facts stand below the first few."""
        return max(0, len(self.missing) - FIRST_FEW)

    @property
    def undecided(self) -> Group:
        return self.groups[1]


def make_result(package: Package, day: dt.date, answers: Answers) -> Result:
    questions = {question.name: question for question in questions_for(package)}
    items = Reader(package, day, answers.facts, questions).items()
    groups = group(items)
    given = tuple(
        Given(question.fact.label, value_in_words(name, answers.facts[name], package, day))
        for name, question in questions.items()
        if name in answers.facts
    )
    return Result(
        groups=groups,
        missing=count_missing(groups[1].items),
        next=find_next(items, answers.birth),
        birthday=next_birthday(answers.birth, day) if answers.birth else None,
        given=given,
        unanswered=len(questions) - len(given),
        notices=notices_for(package, day),
    )


def group(items: list[Item]) -> tuple[Group, Group, Group]:
    """Owed, not yet decided, not owed."""
    owed = tuple(item for item in items if item.answer == ENTITLED)
    refused = tuple(item for item in items if item.answer == NOT_ENTITLED)
    rest = tuple(item for item in items if item.answer not in (ENTITLED, NOT_ENTITLED))
    return (
        Group("owed", ANSWERS[ENTITLED], owed),
        Group("undecided", UNDECIDED, rest),
        Group("not-owed", ANSWERS[NOT_ENTITLED], refused),
    )


def count_missing(items: tuple[Item, ...]) -> tuple[Missing, ...]:
    """The missing facts, those that most items wait for first."""
    counts: Counter[str] = Counter(question.name for item in items for question in item.missing)
    questions = {question.name: question for item in items for question in item.missing}
    return tuple(Missing(questions[name], number) for name, number in counts.most_common())


def find_next(items: list[Item], birth: dt.date | None) -> Next | None:
    changing = [(item, item.change) for item in items if item.change]
    if not changing:
        return None
    day = min(change.day for _, change in changing)
    return Next(
        day,
        age_reached_on(birth, day),
        tuple((item, change) for item, change in changing if change.day == day),
    )


def notices_for(package: Package, day: dt.date) -> tuple[Text, ...]:
    """What the document's own dates say about the day asked for."""
    document, notices = package.document, []
    if document.signed and day < document.signed:
        signed = write_day(document.signed)
        notices.append(
            say(
                f"这一天早于文件的签发日期（{signed.zh}），当时文件还没有效力。",
                f"This day lies before the document was signed ({signed.en}); it had no force then.",
            )
        )
    if document.in_force.end and day > document.in_force.end:
        end = write_day(document.in_force.end)
        notices.append(say(f"文件的有效期到{end.zh}为止。", f"The document was in force until {end.en}."))
    elif document.plan_period and document.plan_period.end and day > document.plan_period.end:
        end = write_day(document.plan_period.end)
        notices.append(
            say(
                f"文件的计划期到{end.zh}为止，这一天在计划期之后；是否继续适用，请看文件说明或问受理部门。",
                f"The plan ran until {end.en} and this day lies after it; see the document’s notes or ask.",
            )
        )
    return tuple(notices)
