"""What older people read of themselves: what they may have, what was paid, how far it is, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.casework.domain.offers import offer_many
from songhe.casework.domain.steps import refuse, return_for_mending
from songhe.casework.models import Case
from songhe.common import clock
from songhe.policy.load import load_package
from songhe.portal.my.urls import urlpatterns
from songhe.registry.domain.merging import merge
from songhe.registry.domain.writing import Author
from tests.casework.conftest import CLAUSE, ITEM, Desk, by, desk, divisions, register  # noqa: F401
from tests.console.conftest import queries_of  # noqa: F401
from tests.payment.conftest import Office, office  # noqa: F401
from tests.portal.my_pages import number_of, reader

# A package that invites people to something.
OTHER = "suizhou-2023"
_OPEN = {"my-sign-in", "my-code", "my-counter", "my-sign-out"}


@pytest.fixture
def elder(desk: Desk) -> Any:  # noqa: F811
    desk.day = clock.today()
    return desk.elder(resident_id=number_of(1), name="王桂兰")


@pytest.fixture
def mine(desk: Desk, elder: Any) -> Client:  # noqa: F811
    return reader(desk.user("lan"), elder, number_of(1))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


class TestItems:
    def test_are_answered_by_what_the_file_says(self, mine: Client) -> None:
        page = text_of(mine, "/my/items/")
        assert all(words in page for words in ("可以享受", "还不能确定", "目前不能享受"))

    def test_one_that_hangs_on_something_asks_for_it_before_an_application(self, mine: Client) -> None:
        undecided = text_of(mine, "/my/items/").split('id="undecided"')[1].split('id="not-owed"')[0]
        assert "看还缺什么，也可以先申请" in undecided
        assert "/apply/" not in undecided

    def test_each_says_why_and_by_which_clause(self, mine: Client) -> None:
        page = text_of(mine, f"/my/items/{ITEM}/")
        assert "为什么" in page
        assert f"#clause-{CLAUSE}" in page
        assert "您的回答" not in page

    def test_one_that_there_is_not_is_not_found(self, mine: Client) -> None:
        assert mine.get("/my/items/QTX-M-99/").status_code == 404

    def test_what_must_be_asked_for_is_applied_for_once(self, mine: Client, elder: Any) -> None:
        path, key = f"/my/items/{ITEM}/apply/", {"key": "k1", "text": "低保证已交"}
        answers = [mine.post(path, key) for _ in range(2)]
        case = Case.objects.get()
        assert {answer.url for answer in answers} == {f"/my/cases/{case.public_id}/"}
        assert (case.person, case.how, case.item) == (elder, "self", ITEM)
        assert case.history.get().party == "applicant"

    def test_what_she_has_is_not_applied_for_and_what_was_ended_is_again(self, mine: Client, desk: Desk, elder) -> None:  # noqa: F811
        desk.day = clock.today() - dt.timedelta(days=20)
        granted = desk.up_to("end", desk.open(elder))
        page = text_of(mine, f"/my/items/{ITEM}/")
        assert "已经同意" in page
        assert f"/my/items/{ITEM}/apply/" not in page
        assert mine.post(f"/my/items/{ITEM}/apply/", {"key": "k", "text": ""}).url == f"/my/cases/{granted.public_id}/"
        later = desk.open(desk.elder())
        refuse(by=desk.staff("lan"), case=later, step="accept", reason="条件已变", clause=CLAUSE)
        desk.passes("lan", later, "inform")
        merge(by=Author(user=None, source="police", reason="同一人"), person=later.person, into=elder)
        assert f"/my/items/{ITEM}/apply/" in text_of(mine, f"/my/items/{ITEM}/")

    def test_what_is_missing_names_the_paper_and_the_office(self, mine: Client) -> None:
        page = text_of(mine, "/my/missing/")
        assert "拿什么能确定" in page
        assert "村11" in page


class TestCases:
    def test_stand_in_plain_words(self, mine: Client, desk: Desk, elder: Any) -> None:  # noqa: F811
        case = desk.open(elder)
        page = text_of(mine, f"/my/cases/{case.public_id}/")
        assert "已收到您的申请" in page
        assert "工作人员正在看申请材料是否齐全" in page

    def test_what_was_returned_is_mended(self, mine: Client, desk: Desk, elder: Any) -> None:  # noqa: F811
        case = desk.open(elder)
        return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺低保证")
        assert "等您办的" in text_of(mine, "/my/")
        assert mine.post(f"/my/cases/{case.public_id}/mend/", {"text": ""}).status_code == 422
        mine.post(f"/my/cases/{case.public_id}/mend/", {"text": "今天交到村里了"})
        case.refresh_from_db()
        assert (case.state, case.history.last().reason) == ("running", "今天交到村里了")

    def test_an_invitation_is_accepted_or_not(self, mine: Client, desk: Desk, elder: Any) -> None:  # noqa: F811
        item = next(id for id, one in load_package(OTHER).entitlements.items() if one.delivery == "invite")
        offer_many(package=OTHER, item=item, people=[elder.pk])
        case = Case.objects.get()
        assert "我要办" in text_of(mine, f"/my/cases/{case.public_id}/")
        mine.post(f"/my/cases/{case.public_id}/agree/")
        case.refresh_from_db()
        assert case.state == "running"

    def test_it_is_withdrawn(self, mine: Client, desk: Desk, elder: Any) -> None:  # noqa: F811
        case = desk.open(elder)
        assert mine.get(f"/my/cases/{case.public_id}/withdraw/").status_code == 200
        mine.post(f"/my/cases/{case.public_id}/withdraw/", {"text": ""})
        case.refresh_from_db()
        assert case.outcome == "withdrawn"
        assert mine.post(f"/my/cases/{case.public_id}/withdraw/", {"text": ""}).status_code == 422

    def test_a_refusal_is_appealed_in_time(self, mine: Client, desk: Desk, elder: Any) -> None:  # noqa: F811
        desk.day = clock.today() - dt.timedelta(days=10)
        case = desk.open(elder)
        refuse(by=desk.staff("lan"), case=case, step="accept", reason="年龄不到", clause=CLAUSE)
        desk.passes("lan", case, "inform")
        assert "申诉" in text_of(mine, f"/my/cases/{case.public_id}/")
        mine.post(f"/my/cases/{case.public_id}/appeal/", {"text": "我已经满了", "key": "a"})
        appeal = Case.objects.get(kind="appeal")
        assert (appeal.about, appeal.person) == (case, elder)
        assert f"/my/cases/{case.public_id}/appeal/" not in text_of(mine, f"/my/cases/{case.public_id}/")

    def test_anything_is_complained_of(self, mine: Client, elder: Any) -> None:
        mine.post("/my/complain/", {"text": "没有人接电话", "key": "b"})
        assert Case.objects.get().kind == "complaint"


def test_the_list_of_cases_takes_as_many_queries_for_three_as_for_one(
    mine: Client,
    desk: Desk,  # noqa: F811
    elder: Any,
    queries_of: Callable[[Client, str], int],  # noqa: F811
) -> None:
    desk.open(elder, kind="complaint", package="", item="", text="没有人接电话")
    one = queries_of(mine, "/my/cases/")
    for _ in range(2):
        desk.open(elder, kind="complaint", package="", item="", text="没有人接电话")
    assert queries_of(mine, "/my/cases/") == one


class TestMoney:
    @pytest.fixture
    def paid(self, office: Office) -> Callable[..., Client]:  # noqa: F811
        """Signs in somebody whom the office pays."""
        from songhe.accounts.models import Role
        from tests.accounts.builders import holder
        from tests.citizens.conftest import author

        clerk = holder(Role.COUNTY_BUREAU, office.division, "counter")

        def sign_in(person: Any) -> Client:
            from songhe.registry.domain.facts import record_facts
            from songhe.registry.domain.statements import Statement

            said = [Statement("resident_id", number_of(9))]
            record_facts(by=author(), person=person, statements=said)
            return reader(clerk, person, number_of(9))

        return sign_in

    def test_is_told_by_month_and_by_what_became_of_it(self, office: Office, paid: Any) -> None:  # noqa: F811
        office.fill(100_000)
        person = office.person("6228480012345678")
        office.owe(person, 12_050)
        client = paid(person)
        assert "还没有发" in text_of(client, "/my/payments/")
        batch = office.sent(office.batch().batch)
        assert "在路上" in text_of(client, "/my/payments/")
        office.answered(batch)
        page = text_of(client, "/my/payments/")
        assert all(words in page for words in ("2024年7月", "120.50元", "已到账"))
        assert "6228480012345678" not in page

    def test_that_came_back_says_what_to_do(self, office: Office, paid: Any) -> None:  # noqa: F811
        office.fill(100_000)
        person = office.person()
        office.owe(person, 10_000)
        batch = office.sent(office.batch().batch)
        office.answered(batch, bounced=batch.lines.all())
        client = paid(person)
        assert "核对银行卡号" in text_of(client, "/my/")
        assert "退回来了" in text_of(client, "/my/payments/")

    def test_that_is_to_be_given_back_says_how(self, office: Office, paid: Any) -> None:  # noqa: F811
        from songhe.payment.domain.recoveries import state_plan

        person = office.person()
        claim = office.owe(person, -6_000)
        client = paid(person)
        assert "怎么退还没有定" in text_of(client, f"/my/payments/{claim.pk}/")
        state_plan(by=office.maker, claim=claim, per_month=2_000, reason="逐月抵扣")
        assert "一个月最多扣20元" in text_of(client, f"/my/payments/{claim.pk}/")

    def test_takes_as_many_queries_for_three_sums_as_for_one(
        self,
        office: Office,  # noqa: F811
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from songhe.portal.my.money import months_of

        person = office.person()
        counts = []
        for _ in range(2):
            office.owe(person, 5_000)
            with CaptureQueriesContext(connection) as asked:
                months_of(person)
            counts.append(len(asked))
            office.owe(person, 4_000)
        assert counts[0] == counts[1]


def test_another_persons_things_are_not_there(mine: Client, desk: Desk) -> None:  # noqa: F811
    """A walk over every address with another's ids, reading and writing."""
    other = desk.elder(resident_id=number_of(2), name="鹤立松")
    case = desk.open(other)
    samples = {"item": ITEM, "claim": _claim_of(other, desk).pk, "case": case.public_id}
    for pattern in urlpatterns:
        if pattern.name in _OPEN:
            continue
        path = reverse(pattern.name, kwargs={name: samples[name] for name in pattern.pattern.converters})
        for answer in (mine.get(path), mine.post(path, {"text": "试试", "key": "x"})):
            assert "鹤立松" not in answer.content.decode()
            if {"claim", "case"} & set(pattern.pattern.converters):
                assert answer.status_code in (404, 405), (path, answer.status_code)
    case.refresh_from_db()
    assert case.acts == 1


@pytest.mark.parametrize(
    "path", ["", "items/", f"items/{ITEM}/", "payments/", "cases/", "missing/", "family/", "complain/"]
)
def test_every_page_speaks_english_too(mine: Client, path: str) -> None:
    page = text_of(mine, f"/my/{path}?lang=en&text=large")
    assert 'lang="en"' in page
    assert "Sign out" in page


def _claim_of(person: Any, desk: Desk) -> Any:  # noqa: F811
    from songhe.payment.domain.claims import Owed, admit
    from songhe.payment.domain.funds import open_fund
    from songhe.payment.models import Claim, Fund

    user, county = desk.user("zhou"), desk.division("640381")
    fund = open_fund(by=user, kind=Fund.Kind.FISCAL, level=Fund.Level.COUNTY, division=county, year=2026)
    owed = Owed("row-1", person.pk, fund.pk, ITEM, dt.date(2026, 1, 1), 5_000, CLAUSE, "3f" * 32)
    admit(by=user, reference="row", owed=[owed])
    return Claim.objects.get()
