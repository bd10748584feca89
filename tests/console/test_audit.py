"""The audit trail in the console: what is shown to whom, the filters, and the proof that it is whole."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from songhe.accounts.append_only import release
from songhe.accounts.domain import audit
from songhe.accounts.models import Entry, Role, User
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.divisions.builders import SmallCity, small_city

TRAIL, VERIFY = "/console/audit/", "/console/audit/verify/"


@pytest.fixture
def auditor(city: SmallCity) -> User:
    return holder(Role.AUDITOR, city.city, "auditor")


def sequences(client: Client, query: str = "") -> list[int]:
    text = client.get(f"{TRAIL}?{query}").content.decode()
    return [int(number) for number in re.findall(r'<tr><td class="number">(\d+)', text)]


def line(user: User, action: str = "user.unlocked", **more: Any) -> int:
    return audit.append(user=user, action=action, **more).sequence


class TestTrail:
    def test_it_tells_in_sentences_newest_first(self, sign_in: SignIn, auditor: User, clerk: User) -> None:
        line(clerk, "user.locked", subject_kind="user", subject_id="somebody", details={"reason": "离职"})
        client = sign_in(auditor)
        shown = client.get(TRAIL).content.decode()
        assert "Clerk（clerk）停用somebody：离职" in shown
        numbers = sequences(client)
        assert numbers == sorted(numbers, reverse=True)

    def test_reading_it_is_a_line_of_it_without_what_was_typed(self, sign_in: SignIn, auditor: User) -> None:
        client = sign_in(auditor)
        before = Entry.objects.count()
        client.get(f"{TRAIL}?subject=640381194402290011")
        told = Entry.objects.order_by("-sequence").first()
        assert told is not None
        assert (Entry.objects.count(), told.action, told.user) == (before + 1, "audit.read", auditor)
        assert told.details == {"filters": ["subject"], "count": 0}

    def test_somebody_of_a_county_sees_what_is_about_it(self, sign_in: SignIn, city: SmallCity, clerk: User) -> None:
        east = holder(Role.AUDITOR, city.counties[0], "east")
        here = line(clerk, division=city.towns[0])
        there, nowhere = line(clerk, division=city.towns[3]), line(clerk)
        shown = sequences(sign_in(east))
        assert here in shown
        assert not {there, nowhere} & set(shown)

    @pytest.mark.parametrize("role", [Role.COUNTY_BUREAU, Role.TOWN_CLERK, Role.TECHNICIAN])
    def test_it_is_not_for_everybody(self, sign_in: SignIn, city: SmallCity, role: Role) -> None:
        client = sign_in(holder(role, city.city, "x"))
        assert client.get(TRAIL).status_code == 403
        assert client.post(VERIFY).status_code == 403

    def test_it_is_searched(self, sign_in: SignIn, auditor: User, clerk: User, bureau: User) -> None:
        one = line(clerk, "user.unlocked", subject_kind="user", subject_id="a")
        two = line(bureau, "division.renamed", subject_kind="division", subject_id="b")
        stranger = audit.append(user=None, actor="mallory", action="session.refused").sequence
        client = sign_in(auditor)
        assert sequences(client, "who=clerk") == [one]
        assert sequences(client, "who=Bureau") == [two]
        assert sequences(client, "who=mallory") == [stranger]
        assert sequences(client, "group=division") == [two]
        assert sequences(client, "subject=a") == [one]
        today = dt.date.today().isoformat()
        assert one in sequences(client, f"first={today}&last={today}")
        assert sequences(client, "last=2020-01-01") == []

    def test_a_day_that_is_none_is_told(self, sign_in: SignIn, auditor: User) -> None:
        answer = sign_in(auditor).get(f"{TRAIL}?first=2024-13-01")
        assert answer.status_code == 422
        assert "不存在" in answer.content.decode()

    def test_long_trails_are_read_on(self, sign_in: SignIn, auditor: User, clerk: User) -> None:
        audit.append_many(user=clerk, lines=(audit.Line(action="user.unlocked") for _ in range(120)))
        client, seen = sign_in(auditor), []
        address = f"{TRAIL}?who=clerk"
        while address:
            text = client.get(address).content.decode()
            seen += [int(number) for number in re.findall(r'<tr><td class="number">(\d+)', text)]
            more = re.search(r'rel="next" href="([^"]+)"', text)
            address = TRAIL + more[1].replace("&amp;", "&") if more else ""
        assert len(seen) == len(set(seen)) == 120

    def test_it_takes_the_same_queries_with_one_row_and_three(
        self,
        sign_in: SignIn,
        city: SmallCity,
        auditor: User,
        clerk: User,
        queries_of: Callable[[Client, str], int],
    ) -> None:
        client, path = sign_in(auditor), f"{TRAIL}?who=clerk"
        line(clerk, division=city.towns[0])
        one = queries_of(client, path)
        line(clerk, division=city.towns[1])
        line(clerk, division=city.towns[2])
        assert queries_of(client, path) == one <= 20


class TestVerify:
    def test_nothing_is_checked_unasked(self, sign_in: SignIn, auditor: User) -> None:
        assert "全部逐条核对" not in sign_in(auditor).get(VERIFY).content.decode()

    def test_a_whole_trail_is_said_to_be_whole(self, sign_in: SignIn, auditor: User) -> None:
        client, head = sign_in(auditor), audit.head()
        assert head is not None
        shown = client.post(VERIFY).content.decode()
        assert f"第 1 至 {head[0]} 条全部逐条核对" in shown
        assert Entry.objects.filter(action="audit.verified", details__verified=True).count() == 1

    def test_the_first_break_is_named(self, sign_in: SignIn, auditor: User, clerk: User) -> None:
        number = line(clerk)
        line(clerk)
        connection.check_constraints()
        release(connection, Entry._meta.db_table)
        Entry.objects.filter(sequence=number).update(actor="somebody else")
        shown = sign_in(auditor).post(VERIFY).content.decode()
        assert f"第 {number} 条：" in shown
        assert "内容被改动过" in shown

    def test_lines_cut_off_are_noticed_by_whoever_wrote_the_last_down(
        self, sign_in: SignIn, auditor: User, clerk: User
    ) -> None:
        line(clerk)
        head = audit.head()
        assert head is not None
        connection.check_constraints()
        release(connection, Entry._meta.db_table)
        Entry.objects.filter(sequence=head[0]).delete()
        client = sign_in(auditor)
        known = {"sequence": str(head[0]), "hash": head[1]}
        assert "被截去" in client.post(VERIFY, known).content.decode()
        assert client.post(VERIFY, {"sequence": "3", "hash": ""}).status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    bureau = holder(Role.CITY_BUREAU, city.city, "bureau")
    for number in range(60):
        holder(Role.TOWN_CLERK, city.towns[0], f"clerk-{number}")
    tab = open_console(TRAIL, bureau)
    if language == "en":
        tab.get_by_role("button", name="English").click()
    accessible(tab)
    fits(tab)
    tab.get_by_role("link", name="下一页" if language == "zh" else "Next").click()
    tab.wait_for_selector('[rel="prev"]')
    tab.goto(VERIFY)
    accessible(tab)
    tab.locator("main .btn-primary").click()
    tab.wait_for_selector(".alert-success")
    accessible(tab)
    fits(tab)
