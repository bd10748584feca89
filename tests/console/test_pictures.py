"""The pictures of the console in the README, taken in every run and kept only when asked: SONGHE_SCREENSHOTS=1."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from songhe.accounts.models import Role
from songhe.common.resident_id import check_digit
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.family import add_kin, found_household, record_consent
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import Consent, Kinship, Person
from tests.accounts.builders import holder
from tests.console.people import somebody
from tests.divisions.builders import small_city

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
_NAMES = (
    *("王建国", "李秀英", "刘永福", "张桂兰", "杨德明", "陈玉珍", "黄志强", "赵淑芳", "吴长贵", "周金凤"),
    *("孙富贵", "徐凤英", "朱国栋", "马素琴", "郭世昌", "胡春梅", "高文华", "何桂英", "罗庆云", "林月娥"),
)


def neighbours() -> Person:
    """Twenty made-up people of the first town; the first one has a full file."""
    living = ("alone", "with_children", "empty_nest_couple", "with_children", None)
    ability = ("intact", "intact", "mild", "moderate", None, "severe")
    people = []
    for n, name in enumerate(_NAMES):
        facts = {"living": living[n % 5], "ability": ability[n % 6], "dibao": (None, False, False, True)[n % 4]}
        born = f"{1932 + n}-{n % 12 + 1:02d}-{n % 27 + 1:02d}"
        known = {fact: value for fact, value in facts.items() if value is not None}
        people.append(somebody(f"99010100{n % 3 + 1}001", name=name, sex="MF"[n % 2], birth_date=born, **known))
    _tell_more(people[0], people[1])
    record_facts(by=Author(user=None, source="community"), person=people[4], statements=[Statement("sex", "M")])
    return people[0]


def _tell_more(person: Person, wife: Person) -> None:
    first = "990101193201010" + "13"
    told = {
        "police": {"resident_id": first + check_digit(first), "hukou_type": "rural", "identity_document": True},
        "civil_affairs": {"dibao": True, "tekun": "none", "income_per_capita_month": 68_000},
        "disabled_federation": {"disability_grade": "3", "disability_certificate": True},
        "person": {"phone": "13800138000", "address": "东县甲镇第1村三组12号", "needs_home_care": True},
        "social_security": {"pension": "resident", "bank_account": "6200000000000001234"},
    }
    for source, facts in told.items():
        said = [Statement(fact, value, dt.date(2023, 1, 1)) for fact, value in facts.items()]
        record_facts(by=Author(user=None, source=source), person=person, statements=said)
    disagrees = [Statement("living", "with_children", dt.date(2024, 3, 1))]
    record_facts(by=Author(user=None, source="health"), person=person, statements=disagrees)
    by = Author(user=None, source="community")
    kind, relation = Kinship.Kind, Kinship.Relation
    add_kin(by=by, person=person, kind=kind.CARER, relation=relation.SPOUSE, relative=wife)
    add_kin(by=by, person=person, kind=kind.EMERGENCY, relation=relation.CHILD, name="王小军", phone="13900139000")
    found_household(by=by, people=[person, wife], on=dt.date(1960, 1, 1))
    record_consent(by=by, person=person, matter=Consent.Matter.CONTACT, given=True, on=dt.date(2024, 5, 1))


@LANGUAGES
def test_the_pictures_of_the_readme_can_be_taken(
    open_console: Callable[..., Any], language: str, tmp_path: Path
) -> None:
    city = small_city()
    person = neighbours()
    folder = SCREENSHOTS if os.environ.get("SONGHE_SCREENSHOTS") == "1" else tmp_path
    page = open_console("/console/register/", holder(Role.COUNTY_BUREAU, city.counties[0], "刘敏"))
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    file = f"/console/people/{person.public_id}/"
    paths = {"register": "/console/register/", "file": file, "timeline": f"{file}timeline/", "family": f"{file}family/"}
    for name, path in paths.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        picture = folder / f"{name}.{language}.png"
        page.screenshot(path=picture)
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
