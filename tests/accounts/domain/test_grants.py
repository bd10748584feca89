import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.domain.grants import grant, revoke
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Entry, Grant, Role
from songhe.accounts.roles import GRANTABLE
from songhe.accounts.scope import OutOfScope
from songhe.divisions.domain import dissolve
from tests.accounts.builders import holder, user
from tests.divisions.builders import SmallCity

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_a_county_gives_a_role_and_the_trail_tells(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    clerk = user("fang")
    made = grant(user=clerk, role=Role.TOWN_CLERK, division=city.towns[0], by=county)
    assert (made.valid_from, made.valid_to, made.granted_by) == (timezone.localdate(), None, county)
    line = Entry.objects.get(subject_id="fang")
    assert (line.action, line.user, line.division) == ("user.granted", county, city.towns[0])
    assert line.details == {
        "role": "town_clerk",
        "grant": made.pk,
        "valid_from": made.valid_from.isoformat(),
        "valid_to": None,
    }


@pytest.mark.parametrize("giver", Role)
def test_who_may_give_which_role(city: SmallCity, giver: Role) -> None:
    manager, someone = holder(giver, city.city, "giver"), user("fang")
    given = set()
    for role in Role:
        try:
            with transaction.atomic():
                grant(user=someone, role=role, division=city.towns[0], by=manager)
            given.add(role)
        except OutOfScope:
            pass
    assert given == GRANTABLE.get(giver, frozenset())


def test_a_role_is_given_within_reach_only(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    for division in (city.counties[1], city.towns[3], city.city):
        with pytest.raises(OutOfScope):
            grant(user=user(f"at{division.pk}"), role=Role.TOWN_CLERK, division=division, by=county)


def test_powers_of_two_roles_do_not_add_up(city: SmallCity) -> None:
    """A clerk of the west with a bureau's role in the east gives nothing in the west."""
    both = holder(Role.COUNTY_BUREAU, city.counties[0])
    grant(user=both, role=Role.TOWN_CLERK, division=city.counties[1], by=None)
    with pytest.raises(OutOfScope):
        grant(user=user("fang"), role=Role.VILLAGE_WORKER, division=city.towns[3], by=both)


def test_nobody_gives_or_takes_a_role_of_their_own(city: SmallCity) -> None:
    bureau = holder(Role.CITY_BUREAU, city.city)
    with pytest.raises(AccountError, match="Nobody manages themselves"):
        grant(user=bureau, role=Role.AUDITOR, division=city.city, by=bureau)
    with pytest.raises(AccountError, match="Nobody manages themselves"):
        revoke(grant=bureau.grants.get(), by=bureau)


def test_the_same_role_is_not_held_twice_at_a_time(city: SmallCity) -> None:
    clerk, today = user("fang"), timezone.localdate()

    def give(start: dt.date, end: dt.date | None) -> None:
        grant(user=clerk, role=Role.TOWN_CLERK, division=city.towns[0], by=None, valid_from=start, valid_to=end)

    give(today, today + 10 * DAY)
    for start, end in [(today + 10 * DAY, None), (today - DAY, today), (today - DAY, None), (today + DAY, today + DAY)]:
        with pytest.raises(AccountError, match="already"):
            give(start, end)
    give(today + 11 * DAY, None)
    give(today - 3 * DAY, today - DAY)
    assert clerk.grants.count() == 3


def test_dates_in_the_wrong_order_are_refused(city: SmallCity) -> None:
    today = timezone.localdate()
    with pytest.raises(AccountError, match="止日早于起日"):
        grant(
            user=user("fang"),
            role=Role.TOWN_CLERK,
            division=city.towns[0],
            by=None,
            valid_from=today,
            valid_to=today - DAY,
        )


def test_a_role_needs_a_division_that_is_there(city: SmallCity) -> None:
    dissolve(division=city.villages[0], on=dt.date(2024, 7, 1))
    with pytest.raises(AccountError, match="no such division"):
        grant(user=user("fang"), role=Role.VILLAGE_WORKER, division=city.villages[0], by=None)


def test_a_revoked_role_is_kept_and_can_be_given_again(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    clerk = holder(Role.TOWN_CLERK, city.towns[0], "fang")
    first = clerk.grants.get()
    revoke(grant=first, by=county)
    assert first.revoked_by == county
    with pytest.raises(AccountError, match="revoked before"):
        revoke(grant=first, by=county)
    grant(user=clerk, role=Role.TOWN_CLERK, division=city.towns[0], by=county)
    assert clerk.grants.count() == 2
    assert Entry.objects.filter(action="user.revoked", user=county).count() == 1


def test_the_county_does_not_take_what_the_city_gave(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    auditor = holder(Role.AUDITOR, city.counties[0])
    with pytest.raises(OutOfScope):
        revoke(grant=auditor.grants.get(), by=county)


def test_the_database_holds_what_the_domain_checks(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    held = {"user": clerk, "role": Role.TOWN_CLERK, "division": city.towns[0]}
    today = timezone.localdate()
    for dates in ({"valid_from": today}, {"valid_from": today, "valid_to": today - DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**held, **dates)
