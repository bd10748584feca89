"""The door of the personal pages: who gets in, what a browser keeps, and how it ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.accounts.models import Entry
from songhe.citizens.models import Sitting
from songhe.outbox.models import Message
from songhe.portal.my.door import COOKIE
from songhe.portal.my.urls import urlpatterns
from tests.citizens.conftest import NUMBER, SON_PHONE, Household, house, number  # noqa: F401
from tests.console.conftest import session_of
from tests.portal.my_pages import reader

SIGN_IN, CODE = "/my/sign-in/", "/my/code/"
NOBODYS = number("99010119500101001")
_OPEN = {"my-sign-in", "my-code", "my-counter"}
_SAMPLES = {"item": "QTX-M-2.1e", "claim": 1, "case": "00000000-0000-4000-8000-000000000000"}


@pytest.fixture
def grandma(house: Household) -> Client:  # noqa: F811
    return reader(house.clerk, house.grandma, NUMBER)


@pytest.fixture
def son(house: Household) -> Client:  # noqa: F811
    house.agree()
    return reader(house.clerk, house.grandma, NUMBER, house.son)


def without_tokens(answer: Any) -> str:
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


class TestByMessage:
    def test_number_then_digits(self, house: Household, client: Client) -> None:  # noqa: F811
        assert client.post(SIGN_IN, {"number": NUMBER, "who": "self"}).url == CODE
        assert client.post(CODE, {"code": house.sent()[1]}).url == "/my/"
        assert "曾桂兰，您好" in client.get("/my/").content.decode()

    def test_digits_as_people_write_them(self, house: Household, client: Client) -> None:  # noqa: F811
        client.post(SIGN_IN, {"number": NUMBER, "who": "self"})
        digits = house.sent()[1]
        assert client.post(CODE, {"code": f" {digits[:3]} {digits[3:]} "}).url == "/my/"

    def test_the_family_by_its_own_telephone(self, house: Household, client: Client) -> None:  # noqa: F811
        house.agree()
        client.post(SIGN_IN, {"number": NUMBER, "who": "family", "phone": SON_PHONE})
        client.post(CODE, {"code": house.sent()[1]})
        assert "您正在查看 曾桂兰 的页面" in client.get("/my/").content.decode()

    def test_the_answers_are_the_same_for_somebody_who_is_not_on_file(self, house: Household) -> None:  # noqa: F811
        pages = []
        for asked in (NUMBER, NOBODYS):
            client = Client()
            first = client.post(SIGN_IN, {"number": asked, "who": "self"})
            pages.append([(first.status_code, first.url), without_tokens(client.get(CODE))])
            wrong = client.post(CODE, {"code": "12345"})
            pages[-1].append((wrong.status_code, without_tokens(wrong)))
        assert pages[0] == pages[1]
        assert Message.objects.count() == 1

    def test_the_limit_is_told_the_same_way_too(self, house: Household) -> None:  # noqa: F811
        last = []
        for asked in (NUMBER, NOBODYS):
            answers = [Client().post(SIGN_IN, {"number": asked, "who": "self"}) for _ in range(4)]
            assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
            last.append(without_tokens(answers[-1]))
        assert last[0] == last[1]

    @pytest.mark.parametrize("sent", [{"number": "1234"}, {"number": NUMBER, "who": "family", "phone": "妈妈"}])
    def test_what_is_no_number_is_said(self, house: Household, client: Client, sent: Any) -> None:  # noqa: F811
        assert client.post(SIGN_IN, sent).status_code == 422

    def test_digits_without_a_number_lead_back(self, client: Client, db: None) -> None:
        assert client.post(CODE, {"code": "123456"}).url == SIGN_IN


class TestTheCookie:
    def test_is_for_these_pages_alone_and_for_no_script(self, grandma: Client) -> None:
        cookie = grandma.cookies[COOKIE]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
            "/my/",
            True,
            "Strict",
            "",
        )

    def test_is_secure_in_production(self, house: Household, settings: Any) -> None:  # noqa: F811
        settings.PRODUCTION = True
        assert reader(house.clerk, house.grandma, NUMBER).cookies[COOKIE]["secure"] is True

    def test_that_was_made_up_opens_nothing(self, grandma: Client) -> None:
        grandma.cookies[COOKIE] = grandma.cookies[COOKIE].value[:-1] + "~"
        assert grandma.get("/my/").url == SIGN_IN

    def test_opens_no_page_of_the_staff_and_theirs_none_of_these(self, grandma: Client, house: Household) -> None:  # noqa: F811
        assert grandma.get("/console/register/").status_code == 302
        assert session_of(house.clerk).get("/my/").url == SIGN_IN

    def test_ends_with_signing_out(self, grandma: Client) -> None:
        assert grandma.post("/my/sign-out/").url == SIGN_IN
        assert Sitting.objects.get().ended_at is not None
        assert grandma.get("/my/").status_code == 302

    def test_no_browser_keeps_a_page(self, grandma: Client) -> None:
        assert {grandma.get(path).headers["Cache-Control"] for path in ("/my/", SIGN_IN)} == {"no-store"}

    def test_a_forged_form_does_nothing(self, grandma: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = grandma.cookies
        answer = strict.post("/my/family/", {"given": "yes"})
        assert answer.status_code == 403
        assert "请从这里的页面提交" in answer.content.decode()


class TestTheTrail:
    def test_holds_every_page_that_was_read(self, grandma: Client, house: Household) -> None:  # noqa: F811
        grandma.get("/my/")
        grandma.get("/my/payments/")
        rows = Entry.objects.filter(action="citizen.read").order_by("sequence")
        told = [(row.actor, row.subject_id, row.details["page"]) for row in rows]
        public = str(house.grandma.public_id)
        assert told == [("本人", public, "首页"), ("本人", public, "我的收款")]

    def test_names_the_family_as_such(self, son: Client) -> None:
        son.get("/my/items/")
        assert Entry.objects.latest("sequence").actor == "家属（子女）"


class TestConsent:
    def test_is_given_and_taken_back_by_the_person(self, grandma: Client, house: Household) -> None:  # noqa: F811
        grandma.post("/my/family/", {"given": "yes"})
        reads = reader(house.clerk, house.grandma, NUMBER, house.son)
        assert reads.get("/my/").status_code == 200
        grandma.post("/my/family/", {"given": "no"})
        assert reads.get("/my/").url == SIGN_IN
        assert Entry.objects.filter(action__startswith="consent.").values_list("actor", flat=True)[0] == "本人"

    def test_is_not_the_familys_to_take(self, son: Client, house: Household) -> None:  # noqa: F811
        son.post("/my/family/", {"given": "no"})
        assert son.get("/my/").status_code == 200

    def test_other_peoples_names_are_veiled(self, grandma: Client) -> None:
        page = grandma.get("/my/family/").content.decode()
        assert ("王**" in page, "王小明" in page) == (True, False)


@pytest.mark.parametrize("pattern", [one for one in urlpatterns if one.name not in _OPEN], ids=lambda one: one.name)
def test_nobody_gets_past_the_door(pattern: Any, client: Client, db: None) -> None:
    path = reverse(pattern.name, kwargs={name: _SAMPLES[name] for name in pattern.pattern.converters})
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer.url) == (302, SIGN_IN)
