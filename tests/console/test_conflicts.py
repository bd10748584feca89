"""The list of conflicts: who says what, and how somebody settles it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role, User
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.queries import file_as_of
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city

LIST = "/console/conflicts/"


def says(source: str, person: Person, fact: str, value: Any, since: dt.date | None = None) -> None:
    record_facts(by=Author(user=None, source=source), person=person, statements=[Statement(fact, value, since)])


def disputed(village: str = "990101001001", **facts: Any) -> Person:
    person = somebody(village, **facts)
    says("community", person, "sex", "F")
    return person


def at(person: Person, fact: str = "sex") -> str:
    return f"{LIST}{person.public_id}/{fact}/"


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def inside(sign_in: SignIn, clerk: User) -> Client:
    return sign_in(clerk)


def test_the_list_says_who_says_what_within_reach(city: SmallCity, inside: Client) -> None:
    disputed(name="王建国")
    disputed("990102001001", name="鹤立松")
    somebody(name="李秀英")
    page = text_of(inside.get(LIST))
    assert "<b>男</b> <small>公安" in page
    assert "<b>女</b> <small>社区" in page
    assert page.index("公安 ·") < page.index("社区 ·")
    assert "王建国" in page
    assert "鹤立松" not in page
    assert "李秀英" not in page
    assert Entry.objects.order_by("-sequence")[0].details == {"count": 1}


def test_the_list_is_narrowed_to_one_fact(city: SmallCity, inside: Client) -> None:
    disputed(name="王建国")
    other = somebody(name="李秀英", disability_certificate=True)
    says("community", other, "disability_certificate", False)
    assert "李秀英" not in text_of(inside.get(f"{LIST}?fact=sex"))
    page = text_of(inside.get(f"{LIST}?fact=disability_certificate"))
    assert "李秀英" in page
    assert "王建国" not in page
    assert "没有来源冲突" in text_of(inside.get(f"{LIST}?fact=disability_certificate_from"))


def test_settling_for_one_of_the_claims_ends_the_conflict(city: SmallCity, inside: Client) -> None:
    person = disputed()
    record = person.records.get(fact="sex", source="community")
    asked = {"choice": str(record.pk), "reason": "核对身份证"}
    assert "已裁定" in text_of(inside.post(at(person), asked, follow=True))
    held = file_as_of(person)["sex"]
    assert (held.value, held.source, held.conflict) == ("F", "settled", False)
    entry = Entry.objects.get(action="conflict.settled")
    assert (entry.user.username, entry.subject_id) == ("clerk", str(person.public_id))
    # Sent twice, it says that there is nothing left to settle.
    assert "已无冲突" in text_of(inside.post(at(person), asked))
    assert person.records.filter(source="settled").count() == 1


def test_settling_for_another_value(city: SmallCity, inside: Client) -> None:
    person = somebody(phone="13800138000")
    says("community", person, "phone", "13900139000")
    asked = {"choice": "other", "value": "13700137000", "reason": "本人来电", "valid_from": "2024-05-01"}
    assert inside.post(at(person, "phone"), asked).status_code == 302
    held = file_as_of(person)["phone"]
    assert (held.value, held.valid_from) == ("137******00", dt.date(2024, 5, 1))


def test_settling_for_a_sealed_claim_keeps_its_number(city: SmallCity, inside: Client) -> None:
    person = somebody(phone="13800138000")
    says("community", person, "phone", "13900139000")
    page = text_of(inside.get(at(person, "phone")))
    assert "13900139000" not in page
    record = person.records.get(fact="phone", source="community")
    inside.post(at(person, "phone"), {"choice": str(record.pk), "reason": "本人确认"})
    assert file_as_of(person)["phone"].value == "139******00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "请填写。"),
        ({"choice": ""}, "请填写。"),
        ({"choice": "999999"}, "请从列表中选择。"),
        ({"choice": "other"}, "请填写应为何值。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_settled(
    city: SmallCity, inside: Client, wrong: dict[str, str], said: str
) -> None:
    person = disputed()
    asked = {"choice": str(person.records.get(fact="sex", source="community").pk), "reason": "核对"}
    answer = inside.post(at(person), asked | wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert CurrentPerson.objects.get(pk=person.pk).conflicts == ",sex,"


def test_a_death_is_not_settled_but_taken_back(city: SmallCity, inside: Client) -> None:
    person = somebody()
    says("police", person, "alive", False, dt.date(2024, 5, 1))
    says("community", person, "alive", True, dt.date(2024, 6, 1))
    page = text_of(inside.get(at(person, "alive")))
    assert "死亡不能裁定" in page
    record = person.records.get(fact="alive", source="community")
    refused = inside.post(at(person, "alive"), {"choice": str(record.pk), "reason": "还在"})
    assert refused.status_code == 422


def test_a_village_worker_settles_nothing(city: SmallCity, sign_in: SignIn) -> None:
    client = sign_in(holder(Role.VILLAGE_WORKER, city.villages[0]))
    assert client.get(LIST).status_code == 403
    assert client.get(at(disputed())).status_code == 403


def test_a_list_takes_as_many_queries_for_three_as_for_one(
    city: SmallCity, inside: Client, queries_of: Callable[[Client, str], int]
) -> None:
    disputed()
    one = queries_of(inside, LIST)
    disputed(name="李二")
    disputed(name="李三")
    assert queries_of(inside, LIST) == one <= 17


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_and_the_form_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    person = disputed()
    page = open_console(LIST, holder(Role.TOWN_CLERK, city.towns[0], "clerk"))
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    accessible(page)
    page.goto(at(person))
    accessible(page)
    page.locator("main form button").click()
    page.wait_for_selector("#id_reason-problem")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
