"""Whoever could reset the password of somebody more powerful would have their power."""

import pytest

from songhe.accounts.domain.grants import grant, revoke
from songhe.accounts.domain.managers import require_manager
from songhe.accounts.models import Role
from songhe.accounts.scope import OutOfScope
from tests.accounts.builders import holder, user
from tests.divisions.builders import SmallCity


def manages(by, user) -> bool:
    try:
        require_manager(by, user)
    except OutOfScope:
        return False
    return True


def test_a_county_manages_those_who_work_and_reach_within_it(city: SmallCity) -> None:
    east = holder(Role.COUNTY_BUREAU, city.counties[0])
    assert manages(east, user("new", at=city.towns[0]))
    assert manages(east, holder(Role.TOWN_CLERK, city.towns[0]))
    assert not manages(east, user("west", at=city.towns[3]))
    assert not manages(east, user("nowhere"))


def test_a_county_does_not_manage_its_city(city: SmallCity) -> None:
    east = holder(Role.COUNTY_BUREAU, city.counties[0])
    assert not manages(east, holder(Role.CITY_BUREAU, city.city))
    # Also not when somebody of the city has a desk in the county.
    guest = user("guest", at=city.towns[0])
    grant(user=guest, role=Role.CITY_BUREAU, division=city.city, by=None)
    assert not manages(east, guest)


def test_a_county_does_not_manage_its_auditor(city: SmallCity) -> None:
    east = holder(Role.COUNTY_BUREAU, city.counties[0])
    auditor = holder(Role.AUDITOR, city.counties[0])
    assert not manages(east, auditor)
    assert manages(holder(Role.CITY_BUREAU, city.city), auditor)


def test_a_role_elsewhere_protects_until_it_is_revoked(city: SmallCity) -> None:
    east = holder(Role.COUNTY_BUREAU, city.counties[0])
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    elsewhere = grant(user=clerk, role=Role.ASSESSOR, division=city.towns[3], by=None)
    assert not manages(east, clerk)
    revoke(grant=elsewhere, by=None)
    assert manages(east, clerk)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CITY_BUREAU, Role.COUNTY_BUREAU}))
def test_who_does_not_manage_users_manages_nobody(city: SmallCity, role: Role) -> None:
    assert not manages(holder(role, city.city, "someone"), user("new", at=city.towns[0]))


def test_the_command_line_manages_everybody(city: SmallCity) -> None:
    assert manages(None, holder(Role.CITY_BUREAU, city.city))
