"""What somebody answered: read from the form, checked, never kept."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from songhe.common.days import DayProblem, age_on, read_day, write_day
from songhe.common.text import Text, say
from songhe.policy.package import Package
from songhe.portal.questions import YES, Question, division_code, questions_for
from songhe.rules.vocabulary import Value

LONGEST_ANSWER = 60
OLDEST = 130
_SUM = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?")
_ID_NUMBER = re.compile(r"\d{17}[\dXx]|\d{15}")


@dataclass(frozen=True)
class Answers:
    """`raw` are the answers as written, by fact; `facts` those that could be read; `problems` what is wrong."""

    raw: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Value] = field(default_factory=dict)
    problems: Mapping[str, Text] = field(default_factory=dict)

    @property
    def birth(self) -> dt.date | None:
        value = self.facts.get("birth_date")
        return value if isinstance(value, dt.date) else None


class AnswerProblem(ValueError):
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read_answers(posted: Mapping[str, str], package: Package, day: dt.date) -> Answers:
    """The answers of a form; whatever cannot be read keeps its place with a plain error."""
    raw: dict[str, str] = {}
    facts: dict[str, Value] = {"alive": True}
    problems: dict[str, Text] = {}
    for question in questions_for(package):
        text = posted.get(question.name, "").strip()[:LONGEST_ANSWER]
        if not text:
            continue
        raw[question.name] = text
        try:
            value = _read(question, text, package)
        except (AnswerProblem, DayProblem) as problem:
            problems[question.name] = problem.text
            continue
        if value is not None:
            facts[question.name] = value
    if is_id_number(raw.get("birth_date", "")):
        # The number says more than was asked: it is not even shown again.
        del raw["birth_date"]
    _check_days(facts, day, problems)
    for name in problems:
        facts.pop(name, None)
    return Answers(raw, facts, problems)


def kept_answers(posted: Mapping[str, str], package: Package) -> dict[str, str]:
    """Every answer of a form that belongs to a person's fact, this city's question or not, to be handed on."""
    names = [fact.name for fact in package.subjects["person"].facts]
    texts = {name: posted.get(name, "").strip()[:LONGEST_ANSWER] for name in names}
    return {name: text for name, text in texts.items() if text and not is_id_number(text)}


def is_id_number(text: str) -> bool:
    return _ID_NUMBER.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def _read(question: Question, text: str, package: Package) -> Value | None:
    match question.kind:
        case "day":
            return _read_day(text)
        case "choice":
            return _read_choice(question, text, package)
        case "money":
            return _read_yuan(text)
        case _:
            return _read_number(text)


def _read_day(text: str) -> dt.date:
    if is_id_number(text):
        zh, en = "请只写日期，不要写身份证号码。", "Please write the date alone, not an ID number."
        raise AnswerProblem(say(zh, en))
    return read_day(text)


def _read_choice(question: Question, text: str, package: Package) -> Value | None:
    if text not in {choice.value for choice in question.choices}:
        raise AnswerProblem(say("请从列出的答案中选一个。", "Please choose one of the answers listed."))
    match question.fact.type:
        case "bool":
            return text == YES
        case "division":
            return division_code(text, question.name, package)
        case _:
            return text


def _read_yuan(text: str) -> int:
    plain = re.sub(r"[,\s]|元$|yuan$", "", unicodedata.normalize("NFKC", text).strip())
    match = _SUM.fullmatch(plain)
    if not match:
        raise AnswerProblem(say("请写金额，例如1200或1200.50（元）。", "Write a sum such as 1200 or 1200.50 (yuan)."))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _read_number(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"\d{1,9}", plain):
        raise AnswerProblem(say("请写一个整数。", "Please write a whole number."))
    return int(plain)


def _check_days(facts: Mapping[str, Value], day: dt.date, problems: dict[str, Text]) -> None:
    """Days that cannot be true together."""
    birth, moved = facts.get("birth_date"), facts.get("hukou_since")
    if isinstance(birth, dt.date):
        if problem := _birth_problem(birth, day):
            problems["birth_date"] = problem
        elif isinstance(moved, dt.date) and moved < birth:
            problems["hukou_since"] = say(
                "这一天早于出生日期，请核对。", "This day lies before the birth; please check."
            )
    start, end = facts.get("disability_certificate_from"), facts.get("disability_certificate_to")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        problems["disability_certificate_to"] = Text(
            zh="有效期的最后一天早于第一天，请核对是不是写反了。",
            en="The last day of validity lies before the first; are they swapped?",
        )


def _birth_problem(birth: dt.date, day: dt.date) -> Text | None:
    if birth > day:
        born, asked = write_day(birth), write_day(day)
        return Text(
            zh=f"出生日期{born.zh}晚于要看的日期{asked.zh}，请核对年份。",
            en=f"The birth date {born.en} lies after the date asked about, {asked.en}; please check the year.",
        )
    if (age := age_on(birth, day)) > OLDEST:
        return say(f"按这个日期已有{age}周岁，请核对年份。", f"This makes {age} years of age; please check the year.")
    return None
