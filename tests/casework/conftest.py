"""An old person, and the people of one county who deal with what she asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone

from tests.registry.conftest import by, divisions, register, resident_number

__all__ = ["by", "divisions", "register", "resident_number"]

PACKAGE, ITEM, CLAUSE = "qingtongxia-2023", "QTX-M-2.1e", "QTX-M-2.1e"
VILLAGE, TOWN, COUNTY, OTHER_COUNTY = "640381001201", "640381001", "640381", "640302"
ROLES = {
    "village": ("village_worker", VILLAGE),
    "lan": ("town_clerk", TOWN),
    "mei": ("town_clerk", TOWN),
    "zhou": ("county_bureau", COUNTY),
    "qian": ("county_bureau", COUNTY),
    "sun": ("county_bureau", COUNTY),
    "far": ("county_bureau", OTHER_COUNTY),
    "city": ("city_bureau", "640300"),
    "assessor": ("assessor", COUNTY),
}
# Who does what as a rule, on the way of an application.
HANDS = (("accept", "lan"), ("verify", "mei"), ("notice", "mei"), ("approve", "zhou"), ("inform", "lan"))


@dataclass
class Desk:
    """Everybody, by name, and a clock that only this county has."""

    divisions: dict[str, int]
    register: Callable[..., Any]
    day: dt.date = dt.date(2026, 3, 2)
    users: dict[str, Any] = field(default_factory=dict)

    def user(self, name: str) -> Any:
        from songhe.accounts.models import Role
        from tests.accounts.builders import holder

        if name not in self.users:
            role, code = ROLES[name]
            self.users[name] = holder(Role(role), self.division(code), name)
        return self.users[name]

    def division(self, code: str) -> Any:
        from songhe.divisions.models import Division

        return Division.objects.get(pk=self.divisions[code])

    @property
    def now(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.day, dt.time(10)))

    def staff(self, name: str) -> Any:
        from songhe.casework.domain.acting import Actor

        return Actor(user=self.user(name), at=self.now)

    def party(self, party: str) -> Any:
        from songhe.casework.domain.acting import Actor

        return Actor(party=party, at=self.now)

    @property
    def applicant(self) -> Any:
        return self.party("applicant")

    @property
    def system(self) -> Any:
        return self.party("system")

    def elder(self, **facts: Any) -> Any:
        given = {"name": "王桂兰", "hukou": VILLAGE, "residence": VILLAGE, "birth_date": "1940-05-01", "alive": True}
        return self.register(**(given | facts))

    def open(self, person: Any = None, *, who: Any = None, text: str = "", request_key: str = "", **more: Any) -> Any:
        from songhe.casework.domain.opening import Matter, open_case

        given = {"kind": "benefit_application", "package": PACKAGE, "item": ITEM} | more
        if "subject" not in given:
            given["person"] = person or self.elder()
        return open_case(by=who or self.applicant, matter=Matter(**given), text=text, request_key=request_key)

    def wait(self, days: int = 1) -> None:
        self.day += dt.timedelta(days=days)

    def passes(self, who: str, case: Any, step: str) -> None:
        from songhe.casework.domain.steps import pass_step

        pass_step(by=self.staff(who), case=case, step=step)

    def up_to(self, step: str, case: Any = None) -> Any:
        """A case that waits at a step, everything before it done by its own people."""
        from songhe.casework.domain.notice import publish

        case = case or self.open()
        for at, who in HANDS[[at for at, _ in HANDS].index(case.step) :]:
            if at == step:
                break
            if at == "notice":
                publish(by=self.staff(who), case=case)
                self.wait(14)
            self.passes(who, case, at)
        return case


@pytest.fixture
def desk(divisions: dict[str, int], register: Callable[..., Any]) -> Desk:
    return Desk(divisions, register)
