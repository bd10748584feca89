"""Public notices on the portal: what stands there, what does not, and objecting."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from songhe.casework.domain.notice import CONTACT, MOST_OPEN, publish
from songhe.casework.models import Act, Case
from songhe.common import clock
from songhe.common.fieldcrypto import unseal
from tests.casework.conftest import COUNTY, OTHER_COUNTY, Desk, by, desk, divisions, register, resident_number

__all__ = ["by", "desk", "divisions", "register", "resident_number"]


@pytest.fixture
def case(desk: Desk) -> Case:
    """One under notice, on the day of the desk."""
    found = desk.up_to("notice")
    publish(by=desk.staff("mei"), case=found)
    return found


@pytest.fixture(autouse=True)
def _then(case: Case, desk: Desk) -> Any:
    with clock.standing_at(desk.now):
        yield


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_shows_the_masked_name_the_village_and_the_item_and_nothing_more(client: Client, case: Case) -> None:
    assert "1件正在公示" in text_of(client.get("/notices/"))
    for path in (f"/notices/?division={COUNTY}", f"/notices/{case.public_id}/", f"/notices/?division={COUNTY}&lang=en"):
        shown = text_of(client.get(path))
        assert "王**" in shown
        assert "王桂兰" not in shown
        assert "1940" not in shown


def test_another_place_shows_none_and_no_place_is_not_found(client: Client) -> None:
    assert "这里现在没有公示" in text_of(client.get(f"/notices/?division={OTHER_COUNTY}"))
    assert client.get("/notices/?division=999999").status_code == 404


def test_once_it_is_over_it_is_gone(client: Client, case: Case, desk: Desk) -> None:
    desk.wait(30)
    with clock.standing_at(desk.now):
        assert client.get(f"/notices/{case.public_id}/").status_code == 404
        assert client.post(f"/notices/{case.public_id}/", {"text": "她有存款"}).status_code == 404
        assert "现在没有公示" in text_of(client.get("/notices/"))


def test_a_case_without_a_notice_has_no_page(client: Client, desk: Desk) -> None:
    other = desk.open()
    assert client.get(f"/notices/{other.public_id}/").status_code == 404


def test_anybody_objects_and_the_contact_is_sealed(client: Client, case: Case) -> None:
    answer = client.post(f"/notices/{case.public_id}/", {"text": "她有存款", "contact": "13900139000"})
    assert "已收到您的意见" in text_of(answer)
    assert not answer.cookies
    act = case.history.get(verb=Act.Verb.OBJECTED)
    assert (act.reason, act.party, act.user) == ("她有存款", "public", None)
    assert b"13900139000" not in bytes(act.contact)
    assert unseal(CONTACT, act.contact) == "13900139000"


@pytest.mark.parametrize("said", [{"text": ""}, {"text": "字" * 301}, {"text": "不对", "contact": "1" * 61}])
def test_what_cannot_be_taken_is_said_and_kept_on_the_page(client: Client, case: Case, said: dict[str, str]) -> None:
    answer = client.post(f"/notices/{case.public_id}/", said)
    assert answer.status_code == 422
    assert said["text"] in text_of(answer)
    assert not case.history.filter(verb=Act.Verb.OBJECTED).exists()


def test_nobody_buries_a_case_in_objections(client: Client, case: Case) -> None:
    for _ in range(MOST_OPEN):
        assert client.post(f"/notices/{case.public_id}/", {"text": "不对"}).status_code == 200
    answer = client.post(f"/notices/{case.public_id}/", {"text": "不对"})
    assert answer.status_code == 422
    assert "请直接到街道" in text_of(answer)
    assert case.history.filter(verb=Act.Verb.OBJECTED).count() == MOST_OPEN
