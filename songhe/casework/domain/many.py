"""Many cases at once, a block at a time: all of a block or nothing of it, each case with its own act and audit line."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from songhe.accounts.domain.audit import append_many
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.casework import flow
from songhe.casework.domain.acting import Actor, Said, line_of, moment
from songhe.casework.errors import CaseError
from songhe.casework.flow import Place, place_of
from songhe.casework.models import Act, Case, Kind
from songhe.casework.stored import procedure_of
from songhe.common.text import Text, say

BLOCK = 2_000
_REVIEWING = (Kind.APPEAL, Kind.COMPLAINT)
_MOVED = say("已不在此环节", "it no longer waits at this step")
_OUT_OF_SCOPE = say("不在您的权限范围内", "it is out of your scope")
_SAME_PERSON = say("您已在其他岗位经办过", "you already had another duty in it")
_ONE_BY_ONE = say("申诉和机构补贴须逐件决定", "appeals and subsidies of institutions are decided one by one")
_ONE_BY_ONE_KINDS = (Kind.APPEAL, Kind.SUBSIDY)
_OBJECTED = say("还有异议没有答复", "an objection has not been answered yet")


@dataclass(frozen=True)
class Hindrance:
    """Why a case kept its block from being written; `case` is the id that was given."""

    case: int
    why: Text


@dataclass(frozen=True)
class Done:
    """How many cases were written, and what kept others: the blocks of those were left as they were."""

    written: int
    hindered: tuple[Hindrance, ...]


@dataclass(frozen=True)
class Step:
    """One case and what is to be written of it."""

    case: Case
    after: Place
    said: Said


def pass_many(*, by: Actor, cases: Iterable[int], step: str, block: int = BLOCK) -> Done:
    """Pass a step of many cases (批量审批), by their ids: approve, inform, or any other step that can be passed.

    A block in which one case is hindered is left as it was, and says why; other blocks go on.
    """
    return _run(by, cases, step, Act.Verb.PASSED, _passed, block)


def publish_many(*, by: Actor, cases: Iterable[int], step: str = "notice", block: int = BLOCK) -> Done:
    """Begin the public notice of many cases (批量公示), by their ids; blocks as in `pass_many`."""
    return _run(by, cases, step, Act.Verb.PUBLISHED, _published, block)


def _run(
    by: Actor, cases: Iterable[int], step: str, verb: str, go: Callable[[Case, dt.date], Step], block: int
) -> Done:
    if by.user is None:
        raise ValueError("many cases are passed by somebody")
    remaining = iter(dict.fromkeys(cases))
    written, hindered = 0, []
    while ids := list(islice(remaining, block)):
        with transaction.atomic():
            held = {case.pk: case for case in locked(Case.objects.filter(pk__in=ids))}
            now = moment(by, None)
            found, steps = _checked(by.user, ids, held, step, lambda case: go(case, timezone.localdate(now)))  # noqa: B023
            hindered += found
            if not found:
                written += write(by, steps, verb, now)
    return Done(written, tuple(hindered))


def write(by: Actor, steps: Sequence[Step], verb: str, now: dt.datetime) -> int:
    """The acts, where they lead, and the audit lines last; in the transaction that holds the cases."""
    on = timezone.localdate(now)
    Act.objects.bulk_create((_act(by, one, verb, now, on) for one in steps), batch_size=500)
    for changes, ids in _by_change(steps).items():
        for part in _parts(ids):
            Case.objects.filter(pk__in=part).update(**dict(changes), acts=F("acts") + 1)
    append_many(user=by.user, lines=(line_of(_as_after(one), verb, procedure_of(one.case), one.said) for one in steps))
    return len(steps)


def locked(queryset: QuerySet[Case]) -> QuerySet[Case]:
    """The cases of a query until the transaction ends; always in one order, so that two never wait for each other."""
    return queryset.select_for_update(of=("self",)).select_related("procedure").order_by("pk")


def _checked(
    user: User, ids: list[int], held: dict[int, Case], step: str, go: Callable[[Case], Step]
) -> tuple[list[Hindrance], list[Step]]:
    reached = _reached(user, held)
    others = _other_duties(user, held)
    waiting = with_objections(case.pk for case in held.values() if _under_notice(case))
    found, steps = [], []
    for id in ids:
        why = _why_not(held.get(id), step, reached, others, waiting)
        if why is None:
            try:
                steps.append(go(held[id]))
                continue
            except CaseError as error:
                why = error.text
        found.append(Hindrance(id, why))
    return found, steps


def _why_not(case: Case | None, step: str, reached: set[int], others: set[int], waiting: set[int]) -> Text | None:
    if case is None or case.pk not in reached:
        return _OUT_OF_SCOPE
    if case.state != "running" or case.step != step:
        return _MOVED
    if case.pk in others:
        return _SAME_PERSON
    if case.pk in waiting:
        return _OBJECTED
    if case.kind in _ONE_BY_ONE_KINDS and procedure_of(case).step(step).kind == "decide":
        return _ONE_BY_ONE
    return None


def _under_notice(case: Case) -> bool:
    return case.state == "running" and procedure_of(case).step(case.step).kind == "notice"


def _published(case: Case, today: dt.date) -> Step:
    after = flow.published(procedure_of(case), place_of(case), today)
    details = {"from": str(after.notice_from), "to": str(after.notice_to)}
    return Step(case, after, Said(step=case.step, duty=case.duty, details=details))


def _passed(case: Case, today: dt.date) -> Step:
    after = flow.passed(procedure_of(case), place_of(case), today)
    return Step(case, after, Said(step=case.step, duty=case.duty, ends=True))


def _reached(user: User, held: dict[int, Case]) -> set[int]:
    """Those in which the user may do what they wait for, or may read when they wait for nothing of the staff."""
    by_action: dict[str, list[int]] = defaultdict(list)
    for case in held.values():
        by_action[case.awaits if case.awaits.startswith("case.") else "case.read"].append(case.pk)
    reached: set[int] = set()
    for action, ids in by_action.items():
        reached.update(visible(Case.objects.filter(pk__in=ids), user, action).values_list("pk", flat=True))
    return reached


def _other_duties(user: User, held: dict[int, Case]) -> set[int]:
    about = {case.about_id: case.pk for case in held.values() if case.kind in _REVIEWING and case.about_id}
    mine = Act.objects.filter(user=user).filter(Q(case__in=list(held)) | Q(case__in=list(about))).exclude(duty="")
    found = set()
    for case, duty in mine.values_list("case_id", "duty"):
        if case in held and duty != held[case].duty and held[case].duty:
            found.add(case)
        if case in about:
            found.add(about[case])
    return found


def with_objections(cases: Iterable[int]) -> set[int]:
    """Those of these cases in which an objection has no answer yet."""
    asked = list(cases)
    if not asked:
        return set()
    said = Act.objects.filter(case__in=asked, verb__in=(Act.Verb.OBJECTED, Act.Verb.ANSWERED))
    open_ones: set[tuple[int, int]] = set()
    for act in said.order_by("case", "number"):
        if act.verb == Act.Verb.OBJECTED:
            open_ones.add((act.case_id, act.number))
        else:
            open_ones.discard((act.case_id, act.details.get("objection")))
    return {case for case, _ in open_ones}


def _act(by: Actor, one: Step, verb: str, now: dt.datetime, on: dt.date) -> Act:
    return Act(
        case_id=one.case.pk,
        number=one.case.acts + 1,
        at=now,
        on=on,
        party=by.party,
        user=by.user,
        verb=verb,
        due_on=one.case.due_on,
        **{**vars(one.said), "details": dict(one.said.details or {})},
    )


def _by_change(steps: Sequence[Step]) -> dict[tuple[tuple[str, Any], ...], list[int]]:
    """Cases that change alike are changed by one statement."""
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for one in steps:
        before = place_of(one.case)
        changes = tuple((name, value) for name, value in asdict(one.after).items() if getattr(before, name) != value)
        groups[changes].append(one.case.pk)
    return groups


def _parts(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK))


def _as_after(one: Step) -> Case:
    for name, value in asdict(one.after).items():
        setattr(one.case, name, value)
    return one.case
