"""What waits for somebody, what they may read, and how much of it there is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, visible
from songhe.casework.models import APPLICANT, Act, Case, Kind
from songhe.registry.groups import group_of
from songhe.registry.models import Person

_STEPS = (
    Action.CASE_ACCEPT,
    Action.CASE_VERIFY,
    Action.CASE_ASSESS,
    Action.CASE_APPROVE,
    Action.CASE_REVIEW,
)


@dataclass(frozen=True)
class Waiting:
    """Cases of a kind that stand at one step; `late` of the `number` are overdue."""

    kind: str
    step: str
    number: int
    late: int


def cases_for(user: User) -> QuerySet[Case]:
    """Every case the user may read. For a page, read it by `pages.keyset.window`."""
    return visible(Case.objects.all(), user, Action.CASE_READ)


def waiting_for(user: User) -> QuerySet[Case]:
    """What waits for the user: steps they may do, within reach, in which they have no other duty.

    In no order: `pages.keyset.window(…, by="due_on")` gives the most urgent first.
    """
    found = Case.objects.none()
    for reached in _actions_by_reach(user):
        found = found | visible(Case.objects.filter(awaits__in=reached), user, reached[0])
    return found.exclude(_other_duty(user)).exclude(_had_part(user))


def applicants_for(user: User) -> QuerySet[Case]:
    """What waits for the applicant to mend it or to say yes, where the user may hand things in for people."""
    return visible(Case.objects.filter(awaits=APPLICANT), user, Action.CASE_OPEN)


def steps_of(cases: QuerySet[Case], day: dt.date) -> list[Waiting]:
    """How many of these cases stand at each step of each kind, and how many of them are overdue on a day."""
    late = Count("pk", filter=Q(due_on__lt=day))
    rows = cases.order_by().values("kind", "step").annotate(number=Count("pk"), late=late).order_by("kind", "step")
    return [Waiting(row["kind"], row["step"], row["number"], row["late"]) for row in rows]


def of_person(user: User, person: Person) -> QuerySet[Case]:
    """Cases of a person, in whichever of their files, that the user may read."""
    return cases_for(user).filter(person__in=group_of(person.pk))


def overdue_for(user: User, day: dt.date) -> QuerySet[Case]:
    """Open cases the user may read whose step should have been done before a day; those that wait for staff."""
    late = Case.objects.exclude(state="closed").filter(state="running", due_on__lt=day)
    return visible(late, user, Action.CASE_READ)


def counts_for(user: User) -> dict[str, int]:
    """How many cases the user may read, by what they wait for (an action, `applicant`), and by outcome once closed."""
    rows = cases_for(user).values_list("awaits", "outcome").annotate(number=Count("pk")).order_by()
    counts: dict[str, int] = defaultdict(int)
    for awaits, outcome, number in rows:
        counts[awaits or outcome] += number
    return dict(counts)


def find_for(user: User, public_id: str) -> Case | None:
    """The case of a public id, if the user may read it."""
    return (
        cases_for(user).select_related("procedure", "person", "division", "about").filter(public_id=public_id).first()
    )


def _actions_by_reach(user: User) -> list[list[str]]:
    """What the user may do, by where: as a rule one list, as roles reach the same divisions for all they do."""
    lists: dict[frozenset[int], list[str]] = defaultdict(list)
    for action in _STEPS:
        if reached := divisions_for(user, action):
            lists[reached].append(action.value)
    return list(lists.values())


def _other_duty(user: User) -> Q:
    mine = Act.objects.filter(case=OuterRef("pk"), user=user).exclude(duty="").exclude(duty=OuterRef("duty"))
    return ~Q(duty="") & Exists(mine)


def _had_part(user: User) -> Q:
    mine = Act.objects.filter(case=OuterRef("about"), user=user).exclude(duty="")
    return Q(kind__in=(Kind.APPEAL, Kind.COMPLAINT)) & ~Q(duty="") & Exists(mine)
