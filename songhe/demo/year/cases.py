"""The cases of the year (办件): applied for in every way, verified, published, approved, refused, appealed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from songhe.casework.domain.acting import APPLICANT, PUBLIC
from songhe.casework.domain.appeals import appeal
from songhe.casework.domain.many import pass_many, publish_many
from songhe.casework.domain.nightly import run_night
from songhe.casework.domain.notice import answer_objection, object_to
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.domain.steps import (
    confirm,
    open_objections,
    pass_step,
    refuse,
    resubmit,
    return_for_mending,
    withdraw,
)
from songhe.casework.domain.taking_over import Stated, take_over
from songhe.casework.errors import CaseError
from songhe.casework.models import Case, How, Kind
from songhe.common import clock
from songhe.demo.year.script import Script
from songhe.demo.year.stage import Stage
from songhe.entitlement.asking import rows_of
from songhe.entitlement.models import Run
from songhe.entitlement.queries import last_accepted
from songhe.entitlement.views import month_sql
from songhe.registry.domain.family import add_kin
from songhe.registry.models import CurrentPerson, Kinship, Person

# At the published size: who applies in a month, entitled or not; of cases at a step, how often something goes wrong.
APPLYING, IN_VAIN = 900, 60
_RETURNED, _DECLINED, _SILENT, _OBJECTED = 7, 9, 11, 40
_VAIN, _OFFERED, _REFUSING = "QTX-M-8.5c", "QTX-M-2.1e", 13


# Who had what before the platform: a fact, the values that count, and the item.
_BEFORE = (
    ("dibao", (True,), "QTX-M-2.1f"),
    ("low_income_family", (True,), "QTX-M-2.1f"),
    ("self_care_unable_recognised", (True,), "QTX-M-2.1g"),
    ("tekun", ("scattered",), "QTX-M-8.5c"),
)
_KNOWN = 85


def take_over_holders(stage: Stage, script: Script) -> None:
    """Those who had a benefit before the platform come with a list, which one states and another confirms."""
    rows = []
    for fact, values, item in _BEFORE:
        for one in script.opened[-1]:
            held = stage.cast.columns[fact][one] in values and (one, "civil_affairs") not in script.held_back
            if held and one not in script.moving_in and stage.rng.randrange(100) < _KNOWN:
                granted_on = clock.today() - dt.timedelta(400 + stage.rng.randrange(300))
                rows.append(Stated(stage.cast.ids[one], item, granted_on, "青民发〔演示〕存量名册"))
    done = take_over(
        stated_by=stage.user("clerk"), confirmed_by=stage.user("director"), package=stage.package.id, rows=rows
    )
    stage.happened["taken over"] += done.made


def apply(stage: Stage) -> None:
    """Who is entitled on application and has none yet, a few more each month; and some who are not entitled."""
    run = last_accepted(stage.county)
    if run is None:
        return
    answered = _answered(run)
    for item, delivery in _items(stage):
        if delivery != "offer":
            _apply_for(stage, item, _some(stage, answered[item, "entitled"], item, APPLYING))
    _apply_for(stage, _VAIN, _some(stage, answered[_VAIN, "not_entitled"], _VAIN, IN_VAIN))


def _items(stage: Stage) -> list[tuple[str, str]]:
    rules = stage.package.rules_for("person")
    return [(rule.id, rule.entitlement.delivery) for rule in rules if rule.amount.kind not in ("none", "unset")]


def _answered(run: Run) -> dict[tuple[str, str], list[int]]:
    """Item and answer → people (ids) in the run's own month."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for person, item, answer in rows_of(f"SELECT id, item, answer FROM ({month_sql(run, run.month)}) ORDER BY id"):
        found[item, answer].append(person)
    return found


def _some(stage: Stage, people: list[int], item: str, count: int) -> list[Person]:
    asked = set(Case.objects.filter(item=item, person__isnull=False).values_list("person_id", flat=True))
    standing = set(CurrentPerson.objects.filter(alive=True, person__merged_into=None).values_list("pk", flat=True))
    free = [person for person in people if person not in asked and person in standing]
    drawn = stage.a_few(free, count) if free else []
    return list(Person.objects.filter(pk__in=drawn).order_by("pk"))


def _apply_for(stage: Stage, item: str, people: Sequence[Person]) -> None:
    for number, person in enumerate(people):
        how = (How.SELF, How.VILLAGE, How.FAMILY)[number % 3]
        agent = _agent(stage, person) if how == How.FAMILY else None
        matter = Matter(kind=Kind.BENEFIT, person=person, package=stage.package.id, item=item, how=how, agent=agent)
        by = stage.staff("county") if how == How.VILLAGE else APPLICANT
        open_case(by=by, matter=matter, request_key=f"{stage.months[0]}-{item}-{person.pk}")
        stage.happened["applications"] += 1


def _agent(stage: Stage, person: Person) -> Kinship:
    may_act, child = Kinship.Kind.MAY_ACT, Kinship.Relation.CHILD
    there = Kinship.objects.filter(person=person, kind=may_act, valid_to=None).first()
    author = stage.author("person", "家属代办")
    return there or add_kin(by=author, person=person, kind=may_act, relation=child, name="王晓梅", phone="10009998888")


def accept(stage: Stage) -> None:
    """Every seventh is returned for mending; the others are accepted."""
    clerk = stage.staff("clerk")
    for number, case in enumerate(list(_at("accept"))):
        if number % _RETURNED == _RETURNED - 1:
            return_for_mending(by=clerk, case=case, step="accept", reason="请补充身份证复印件")
            stage.happened["returned for mending"] += 1
    _pass(stage, "clerk", "accept")


def mend(stage: Stage) -> None:
    """What was missing is brought; who was invited answers."""
    for case in Case.objects.filter(kind=Kind.BENEFIT, state="returned"):
        resubmit(by=APPLICANT, case=case, reason="已补充")
    for case in list(Case.objects.filter(kind=Kind.BENEFIT, state="invited").order_by("pk")):
        if case.pk % _DECLINED == 0:
            withdraw(by=APPLICANT, case=case, reason="不需要")
            stage.happened["invitations declined"] += 1
        elif case.pk % _SILENT:
            confirm(by=APPLICANT, case=case)
            stage.happened["invitations confirmed"] += 1
    for case in list(_at("verify").filter(how=How.SYSTEM, about=None, item=_OFFERED)):
        if case.pk % _REFUSING == 0:
            withdraw(by=APPLICANT, case=case, reason="本人不要")
            stage.happened["offers declined"] += 1
    _pass(stage, "clerk", "accept")


def verify(stage: Stage) -> None:
    """Who applied in vain is refused with the clause; the others go to the public notice."""
    run = last_accepted(stage.county)
    asked = list(_at("verify").filter(item=_VAIN, about=None))
    vain = set(_answered(run)[_VAIN, "not_entitled"]) if run and asked else set()
    for case in (case for case in asked if case.person_id in vain):
        refuse(
            by=stage.staff("checker"),
            case=case,
            step="verify",
            reason="经核实，不是分散供养特困人员",
            clause="QTX-M-8.5c",
        )
        stage.happened["refused"] += 1
    _pass(stage, "checker", "verify")


def publish(stage: Stage) -> None:
    done = publish_many(by=stage.staff("checker"), cases=_ids(_at("notice").filter(notice_from=None)))
    stage.happened["public notices"] += done.written


def hear_objections(stage: Stage) -> None:
    """Somebody of the village objects, and is answered."""
    noticed = list(_at("notice").exclude(notice_from=None).order_by("pk"))
    for number, case in enumerate(noticed):
        if number % _OBJECTED:
            continue
        try:
            object_to(by=PUBLIC, case=case, text="听说情况不符", contact="10007776666")
        except CaseError:
            # Its days were over.
            continue
        case.refresh_from_db()
        for objection in open_objections(case):
            answer_objection(
                by=stage.staff("checker"),
                case=case,
                objection=objection.number,
                upheld=False,
                reason="已入户核实，情况属实",
            )
        stage.happened["objections"] += 1


def night(stage: Stage) -> None:
    """The nightly work on cases: notices that are over go on, deaths close, what nobody answered lapses."""
    done = run_night()
    stage.happened["lapsed"] += done.lapsed
    stage.happened["closed for a death"] += done.deaths


def approve(stage: Stage) -> None:
    stage.happened["approved"] += _pass(stage, "director", "approve")


def inform(stage: Stage) -> None:
    _pass(stage, "clerk", "inform")


def lodge_appeals(stage: Stage) -> None:
    """Half of those refused do not leave it at that."""
    refused = Case.objects.filter(kind=Kind.BENEFIT, outcome="refused", state="closed", later=None)
    for case in list(refused.order_by("pk"))[::2]:
        try:
            appeal(by=APPLICANT, case=case, reason="本人确属分散供养，请复核")
        except CaseError:
            # Whoever has died, or whose days are over, does not.
            continue
        stage.happened["appeals"] += 1


def review_appeals(stage: Stage) -> None:
    """Other people than before look again; every third refusal was wrong."""
    open_ones = Case.objects.filter(kind=Kind.APPEAL).exclude(state="closed")
    for case in list(open_ones.order_by("pk")):
        pass_step(by=stage.staff("city"), case=case, step="accept")
        if case.pk % 3 == 0:
            pass_step(by=stage.staff("deputy"), case=case, step="review", reason="原核实有误")
            stage.happened["appeals upheld"] += 1
        else:
            clause = "QTX-M-8.5c"
            refuse(by=stage.staff("deputy"), case=case, step="review", reason="维持原决定", clause=clause)
        pass_step(by=stage.staff("city"), case=case, step="inform")


def _at(step: str):  # type: ignore[no-untyped-def]
    return Case.objects.filter(kind=Kind.BENEFIT, state="running", step=step).order_by("pk")


def _ids(cases) -> list[int]:  # type: ignore[no-untyped-def]
    return list(cases.values_list("pk", flat=True))


def _pass(stage: Stage, name: str, step: str) -> int:
    """All that wait at a step, but those in which this user had another duty."""
    ids, by = _ids(_at(step)), stage.staff(name)
    done = pass_many(by=by, cases=ids, step=step)
    if not done.hindered:
        return done.written
    hindered = {one.case for one in done.hindered}
    return done.written + pass_many(by=by, cases=[id for id in ids if id not in hindered], step=step).written
