"""Acting in a case: who does it, the case held meanwhile, the act written down, the audit line last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.audit import Line, append_many
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.casework.errors import CaseError, CaseMoved, NotAllowed, SamePerson
from songhe.casework.flow import Place, place_of
from songhe.casework.models import Act, Case, Kind
from songhe.casework.shapes import Procedure
from songhe.casework.stored import procedure_of
from songhe.common import clock

_REVIEWING = (Kind.APPEAL, Kind.COMPLAINT)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts. Staff need a user and are asked for scope; whoever calls for others has made sure who they are.

    `at` is for loading a history in its order: never in the future, never before the case's last act.
    """

    user: User | None = None
    party: str = Act.Party.STAFF
    at: dt.datetime | None = None

    def __post_init__(self) -> None:
        if (self.party == Act.Party.STAFF) != (self.user is not None):
            raise ValueError("staff act as a user, and nobody else does")


APPLICANT = Actor(party=Act.Party.APPLICANT)
PUBLIC = Actor(party=Act.Party.PUBLIC)
SYSTEM = Actor(party=Act.Party.SYSTEM)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an act says besides where it leads."""

    step: str = ""
    duty: str = ""
    ends: bool = False
    reason: str = ""
    clause: str = ""
    way_to_appeal: str = ""
    contact: bytes | None = None
    details: Mapping[str, Any] | None = None


class Held:
    """A case in the hands of one actor until the transaction ends."""

    def __init__(self, by: Actor, case: Case, now: dt.datetime, lines: list[Line]) -> None:
        self.by, self.case, self.now, self.lines = by, case, now, lines
        self.today = timezone.localdate(now)
        self.procedure: Procedure = procedure_of(case)

    @property
    def place(self) -> Place:
        return place_of(self.case)

    def allow(self, action: str) -> None:
        """Raises OutOfScope unless the staff may do this here. What the system does needs no permission."""
        if self.by.user is not None:
            require(self.by.user, action, self.case)

    def allow_step(self, step: str) -> None:
        """Raises CaseMoved unless the case waits at this step, OutOfScope and SamePerson unless this user may act."""
        if self.case.state != "running" or self.case.step != step:
            raise CaseMoved("该件已不在此环节，请刷新后再看。", "The case no longer waits at this step: read it again.")
        if self.by.party not in (Act.Party.STAFF, Act.Party.SYSTEM):
            raise NotAllowed("此环节由工作人员办理。", "This step is done by the staff.")
        self.allow(self.case.awaits)
        if self.by.user is not None and self.case.duty:
            _must_be_another(self.case, self.by.user)

    def allow_applicant(self) -> None:
        """For what is the applicant's to do; staff who may open cases record it for them."""
        if self.by.party == Act.Party.PUBLIC:
            raise NotAllowed("只有申请人或其代办人可以办理。", "Only the applicant may do this.")
        self.allow("case.open")

    def act(self, verb: str, after: Place, said: Said | None = None) -> None:
        """Write the act and where it leads."""
        said = said or Said()
        case = self.case
        Act.objects.create(
            case=case,
            number=case.acts + 1,
            at=self.now,
            on=self.today,
            party=self.by.party,
            user=self.by.user,
            verb=verb,
            due_on=case.due_on,
            **{**vars(said), "details": dict(said.details or {})},
        )
        for name, value in asdict(after).items():
            setattr(case, name, value)
        case.acts += 1
        case.save(update_fields=[*asdict(after), "acts", "division"])
        self.lines.append(line_of(case, verb, self.procedure, said))

    def work(self, verb: str, after: Place, said: Said | None = None) -> None:
        """Write an act of the step where the case stands, with its duty, as the end of the step's clock."""
        given = vars(said or Said())
        duty = self.case.duty if self.by.user is not None else ""
        self.act(verb, after, Said(**{**given, "step": self.case.step, "duty": duty, "ends": True}))


def line_of(case: Case, verb: str, procedure: Procedure, said: Said) -> Line:
    """The audit line of an act: no reasons, which may speak of people."""
    step = procedure.step(said.step).name.zh if said.step else ""
    details = {"kind": procedure.name.zh, "step": step, "clause": said.clause, "outcome": case.outcome}
    notice = {"until": case.notice_to} if verb == Act.Verb.PUBLISHED else {}
    return Line(
        action=f"case.{verb}",
        subject_kind="case",
        subject_id=str(case.public_id),
        division=case.division_id,
        details={name: value for name, value in details.items() if value} | notice,
    )


@contextmanager
def holding(by: Actor, case: Case) -> Iterator[Held]:
    """The case as it stands, locked, in a transaction whose last words are the audit lines."""
    with transaction.atomic():
        # A page may be an hour old: what counts is what stands here now.
        held = Case.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=case.pk)
        lines: list[Line] = []
        yield Held(by, held, moment(by, held), lines)
        append_many(user=by.user, actor=name_of(by), lines=lines)
    case.refresh_from_db()


def moment(by: Actor, case: Case | None) -> dt.datetime:
    """When it is done. CaseError for a time in the future or before the case's last act."""
    now = clock.now()
    if by.at is None:
        return now
    last = case and case.history.order_by("-number").values_list("at", flat=True).first()
    if by.at > now or (last and by.at < last):
        raise CaseError("时间须在该件上一次记录与现在之间。", "The time must lie between the case's last act and now.")
    return by.at


def must_be_others(case: Case, user: User) -> bool:
    """Whether the user has had another duty in the case, or one in the case that this one is about."""
    mine = Act.objects.filter(user=user).exclude(duty="")
    if mine.filter(case=case).exclude(duty=case.duty).exists():
        return True
    return case.kind in _REVIEWING and case.about_id is not None and mine.filter(case_id=case.about_id).exists()


def _must_be_another(case: Case, user: User) -> None:
    if must_be_others(case, user):
        raise SamePerson(
            "您已在该件（或原件）的其他岗位经办过，须由另一人办理。",
            "You already had another duty in this case or the one it is about: somebody else must act.",
        )


def name_of(by: Actor) -> str:
    """As the audit trail names whoever acts without a user; empty for the platform itself."""
    return {"applicant": "申请人", "public": "群众"}.get(by.party, "")
