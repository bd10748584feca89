"""Applications of the demo city (演示办件): at each step, overdue, returned, under notice, appealed, complained of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.utils import timezone

from songhe.accounts.models import User
from songhe.casework.domain.acting import Actor
from songhe.casework.domain.appeals import appeal, complain
from songhe.casework.domain.notice import object_to, publish
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.domain.steps import pass_step, refuse, return_for_mending
from songhe.casework.models import Act, Case, How, Kind
from songhe.common import clock
from songhe.demo.users import TOWN
from songhe.divisions.queries import tree_on
from songhe.registry.models import CurrentPerson, Person

PACKAGE = "qingtongxia-2023"
ITEMS = ("QTX-M-2.1e", "QTX-M-2.1f", "QTX-M-2.1g")
_WORKER, _CLERK, _CHECKER, _APPROVER = "demo.village", "demo.town", "demo.county", "demo.city"
_OFFICE_OPENS = dt.time(9)
_ENOUGH = 60


@dataclass(frozen=True)
class Story:
    """How many cases go how far: `days` are days before today of being asked for, accepted, verified, and so on."""

    number: int
    days: tuple[int, ...]
    end: str = ""


# Days of: asked for, accepted, verified, published, notice over, approved, informed. A notice that ends in the longest
# holiday runs for sixteen days.
STORIES = (
    Story(12, (2,)),
    Story(4, (20,)),
    Story(12, (8, 5)),
    Story(3, (30, 25)),
    Story(3, (6, 4), end="returned"),
    Story(6, (12, 9, 2)),
    Story(4, (10, 8, 5, 3)),
    Story(1, (10, 8, 5, 3), end="objected"),
    Story(6, (34, 32, 28, 26, 3)),
    Story(3, (38, 36, 32, 30, 9, 2)),
    Story(4, (46, 44, 40, 38, 16, 12, 10)),
    Story(1, (40, 38, 12), end="refused"),
)


def open_cases() -> int:
    """All of them, as far as there are people of the town for them. Returns how many."""
    matters = _matters()
    for story in STORIES:
        for _ in range(story.number):
            if (found := next(matters, None)) is not None:
                _tell(story, *found)
    if people := _people():
        _complain(people[0])
    return Case.objects.count()


def _people() -> list[Person]:
    """Of the clerk's town, so that the clerk accepts what they ask for; the oldest, who ask for most."""
    town = tree_on().find(TOWN)
    within = tree_on().subtree([town.id]) if town else frozenset()
    living = CurrentPerson.objects.exclude(alive=False).filter(hukou_division__in=within, person__merged_into=None)
    return [one.person for one in living.select_related("person").order_by("birth_date", "pk")[:_ENOUGH]]


def _matters() -> Iterator[tuple[Person, str]]:
    return ((person, item) for item, person in product(ITEMS, _people()))


def _tell(story: Story, person: Person, item: str) -> None:
    asked, *after = story.days
    case = _asked(person, item, asked)
    for day in after:
        _go_on(case, day, story.end if day == after[-1] else "")
    if story.end == "objected":
        _object(case)


def _asked(person: Person, item: str, ago: int) -> Case:
    """Handed in by the village worker for those of the village, by the others themselves."""
    worker = User.objects.get(username=_WORKER)
    lives_there = CurrentPerson.objects.filter(pk=person.pk, hukou_division=worker.division_id).exists()
    how = How.VILLAGE if lives_there else How.SELF
    by = _by(_WORKER, ago) if lives_there else Actor(party=Act.Party.APPLICANT, at=_at(ago))
    matter = Matter(kind=Kind.BENEFIT, person=person, package=PACKAGE, item=item, how=how)
    return open_case(by=by, matter=matter, text="演示办件")


def _go_on(case: Case, ago: int, end: str) -> None:
    if end == "returned":
        return_for_mending(by=_by(_CLERK, ago), case=case, step=case.step, reason="缺户口簿复印件，请补一份。")
    elif end == "refused":
        _refuse_and_appeal(case, ago)
    elif case.step == "notice" and case.notice_from is None:
        publish(by=_by(_CHECKER, ago), case=case)
    else:
        who = {"accept": _CLERK, "approve": _APPROVER, "inform": _CLERK}.get(case.step, _CHECKER)
        pass_step(by=_by(who, ago), case=case, step=case.step)


def _refuse_and_appeal(case: Case, ago: int) -> None:
    """Refused at the verification: whoever approves had no part in it, and can take the appeal."""
    refuse(by=_by(_CHECKER, ago), case=case, step=case.step, reason="户籍信息与申请不一致。", clause=case.item)
    pass_step(by=_by(_CLERK, ago - 1), case=case, step=case.step)
    by = Actor(party=Act.Party.APPLICANT, at=_at(4))
    appeal(by=by, case=case, reason="户口已经迁回来了，请再看一次。")


def _object(case: Case) -> None:
    by = Actor(party=Act.Party.PUBLIC, at=_at(1))
    object_to(by=by, case=case, text="听说她已随子女迁居外地。", contact="演示号码 000-0000")


def _at(ago: int) -> dt.datetime:
    day = clock.today() - dt.timedelta(ago)
    return timezone.make_aware(dt.datetime.combine(day, _OFFICE_OPENS))


def _by(username: str, ago: int) -> Actor:
    return Actor(user=User.objects.get(username=username), at=_at(ago))


def _complain(person: Person) -> None:
    by = Actor(party=Act.Party.APPLICANT, at=_at(3))
    complain(by=by, text="打了三次电话，没有人告诉我办到哪一步了。", person=person)
