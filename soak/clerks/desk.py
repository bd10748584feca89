"""At the counter, over HTTP: files opened, facts and deaths recorded, departments' files handed in.

All desks record about the same people, each for a source of its own, so that they want the same rows at the same time.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

from soak.clerks.people import csv_file, resident_number
from soak.clerks.web import Browser, refused_unless
from soak.clerks.working import Clerk, NoAnswer, Refused

_SOURCES = ("person", "community", "civil_affairs", "medical_insurance")
_WANTED = 20
_ROWS = 40


class Desk(Clerk):
    """Signs in as one of the county's bureau; `desk1` speaks for another source than `desk0`."""

    def __init__(self, name: str, home: Path, address: str) -> None:
        super().__init__(name, home, address)
        self._user, self._source = f"county{int(name[-1]) + 1}", _SOURCES[int(name[-1])]
        self._browser = Browser(address)
        self._is_in = False
        self._sent: list[tuple[str, list[str]]] = []

    def turn(self) -> None:
        if not self._is_in:
            self._sign_in()
            return
        work = self.random.choices(
            (self._record, self._open_file, self._read, self._die, self._hand_in, self._see_to_import),
            (40, 15, 10, 5, 15, 15),
        )[0]
        work()

    def _sign_in(self) -> None:
        try:
            self._browser.sign_in(self._user, self.city.secrets[self._user])
            self._is_in = True
        except NoAnswer:
            time.sleep(1)

    def _post(self, path: str, fields: dict[str, str], *good: int, file: Any = None) -> str:
        try:
            return refused_unless(self._browser.post(path, fields, file), *good)
        except NoAnswer as nothing:
            if nothing.why == "signed out":
                self._sign_in()
            raise

    def _person(self) -> str:
        return self.random.choice(self.city.public[:_WANTED])

    def _record(self) -> None:
        """An income in fen that nobody else records, so that it can be found again."""
        person, fen = self._person(), time.time_ns() // 1000 % 10**11
        fields = {"source": self._source, "value": f"{fen // 100}.{fen % 100:02d}"}
        path = f"/console/people/{person}/record/income_per_capita_month/"
        key = f"{person} {self._source} {fen}"
        self.ask("record fact", key, lambda: self._post(path, fields, 302))

    def _open_file(self) -> None:
        number = resident_number()
        fields = {"source": self._source, "name": "新来", "resident_id": number, "residence": self.city.village}

        def open_it() -> None:
            page = self._post("/console/people/new/", fields, 302, 422)
            # Whoever asked before and heard nothing finds the file there, and is content.
            if not page.startswith("/console/people/") and "此人已有档案" not in page:
                raise Refused("HTTP 422")

        self.ask("open file", number, open_it)

    def _read(self) -> None:
        self._page(f"/console/people/{self._person()}/")
        self._page("/console/register/")

    def _die(self) -> None:
        person = self.random.choice(self.city.public[_WANTED:])
        on = dt.date(2024, 1, 15) + dt.timedelta(days=self.random.randrange(300))
        fields = {"source": "police", "on": on.isoformat(), "sure": "1"}
        self.ask("record death", person, lambda: self._post(f"/console/people/{person}/death/", fields, 302))

    def _hand_in(self) -> None:
        """A file of new people: sent, looked at, and run."""
        numbers = [resident_number() for _ in range(_ROWS)]
        fields = {"source": "police", "division": "640381"}
        file = (f"{self.name}.csv", csv_file(numbers, self.city.village))
        key = self.key()
        sent = self.ask(
            "hand in file",
            key,
            lambda: self._post("/console/imports/new/", fields, 302, file=file),
            lambda page: {"upload": page.rstrip("/").rpartition("/")[2], "numbers": numbers},
        )
        if sent is not None:
            self._sent.append((sent, numbers))

    def _see_to_import(self) -> None:
        """Looked at now and then: once the trial is over it is started, and then it waits for the worker."""
        if not self._sent:
            return
        page, numbers = self.random.choice(self._sent)
        if "/run/" not in self._page(page):
            return
        self.ask("run import", page, lambda: self._post(f"{page}run/", {}, 302), lambda _: {"numbers": numbers})
        if "/run/" not in self._page(page):
            self._sent.remove((page, numbers))

    def _page(self, path: str) -> str:
        try:
            return refused_unless(self._browser.get(path), 200)
        except (NoAnswer, Refused) as error:
            if error.why == "signed out":
                self._is_in = False
            return ""
