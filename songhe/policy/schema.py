"""The shape of a policy package's files, as typed models.

Files hold data only; see `songhe/policies/README.md` for the format in words.
Money is written `100元` and held in integer fen; a percentage is written `20%`
and held in basis points (1/100 of a percentage point).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from songhe.common.text import Text
from songhe.policy.indicator import Indicator as Indicator
from songhe.policy.indicator import Target as Target

Identifier = Annotated[str, Field(min_length=1)]


class Entry(BaseModel):
    """Base of everything in a package: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class City(Text):
    """The place a package speaks for, with its GB/T 2260 code."""

    division: str = Field(pattern=r"^\d{2}(\d{2}){0,2}$")


class Period(Entry):
    """Days from `from` to `to`, both included; a missing end is open."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    start: dt.date | None = Field(default=None, alias="from")
    end: dt.date | None = Field(default=None, alias="to")

    def contains(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Document(Entry):
    """`document.yaml`: the policy document a package carries (政策文件)."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    city: City | None = None
    extends: str | None = None
    status: Literal["document", "national", "example"] = "document"
    number: str | None = None
    index_number: str | None = None
    issuer: Text | None = None
    signed: dt.date | None = None
    published: dt.date | None = None
    in_force: Period = Period()
    plan_period: Period | None = None
    clause_count: int | None = None
    # The day that stands for a month (按月的项目看哪一天): its last, its first, or the last of the month before.
    # A package that does not say takes it from what it extends.
    month_decided_by: Literal["last_day", "first_day", "month_before"] | None = None
    incomplete: Text | None = None
    note: Text | None = None


class Clause(Entry):
    """`clauses.yaml`: one obligation of the document, paraphrased (条款)."""

    id: Identifier
    place: str
    kind: str
    text: Text
    capability: str
    function: str | None = None
    value: str | None = None
    unit: str | None = None
    comparator: Literal[">=", "<=", "=", ">", "<", "~"] | None = None
    deadline: str | None = None
    scope: str | None = None
    who: str | None = None
    lead: str | None = None
    others: str | None = None
    note: str | None = None
    tracked: str | Text | None = None


class DatedValue(Period):
    """A parameter's value over a period of days, with where it comes from."""

    value: str | int
    source: Text | None = None


class Parameter(Entry):
    """`parameters.yaml`: a figure that rules read by date (参数). A floor is not an amount."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    type: Literal["money", "percent", "age", "count", "number", "date"]
    unit: str | None = None
    clauses: list[str] = []
    values: list[DatedValue] = []
    floor: list[DatedValue] = []
    note: Text | None = None


class Term(Entry):
    """`terms.yaml`: a word that conditions use; *open* until a package says what it is (术语)."""

    id: Identifier
    name: Text
    subject: str = "person"
    definition: Any = Field(default=None, alias="is")
    surely: Any = None
    surely_not: Any = None
    clauses: list[str] = []
    convention: str | None = None
    note: Text | None = None


class Tier(Entry):
    """One step of an amount that depends on the person (档次)."""

    when: Any
    value: str


class Amount(Entry):
    """What an entitlement pays: nothing, an unwritten sum, or an expression over parameters."""

    kind: Literal["none", "unset", "value"] = "value"
    value: str | None = None
    tiers: list[Tier] = []
    unit: str | None = None


class Variant(Entry):
    """A level of an entitlement, such as half price or free (档)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    when: Any


class PaidFrom(Entry):
    """From which month on a grant pays (自哪个月起发放), and what says so: clauses, or a reason of its own."""

    month: Literal["applied", "decided", "after_decided"]
    clauses: list[str] = []
    because: Text | None = None

    @model_validator(mode="after")
    def _rests_on_something(self) -> Self:
        if not self.clauses and self.because is None:
            raise ValueError("it rests on nothing: cite clauses, or say because")
        return self


class Entitlement(Entry):
    """`entitlements.yaml`: what somebody may have, and who (服务项目)."""

    id: Identifier
    name: Text
    what: Text
    who: Any
    clauses: list[str] = Field(min_length=1)
    subject: str = "person"
    category: Literal["universal", "special", "extension"] | None = None
    service_type: Literal["material", "care", "concern", "consultation"] | None = None
    variants: list[Variant] = []
    amount: Amount
    lead: list[str] = []
    cooperating: list[str] = []
    delivery: Literal["offer", "invite", "apply"] = "apply"
    paid_from: PaidFrom | None = None
    in_force: Period = Period()
    note: Text | None = None


class Unit(Entry):
    """`units.yaml`: a unit that the document names as responsible (责任单位), as it writes it.

    A collective name (`each`) means every county or town of the city; `city` is the place the document speaks for.
    """

    name: Identifier
    level: Literal["city", "county", "town", "open"] = "city"
    each: Literal["county", "town"] | None = None
    # Whether a collective name means the management committees (管委会) as well.
    committees: bool = False
    is_civil_affairs: bool = False
    open: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _each_is_its_level(self) -> Self:
        if self.each is not None and self.each != self.level:
            raise ValueError(f"each {self.each} stands on the level {self.each}, not {self.level}")
        if self.level == "open" and self.open is None:
            raise ValueError("the level is open: say in `open` what the document leaves unclear")
        return self


class Milestone(Entry):
    """A dated step inside one task."""

    text: Text
    deadline: Deadline
    clause: str | None = None


class Deadline(Entry):
    """A due date as precise as the document is; `continuing` stays open after its milestones."""

    text: str | None = None
    date: dt.date | None = None
    precision: Literal["day", "month", "year", "none"] = "none"
    continuing: bool = False


class Task(Entry):
    """`tasks.yaml`: what units promised to do (任务); `breaks_off` says where its own sentence stops in the middle."""

    id: Identifier
    name: Text
    clauses: list[str] = Field(min_length=1)
    deadline: Deadline = Deadline()
    milestones: list[Milestone] = []
    year: int | None = None
    row: str | None = None
    lead: list[str] = []
    cooperating: list[str] = []
    breaks_off: Text | None = None
    note: Text | None = None


class Standard(Entry):
    """`standards.yaml`: what an estate, institution or area must have (标准)."""

    id: Identifier
    name: Text
    subject: Literal["estate", "estate_pool", "institution", "area", "person"]
    clauses: list[str] = Field(min_length=1)
    applies: Any = None
    actual: str | None = None
    required: str | None = None
    met_when: Any = None
    compare: Literal["at_least", "at_most", "equal"] = "at_least"
    unit: str | None = None
    requirement: Text
    make_up: list[Text] = []
    counted: str | None = None
    amount: Amount | None = None
    lead: list[str] = []
    note: Text | None = None


class Reading(Entry):
    """One side of a contradiction: what this clause says."""

    clause: Identifier
    says: Text
    value: str | None = None


class Conflict(Entry):
    """`conflicts.yaml`: a contradiction, all readings shown and none preferred (矛盾)."""

    id: Identifier
    about: Text
    readings: list[Reading] = Field(min_length=2)
    effect: Text | None = None


class Case(Entry):
    """`cases.yaml`: a golden case, one subject on one day (算例)."""

    id: Identifier
    title: Text
    on: dt.date
    subject: str = "person"
    facts: dict[str, Any]
    expect: dict[str, Any] = Field(min_length=1)


class Convention(Entry):
    """`conventions.yaml`: how a text is read where it does not say (阅读惯例)."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: Text
    text: Text
    source: Text
    matters: Literal["always", "when_false", "at_bound", "birthday", "leap_day", "month"] = "always"


class Reason(Entry):
    """`reasons.yaml`: why a clause is tracked as a task instead of being computed."""

    id: Identifier
    text: Text


class FactValue(Entry):
    """One value of a coded fact, with its label."""

    value: str
    name: Text


class FactEntry(Entry):
    """`facts.yaml`: one thing the platform may know about a subject on a day (事实)."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: Literal["date", "bool", "int", "money", "code", "division", "decimal"]
    label: Text
    source: Text | None = None
    values: list[FactValue] = []
    question: Text | None = None
    settle: Text | None = None


class SubjectEntry(Entry):
    """`facts.yaml`: a kind of subject and its vocabulary."""

    subject: str
    name: Text
    premise: str | None = None
    facts: list[FactEntry]


Milestone.model_rebuild()
