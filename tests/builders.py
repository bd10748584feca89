"""Builders and strategies that the tests of deciding share: random rules, people and days, and packages on disk.

A `Question` is a batch: several conditions asked of several people on several days. Each back end answers it as a
whole, so that one example costs one statement.
"""

from __future__ import annotations

import atexit
import calendar
import datetime as dt
import functools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

from songhe.common.calendar import last_day, latest_birth_date
from songhe.common.text import Text
from songhe.decision.masks import TIER_MARK, VARIANT_MARK, mask_conditions
from songhe.decision.person import ENTITLED, NOT_ENTITLED, UNDETERMINED, make_decider
from songhe.policy.package import Package
from songhe.policy.rule import Rule
from songhe.rules import tree
from songhe.rules.amount import UNSET, worth
from songhe.rules.bits import bits_sql
from songhe.rules.dense import dense_sql
from songhe.rules.expression import Scope
from songhe.rules.figures import DatedFigure, Figures
from songhe.rules.person import Setting, Truth, compile_condition
from songhe.rules.vocabulary import Fact, Vocabulary

CITIES = ("suizhou-2023", "xinxiang-2022", "xianyang-2019", "dongying-2024", "qingtongxia-2023")
OVERLAYS = ("suizhou-reform-75", "suizhou-county-example", "qingtongxia-example", "xinxiang-county-example")
PACKAGES = CITIES + OVERLAYS

Answers = dict[tuple[str, int, int], Truth]
"""Truth by condition, position of the person and position of the day."""


def text(words: str) -> Text:
    return Text(zh=words, en=words)


# -- a small vocabulary, so that random rules and random people meet often

_FACTS = (
    Fact("birth_date", "date", text("birth")),
    Fact("since", "date", text("since")),
    Fact("dibao", "bool", text("dibao")),
    Fact("alone", "bool", text("alone")),
    Fact("grade", "code", text("grade"), ("none", "1", "2")),
    Fact("income", "money", text("income")),
    Fact("rooms", "int", text("rooms")),
    Fact("floor_area", "decimal", text("floor area")),
    Fact("home", "division", text("home")),
)
VOCABULARY = Vocabulary("person", {fact.name: fact for fact in _FACTS})
PARAMETERS = {"old_age": "age", "cap": "money", "few": "count", "ratio": "number", "start": "date"}
SCOPE = Scope(VOCABULARY, PARAMETERS)

_AMOUNTS = (0, 1, 2, 3, 2**53, 2**53 + 1, 2**63 - 1)
_NUMBERS = tuple(map(Decimal, ("0", "0.5", "1", "1.25", "3")))
_AGES = (0, 1, 18, 60, 79, 80, 150)
_DIVISIONS = (
    "42", "4213", "41", "420000", "421300", "421303", "421399", "411400",
    "421303001", "421303000", "421303001005", "421303001000", "420000000000",
)  # fmt: skip


# -- random days and facts

_days = st.dates(dt.date(2019, 1, 1), dt.date(2028, 12, 31))
_leap_days = st.sampled_from([dt.date(year, 2, 29) for year in (1904, 1940, 1944, 1964, 2000, 2024)])


@st.composite
def ordered_days(draw: st.DrawFn) -> list[dt.date]:
    """1 to 62 days in order: ends of months, days strewn about, or the days around 29 February."""
    match draw(st.sampled_from(["month ends", "strewn", "end of February"])):
        case "month ends":
            first = draw(st.integers(2019 * 12, 2026 * 12))
            count = draw(st.sampled_from([1, 2, 5, 13, 62]))
            return [last_day(month // 12, month % 12 + 1) for month in range(first, first + count)]
        case "strewn":
            return sorted(draw(st.lists(_days, min_size=1, max_size=8, unique=True)))
        case _:
            year = draw(st.sampled_from([2000, 2023, 2024, 2025, 2028, 2100]))
            return [dt.date(year, 2, 26) + dt.timedelta(days=n) for n in range(draw(st.integers(1, 6)))]


def _shifted(day: dt.date, years: int, days: int) -> dt.date:
    moved = latest_birth_date(day, years) or day
    return moved + dt.timedelta(days=days)


def _dates(days: Sequence[dt.date], years: Sequence[int]) -> st.SearchStrategy[dt.date]:
    """Dates on, just before and just after the days and their anniversaries; and any others."""
    near = st.builds(_shifted, st.sampled_from(days), st.sampled_from(years), st.integers(-1, 1))
    strange = st.sampled_from([dt.date(1, 1, 1), dt.date(9999, 12, 31)])
    return st.one_of(near, near, _leap_days, st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)), strange)


def people(days: Sequence[dt.date]) -> st.SearchStrategy[dict[str, Any]]:
    """A person of whom anything may be unknown: a missing fact and a null are the same."""
    known: dict[str, st.SearchStrategy[Any]] = {
        "birth_date": _dates(days, _AGES),
        "since": _dates(days, (0, 1)),
        "dibao": st.booleans(),
        "alone": st.booleans(),
        "grade": st.sampled_from(VOCABULARY.facts["grade"].values),
        "income": st.sampled_from(_AMOUNTS),
        "rooms": st.sampled_from(_AMOUNTS),
        "floor_area": st.sampled_from(_NUMBERS),
        "home": st.sampled_from(_DIVISIONS),
    }
    return st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in known.items()})


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Every parameter with values that come, go and come back, and with days on which there is none."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "old_age": st.sampled_from(_AGES),
        "cap": st.sampled_from(_AMOUNTS),
        "few": st.sampled_from(_AMOUNTS[:4]),
        "ratio": st.sampled_from(_NUMBERS),
        "start": _days,
    }
    return Figures({id: draw(_dated(value)) for id, value in values.items()})


@st.composite
def _dated(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> tuple[DatedFigure, ...]:
    cuts = sorted(draw(st.lists(_days, max_size=3, unique=True)))
    starts = [None, *cuts]
    ends = [*(cut - dt.timedelta(days=1) for cut in cuts), None]
    periods = [(start, end) for start, end in zip(starts, ends, strict=True) if draw(st.integers(0, 3))]
    return tuple(DatedFigure(draw(values), start, end) for start, end in periods)


# -- random conditions

_ORDER = ("=", "<>", "<", "<=", ">", ">=")
_BECAUSE = text("the author says so")


def _compare(fact: str, values: Iterable[Any], *parameters: str) -> st.SearchStrategy[tree.Node]:
    literals = st.builds(tree.Literal, st.sampled_from(list(values)))
    operands = st.one_of(literals, *(st.just(tree.ParameterRef(id)) for id in parameters))
    return st.builds(tree.Compare, st.just(fact), st.sampled_from(_ORDER), operands)


_periods = st.tuples(st.none() | _days, st.none() | _days | st.just(dt.date.max)).map(
    lambda ends: tree.Period(*ends) if None in ends else tree.Period(*sorted(ends))
)
_pure_leaves: tuple[st.SearchStrategy[tree.Node], ...] = (
    st.builds(tree.Flag, st.sampled_from(["dibao", "alone"])),
    st.builds(tree.AgeReached, st.builds(tree.Literal, st.sampled_from(_AGES))),
    st.builds(tree.DayCompare, st.sampled_from(["since", "birth_date"]), st.sampled_from(_ORDER[:1] + _ORDER[2:])),
    st.builds(tree.FactCompare, st.just("since"), st.sampled_from(_ORDER), st.just("birth_date")),
    st.builds(tree.Member, st.just("grade"), st.sampled_from([("1",), ("1", "2"), ("none", "2")])),
    st.builds(tree.Within, st.just("home"), st.sampled_from(_DIVISIONS)),
    _compare("grade", ["none", "1"]).filter(lambda node: node.op in ("=", "<>")),
    _compare("income", _AMOUNTS),
    _compare("rooms", _AMOUNTS),
    _compare("floor_area", _NUMBERS),
    _compare("since", [dt.date(2024, 2, 29), dt.date(2022, 1, 1)]),
    st.builds(tree.Constant, st.booleans()),
    _periods,
)
_figure_leaves: tuple[st.SearchStrategy[tree.Node], ...] = (
    st.builds(tree.AgeReached, st.just(tree.ParameterRef("old_age"))),
    _compare("income", [1], "cap"),
    _compare("rooms", [1], "few", "ratio"),
    _compare("floor_area", [Decimal(1)], "ratio", "few"),
    _compare("since", [dt.date(2024, 2, 29)], "start"),
)
_knowing_leaves = (st.builds(tree.Known, st.sampled_from(list(VOCABULARY.facts))),)


def conditions(
    *, pure: bool = False, shared: Sequence[tree.Node] = (), max_leaves: int = 8
) -> st.SearchStrategy[tree.Node]:
    """Any checked tree over the small vocabulary.

    A *pure* one has neither open terms, nor parameters, nor parts that ask whether a fact is known or read an unknown
    one in the author's way. `shared` are parts that may occur, as terms do.
    """
    leaves = _pure_leaves if pure else (*_pure_leaves, *_figure_leaves, *_knowing_leaves)
    named = (st.sampled_from(shared),) * 4 if shared else ()

    def joined(part: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
        parts = st.lists(part, min_size=1, max_size=3).map(tuple)
        plain = (st.builds(tree.All, parts), st.builds(tree.Any, parts), st.builds(tree.Not, part))
        if pure:
            return st.one_of(*plain)
        return st.one_of(
            *plain,
            st.builds(tree.Assume, part, st.booleans(), st.just(_BECAUSE)),
            st.builds(tree.Open, st.just("open"), part, part),
            st.builds(tree.Noted, part, label=st.none() | st.just(_BECAUSE)),
        )

    return st.recursive(st.one_of(*leaves, *named), joined, max_leaves=max_leaves)


def term(name: str, part: tree.Node) -> tree.Node:
    return tree.Noted(part, label=text(name), term=name, kind="term")


# -- questions and the back ends that answer them


@dataclass(frozen=True)
class Question:
    """Conditions asked of people on days; `facts` are those that the population has a column for."""

    conditions: Mapping[str, tree.Node]
    people: Sequence[Mapping[str, Any]]
    days: Sequence[dt.date]
    figures: Figures
    facts: Sequence[Fact] = field(default=_FACTS, repr=False)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Conditions that share terms, people and days."""
    days = draw(ordered_days())
    terms = [term(f"t{number}", part) for number, part in enumerate(draw(st.lists(conditions(), max_size=2)))]
    nodes = draw(st.lists(conditions(shared=terms), min_size=2, max_size=5))
    named = {f"SZ-{number}#x~{number}": node for number, node in enumerate(nodes)}
    return Question(named, draw(st.lists(people(days), min_size=3, max_size=8)), days, draw(figures()))


def answer_by_person(question: Question) -> Answers:
    answers: Answers = {}
    for step, day in enumerate(question.days):
        for name, node in question.conditions.items():
            truth = compile_condition(node, Setting(day, question.figures)).truth
            answers.update({(name, id, step): truth(facts) for id, facts in enumerate(question.people)})
    return answers


def dense_statement(question: Question, dialect: str = "duckdb") -> str:
    return dense_sql(
        question.conditions, days=question.days, figures=question.figures, population="people", dialect=dialect
    )


def read_dense_rows(question: Question, rows: Iterable[Sequence[Any]]) -> Answers:
    """Rows of the dense form: id, step and one answer for each condition."""
    return {
        (name, id, step): truth
        for id, step, *truths in rows
        for name, truth in zip(question.conditions, truths, strict=True)
    }


def answer_by_dense(question: Question) -> Answers:
    rows = _database(question).execute(dense_statement(question)).fetchall()
    return read_dense_rows(question, rows)


def answer_by_bits(question: Question) -> Answers:
    statement = bits_sql(question.conditions, days=question.days, figures=question.figures, population="people")
    answers: Answers = {}
    for id, *masks in _database(question).execute(statement).fetchall():
        for name, true, unknown in zip(question.conditions, masks[::2], masks[1::2], strict=True):
            assert true & unknown == 0 and (true | unknown) >> len(question.days) == 0
            for step in range(len(question.days)):
                answers[name, id, step] = None if unknown >> step & 1 else bool(true >> step & 1)
    return answers


def differences(left: Mapping[Any, Any], right: Mapping[Any, Any]) -> dict[Any, Any]:
    """What two back ends answer differently; empty is what a test wants."""
    keys = dict.fromkeys([*left, *right])
    return {key: (left.get(key, "-"), right.get(key, "-")) for key in keys if left.get(key, "-") != right.get(key, "-")}


def decide(node: tree.Node, facts: Mapping[str, Any], day: dt.date, figures: Figures | None = None) -> Truth:
    return compile_condition(node, Setting(day, figures or Figures())).truth(facts)


@functools.cache
def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    atexit.register(connection.close)
    return connection


def _database(question: Question) -> duckdb.DuckDBPyConnection:
    connection = _connection()
    connection.register("people", population_table(question))
    return connection


_ARROW_TYPES = {
    "date": pa.date32(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "money": pa.int64(),
    "decimal": pa.decimal128(18, 4),
    "code": pa.string(),
    "division": pa.string(),
}


def population_table(question: Question) -> pa.Table:
    """The people with their position as `id` and a typed column for each fact."""
    columns = {"id": pa.array(range(len(question.people)), pa.int64())}
    for fact in question.facts:
        values = [facts.get(fact.name) for facts in question.people]
        columns[fact.name] = pa.array(values, _ARROW_TYPES[fact.type])
    return pa.table(columns)


# -- whole packages


def package_question(package: Package, people: Sequence[Mapping[str, Any]], days: Sequence[dt.date]) -> Question:
    """Everything that a run asks of a population: items, their variants and their tiers."""
    rules = package.rules_for("person")
    facts = list(package.vocabularies["person"].facts.values())
    return Question(mask_conditions(rules), people, days, package.figures, facts)


Outcome = tuple[str, str | None, Any]
"""Answer, variant and, where the item is owed, kind and fen of the amount."""


def outcomes_by_decider(package: Package, question: Question) -> dict[tuple[str, int, int], Outcome]:
    found: dict[tuple[str, int, int], Outcome] = {}
    for step, day in enumerate(question.days):
        decider = make_decider(package, day)
        for id, facts in enumerate(question.people):
            for decision in decider.decide(facts):
                amount = (decision.amount.kind, decision.amount.fen) if decision.is_owed else None
                found[decision.rule.id, id, step] = (decision.answer, decision.variant, amount)
    return found


def outcomes_by_masks(package: Package, question: Question, answers: Answers) -> dict[tuple[str, int, int], Outcome]:
    """What the columns of a run say, read as a run is read: the first variant that holds, the tier that holds."""
    words = {True: ENTITLED, False: NOT_ENTITLED, None: UNDETERMINED}
    found: dict[tuple[str, int, int], Outcome] = {}
    for rule in package.rules_for("person"):
        for step, day in enumerate(question.days):
            for id in range(len(question.people)):
                truth = answers[rule.id, id, step]
                variant = _variant(rule, answers, id, step) if truth else None
                amount = _amount(rule, answers, id, step, day, package) if truth else None
                found[rule.id, id, step] = (words[truth], variant, amount)
    return found


def _variant(rule: Rule, answers: Answers, id: int, step: int) -> str | None:
    for variant in rule.variants:
        truth = answers[f"{rule.id}{VARIANT_MARK}{variant.variant.id}", id, step]
        if truth is not False:
            return variant.variant.id if truth else None
    return None


def _amount(rule: Rule, answers: Answers, id: int, step: int, day: dt.date, package: Package) -> tuple[str, int | None]:
    if rule.amount.kind != "value":
        return rule.amount.kind, None
    tiers = [
        tier.money
        for number, tier in enumerate(rule.amount.tiers, start=1)
        if answers[f"{rule.id}{TIER_MARK}{number}", id, step]
    ]
    money = rule.amount.money or (tiers[0] if tiers else None)
    amount = worth(money, day, package.figures) if money else UNSET
    assert len(tiers) <= 1
    return amount.kind, amount.fen


def random_people(
    vocabulary: Vocabulary, seed: int, count: int, days: Sequence[dt.date], area: str
) -> list[dict[str, Any]]:
    """People of a city of whom a fifth of everything is unknown, old, and close to the days that matter."""
    source = random.Random(seed)
    return [
        {
            name: _random_value(fact, source, days, area)
            for name, fact in vocabulary.facts.items()
            if source.random() < 0.8 or name == "alive"
        }
        for _ in range(count)
    ]


def _random_value(fact: Fact, source: random.Random, days: Sequence[dt.date], area: str) -> Any:
    day = source.choice(days)
    match fact.type:
        case "bool":
            return source.random() < (0.9 if fact.name == "alive" else 0.5)
        case "code":
            return source.choice(fact.values)
        case "division":
            return source.choice(
                [area, area, area + "01", area + "01001", area[:4] + "00", area[:2] + "0000", "110000"]
            )
        case "date" if fact.name == "birth_date":
            return _shifted(day, source.choice([55, 59, 60, 65, 70, 75, 80, 85, 90, 95, 100]), source.randint(-40, 40))
        case "date" if fact.name == "death_date":
            return _shifted(day, 0, source.randint(-60, 60)) if source.random() < 0.2 else None
        case "date":
            return _shifted(day, source.choice([0, 0, 1, 5]), source.randint(-60, 60))
        case _:
            return source.choice([0, 1, 50_000, 80_000, 120_000])


def month_ends(first: str, count: int) -> list[dt.date]:
    """The last days of months from `2024-01` on."""
    year, month = map(int, first.split("-"))
    numbers = range(year * 12 + month - 1, year * 12 + month - 1 + count)
    return [dt.date(n // 12, n % 12 + 1, calendar.monthrange(n // 12, n % 12 + 1)[1]) for n in numbers]


def area_of(package: Package) -> str:
    """The division code that a package speaks for."""
    documents = [document.city for document in reversed(package.documents) if document.city]
    return documents[0].division[:6] if documents else "421300"


# -- packages on disk

SMALL = {
    "document": """\
id: small
title: {zh: 小城办法, en: Rules of a small city}
""",
    "clauses": """\
- id: S-1
  place: 第一条
  kind: entitlement
  text: {zh: 八十岁以上的低保老人领取津贴, en: An allowance from 80 on in dibao families}
  capability: benefits
- id: S-2
  place: 第二条
  kind: figure
  text: {zh: 津贴每月不低于一百元, en: The allowance is 100 yuan a month or more}
  capability: benefits
- id: S-3
  place: 第三条
  kind: principle
  text: {zh: 尊重老年人, en: Older people are respected}
  capability: benefits
  tracked: principle
- id: S-4
  place: 第四条
  kind: standard
  text: {zh: 百人配一名护理员, en: One carer for a hundred beds}
  capability: institutions
""",
    "parameters": """\
- id: allowance
  name: {zh: 津贴, en: allowance}
  type: money
  unit: 元/月
  clauses: [S-2]
  floor:
    - {from: 2023-01-01, value: 100元}
  values:
    - {from: 2024-01-01, to: 2024-12-31, value: 120元}
    - {from: 2025-01-01, value: 130元}
- id: old_age
  name: {zh: 起发年龄, en: age of the allowance}
  type: age
  clauses: [S-1]
  values:
    - {value: 80}
""",
    "terms": """\
- id: 年老
  name: {zh: 年老, en: old}
  is: age >= old_age
- id: 困难
  name: {zh: 困难, en: in hardship}
  surely:
    use: 低保
  surely_not: tekun = 'none' AND low_income_family = false
  clauses: [S-1]
- id: 低保
  name: {zh: 低保, en: dibao}
  convention: inclusive-bounds
  is: dibao
""",
    "entitlements": """\
- id: S-ITEM
  name: {zh: 高龄津贴, en: old-age allowance}
  what: {zh: 按月发放, en: paid monthly}
  clauses: [S-1]
  who:
    all:
      - use: 年老
      - any:
          - use: 困难
          - disability_grade IN ('1', '2')
      - {test: "within(hukou, '421300')", clause: S-1, convention: inclusive-bounds}
  amount:
    value: allowance
    unit: 元/月
- id: S-TIERS
  name: {zh: 分档津贴, en: allowance by tiers}
  what: {zh: 按档发放, en: paid by tiers}
  clauses: [S-1]
  who: age >= 60
  variants:
    - {id: full, name: {zh: 全额, en: full}, when: dibao}
    - {id: half, name: {zh: 半额, en: half}, when: low_income_family}
  amount:
    unit: 元/月
    tiers:
      - {when: age >= 90, value: allowance * 2}
      - {when: age >= old_age, value: allowance}
""",
    "standards": """\
- id: S-STANDARD
  name: {zh: 护理员配备, en: carers}
  requirement: {zh: 百张床一名护理员, en: one carer for a hundred beds}
  subject: institution
  clauses: [S-4]
  applies: running
  actual: carers
  required: actual_beds / 100
""",
}
"""A small package that is right in every file, for tests that break one line of it."""


def write_package(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A package folder with the text of each file by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.yaml").write_bytes(data)
    return folder
