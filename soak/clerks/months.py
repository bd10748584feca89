"""The monthly run: one decides, another answers and accepts, and two want to be the first."""

from __future__ import annotations

import time
from typing import Any

from soak.city import FIRST, LAST, PACKAGE
from soak.clerks.working import Clerk, in_domain

_MAKER, _CHIEF = "county2", "county3"


class Months(Clerk):
    def turn(self) -> None:
        from songhe.entitlement.models import OPEN, Run

        run = self.look(lambda: in_domain(lambda: Run.objects.filter(county=self.city.county, state__in=OPEN).first()))
        if run is None:
            self._decide()
        elif run.state == "held":
            self._answer(run)
        elif self.random.random() < 0.1:
            self._withdraw(run)
        else:
            self._accept(run)

    def _decide(self) -> None:
        from songhe.entitlement.domain.running import run_month
        from songhe.entitlement.queries import last_accepted
        from songhe.policy.load import load_package

        def work() -> Any:
            last = last_accepted(self.city.county)
            month = FIRST if last is None else _next(last.month)
            if month > LAST:
                return None
            package = load_package(PACKAGE)
            return run_month(county=self.city.county, month=month, package=package, by=self._user(_MAKER))

        made = self.ask("decide month", self.key(), lambda: in_domain(work), _told)
        if made is None:
            time.sleep(1)

    def _answer(self, run: Any) -> None:
        from songhe.entitlement.domain.accepting import answer

        self.ask(
            "answer run",
            self.key(),
            lambda: in_domain(lambda: answer(run=run, by=self._user(_CHIEF), text="已逐一核实")),
            _told,
        )

    def _withdraw(self, run: Any) -> None:
        from songhe.entitlement.domain.accepting import withdraw

        self.ask(
            "withdraw run",
            f"{run.pk}",
            lambda: in_domain(lambda: withdraw(run=run, by=self._user(_MAKER), reason="重新核定")),
            _told,
        )

    def _accept(self, run: Any) -> None:
        from songhe.entitlement.domain.accepting import accept

        self.ask("accept run", f"{run.pk}", lambda: in_domain(lambda: accept(run=run, by=self._user(_CHIEF))), _told)

    def _user(self, name: str) -> Any:
        from songhe.accounts.models import User

        return User.objects.get(username=name)


def _told(run: Any) -> dict[str, Any]:
    return {} if run is None else {"run": run.pk, "lines": run.line_count}


def _next(month: int) -> int:
    return month + 1 if month % 100 < 12 else month + 89
