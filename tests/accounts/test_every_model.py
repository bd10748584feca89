"""Every model there is: whoever adds one says how it is scoped, and no role sees it where it must not."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from songhe.accounts.actions import PERSONAL, Action
from songhe.accounts.models import Role, User
from songhe.accounts.roles import ACTIONS
from songhe.accounts.scope import OutOfScope, Scope, divisions_for, require, scoped_models, unscoped_models, visible
from songhe.common.memory import remembered, remembering
from tests.accounts.builders import holder
from tests.accounts.rows import row_at
from tests.divisions.builders import SmallCity, small_city

OURS = [
    model
    for config in apps.get_app_configs()
    if config.name.startswith("songhe.")
    for model in config.get_models(include_auto_created=True)
]
WALKED = [(model, path) for model, scope in scoped_models().items() if model in OURS for path in scope.paths]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallCity]:
    """Made once for all models, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_city()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def own(city: SmallCity) -> Mapping[Role, User]:
    """Somebody of every role in the first county, where the rows are."""
    return {role: holder(role, city.counties[0]) for role in Role}


@pytest.fixture(scope="module")
def other(city: SmallCity) -> Mapping[Role, User]:
    """Somebody of every role in the second county."""
    return {role: holder(role, city.counties[1]) for role in Role}


def named(value: object) -> str:
    return value.__name__ if isinstance(value, type) else str(value)


@pytest.mark.parametrize("model", OURS, ids=named)
def test_it_says_how_it_is_scoped_or_why_not(model: type[models.Model]) -> None:
    assert (model in scoped_models()) != (model in unscoped_models())


@pytest.mark.parametrize(("model", "path"), WALKED, ids=named)
def test_a_path_ends_in_a_division(model: type[models.Model], path: str) -> None:
    *way, last = path.split("__")
    for name in way:
        model = model._meta.get_field(name).related_model
    field = model._meta.get_field(last)
    assert (field.remote_field.model if field.remote_field else field.model)._meta.label == "divisions.Division"


def actions_for(scope: Scope) -> list[Action]:
    return [action for action in Action if action in PERSONAL or not scope.personal]


def sees(viewer: User, action: Action, row: models.Model) -> bool:
    within = visible(type(row)._default_manager.all(), viewer, action)
    # Who reaches the same divisions is asked the same by the database, and it need answer once.
    seen = remembered(
        ("seen", type(row), row.pk, divisions_for(viewer, action), within.query.is_empty()),
        lambda: 0 if within.query.is_empty() else within.filter(pk=row.pk).count(),
    )
    try:
        require(viewer, action, row)
    except OutOfScope:
        assert seen == 0
    else:
        assert seen == 1
    return seen == 1


@pytest.mark.parametrize(("model", "path"), WALKED, ids=named)
def test_it_is_seen_in_its_own_county_by_those_who_may_and_by_nobody_of_the_other(
    city: SmallCity,
    own: Mapping[Role, User],
    other: Mapping[Role, User],
    model: type[models.Model],
    path: str,
) -> None:
    # What belongs to several at once must be reached through each of them.
    beside = [paths[0] for paths in scoped_models()[model].all_of if path not in paths]
    row = row_at(model, path, city.villages[0], beside=beside)
    roles = list(Role)
    may = {
        (role, action) for role in roles for action in actions_for(scoped_models()[model]) if action in ACTIONS[role]
    }
    asked = [(role, action) for role in roles for action in actions_for(scoped_models()[model])]
    with remembering():
        assert {(role, action) for role, action in asked if sees(own[role], action, row)} == may
        assert {(role, action) for role, action in asked if sees(other[role], action, row)} == set()


@pytest.mark.parametrize(
    ("model", "way"),
    [(model, way) for model, scope in scoped_models().items() if len(scope.all_of) > 1 for way in range(2)],
    ids=named,
)
def test_what_belongs_to_several_at_once_is_seen_by_nobody_who_reaches_one_only(
    city: SmallCity, own: Mapping[Role, User], model: type[models.Model], way: int
) -> None:
    paths = scoped_models()[model].all_of
    row = row_at(model, paths[way][0], city.villages[0])
    with remembering():
        assert not any(sees(own[role], action, row) for role in Role for action in actions_for(scoped_models()[model]))


@pytest.mark.parametrize("model", [model for model, scope in scoped_models().items() if scope.personal], ids=named)
def test_the_technician_sees_no_personal_data_anywhere(city: SmallCity, model: type[models.Model]) -> None:
    technician = holder(Role.TECHNICIAN, city.city)
    for action in PERSONAL:
        assert not visible(model._default_manager.all(), technician, action).exists()
    for action in set(Action) - PERSONAL:
        with pytest.raises(ValueError, match="personal data"):
            visible(model._default_manager.all(), technician, action)
