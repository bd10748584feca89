"""Cases that nobody had to apply for: done without a form (免申即享) or by invitation, as the item's entry says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.audit import append_many
from songhe.casework import flow
from songhe.casework.domain.acting import SYSTEM, Actor, Said, line_of, moment
from songhe.casework.domain.handling import Handling
from songhe.casework.domain.opening import entitlement
from songhe.casework.errors import NotAllowed
from songhe.casework.models import Act, Case, How, Kind
from songhe.casework.queries.granted import granted_cases
from songhe.casework.shapes import Procedure
from songhe.casework.stored import parsed
from songhe.registry.groups import groups_of

BLOCK = 2_000


@dataclass(frozen=True)
class Offered:
    """How many cases were opened; who (ids) had an open case or the item already, and for whom none could be opened.

    Set aside is who has died, was merged into another file, or lives and is registered nowhere known.
    """

    opened: int
    there: tuple[int, ...]
    set_aside: tuple[int, ...]


def offer_many(*, package: str, item: str, people: Iterable[int], by: Actor = SYSTEM, block: int = BLOCK) -> Offered:
    """A case for each of these people (ids), running at once or waiting for their yes. Doing it twice opens no more.

    Raises NotAllowed for an item that is only given to those who apply, Incomplete for one that there is not.
    """
    delivery = entitlement(package, item).delivery
    if delivery == "apply":
        raise NotAllowed(
            f"{package} 的 {item} 须由本人申请。", f"{item} of {package} is given to those who apply for it only."
        )
    verb = Act.Verb.OFFERED if delivery == "offer" else Act.Verb.INVITED
    remaining = iter(dict.fromkeys(people))
    opened, there, aside = 0, [], []
    while ids := list(islice(remaining, block)):
        with transaction.atomic():
            part = _Part(by, package, item, verb, ids)
            opened += part.open()
            there += part.there
            aside += part.aside
    return Offered(opened, tuple(there), tuple(aside))


class _Part:
    def __init__(self, by: Actor, package: str, item: str, verb: str, ids: Sequence[int]) -> None:
        self.by, self.package, self.item, self.verb = by, package, item, verb
        self.now = moment(by, None)
        self.today = timezone.localdate(self.now)
        self.handling = Handling(package, ids, self.today)
        standing = self.handling.places
        busy = self._busy(list(standing))
        self.there = [person for person in ids if person in busy]
        self.wanted = [person for person in ids if person in standing and person not in busy]
        self.aside = [person for person in ids if person not in standing]

    def open(self) -> int:
        cases = [case for person in self.wanted if (case := self._case(person)) is not None]
        made = {case.person_id for case in cases}
        self.aside += [person for person in self.wanted if person not in made]
        Case.objects.bulk_create(cases, batch_size=500)
        acts = (
            Act(case=case, number=1, at=self.now, on=self.today, party=self.by.party, user=self.by.user, verb=self.verb)
            for case in cases
        )
        Act.objects.bulk_create(acts, batch_size=500)
        lines = (line_of(case, self.verb, parsed(case.procedure), Said()) for case in cases)
        append_many(user=self.by.user, lines=lines)
        return len(cases)

    def _busy(self, people: list[int]) -> set[int]:
        """Those with an open case of this item or with the item itself, in whichever of their files."""
        merged = groups_of(people).merged_into(people)
        open_ones = Case.objects.exclude(state="closed").filter(kind=Kind.BENEFIT, item=self.item)
        found = open_ones.filter(person__in=[*people, *merged]).values_list("person_id", flat=True)
        granted = granted_cases(people, self.package, self.item)
        return {merged.get(person, person) for person in found} | {person for person, _ in granted}

    def _case(self, person: int) -> Case | None:
        handled = self.handling.of(person, self.item)
        if handled is None:
            return None
        division, row = handled
        return Case(
            kind=Kind.BENEFIT,
            package=self.package,
            item=self.item,
            person_id=person,
            division_id=division,
            procedure=row,
            how=How.SYSTEM,
            opened_by=self.by.user,
            opened_at=self.now,
            acts=1,
            **asdict(self._begun(parsed(row), self.today)),
        )

    def _begun(self, procedure: Procedure, today: dt.date) -> flow.Place:
        if self.verb == Act.Verb.INVITED:
            return flow.invite(procedure, today)
        return flow.begin(procedure, today, offered=True)
