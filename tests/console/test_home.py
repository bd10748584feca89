"""The first page: what waits for whoever signed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Role, User
from songhe.linkage.domain import Found, ask
from songhe.linkage.rules import Rule
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import QualityRow
from tests.accounts.builders import holder, user
from tests.console.conftest import SignIn
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city

HOME = "/console/"
_TILE = re.compile(r'tile-title">([^<]+)</span><span class="tile-figure">([^<]+)<')


def tiles(client: Client) -> dict[str, str]:
    return dict(_TILE.findall(client.get(HOME).content.decode()))


def dispute(village: str = "990101001001") -> None:
    """Somebody of whom two sources disagree."""
    person = somebody(village)
    record_facts(by=Author(user=None, source="health"), person=person, statements=[Statement("sex", "F")])


def test_it_counts_what_waits_within_reach(sign_in: SignIn, city: SmallCity, clerk: User) -> None:
    dispute()
    dispute("990102001001")
    ask(pairs=[Found(somebody(name="张三").pk, somebody(name="张三").pk, Rule.NAME_BIRTH_SEX)])
    QualityRow.objects.create(
        day=dt.date(2026, 1, 1), division=city.towns[0], fact="name", asked=1, known=1, conflicts=0
    )
    assert tiles(sign_in(clerk)) == {
        "总览": "甲镇",
        "老年人名册": "3",
        "待办": "0",
        "来源冲突": "1",
        "疑似重复": "1",
        "待补事实": "0",
        "我的任务": "0",
        "数据质量": "2026-01-01",
    }


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (
            Role.COUNTY_BUREAU,
            [
                *("总览", "老年人名册", "待办", "来源冲突", "疑似重复", "月度核定", "待补事实", "发放批次"),
                *("我的任务", "数据导入", "数据质量"),
            ],
        ),
        (Role.VILLAGE_WORKER, ["老年人名册", "待办", "待补事实", "数据质量"]),
        (Role.TECHNICIAN, ["数据质量"]),
        (Role.DEPARTMENT, ["总览", "我的任务"]),
        (Role.PROVIDER, []),
    ],
)
def test_everybody_sees_what_their_role_is_for(sign_in: SignIn, city: SmallCity, role: Role, shown: list[str]) -> None:
    assert list(tiles(sign_in(holder(role, city.counties[0], "x")))) == shown


def test_who_holds_nothing_is_told_whom_to_ask(sign_in: SignIn, city: SmallCity) -> None:
    client = sign_in(user("newcomer"))
    assert tiles(client) == {}
    assert "请联系管理人员授权" in client.get(HOME).content.decode()


def test_it_takes_the_same_few_queries_however_much_waits(
    sign_in: SignIn, city: SmallCity, bureau: User, queries_of: Callable[[Client, str], int]
) -> None:
    client = sign_in(bureau)
    dispute()
    one = queries_of(client, HOME)
    dispute()
    dispute()
    assert queries_of(client, HOME) == one <= 36


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    tab = open_console(HOME, holder(Role.CITY_BUREAU, small_city().city, "bureau"))
    if language == "en":
        tab.get_by_role("button", name="English").click()
    accessible(tab)
    fits(tab)
