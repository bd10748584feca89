"""Likely duplicates in the console: the queue, two files side by side, deciding, and taking apart again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role, User
from songhe.linkage.domain import Found, ask
from songhe.linkage.models import Candidate
from songhe.linkage.rules import Rule
from songhe.registry.models import CurrentPerson, Merge, Person
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city

QUEUE, DECIDED = "/console/duplicates/", "/console/duplicates/decided/"
REASON = "经核对户口簿"


def pair(one: Person, other: Person, rule: Rule = Rule.NAME_BIRTH_SEX, score: float | None = None) -> Candidate:
    ask(pairs=[Found(one.pk, other.pk, rule, score)])
    return Candidate.objects.get(one=min(one.pk, other.pk), other=max(one.pk, other.pk))


@pytest.fixture
def candidate(city: SmallCity) -> Candidate:
    return pair(somebody(), somebody(source="health", sex="F", phone="13800138000"))


def page_of(candidate: Candidate) -> str:
    return f"{QUEUE}{candidate.pk}/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def say(client: Client, candidate: Candidate, verdict: str, **more: str) -> Any:
    return client.post(page_of(candidate), {"verdict": verdict, "reason": REASON, **more})


class TestQueue:
    def test_it_says_why_and_with_what_probability(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        pair(somebody(name="李娟"), somebody(name="李绢"), Rule.PROBABILITY, 0.99999)
        shown = text_of(sign_in(clerk).get(QUEUE))
        assert "姓名、出生日期和性别相同" in shown
        assert "99.9%" in shown
        assert shown.index("王建国") < shown.index("李娟")

    def test_a_pair_with_somebody_elsewhere_is_not_shown(
        self, sign_in: SignIn, clerk: User, bureau: User, candidate: Candidate
    ) -> None:
        across = pair(somebody(name="赵明"), somebody("990102001001", name="赵明"))
        client = sign_in(clerk)
        assert "赵明" not in text_of(client.get(QUEUE))
        assert client.get(page_of(across)).status_code == client.post(page_of(across)).status_code == 404
        assert "赵明" in text_of(sign_in(bureau).get(QUEUE))

    def test_an_empty_queue_says_so(self, sign_in: SignIn, clerk: User) -> None:
        client = sign_in(clerk)
        assert "没有待核的" in text_of(client.get(QUEUE))
        assert "还没有核定过的" in text_of(client.get(DECIDED))

    def test_seeing_it_is_told_to_the_trail(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        sign_in(clerk).get(QUEUE)
        told = Entry.objects.get(action="person.listed")
        assert (told.user, told.subject_kind, told.details) == (clerk, "duplicates", {"count": 2})

    @pytest.mark.parametrize("path", [QUEUE, DECIDED])
    def test_it_takes_the_same_queries_with_one_row_and_three(
        self,
        sign_in: SignIn,
        clerk: User,
        candidate: Candidate,
        queries_of: Callable[[Client, str], int],
        path: str,
    ) -> None:
        client = sign_in(clerk)
        say(client, candidate, "different")
        pair(somebody(name="陈一"), somebody(name="陈一"))
        one = queries_of(client, path)
        for name in ("孙二", "周三"):
            more = pair(somebody(name=name), somebody(name=name))
            if path == DECIDED:
                say(client, more, "different")
        assert queries_of(client, path) == one <= 22

    @pytest.mark.parametrize("role", [Role.VILLAGE_WORKER, Role.AUDITOR, Role.TECHNICIAN, Role.PROVIDER])
    def test_it_is_not_for_everybody(self, sign_in: SignIn, city: SmallCity, candidate: Candidate, role: Role) -> None:
        client = sign_in(holder(role, city.city, "x"))
        for path in (QUEUE, DECIDED, page_of(candidate), f"{page_of(candidate)}reopen/"):
            assert client.get(path).status_code == client.post(path).status_code in (403,) or path in (QUEUE, DECIDED)
            assert client.get(path).status_code == 403


class TestSideBySide:
    def test_facts_are_compared_and_numbers_masked(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        shown = text_of(sign_in(clerk).get(page_of(candidate)))
        assert '<tr class="is-equal"><th scope="row">姓名' in shown
        assert '<tr class="is-different"><th scope="row">性别' in shown
        assert '<tr class="is-only_other"><th scope="row">联系电话' in shown
        assert "13800138000" not in shown

    def test_reading_both_files_is_told_to_the_trail(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        answer = sign_in(clerk).get(page_of(candidate))
        assert answer.headers["Cache-Control"] == "no-store"
        read = Entry.objects.filter(action="person.read", user=clerk).values_list("subject_id", flat=True)
        assert set(read) == {str(candidate.one.public_id), str(candidate.other.public_id)}


class TestDeciding:
    @pytest.mark.parametrize(("verdict", "kept"), [("keep_one", "one"), ("keep_other", "other")])
    def test_the_same_is_confirmed_and_merged_into_the_one_kept(
        self, sign_in: SignIn, clerk: User, candidate: Candidate, verdict: str, kept: str
    ) -> None:
        client = sign_in(clerk)
        shown = text_of(say(client, candidate, verdict))
        assert "请确认并档" in shown
        assert not Merge.objects.exists()
        assert say(client, candidate, verdict, confirmed="1").url == QUEUE
        assert Merge.objects.get().into_id == getattr(candidate, f"{kept}_id")
        assert "没有待核的" in text_of(client.get(QUEUE))
        assert "同一人，已并档" in text_of(client.get(page_of(candidate)))
        assert REASON in text_of(client.get(DECIDED))

    def test_different_is_not_asked_again(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        client = sign_in(clerk)
        assert say(client, candidate, "different").url == QUEUE
        assert ask(pairs=[Found(candidate.one_id, candidate.other_id, Rule.NAME_BIRTH_SEX)]) == 0
        assert "不是同一人" in text_of(client.get(DECIDED))

    def test_a_reason_and_a_verdict_are_needed(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        client = sign_in(clerk)
        assert say(client, candidate, "different", reason="").status_code == 422
        assert say(client, candidate, "").status_code == 422
        candidate.refresh_from_db()
        assert candidate.state == "open"

    def test_two_who_decide_at_once(self, sign_in: SignIn, clerk: User, candidate: Candidate) -> None:
        client = sign_in(clerk)
        say(client, candidate, "different")
        late = say(client, candidate, "keep_one", confirmed="1")
        assert late.status_code == 422
        assert not Merge.objects.exists()

    def test_merged_files_are_taken_apart_with_a_reason(
        self, sign_in: SignIn, clerk: User, candidate: Candidate
    ) -> None:
        client = sign_in(clerk)
        say(client, candidate, "keep_one", confirmed="1")
        assert CurrentPerson.objects.count() == 1
        assert client.post(f"{page_of(candidate)}reopen/", {"reason": ""}).status_code == 422
        assert client.post(f"{page_of(candidate)}reopen/", {"reason": "弄错了"}).url == page_of(candidate)
        assert CurrentPerson.objects.count() == 2
        assert "王建国" in text_of(client.get(QUEUE))
        assert client.post(f"{page_of(candidate)}reopen/", {"reason": "再来"}).status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    clerk = holder(Role.TOWN_CLERK, city.towns[0], "clerk")
    found = pair(somebody(), somebody(source="health", sex="F", phone="13800138000"))
    tab = open_console(QUEUE, clerk)
    if language == "en":
        tab.get_by_role("button", name="English").click()
    for path in (QUEUE, DECIDED, page_of(found)):
        tab.goto(path)
        accessible(tab)
        fits(tab)
    tab.locator("#id_verdict").select_option("keep_one")
    tab.locator("#id_reason").fill(REASON)
    tab.locator("main .btn-primary").click()
    tab.wait_for_selector(".btn-danger")
    accessible(tab)
    fits(tab)
    tab.locator(".btn-danger").click()
    tab.wait_for_url(f"**{QUEUE}")
    for path in (DECIDED, page_of(found), f"{page_of(found)}reopen/"):
        tab.goto(path)
        accessible(tab)
        fits(tab)
