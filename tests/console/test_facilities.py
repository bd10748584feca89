"""Estates at the console: recorded, measured, made up by two people, and read in from a table."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from songhe.accounts.models import Role, User
from songhe.common import clock
from songhe.facilities.models import Estate, MakeUp, Pool
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity
from tests.facilities.builders import estate, know, pool
from tests.organisations.builders import know as know_home
from tests.organisations.builders import organisation

SignIn = Callable[[User], Client]
XINXIANG = {"policy": "xinxiang-2022", "on": "2024-06-01"}
VILLAGE = "990101001001"


@pytest.fixture
def one(city: SmallCity) -> User:
    return holder(Role.COUNTY_BUREAU, city.counties[0], "one")


@pytest.fixture
def other(city: SmallCity) -> User:
    return holder(Role.COUNTY_BUREAU, city.counties[0], "other")


@pytest.fixture
def old(city: SmallCity, one: User) -> Estate:
    """It lacks 180 of 200 square metres."""
    return estate(one, city[VILLAGE], "竹苑旧区", kind="existing", households=1_000, care_premises_m2="20")


def at(name: str, *arguments: Any) -> str:
    return reverse(f"console:{name}", args=arguments)


def read(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, path: str, **values: Any) -> str:
    """What the next page says after a form was sent and taken."""
    answer = client.post(path, values)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url).content.decode()


def test_an_estate_is_recorded_and_what_is_known_of_it(city: SmallCity, one: User, sign_in: SignIn) -> None:
    client = sign_in(one)
    made = {"name": "松苑小区", "division": VILLAGE, "began_on": "2020-01-01", "document": "规划许可"}
    assert "已登记" in sent(client, at("new-estate"), **made)
    home = Estate.objects.get()
    for fact, value in (("kind", "new"), ("care_premises_m2", "30.5"), ("housing_planned", "2020-01-01")):
        record = {"value": value, "valid_from": "2020-01-01", "document": "核实"}
        said = sent(client, at("estate-fact", home.public_id, fact), **record)
    assert "2020年1月1日" in said
    assert 'name="on"' in said
    assert 'name="division"' not in said
    assert "鹤苑" in sent(client, at("rename-estate", home.public_id), name="鹤苑", on="2024-01-01", document="批复")
    record = home.records.get(fact="care_premises_m2")
    assert "已撤回：量错" in sent(client, at("retract-estate-fact", home.public_id, record.pk), reason="量错")
    assert "已注销" in sent(client, at("close-estate", home.public_id), on="2024-02-01", document="拆除")


def test_the_list_takes_as_many_queries_with_three_as_with_one(
    city: SmallCity, one: User, old: Estate, sign_in: SignIn, queries_of: Callable[[Client, str], int]
) -> None:
    client, path = sign_in(one), f"{at('estates')}?policy=dongying-2024"
    pool(one, old, pooling_approved=True)
    before = queries_of(client, path)
    for number in range(2):
        pool(one, estate(one, city[VILLAGE], f"梅苑{number}", kind="new"), name=f"合用{number}", pooling_approved=True)
    assert queries_of(client, path) == before


@pytest.mark.parametrize("name", ["shortfalls", "same-time", "institution-standards", "pools"])
def test_each_list_takes_as_many_queries_with_three_as_with_one(
    city: SmallCity, one: User, sign_in: SignIn, queries_of: Callable[[Client, str], int], name: str
) -> None:
    def add(number: int) -> None:
        home = estate(one, city[VILLAGE], f"梅苑{number}", kind="new", households=10, care_premises_m2="0")
        pool(one, home, name=f"合用{number}", shared_premises_m2="0", pooling_approved=True)
        know_home(one, organisation(one, city.counties[0]), government_support=True, inclusive_price_published=False)

    client, path = sign_in(one), f"{at(name)}?policy=dongying-2024"
    add(0)
    before = queries_of(client, path)
    add(1)
    add(2)
    assert queries_of(client, path) == before


def test_estates_are_found_by_kind_and_by_what_the_standards_say(
    city: SmallCity, one: User, old: Estate, sign_in: SignIn
) -> None:
    estate(one, city[VILLAGE], "松苑", kind="new", households=100, care_premises_m2="30")
    estate(one, city[VILLAGE], "梅苑")
    client = sign_in(one)

    def found(**asked: str) -> set[str]:
        page = read(client, at("estates"), **{**XINXIANG, **asked})
        return {name for name in ("竹苑旧区", "松苑", "梅苑") if f">{name}</a>" in page}

    assert found() == {"竹苑旧区", "松苑", "梅苑"}
    assert found(q="苑", kind="existing") == {"竹苑旧区"}
    assert found(kind="unknown") == {"梅苑"}
    assert found(answer="not_met") == {"竹苑旧区"}
    assert found(answer="met") == {"松苑"}
    assert found(on="2010-01-01") == set()
    assert "没有符合条件的小区" in read(client, at("estates"), q="没有")


def test_what_lacks_is_made_up_by_two_people(one: User, other: User, old: Estate, sign_in: SignIn) -> None:
    client = sign_in(one)
    page = read(client, at("estate", old.public_id), policy="xinxiang-2022")
    assert "1000 × 20 ÷ 100 = 200" in page and "计划补足" in page
    wanted = {
        "way": "购置",
        "square_metres": "180",
        "due": (clock.today() + dt.timedelta(days=9)).isoformat(),
        "document": "方案",
    }
    path = at("plan-make-up", old.public_id, "xinxiang-2022", "XX-STD-EXISTING-ESTATE")
    assert "计划中" in sent(client, path, **wanted)
    made = MakeUp.objects.get()
    done = {"on": clock.today().isoformat(), "square_metres": "180", "document": "产权证"}
    assert "待复核" in sent(client, at("make-up-done", made.public_id), **done)
    assert "另一人" in client.post(at("confirm-make-up", made.public_id)).content.decode()
    assert "已完成 180" in sent(sign_in(other), at("confirm-make-up", made.public_id))
    assert "没有不达标的" in read(client, at("shortfalls"), policy="xinxiang-2022")


def test_a_way_that_the_clause_does_not_name_is_not_there(one: User, old: Estate, sign_in: SignIn) -> None:
    for standard in ("XX-STD-NEW-ESTATE", "XX-STD-NOTHING"):
        path = at("plan-make-up", old.public_id, "xinxiang-2022", standard)
        assert sign_in(one).get(path).status_code == 404


def test_the_shortfalls_are_a_page_and_a_file(one: User, old: Estate, sign_in: SignIn) -> None:
    client = sign_in(one)
    page = read(client, at("shortfalls"), **XINXIANG)
    assert "竹苑旧区" in page and "<b>180</b> 平方米" in page
    csv = client.get(at("shortfalls"), {**XINXIANG, "as": "csv"})
    assert "竹苑旧区" in (text := csv.content.decode("utf-8-sig"))
    assert "200,20,180,平方米,1000 × 20 ÷ 100 = 200,0,180" in text
    sheet = load_workbook(io.BytesIO(client.get(at("shortfalls"), {**XINXIANG, "as": "xlsx"}).content)).active
    assert [cell.value for cell in sheet[2]][5:8] == ["200", "20", "180"]


def test_without_a_document_for_the_place_it_asks_for_one(one: User, old: Estate, sign_in: SignIn) -> None:
    for name in ("estates", "shortfalls", "same-time", "institution-standards"):
        assert "没有管此地的政策文件" in read(sign_in(one), at(name))


def test_it_says_which_step_is_late_by_how_many_days(city: SmallCity, one: User, sign_in: SignIn) -> None:
    home = estate(one, city[VILLAGE], kind="new", housing_accepted="2018-05-01", housing_delivered="2018-06-01")
    know(one, home, care_premises_accepted="2018-05-20", care_premises_delivered="2018-06-01")
    page = read(sign_in(one), at("same-time"), policy="dongying-2024")
    assert "晚 19 天" in page and "尚不能确定" in page


def test_estates_share_a_facility(city: SmallCity, one: User, sign_in: SignIn) -> None:
    client = sign_in(one)
    home = estate(one, city[VILLAGE], kind="new", households=300, care_premises_m2="0")
    sent(client, at("new-pool"), name="合用一处", division="990101001")
    shared = Pool.objects.get()
    joined = {"estate": str(home.public_id), "valid_from": "2024-01-01", "document": "批复"}
    assert "松苑小区" in sent(client, at("join-pool", shared.public_id), **joined)
    record = {"value": "true", "valid_from": "2024-01-01", "document": "批复"}
    sent(client, at("pool-fact", shared.public_id, "pooling_approved"), **record)
    assert "300 × 20 ÷ 100 = 60" in read(client, at("pool", shared.public_id), policy="dongying-2024")
    assert "合并核对" in read(client, at("estate", home.public_id), policy="dongying-2024")
    sent(client, at("leave-pool", shared.public_id, shared.members.get().pk), on="2024-05-01", document="批复")
    assert client.get(at("pool-fact", shared.public_id, "new_households")).status_code == 404


def test_a_table_is_taken_as_a_whole_or_not_at_all(one: User, city: SmallCity, sign_in: SignIn) -> None:
    client = sign_in(one)
    book = load_workbook(io.BytesIO(client.get(at("estates-template")).content))
    header = ",".join(str(cell.value) for cell in book.active[1][:4])
    wrong = f"{header}\n松苑,{VILLAGE},2020-01-01,核实\n竹苑,1,2020-01-01,核实\n"
    answer = client.post(at("import-estates"), {"file": SimpleUploadedFile("小区.csv", wrong.encode())})
    assert answer.status_code == 422
    assert "没有写入" in answer.content.decode() and Estate.objects.count() == 0
    right = SimpleUploadedFile("小区.csv", wrong.replace(",1,", f",{VILLAGE},").encode())
    assert "已读取2行：新登记小区2个" in sent(client, at("import-estates"), file=right)


def test_who_may_only_look_is_offered_nothing_to_change(city: SmallCity, old: Estate, sign_in: SignIn) -> None:
    client = sign_in(holder(Role.AUDITOR, city.counties[0], "auditor"))
    page = read(client, at("estate", old.public_id), policy="xinxiang-2022")
    assert "撤回" not in page and "计划补足</a>" not in page
    assert client.get(at("new-estate")).status_code == 403


def test_its_pages_are_accessible(
    one: User, old: Estate, open_console: Any, accessible: Any, fits: Any, city: SmallCity
) -> None:
    """One browser for them all: each start of one costs seconds."""
    estate(one, city[VILLAGE], "松苑", kind="new", households=10, care_premises_m2="0")
    paths = [f"{at(name)}?policy=xinxiang-2022" for name in ("estates", "shortfalls", "same-time")]
    for path in (*paths, at("import-estates"), f"{at('estate', old.public_id)}?policy=xinxiang-2022"):
        accessible(open_console(path, one))
        fits(open_console(path, one, width=390, height=844))
