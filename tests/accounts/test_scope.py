import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.domain import audit
from songhe.accounts.domain.grants import grant, revoke
from songhe.accounts.models import Entry, Grant, Role, User
from songhe.accounts.scope import (
    OutOfScope,
    UnscopedModel,
    divisions_for,
    may,
    require,
    require_division,
    scoped,
    visible,
)
from songhe.divisions.models import Change, Division, Version
from songhe.divisions.queries import tree_on
from tests.accounts.builders import holder, user
from tests.divisions.builders import SmallCity, small_city

READ = Action.PERSON_READ


def below(city: SmallCity, code: str) -> frozenset[int]:
    return tree_on().subtree([city.id(code)])


def test_a_role_reaches_its_division_and_everything_below_it(city: SmallCity) -> None:
    assert divisions_for(holder(Role.CITY_BUREAU, city.city), READ) == below(city, "990100")
    assert divisions_for(holder(Role.COUNTY_BUREAU, city.counties[0]), READ) == below(city, "990101")
    assert divisions_for(holder(Role.TOWN_CLERK, city.towns[4]), READ) == below(city, "990102002")
    assert divisions_for(holder(Role.VILLAGE_WORKER, city.villages[0]), READ) == {city.villages[0].pk}


def test_what_a_role_may_not_do_it_may_do_nowhere(city: SmallCity) -> None:
    technician = holder(Role.TECHNICIAN, city.city)
    assert divisions_for(technician, READ) == set()
    assert divisions_for(technician, Action.DIVISION_READ) == below(city, "990100")
    assert (may(technician, READ), may(technician, Action.DIVISION_READ)) == (False, True)


def test_two_roles_reach_together_each_for_its_own_actions(city: SmallCity) -> None:
    both = holder(Role.TOWN_CLERK, city.towns[0])
    grant(user=both, role=Role.VILLAGE_WORKER, division=city.villages[-1], by=None)
    assert divisions_for(both, READ) == below(city, "990101001") | {city.villages[-1].pk}
    assert divisions_for(both, Action.PERSON_REVEAL) == below(city, "990101001")


def test_without_a_role_nothing_is_reached(city: SmallCity) -> None:
    assert divisions_for(user("nobody", at=city.city), READ) == set()


def test_whoever_is_not_signed_in_reaches_nothing(city: SmallCity) -> None:
    assert divisions_for(AnonymousUser(), READ) == set()
    assert not visible(Division.objects.all(), AnonymousUser(), READ).exists()


def test_whoever_is_locked_reaches_nothing_also_in_an_object_of_before(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert divisions_for(clerk, READ) == set()


def test_a_role_counts_from_its_first_to_its_last_day(city: SmallCity) -> None:
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    spans = {
        "over": (today - 9 * day, today - day),
        "last_day": (today - 9 * day, today),
        "first_day": (today, today + day),
        "not_yet": (today + day, None),
    }
    reached = set()
    for name, (start, end) in spans.items():
        someone = user(name)
        grant(user=someone, role=Role.TOWN_CLERK, division=city.towns[0], by=None, valid_from=start, valid_to=end)
        if divisions_for(someone, READ):
            reached.add(name)
    assert reached == {"last_day", "first_day"}


def test_a_revoked_role_ends_at_once(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    revoke(grant=clerk.grants.get(), by=None)
    assert divisions_for(clerk, READ) == set()


def test_an_action_that_there_is_not_is_an_error(city: SmallCity) -> None:
    with pytest.raises(ValueError, match=r"person\.fly"):
        divisions_for(holder(Role.CITY_BUREAU, city.city), "person.fly")


def test_a_query_shows_what_is_reached_and_nothing_else(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    seen = visible(Division.objects.all(), clerk, Action.DIVISION_READ)
    assert {division.pk for division in seen} == below(city, "990101001")
    assert not visible(seen, holder(Role.TOWN_CLERK, city.towns[1]), Action.DIVISION_READ).exists()


def test_a_filter_before_it_stays(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    named = visible(Version.objects.filter(name="甲镇"), clerk, Action.DIVISION_READ)
    assert [version.division for version in named] == [city.towns[0]]


def test_several_paths_reach_by_any_of_them_and_show_a_row_once(city: SmallCity) -> None:
    viewer = holder(Role.COUNTY_BUREAU, city.counties[0])
    elsewhere = user("elsewhere", at=city.counties[1])
    for town in city.towns[:3]:
        grant(user=elsewhere, role=Role.ASSESSOR, division=town, by=None)
    seen = visible(User.objects.all(), viewer, Action.USER_READ)
    assert sorted(seen.values_list("username", flat=True)) == sorted([viewer.username, "elsewhere"])


def test_what_belongs_to_no_division_is_seen_by_whoever_reaches_everything(city: SmallCity) -> None:
    nowhere = user("nowhere")
    bureau, county = holder(Role.CITY_BUREAU, city.city), holder(Role.COUNTY_BUREAU, city.counties[0])
    assert visible(User.objects.filter(pk=nowhere.pk), bureau, Action.USER_READ).exists()
    assert not visible(User.objects.filter(pk=nowhere.pk), county, Action.USER_READ).exists()
    small_city(prefix="9902")
    assert not visible(User.objects.filter(pk=nowhere.pk), bureau, Action.USER_READ).exists()


def test_an_unregistered_model_cannot_be_read(city: SmallCity) -> None:
    class Leaflet(models.Model):
        class Meta:
            app_label = "accounts"
            managed = False

    with pytest.raises(UnscopedModel, match="Leaflet"):
        visible(Leaflet.objects.all(), holder(Role.CITY_BUREAU, city.city), READ)
    with pytest.raises(UnscopedModel, match="Change"):
        visible(Change.objects.all(), holder(Role.AUDITOR, city.city), READ)


def test_personal_data_opens_to_actions_about_people_only(city: SmallCity) -> None:
    @scoped("division_id")
    class Letter(models.Model):
        division = models.ForeignKey(Division, on_delete=models.PROTECT)

        class Meta:
            app_label = "accounts"
            managed = False

    from songhe.accounts import scope

    try:
        with pytest.raises(ValueError, match="personal data"):
            visible(Letter.objects.all(), holder(Role.TECHNICIAN, city.city), Action.DIVISION_READ)
    finally:
        del scope._SCOPES[Letter]


def test_a_scope_needs_a_path() -> None:
    with pytest.raises(ValueError, match="at least one path"):
        scoped()


def test_require_lets_pass_what_is_in_scope_and_refuses_the_rest(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    require(clerk, Action.DIVISION_READ, city.villages[0])
    with pytest.raises(OutOfScope):
        require(clerk, Action.DIVISION_READ, city.villages[-1])
    with pytest.raises(OutOfScope):
        require(clerk, Action.DIVISION_CHANGE, city.villages[0])


def test_require_asks_the_database_not_the_object_in_hand(city: SmallCity) -> None:
    clerk = holder(Role.CITY_BUREAU, city.counties[0])
    entry = audit.append(user=None, action="import.run", division=city.counties[1])
    entry.division = city.counties[0]
    with pytest.raises(OutOfScope):
        require(clerk, Action.AUDIT_READ, entry)
    with pytest.raises(OutOfScope):
        require(clerk, Action.AUDIT_READ, Entry(division=city.counties[0]))


def test_what_is_not_written_yet_is_required_by_its_division(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    require_division(clerk, Action.PERSON_WRITE, city.villages[1].pk)
    with pytest.raises(OutOfScope):
        require_division(clerk, Action.PERSON_WRITE, city.villages[2].pk)


def test_django_answers_403_to_what_is_out_of_scope() -> None:
    assert issubclass(OutOfScope, PermissionDenied)


def test_asking_takes_few_queries(city: SmallCity, django_assert_num_queries) -> None:
    clerk = holder(Role.COUNTY_BUREAU, city.counties[0])
    for town in city.towns:
        grant(user=clerk, role=Role.ASSESSOR, division=town, by=None)
    divisions_for(clerk, READ), divisions_for(clerk, Action.USER_READ)
    # The grants, and whether the tree has changed.
    with django_assert_num_queries(2):
        divisions_for(clerk, READ)
    # The tree once more, for whether anything lies outside.
    with django_assert_num_queries(4):
        list(visible(Grant.objects.all(), clerk, Action.USER_READ))


def test_nobody_is_above_scope(city: SmallCity) -> None:
    boss = user("boss", at=city.city)
    boss.is_superuser = True
    assert not boss.has_perm("accounts.view_user")
    assert divisions_for(boss, READ) == set()
