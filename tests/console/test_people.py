"""A person's file: what is known and from whom, as of any day, how it came about, and who looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from songhe.accounts.models import Entry, Role, User
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.family import add_kin, found_household, record_consent
from songhe.registry.domain.merging import merge
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import Consent, Kinship, Person
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city
from tests.registry.conftest import number


def by(source: str = "community", **more: Any) -> Author:
    return Author(user=None, source=source, **more)


def file_of(person: Person, part: str = "") -> str:
    return f"/console/people/{person.public_id}/{part}"


def read(client: Client, person: Person, part: str = "") -> str:
    answer = client.get(file_of(person, part))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def inside(sign_in: SignIn, clerk: User) -> Client:
    return sign_in(clerk)


def test_a_file_says_what_is_known_in_words_and_from_whom(city: SmallCity, inside: Client) -> None:
    page = read(inside, somebody(living="alone", dibao=False))
    for said in ("王建国", "独居", "公安 ·", "松鹤市东县甲镇第1村", "低收入家庭", "1944-05-01"):
        assert said in page
    # What is not known, with who might know it; a living person lacks no date of death.
    assert "能力等级</span>" not in page
    assert "老年人能力等级</a> <small>评估</small>" in page
    assert "死亡日期" not in page


def test_a_file_is_read_as_it_was_valid_and_as_it_was_known(city: SmallCity, inside: Client) -> None:
    long_ago = timezone.make_aware(dt.datetime(2024, 1, 1, 9))
    person = somebody()
    record_facts(
        by=by(), person=person, statements=[Statement("living", "alone", dt.date(2024, 5, 1), dt.date(2025, 4, 30))]
    )
    assert "独居" not in read(inside, person)
    page = read(inside, person, "?valid_on=2024-12-31")
    assert "独居" in page
    assert "您看到的是2024年12月31日有效的内容" in page
    page = read(inside, person, f"?valid_on=2024-12-31&known_at={long_ago:%Y-%m-%d}")
    assert "独居" not in page
    assert "按2024-01-01 23:59时已登记的信息" in page


def test_a_day_that_is_none_is_told_beside_its_field(city: SmallCity, inside: Client) -> None:
    answer = inside.get(file_of(somebody(), "?valid_on=2024-02-30&known_at=2024-01-01 25:00"))
    assert answer.status_code == 422
    assert "2024年2月30日不存在" in answer.content.decode()
    assert "时间有误" in answer.content.decode()


def test_reading_a_file_is_recorded_like_writing(city: SmallCity, inside: Client) -> None:
    person = somebody()
    for part, details in (
        ("", {"part": "facts"}),
        ("?valid_on=2024-05-01", {"part": "facts", "valid_on": "2024-05-01"}),
        ("timeline/", {"part": "timeline"}),
        ("family/", {"part": "family"}),
    ):
        read(inside, person, part)
        entry = Entry.objects.order_by("-sequence")[0]
        assert (entry.action, entry.subject_id, entry.details) == ("person.read", str(person.public_id), details)


def test_the_timeline_tells_every_writing_and_strikes_what_was_taken_back(city: SmallCity, inside: Client) -> None:
    person = somebody()
    record_facts(by=by(), person=person, statements=[Statement("living", "alone", dt.date(2024, 5, 1))])
    record = person.records.get(fact="living")
    retract(by=by(reason="登记错人"), person=person, records=[record.pk])
    page = read(inside, person, "timeline/")
    assert "<s>居住状况：独居，2024-05-01起</s>" in page
    assert "撤回「居住状况：独居，2024-05-01起」" in page
    assert "登记错人" in page
    assert "姓名：王建国" in page


def test_family_and_consents_are_shown_and_strangers_hidden(city: SmallCity, inside: Client) -> None:
    person, wife = somebody(), somebody(name="李秀英", sex="F")
    far = somebody("990102001001", name="鹤立松")
    add_kin(by=by(), person=person, kind=Kinship.Kind.CARER, relation=Kinship.Relation.SPOUSE, relative=wife)
    add_kin(by=by(), person=person, kind=Kinship.Kind.EMERGENCY, relation=Kinship.Relation.SIBLING, relative=far)
    child = Kinship.Relation.CHILD
    add_kin(by=by(), person=person, kind=Kinship.Kind.MAY_ACT, relation=child, name="王小", phone="13800138000")
    found_household(by=by(), people=[person, wife])
    record_consent(by=by(), person=person, matter=Consent.Matter.CONTACT, given=True, on=dt.date(2024, 5, 1))
    page = read(inside, person, "family/")
    for said in ("李秀英", "王小", "138******00", "定期联系与探访", "可代办人"):
        assert said in page
    assert "鹤立松" not in page
    assert "不在您的区划范围内" in page


def test_a_sealed_fact_is_shown_once_to_whoever_asks_and_that_is_recorded(city: SmallCity, inside: Client) -> None:
    person = somebody(resident_id=number())
    assert number() not in read(inside, person)
    answer = inside.post(file_of(person, "sealed/resident_id/"))
    assert number() in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.details) == ("person.revealed", {"field": "公民身份号码"})
    assert inside.get(file_of(person, "sealed/resident_id/")).status_code == 405


def test_whoever_may_not_see_numbers_gets_no_button_and_no_answer(city: SmallCity, sign_in: SignIn) -> None:
    person = somebody(resident_id=number())
    client = sign_in(holder(Role.VILLAGE_WORKER, city.villages[0]))
    assert "sealed/" not in read(client, person)
    assert client.post(file_of(person, "sealed/resident_id/")).status_code == 403


def test_a_merged_file_leads_to_the_one_that_stayed(city: SmallCity, inside: Client) -> None:
    gone, stayed = somebody(), somebody(name="王建国一")
    merge(by=by(reason="同一人"), person=gone, into=stayed)
    for part in ("", "timeline/", "family/"):
        assert inside.get(file_of(gone, part)).url == file_of(stayed)
    assert "并入" in read(inside, stayed, "timeline/")


@pytest.mark.parametrize("part", ["", "timeline/", "family/"])
def test_a_file_takes_as_many_queries_with_three_of_everything_as_with_one(
    city: SmallCity, inside: Client, queries_of: Callable[[Client, str], int], part: str
) -> None:
    def more(person: Person, name: str) -> None:
        record_facts(by=by(), person=person, statements=[Statement("phone", f"1380013800{name}")])
        kind, relation = Kinship.Kind.CARER, Kinship.Relation.CHILD
        add_kin(by=by(), person=person, kind=kind, relation=relation, relative=somebody(name=f"子{name}"))
        record_consent(by=by(), person=person, matter=Consent.Matter.CONTACT, given=True, on=dt.date(2024, 5, 1))

    person = somebody()
    found_household(by=by(), people=[person, somebody(name="同户")])
    more(person, "1")
    read(inside, person, part)
    one = queries_of(inside, file_of(person, part))
    more(person, "2")
    more(person, "3")
    assert queries_of(inside, file_of(person, part)) == one <= 32


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_is_open_to_everybody_and_fits_the_screen(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    person = somebody(living="alone", resident_id=number(), phone="13800138000", ability="severe")
    record_facts(by=by(), person=person, statements=[Statement("sex", "F")])
    found_household(by=by(), people=[person])
    page = open_console(file_of(person), holder(Role.TOWN_CLERK, city.towns[0], "clerk"))
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    page.locator("form.inline button").first.click()
    page.wait_for_selector(f"text={number()}")
    for part in ("", "timeline/", "family/", "?valid_on=2024-05-01&known_at=2024-05-01"):
        page.goto(file_of(person, part))
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
