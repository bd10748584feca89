"""`python -m bench.casework`: ten thousand approvals in one go, on the database of DATABASE_URL or a SQLite of its own.

Cases opened without a form are verified, published and, once their notice is over, approved, each with its own act and
its own line of the audit trail. Only the approvals have a bar; the other steps are shown beside them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measure import hand_back, measured

CASES, PACKAGE, ITEM = 10_000, "suizhou-2023", "SZ-L-04"
# The notice runs for seven days, to a working day.
DAYS = {"offer": 40, "verify": 39, "publish": 38, "notice": 5, "approve": 4, "inform": 3}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.casework")
    parser.add_argument("--cases", type=int, default=CASES)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="songhe-bench-"))
    os.environ["SONGHE_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "songhe.web.settings"
    try:
        import django

        (folder / "var").mkdir()
        django.setup()
        hand_back(approvals(arguments.cases))
    finally:
        shutil.rmtree(folder)


def approvals(number: int) -> dict[str, Any]:
    """Seconds by the clock of each step of all cases; `lines` is how much longer the approvals made the trail."""
    from django.core.management import call_command
    from django.db import connection

    from songhe.accounts.domain.audit import verify
    from songhe.accounts.models import Entry

    call_command("migrate", verbosity=0)
    seconds: dict[str, float] = {}
    for name, step in _steps(number).items():
        before = Entry.objects.count()
        written, figures = measured(step)
        assert written == number, f"{name}: {written} of {number}"
        seconds[name] = round(figures["wall_s"], 2)
        if name == "approve":
            lines = Entry.objects.count() - before
    assert lines == number
    assert verify() is None
    return {"engine": connection.vendor, "cases": number, "lines": lines, "wall_s": seconds}


def _steps(number: int) -> dict[str, Callable[[], int]]:
    from songhe.accounts.models import Role
    from songhe.casework.domain.acting import Actor
    from songhe.casework.domain.many import pass_many, publish_many
    from songhe.casework.domain.offers import offer_many
    from songhe.casework.models import Case
    from songhe.common import clock

    county = _places()
    people = _register(number)
    checker, approver = (_user(name, Role.COUNTY_BUREAU, county) for name in ("checker", "approver"))

    def at(step: str) -> dict[str, Any]:
        return {"at": clock.now() - dt.timedelta(days=DAYS[step])}

    def passed(step: str, user: Any) -> Callable[[], int]:
        return lambda: pass_many(by=Actor(user=user, **at(step)), cases=_all(), step=step).written

    def _all() -> list[int]:
        return list(Case.objects.order_by("pk").values_list("pk", flat=True))

    system = {"party": "system", **at("offer")}
    return {
        "offer": lambda: offer_many(package=PACKAGE, item=ITEM, people=people, by=Actor(**system)).opened,
        "verify": passed("verify", checker),
        "publish": lambda: publish_many(by=Actor(user=checker, **at("publish")), cases=_all()).written,
        "notice": passed("notice", checker),
        "approve": passed("approve", approver),
        "inform": passed("inform", checker),
    }


def _places() -> Any:
    from songhe.divisions.domain.load import Row, load_divisions
    from songhe.divisions.models import Division
    from songhe.divisions.queries import resolve

    rows = [Row("990100", "松鹤市"), Row("990101", "东县", "990100"), Row("990101001", "甲镇", "990101")]
    load_divisions(rows=rows, on=dt.date(2000, 1, 1))
    return Division.objects.get(pk=resolve("990101"))


def _user(name: str, role: Any, division: Any) -> Any:
    from songhe.accounts.domain.grants import grant
    from songhe.accounts.models import User

    user = User.objects.create(username=f"bench-{name}", display_name=name, division=division, password="!")
    grant(user=user, role=role, division=division, by=None)
    return user


def _register(number: int) -> list[int]:
    from songhe.registry.domain.facts import File, record_many
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author

    said = [(Statement("name", f"王{n % 5000}"), Statement("hukou", "990101001")) for n in range(number)]
    return list(record_many(by=Author(user=None, source="person"), files=(File(None, one) for one in said)).people)


if __name__ == "__main__":
    main()
