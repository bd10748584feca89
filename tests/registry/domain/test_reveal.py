"""Seeing in full what is sealed."""

import datetime as dt

import pytest

from songhe.accounts.models import Entry, Grant, User
from songhe.accounts.scope import OutOfScope
from songhe.registry.domain.reveal import reveal
from songhe.registry.models import CurrentPerson
from songhe.registry.vocabulary import StatementError


@pytest.fixture
def clerk(divisions):
    """`clerk("640381001")`: a clerk of that town."""

    def make(code: str, role: str = "county_bureau") -> User:
        user = User.objects.create(username=f"{role}{code}", display_name="李")
        Grant.objects.create(user=user, role=role, division_id=divisions[code], valid_from=dt.date(2020, 1, 1))
        return user

    return make


def test_who_may_sees_it_and_that_is_recorded(register, clerk):
    person = register(phone="13800138000", residence="640381001201")
    current = CurrentPerson.objects.get(pk=person.pk)
    assert reveal(user=clerk("640381"), current=current, fact="phone") == "13800138000"
    entry = Entry.objects.get(action="person.revealed")
    assert (entry.subject_id, entry.details) == (str(person.public_id), {"field": "联系电话"})
    assert reveal(user=clerk("640300", "city_bureau"), current=current, fact="address") is None


def test_nobody_elsewhere_does(register, clerk):
    current = CurrentPerson.objects.get(pk=register(phone="13800138000", residence="640381001201").pk)
    with pytest.raises(OutOfScope):
        reveal(user=clerk("640302"), current=current, fact="phone")
    assert not Entry.objects.filter(action="person.revealed").exists()


def test_only_what_is_sealed_is_asked_for(register, clerk):
    current = CurrentPerson.objects.get(pk=register(sex="F", residence="640381001201").pk)
    with pytest.raises(StatementError):
        reveal(user=clerk("640381"), current=current, fact="sex")
