"""The shape of `procedures.yaml`: the steps of each kind of case as data (办理流程)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from songhe.common.text import Text
from songhe.policy.schema import Period

Duty = Literal["maker", "checker", "approver"]
Kind = Literal[
    "benefit_application",
    "institution_subsidy",
    "assessment_request",
    "referral",
    "heirs_claim",
    "appeal",
    "complaint",
]
Workdays = Annotated[int, Field(ge=1, le=250)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Grounds(Shape):
    """Where a figure comes from: clauses of the package, or conventions of the platform (`because`), or both."""

    clauses: tuple[str, ...] = ()
    because: str | None = None


class Step(Grounds):
    """One step: who may act, what they may do, and how many working days they have.

    A `decide` step settles the outcome, a `notice` is shown to the public for `days` calendar days, an `inform` step
    ends the case. Steps of different duties are done by different people.
    """

    id: Identifier
    kind: Literal["work", "notice", "decide", "inform"] = "work"
    name: Text
    # What the applicant reads while the case waits here.
    plain: Text
    action: Literal["case.accept", "case.verify", "case.approve", "case.review", "case.assess"]
    duty: Duty | None = None
    may: frozenset[Literal["return", "refuse"]] = frozenset()
    workdays: Workdays
    days: Annotated[int, Field(ge=1, le=60)] | None = None
    # Nothing was handed in that could be accepted.
    not_when_offered: bool = False


class Appeal(Grounds):
    """How a decision can be appealed (救济途径): within how many calendar days of being informed, and how."""

    days: Annotated[int, Field(ge=1, le=365)]
    way: Text


class Outcomes(Shape):
    """How the two ends of a decision read."""

    granted: Text
    refused: Text


class For(Shape):
    """What a procedure is for; what is left out is any. `county` is a GB/T 2260 code of any level."""

    package: str | None = None
    item: str | None = None
    county: Annotated[str, Field(pattern=r"^\d{2,12}$")] | None = None

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """The greater, the nearer to the matter: the item before the place, the place before the package."""
        return self.item is not None, len(self.county or ""), self.package is not None


class Procedure(Period):
    """How a kind of case runs, from a day to a day; a case keeps the procedure it began under."""

    id: Identifier
    kind: Kind
    name: Text
    applies: For = Field(default=For(), alias="for")
    # Which of the person's places handles it.
    place: Literal["hukou", "residence"] = "residence"
    # Whether it is about an earlier case.
    about: Literal["required", "optional", "never"] = "never"
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]
    # The applicant's own clocks: to mend what was returned, to answer an invitation.
    mend_workdays: Workdays
    reply_workdays: Workdays
    appeal: Appeal | None = None
    ends_with_death: bool = True
    outcomes: Outcomes

    def position(self, step: str) -> int:
        return next(number for number, one in enumerate(self.steps) if one.id == step)

    def step(self, step: str) -> Step:
        return self.steps[self.position(step)]

    @property
    def informing(self) -> int | None:
        return next((number for number, one in enumerate(self.steps) if one.kind == "inform"), None)
