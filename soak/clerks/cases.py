"""Cases, in the rooms themselves: opened, taken through their steps one by one, and approved by the dozen.

Two of these clerks work on the same cases. A case's history is told on past days, as its public notice takes a week.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from soak.city import CASES, ITEMS
from soak.clerks.working import Clerk, in_domain

# How many days ago each step is done.
_AGO = {"open": 40, "accept": 39, "verify": 37, "publish": 36, "notice": 5, "approve": 4, "inform": 3}
# Whoever makes and whoever checks are different people; one of each is enough to quarrel.
_HANDS = {"accept": "town1", "inform": "town1", "verify": "town2", "notice": "town2", "approve": "county1"}
_MANY = 30


class Cases(Clerk):
    def turn(self) -> None:
        work: Callable[[], None] = self.random.choices(
            (self._open, self._step, self._approve_many, self._mend), (30, 50, 15, 5)
        )[0]
        work()

    def _open(self) -> None:
        from songhe.casework.domain.acting import Actor
        from songhe.casework.domain.opening import Matter, open_case
        from songhe.registry.models import Person

        person, item, key = self.random.choice(self.city.people), self.random.choice(ITEMS), self.key()

        def work() -> Any:
            matter = Matter(kind="benefit_application", person=Person.objects.get(pk=person), package=CASES, item=item)
            by = Actor(party="applicant", at=self._at("open"))
            return open_case(by=by, matter=matter, request_key=key)

        self.ask("open case", key, lambda: in_domain(work), lambda case: {"case": case.pk})

    def _step(self) -> None:
        """One that waits, not always the first: others look for one too."""
        case = self._some(state="running")
        if case is None:
            return
        if case.step == "notice" and case.notice_to is None:
            self._publish(case)
        else:
            self._pass(case)

    def _publish(self, case: Any) -> None:
        from songhe.casework.domain.notice import publish

        self.ask(
            "publish case",
            f"{case.pk}",
            lambda: in_domain(lambda: publish(by=self._actor("publish", "notice"), case=case)),
            lambda _: {"case": case.pk, "verb": "published", "step": "notice"},
        )

    def _pass(self, case: Any) -> None:
        from songhe.casework.domain.steps import pass_step

        step = case.step
        self.ask(
            "pass step",
            f"{case.pk} {step}",
            lambda: in_domain(lambda: pass_step(by=self._actor(step, step), case=case, step=step)),
            lambda _: {"case": case.pk, "verb": "passed", "step": step},
        )

    def _approve_many(self) -> None:
        from songhe.casework.domain.many import pass_many
        from songhe.casework.models import Case

        def work() -> tuple[list[int], Any]:
            waiting = Case.objects.filter(state="running", step="approve").order_by("pk")
            ids = list(waiting.values_list("pk", flat=True)[:_MANY])
            return ids, pass_many(by=self._actor("approve", "approve"), cases=ids, step="approve")

        def said(answer: tuple[list[int], Any]) -> dict[str, Any]:
            ids, done = answer
            return {"cases": ids if done.written == len(ids) else []}

        self.ask("approve many", self.key(), lambda: in_domain(work), said)

    def _mend(self) -> None:
        """Returned to the applicant, and mended at once."""
        from songhe.casework.domain.acting import Actor
        from songhe.casework.domain.steps import resubmit, return_for_mending

        case = self._some(state="running", step="accept")
        if case is None:
            return
        back = self.ask(
            "return case",
            self.key(),
            lambda: in_domain(
                lambda: (
                    return_for_mending(by=self._actor("accept", "accept"), case=case, step="accept", reason="缺证明")
                    or True
                )
            ),
        )
        if back:
            by = Actor(party="applicant", at=self._at("accept"))
            self.ask("mend case", self.key(), lambda: in_domain(lambda: resubmit(by=by, case=case)))

    def _some(self, **which: str) -> Any:
        from songhe.casework.models import Case

        def work() -> Any:
            found = list(Case.objects.filter(**which).order_by("-pk")[:_MANY])
            return self.random.choice(found) if found else None

        return self.look(lambda: in_domain(work))

    def _actor(self, moment: str, step: str) -> Any:
        from songhe.accounts.models import User
        from songhe.casework.domain.acting import Actor

        return Actor(user=User.objects.get(username=_HANDS[step]), at=self._at(moment))

    def _at(self, moment: str) -> dt.datetime:
        return dt.datetime.now(dt.UTC) - dt.timedelta(days=_AGO[moment])
