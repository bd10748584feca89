"""Reading one file."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from songhe.accounts.models import Entry, Role
from songhe.registry.models import Person
from tests.accounts.builders import holder
from tests.intake.builders import number, person


@pytest.fixture
def zeng(push) -> Person:
    """Somebody of the eastern county, rural since 2020."""
    push([person(1, 户口性质="农村", 联系电话="13800138000", valid_from="2020-01-01")])
    return Person.objects.get()


def test_every_value_says_where_it_comes_from(machine, li, zeng):
    response = machine(li).get(f"/api/v1/people/{zeng.public_id}")
    assert response.status_code == 200
    fact = response.json()["facts"]["hukou_type"]
    assert (fact["value"], fact["source"], fact["valid_from"], fact["valid_to"]) == (
        "rural",
        "police",
        "2020-01-01",
        None,
    )
    assert fact["label"] == {"zh": "城镇/农村户籍", "en": "Urban or rural household registration"}
    assert fact["recorded_at"]


def test_what_is_sealed_is_masked(machine, li, zeng):
    text = machine(li).get(f"/api/v1/people/{zeng.public_id}").content.decode()
    assert number(1) not in text
    assert "13800138000" not in text
    assert "138******00" in text


def test_as_valid_on_a_day_and_known_at_a_moment(machine, li, zeng):
    client = machine(li)
    before = client.get(f"/api/v1/people/{zeng.public_id}", {"valid_on": "2019-12-31"}).json()
    assert "hukou_type" not in before["facts"]
    yesterday = (timezone.now() - dt.timedelta(days=1)).isoformat()
    assert client.get(f"/api/v1/people/{zeng.public_id}", {"known_at": yesterday}).json()["facts"] == {}


def test_reading_is_in_the_trail(machine, li, zeng, city):
    machine(li).get(f"/api/v1/people/{zeng.public_id}")
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.user, entry.subject_id) == ("person.read", li, str(zeng.public_id))
    assert entry.division_id == city.id("990101001001")


def test_out_of_scope_is_as_if_there_were_nobody(machine, zeng, city):
    client = machine(holder(Role.COUNTY_BUREAU, city.counties[1], "zhao"))
    there, nowhere = (client.get(f"/api/v1/people/{id}") for id in (zeng.public_id, uuid.uuid4()))
    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())
    assert there.status_code == 404


@pytest.mark.parametrize("query", [{"valid_on": "2024-13-01"}, {"known_at": "yesterday"}])
def test_what_is_no_day_is_refused(machine, li, zeng, query):
    assert machine(li).get(f"/api/v1/people/{zeng.public_id}", query).status_code == 422
