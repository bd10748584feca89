import pytest

from songhe.accounts.actions import LABELS, PERSONAL, Action
from songhe.accounts.models import Role
from songhe.accounts.roles import ACTIONS, GRANTABLE, SECOND_FACTOR, roles_for


def test_every_role_and_every_action_is_spoken_for() -> None:
    assert set(ACTIONS) == set(Role)
    assert set(LABELS) == set(Action)
    assert frozenset().union(*ACTIONS.values()) == set(Action)


def test_the_technician_sees_no_personal_data() -> None:
    assert ACTIONS[Role.TECHNICIAN] & PERSONAL == set()


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.INSTITUTION])
def test_the_register_stays_closed_to_those_who_serve_only_some(role: Role) -> None:
    assert ACTIONS[role] & PERSONAL == set()


def test_the_auditor_changes_nothing() -> None:
    assert {action.rpartition(".")[2] for action in ACTIONS[Role.AUDITOR]} == {"read"}


def test_who_manages_users_can_give_roles_and_nobody_else_can() -> None:
    managers = {role for role in Role if Action.USER_MANAGE in ACTIONS[role]}
    assert managers == set(GRANTABLE)


def test_nobody_gives_what_they_may_not_do_themselves_except_the_city() -> None:
    for role in set(GRANTABLE) - {Role.CITY_BUREAU}:
        assert all(ACTIONS[given] <= ACTIONS[role] for given in GRANTABLE[role])


def test_bureaus_need_a_second_factor() -> None:
    assert {Role.CITY_BUREAU, Role.COUNTY_BUREAU} == SECOND_FACTOR
    assert set(GRANTABLE) <= SECOND_FACTOR


def test_roles_are_found_by_action() -> None:
    assert roles_for("division.change") == {Role.CITY_BUREAU}
    assert roles_for(Action.AUDIT_READ) == {Role.CITY_BUREAU, Role.AUDITOR}


def test_an_action_that_there_is_not_is_an_error_not_an_empty_answer() -> None:
    with pytest.raises(ValueError, match=r"person\.fly"):
        roles_for("person.fly")
