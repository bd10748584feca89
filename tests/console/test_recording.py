"""Recording at the console: by whom, for whom, once, and never half."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role, User
from songhe.registry.domain.facts import register_person
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import Consent, CurrentPerson, FactRecord, Household, Kinship, Membership, Person
from songhe.registry.queries import file_as_of, shown
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city
from tests.registry.conftest import number

NEW = "/console/people/new/"
HERE, THERE = "990101001001", "990102001001"
ZHAO = {"source": "community", "name": "赵一", "resident_id": number(), "sex": "F", "residence": HERE}


def at(person: Person, part: str) -> str:
    return f"/console/people/{person.public_id}/{part}/"


def text_of(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def inside(sign_in: SignIn, clerk: User) -> Client:
    return sign_in(clerk)


def test_a_new_file_holds_what_was_filled_in(city: SmallCity, inside: Client) -> None:
    answer = inside.post(NEW, {**ZHAO, "birth_date": "1944年2月29日", "phone": "138 0013 8000"}, follow=True)
    assert "档案已建立" in text_of(answer)
    known = file_as_of(Person.objects.get())
    assert {fact: held.value for fact, held in known.items()} == {
        "name": "赵一",
        "resident_id": "640381**********" + number()[-2:],
        "sex": "F",
        "birth_date": dt.date(1944, 2, 29),
        "residence": HERE,
        "phone": "138******00",
    }
    assert {held.source for held in known.values()} == {"community"}
    assert Entry.objects.filter(action="person.registered").count() == 1


def test_a_form_sent_twice_opens_one_file_and_leads_to_it(city: SmallCity, inside: Client) -> None:
    inside.post(NEW, ZHAO)
    again = inside.post(NEW, ZHAO)
    assert again.status_code == 422
    assert "此人已有档案。" in text_of(again)
    assert str(Person.objects.get().public_id) in text_of(again)


def test_of_a_file_elsewhere_nothing_is_told_but_that_it_is_there(city: SmallCity, inside: Client) -> None:
    person = somebody(THERE, name="鹤立松", resident_id=number())
    answer = inside.post(NEW, ZHAO)
    assert answer.status_code == 422
    assert "已在其他区划建档。" in text_of(answer)
    assert str(person.public_id) not in text_of(answer)
    assert "鹤立松" not in text_of(answer)
    assert Person.objects.count() == 1


def test_a_namesake_of_the_same_day_is_asked_about(city: SmallCity, inside: Client) -> None:
    somebody(name="赵一", birth_date="1944-02-29")
    asked = {"source": "community", "name": "赵一", "birth_date": "1944-02-29", "residence": HERE}
    answer = inside.post(NEW, asked)
    assert answer.status_code == 422
    assert "已有同名、同日出生的档案" in text_of(answer)
    assert Person.objects.count() == 1
    assert inside.post(NEW, {**asked, "is_another": "on"}).status_code == 302
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "请填写。"),
        ({"resident_id": number()[:-1] + "Z"}, "resident_id", "公民身份号码有误。"),
        ({"phone": "12"}, "phone", "联系电话有误。"),
        ({"birth_date": "2024-02-30"}, "birth_date", "2024年2月30日不存在。"),
        ({"residence": THERE}, "residence", "须在您的区划范围内"),
        ({"residence": "没有的村"}, "residence", "没有这个区划"),
        ({"source": "police"}, "source", "请从列表中选择。"),
        ({"resident_id": ""}, "birth_date", "没有身份号码时，请填出生日期。"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    city: SmallCity, inside: Client, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = inside.post(NEW, ZHAO | wrong)
    assert answer.status_code == 422
    page = text_of(answer)
    beside = page.split(f'id="id_{field}-problem">')[1].split("</div>")[0]
    assert said in beside
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("fact", "value", "held"),
    [
        ("living", "alone", "alone"),
        ("dibao", "no", False),
        ("income_per_capita_month", "1234.56", 123456),
        ("hukou_since", "1999-9-9", dt.date(1999, 9, 9)),
        ("hukou", "420100", "420100"),
        ("residence", "东县甲镇第2村", "990101001002"),
        ("name", "王建华", "王建华"),
        ("address", "解放路8号2单元301", "解放路8号2****"),
    ],
)
def test_a_fact_of_any_type_is_recorded(city: SmallCity, inside: Client, fact: str, value: str, held: Any) -> None:
    person = somebody()
    asked = {"source": "person", "value": value, "valid_from": "2024-05-01"}
    before = FactRecord.objects.count()
    for _ in range(2):
        answer = inside.post(at(person, f"record/{fact}"), asked, follow=True)
        assert answer.status_code == 200
    assert "没有重复登记" in text_of(answer)
    assert FactRecord.objects.count() == before + 1
    record = person.records.get(fact=fact, source="person")
    assert record.valid_from == dt.date(2024, 5, 1)
    assert record.transaction.user.username == "clerk"
    assert str(shown(record))[:7] == str(held)[:7]


def test_a_source_takes_its_word_back_to_unknown(city: SmallCity, inside: Client) -> None:
    person = somebody()
    inside.post(at(person, "record/living"), {"source": "community", "value": "alone"})
    inside.post(at(person, "record/living"), {"source": "community", "withdraw": "on"})
    assert "living" not in file_as_of(person)
    nothing = inside.post(at(person, "record/living"), {"source": "community"})
    assert "请填写，或勾选改为未知" in text_of(nothing)


def test_a_village_speaks_for_itself_and_its_people_a_bureau_for_all(
    city: SmallCity, inside: Client, sign_in: SignIn, bureau: User
) -> None:
    person = somebody()
    asked = {"source": "civil_affairs", "value": "yes"}
    assert inside.post(at(person, "record/dibao"), asked).status_code == 422
    assert sign_in(bureau).post(at(person, "record/dibao"), asked).status_code == 302
    assert CurrentPerson.objects.get(pk=person.pk).dibao is True
    assert sign_in(bureau).post(at(person, "record/dibao"), {"source": "settled", "value": "no"}).status_code == 422


def test_whoever_moves_out_of_reach_is_let_go(city: SmallCity, inside: Client) -> None:
    person = register_person(
        by=Author(user=None, source="community"),
        statements=[Statement("name", "王建国"), Statement("residence", HERE)],
    )
    moved = {"source": "community", "value": THERE, "valid_from": "2024-01-01"}
    answer = inside.post(at(person, "record/residence"), moved, follow=True)
    assert answer.redirect_chain[-1][0] == "/console/register/"
    assert "现在不在您的区划范围内" in text_of(answer)
    assert inside.post(at(person, "record/residence"), moved).status_code == 404


def test_a_death_is_shown_once_more_before_it_is_recorded(city: SmallCity, inside: Client) -> None:
    person = somebody()
    asked = {"source": "community", "on": "2024-05-01"}
    page = text_of(inside.post(at(person, "death"), asked))
    assert "2024年5月1日去世" in page
    assert CurrentPerson.objects.get(pk=person.pk).alive is None
    answer = inside.post(at(person, "death"), {**asked, "sure": "1"}, follow=True)
    assert "死亡已登记。" in text_of(answer)
    assert "已故 2024-05-01" in " ".join(text_of(answer).split())
    assert CurrentPerson.objects.get(pk=person.pk).alive is False
    assert inside.get(at(person, "record/alive")).url == at(person, "death")


@pytest.mark.parametrize(("day", "said"), [("2999-01-01", "看不懂|太早或太晚|在将来"), ("1900-01-01", "早于出生")])
def test_a_death_lies_between_birth_and_today(city: SmallCity, inside: Client, day: str, said: str) -> None:
    person = somebody()
    page = text_of(inside.post(at(person, "death"), {"source": "community", "on": day, "sure": "1"}))
    assert any(one in page for one in said.split("|"))
    assert CurrentPerson.objects.get(pk=person.pk).alive is None


def test_a_record_is_taken_back_once_for_a_reason(city: SmallCity, inside: Client) -> None:
    person = somebody()
    inside.post(at(person, "record/living"), {"source": "community", "value": "alone"})
    record = person.records.get(fact="living")
    path = at(person, f"retract/{record.pk}")
    assert "居住状况：独居" in text_of(inside.get(path))
    assert inside.post(path, {"reason": ""}).status_code == 422
    assert "记录已撤回。" in text_of(inside.post(path, {"reason": "登记错人"}, follow=True))
    assert inside.post(path, {"reason": "登记错人"}).status_code == 404
    assert "living" not in file_as_of(person)


def test_a_clerk_takes_back_nothing_of_another_source(city: SmallCity, inside: Client) -> None:
    person = somebody()
    record = person.records.get(fact="sex")
    answer = inside.post(at(person, f"retract/{record.pk}"), {"reason": "不对"})
    assert answer.status_code == 422
    assert "您不能以“公安”为来源登记" in text_of(answer)
    assert CurrentPerson.objects.get(pk=person.pk).sex == "M"


def test_kin_are_added_once_and_ended(city: SmallCity, inside: Client) -> None:
    person, wife = somebody(), somebody(name="李秀英", resident_id=number())
    named = {"source": "person", "kind": "emergency", "relation": "child", "name": "王小", "phone": "13800138000"}
    on_file = {"source": "person", "kind": "carer", "relation": "spouse", "relative": number()}
    for asked in (named, named, on_file, on_file):
        assert inside.post(at(person, "kin"), asked).status_code == 302
    assert list(Kinship.objects.values_list("name", "relative")) == [("王小", None), ("", wife.pk)]
    both = inside.post(at(person, "kin"), {**named, "relative": number()})
    assert "请填其中一项" in text_of(both)
    assert "联系电话有误" in text_of(inside.post(at(person, "kin"), {**named, "name": "王大", "phone": "1"}))
    row = Kinship.objects.get(name="王小")
    ended = {"source": "person", "last_day": "2024-05-01"}
    assert inside.post(at(person, f"kin/{row.pk}/end"), ended).status_code == 302
    assert "已终止" in text_of(inside.post(at(person, f"kin/{row.pk}/end"), ended))
    assert inside.post(at(wife, f"kin/{row.pk}/end"), ended).status_code == 404


def test_relatives_out_of_sight_are_not_found_by_their_number(city: SmallCity, inside: Client) -> None:
    somebody(THERE, resident_id=number())
    asked = {"source": "person", "kind": "carer", "relation": "spouse", "relative": number()}
    answer = inside.post(at(somebody(), "kin"), asked)
    assert "您的区划范围内没有这个号码的老年人" in text_of(answer)


def test_a_household_is_founded_joined_and_left(city: SmallCity, inside: Client) -> None:
    person, wife = somebody(), somebody(name="李秀英", resident_id=number())
    join = {"source": "community", "number": number(), "on": "2024-05-01"}
    assert "请先为其立户" in text_of(inside.post(at(person, "household/join"), join))
    assert inside.post(at(wife, "household"), {"source": "community", "on": "2020-01-01"}).status_code == 302
    assert inside.post(at(person, "household/join"), join).status_code == 302
    assert "已在同一户" in text_of(inside.post(at(person, "household/join"), join))
    assert Household.objects.count() == 1
    own = Membership.objects.get(person=person)
    left = {"source": "community", "last_day": "2024-12-31"}
    assert inside.post(at(person, f"household/{own.pk}/leave"), left).status_code == 302
    assert Membership.objects.get(person=person).valid_to == dt.date(2024, 12, 31)


def test_consent_is_given_and_withdrawn_also_by_whoever_may_act(city: SmallCity, inside: Client) -> None:
    person = somebody()
    acting = {"source": "person", "kind": "may_act", "relation": "child", "name": "王小", "valid_from": "2024-01-01"}
    inside.post(at(person, "kin"), acting)
    row = Kinship.objects.get()
    asked = {"source": "person", "matter": "contact", "given": "yes", "on": "2024-05-01", "given_by": str(row.pk)}
    for _ in range(2):
        assert inside.post(at(person, "consent"), asked).status_code == 302
    assert Consent.objects.get().given_by == row
    early = inside.post(at(person, "consent"), {**asked, "on": "2023-05-01"})
    assert "此人当日无权代办" in text_of(early)
    withdrawn = {"source": "person", "matter": "contact", "given": "no", "on": "2024-06-01"}
    assert inside.post(at(person, "consent"), withdrawn).status_code == 302
    assert "不同意或撤回" in text_of(inside.get(at(person, "family")))


def test_an_auditor_reads_and_records_nothing(city: SmallCity, sign_in: SignIn) -> None:
    person = somebody()
    client = sign_in(holder(Role.AUDITOR, city.city))
    page = text_of(client.get(f"/console/people/{person.public_id}/"))
    assert "更正" not in page
    assert client.post(at(person, "record/living"), {"source": "community", "value": "alone"}).status_code == 403
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_forms_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    person = somebody()
    page = open_console(NEW, holder(Role.TOWN_CLERK, city.towns[0], "clerk"))
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    page.locator("main form button").click()
    page.wait_for_selector("#id_name-problem")
    accessible(page)
    for part in ("record/living", "record/residence", "death", "kin", "household", "household/join", "consent"):
        page.goto(at(person, part))
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
