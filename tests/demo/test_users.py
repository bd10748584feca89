"""Users of the demo: one for every role, signing in as the gate asks."""

from __future__ import annotations

import stat

import pytest

from songhe.accounts.actions import Action
from songhe.accounts.domain import second_factor
from songhe.accounts.models import Role, User
from songhe.accounts.queries import needs_second_factor, roles_of
from songhe.accounts.scope import visible
from songhe.demo.errors import DemoError
from songhe.demo.users import _second_factor, current_code, sign_ins_path
from songhe.registry.models import CurrentPerson

pytestmark = pytest.mark.django_db


def test_every_role_has_a_user_whose_password_is_right(loaded):
    assert {one.role for one in loaded.sign_ins} == set(Role)
    for one in loaded.sign_ins:
        user = User.objects.get(username=one.username)
        assert user.check_password(one.password) and not user.must_change_password
        assert roles_of(user) == {one.role}


def test_two_clerks_see_different_people(loaded):
    seen = [
        set(visible(CurrentPerson.objects.all(), User.objects.get(username=name), Action.PERSON_READ))
        for name in ("demo.town", "demo.town2")
    ]
    assert seen[0] and seen[1] and seen[0] != seen[1]


def test_a_code_is_printed_for_those_who_need_one_and_opens(loaded):
    for one in loaded.sign_ins:
        user = User.objects.get(username=one.username)
        assert bool(one.otpauth) == needs_second_factor(user)
    digits, seconds = current_code("demo.city")
    assert len(digits) == 6 and 0 < seconds <= 30
    assert second_factor.verify(user=User.objects.get(username="demo.city"), digits=digits) is not None


def test_others_get_no_code(loaded):
    with pytest.raises(DemoError, match="needs no code"):
        current_code("demo.town")
    with pytest.raises(DemoError, match="no demo user"):
        current_code("li.ming")


def test_there_is_no_code_in_production(loaded, settings):
    settings.PRODUCTION = True
    with pytest.raises(DemoError, match="production"):
        current_code("demo.city")


def test_the_sign_ins_are_kept_where_only_their_owner_reads_them(loaded):
    path = sign_ins_path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert all(one.password in text for one in loaded.sign_ins)


def test_the_digits_of_the_moment_open_right_after_the_second_factor_was_set_up(loaded):
    user = User.objects.get(username="demo.county")
    second_factor.reset(user=user, by=None)
    assert _second_factor(user).startswith("otpauth://totp/")
    digits, _ = current_code("demo.county")
    assert second_factor.verify(user=user, digits=digits) is not None
