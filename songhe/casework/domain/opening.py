"""Opening a case: by the older person, the family, a village worker for them, or by the platform itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.domain.audit import Line, append_many
from songhe.accounts.scope import require, require_division
from songhe.casework import flow
from songhe.casework.domain.acting import Actor, Said, line_of, moment, name_of
from songhe.casework.domain.subsidies import is_subsidy, must_be_for
from songhe.casework.errors import CaseError, GrantedAlready, Incomplete, KeyReused, NotAllowed, OpenAlready
from songhe.casework.models import Act, Case, How, Kind
from songhe.casework.procedures import rulebook
from songhe.casework.queries.granted import granted_cases
from songhe.casework.shapes import Procedure
from songhe.casework.stored import keep
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on
from songhe.policy.load import load_package
from songhe.policy.schema import Entitlement
from songhe.registry.domain.writing import must_stand
from songhe.registry.groups import group_of
from songhe.registry.models import CurrentPerson, Kinship, Person
from songhe.registry.places import moved

_LONGEST_KEY = 64


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a case is to be about. `subject` is (kind, id) of what is no person; `agent` the family member who acts.

    `division` is needed only where it does not follow from the person or the case it is about.
    """

    kind: str
    person: Person | None = None
    subject: tuple[str, str] = ("", "")
    package: str = ""
    item: str = ""
    how: str = How.SELF
    agent: Kinship | None = None
    about: Case | None = None
    division: Division | None = None


def open_case(*, by: Actor, matter: Matter, text: str = "", request_key: str = "") -> Case:
    """A case that begins at its first step. The same key for the same matter gives the same case again.

    Raises OutOfScope, StatementError for a merged file, OpenAlready, GrantedAlready, KeyReused, Incomplete, CaseError.
    """
    key = _key(by, request_key)
    if (there := _of_key(key, matter)) is not None:
        return there
    try:
        with transaction.atomic():
            case, line = create(by=by, matter=matter, verb=Act.Verb.OPENED, text=text, key=key)
            append_many(user=by.user, actor=name_of(by), lines=[line])
    except (IntegrityError, OpenAlready):
        # Two at once: the other was first, and may have ended between the look above and this one.
        if (there := _of_key(key, matter)) is not None:
            return there
        _must_be_only(matter)
        raise
    return case


def create(*, by: Actor, matter: Matter, verb: str, text: str = "", key: str | None = None) -> tuple[Case, Line]:
    """The rows of a new case, in the transaction of the caller, and the audit line that is to come last."""
    now = moment(by, None)
    today = timezone.localdate(now)
    if matter.person is not None:
        must_stand([matter.person.pk])
    division_id, procedure = settle(matter, today)
    _allow(by, matter, division_id)
    _must_make_sense(matter, procedure, verb, today)
    _must_be_only(matter)
    _must_not_have_it(matter)
    offered = verb in (Act.Verb.OFFERED, Act.Verb.INVITED)
    begun = flow.invite(procedure, today) if verb == Act.Verb.INVITED else flow.begin(procedure, today, offered=offered)
    case = Case.objects.create(
        **_columns(matter, by),
        division_id=division_id,
        procedure=keep(procedure),
        opened_at=now,
        request_key=key,
        acts=1,
        **asdict(begun),
    )
    said = Said(duty=_duty(by, matter), reason=text.strip())
    Act.objects.create(
        case=case,
        number=1,
        at=now,
        on=today,
        party=by.party,
        user=by.user,
        verb=verb,
        duty=said.duty,
        reason=said.reason,
    )
    return case, line_of(case, verb, procedure, said)


def settle(matter: Matter, today: dt.date) -> tuple[int, Procedure]:
    """The division that handles a matter and the procedure it follows there. Raises CaseError."""
    division_id = _division(matter, "residence", today)
    procedure = _procedure(matter, division_id, today)
    if matter.division is None and procedure.place == "hukou":
        division_id = _division(matter, "hukou", today)
        procedure = _procedure(matter, division_id, today)
    return division_id, procedure


def entitlement(package: str, item: str) -> Entitlement:
    """An item of a package. Raises Incomplete for one that there is not, and UnknownPackage."""
    found = load_package(package).entitlements.get(item)
    if found is None:
        raise Incomplete(f"{package} 没有事项 {item}。", f"The package {package} has no item {item}.")
    return found


def _columns(matter: Matter, by: Actor) -> dict[str, Any]:
    return {
        "kind": matter.kind,
        "person": matter.person,
        "subject_kind": matter.subject[0],
        "subject_id": matter.subject[1],
        "package": matter.package,
        "item": matter.item,
        "how": matter.how,
        "agent": matter.agent,
        "about": matter.about,
        "opened_by": by.user,
    }


def _duty(by: Actor, matter: Matter) -> str:
    """Whoever hands something in for somebody is on the makers' side of it; anybody may take down a complaint."""
    reviewing = matter.kind in (Kind.APPEAL, Kind.COMPLAINT)
    return "maker" if by.user is not None and not reviewing else ""


def _procedure(matter: Matter, division_id: int, today: dt.date) -> Procedure:
    node = tree_on(today).get(division_id)
    return rulebook().find(
        kind=matter.kind,
        package=matter.package,
        item=matter.item,
        county=node.code if node else "",
        day=today,
    )


def _division(matter: Matter, place: str, today: dt.date) -> int:
    found = matter.division.pk if matter.division else None
    if found is None and matter.person is not None:
        current = CurrentPerson.objects.filter(person=matter.person)
        places = current.values_list("residence_division_id", "hukou_division_id").first() or (None, None)
        found = (places[1] or places[0]) if place == "hukou" else (places[0] or places[1])
    if found is None and is_subsidy(matter.kind, matter.subject[0]):
        found = must_be_for(matter.subject[1], matter.package, matter.item).division_id
    if found is None and matter.about is not None:
        found = matter.about.division_id
    found = moved(today).get(found, found) if found is not None else None
    if found is None:
        raise Incomplete(
            "不知道由哪里办理：请先登记户籍地或常住地，或指定区划。",
            "It is not known who handles it: record where the person lives, or name a division.",
        )
    return found


def _allow(by: Actor, matter: Matter, division_id: int) -> None:
    """Staff open cases of people and places within their reach."""
    if by.user is None:
        return
    if matter.person is not None:
        require(by.user, "case.open", matter.person)
    else:
        require_division(by.user, "case.open", division_id)


def _must_make_sense(matter: Matter, procedure: Procedure, verb: str, today: dt.date) -> None:
    if matter.person is None and not matter.subject[1]:
        raise Incomplete("请指明是谁的事。", "Say whom it is about.")
    if matter.kind == Kind.BENEFIT and not matter.item:
        raise Incomplete("请指明申请的事项。", "Say which item is applied for.")
    if is_subsidy(matter.kind, matter.subject[0]):
        must_be_for(matter.subject[1], matter.package, matter.item)
    elif matter.item and matter.package:
        entitlement(matter.package, matter.item)
    if matter.about is None and procedure.about == "required":
        raise Incomplete("请指明对哪一件提出。", "Say which case it is about.")
    if matter.person is not None:
        _must_live(matter.person, procedure)
    if (matter.how == How.FAMILY) != (matter.agent is not None):
        raise Incomplete("家属代办须指明已登记的可代办人。", "Family act through somebody recorded as one who may act.")
    if matter.agent is not None:
        _must_be_agent(matter, today)
    if (matter.how == How.SYSTEM) == (verb == Act.Verb.OPENED):
        raise NotAllowed("提出方式有误。", "Only the platform opens cases without an application.")


def _must_live(person: Person, procedure: Procedure) -> None:
    dead = CurrentPerson.objects.filter(person=person, alive=False).exists()
    if dead and procedure.ends_with_death:
        raise NotAllowed(
            "该老年人已登记死亡；应付未付的请按“身后待遇申领”办理。",
            "The person has died: what was still owed is another kind of case (heirs_claim).",
        )


def _must_be_agent(matter: Matter, today: dt.date) -> None:
    agent, person = matter.agent, matter.person
    assert agent is not None
    whole = group_of(person.pk) if person is not None else []
    holds = (agent.valid_from or today) <= today <= (agent.valid_to or today)
    if agent.kind != Kinship.Kind.MAY_ACT or agent.person_id not in whole or not holds:
        raise NotAllowed("该亲属未登记为可代办人。", "This relative is not recorded as one who may act.")


def _must_be_only(matter: Matter) -> None:
    """One open case of a person (all merged files as one) or organisation and an item; one appeal of a case."""
    open_ones = Case.objects.exclude(state="closed").filter(kind=matter.kind)
    found = None
    if matter.person is not None and matter.item:
        found = open_ones.filter(person__in=group_of(matter.person.pk), item=matter.item).first()
    if is_subsidy(matter.kind, matter.subject[0]):
        kind, id = matter.subject
        found = open_ones.filter(subject_kind=kind, subject_id=id, item=matter.item).first()
    if found is None and matter.kind == Kind.APPEAL:
        found = open_ones.filter(about=matter.about).first()
    if found is not None:
        raise OpenAlready(str(found.public_id))


def _must_not_have_it(matter: Matter) -> None:
    """A refusal of what nobody needed to ask for would end what was granted before; an appeal may lead to that."""
    if matter.kind != Kind.BENEFIT or matter.person is None or not matter.package or matter.about is not None:
        return
    standing = granted_cases([matter.person.pk], matter.package, matter.item)
    if (case := standing.get((matter.person.pk, matter.item))) is not None:
        raise GrantedAlready(str(case.public_id))


def _key(by: Actor, request_key: str) -> str | None:
    if len(request_key) > _LONGEST_KEY:
        raise CaseError(f"请求编号最长{_LONGEST_KEY}个字符。", f"A request key has at most {_LONGEST_KEY} characters.")
    # Keys of different clients are different keys.
    return f"{by.user.pk if by.user else by.party}:{request_key}" if request_key else None


def _of_key(key: str | None, matter: Matter) -> Case | None:
    case = Case.objects.filter(request_key=key).first() if key else None
    if case is None:
        return None
    asked = (matter.kind, matter.package, matter.item, matter.how, matter.person, matter.about, *matter.subject)
    told = (case.kind, case.package, case.item, case.how, case.person, case.about, case.subject_kind, case.subject_id)
    if asked != told:
        raise KeyReused("此请求编号已用于另一件事。", "This request key was used for another matter.")
    return case
