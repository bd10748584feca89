"""Scope (权限范围): the one place that says whose data a user may reach. Pages, API, exports and files all ask here.

A model says once by which paths it belongs to divisions; a model that said nothing cannot be read in scope at all.
Nobody is above scope. A role reaches its division and everything that lies below it today.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F, Func, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from songhe.accounts.actions import PERSONAL, Action
from songhe.accounts.models import Entry, Grant, Role, User
from songhe.accounts.reach import reach, reaches_everything
from songhe.accounts.roles import roles_for
from songhe.common import clock
from songhe.common.memory import remembered
from songhe.divisions.models import Boundary, BoundaryFile, Change, Division, Succession, TreeState, Version

M = TypeVar("M", bound=Model)


class OutOfScope(PermissionDenied):
    """The user may not do this here; the text names the action and the kind of thing, nothing of its content."""


class UnscopedModel(LookupError):
    """A model that says neither how it is scoped nor that it is open; it must not be shown to anybody."""


@dataclass(frozen=True)
class Scope:
    """How a model belongs to divisions: of each of `all_of`, any path in reach.

    `personal` opens to actions about people only.
    """

    all_of: tuple[tuple[str, ...], ...]
    personal: bool

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for paths in self.all_of for path in paths)


_SCOPES: dict[type[Model], Scope] = {}
_OPEN: dict[type[Model], str] = {}


def scoped(*paths: str, personal: bool = True) -> Callable[[type[M]], type[M]]:
    """Class decorator: `@scoped("person__residence_division_id")`. Each path ends in the id of a Division."""
    return scoped_by_all(paths, personal=personal)


def scoped_by_all(*all_of: Sequence[str], personal: bool = True) -> Callable[[type[M]], type[M]]:
    """Class decorator for what belongs to several at once: within reach is, of each sequence, any of its paths."""
    if not all_of or not all(all_of):
        raise ValueError("a scoped model needs at least one path to a division")

    def register(model: type[M]) -> type[M]:
        _SCOPES[model] = Scope(tuple(map(tuple, all_of)), personal)
        return model

    return register


def unscoped(reason: str) -> Callable[[type[M]], type[M]]:
    """Class decorator for what belongs to no division and is never listed for a user; the reason is for readers."""

    def register(model: type[M]) -> type[M]:
        _OPEN[model] = reason
        return model

    return register


def scope_of(model: type[Model]) -> Scope:
    """Raises UnscopedModel, also for models registered with `unscoped`."""
    if model not in _SCOPES:
        reason = _OPEN.get(model, "say how with @scoped or @unscoped of songhe.accounts.scope")
        raise UnscopedModel(f"{model.__name__} cannot be read in scope: {reason}")
    return _SCOPES[model]


def scoped_models() -> dict[type[Model], Scope]:
    return dict(_SCOPES)


def unscoped_models() -> dict[type[Model], str]:
    return dict(_OPEN)


def grants_of(user: User, day: dt.date | None = None) -> QuerySet[Grant]:
    """What the user holds on a day, today without one; nothing when the user is locked."""
    day = day or clock.today()
    held = Grant.objects.filter(user_id=user.pk, user__is_active=True, revoked_at=None, valid_from__lte=day)
    return held.filter(Q(valid_to=None) | Q(valid_to__gte=day))


def divisions_for(user: User, action: str, *, without: Collection[Role] = ()) -> frozenset[int]:
    """Ids of the divisions in which the user may do something today, those included that went on as them.

    `without` leaves out roles whose reach other things narrow further. ValueError for an action that there is not.
    Nobody signed in reaches nothing.
    """
    roles = roles_for(action).difference(without)
    if user.pk is None or not user.is_active:
        return frozenset()
    granted = [(division, since) for role, division, since in held_by(user) if role in roles]
    return reach(granted, clock.today())


def held_by(user: User) -> list[tuple[str, int, dt.date]]:
    """What the user holds today: role, id of the division, and the day since which."""
    wanted = ("role", "division_id", "valid_from")
    return remembered(("held", user.pk), lambda: list(grants_of(user).values_list(*wanted)))


def may(user: User, action: str) -> bool:
    """Whether the user may do something anywhere: for menus, never in place of `require`."""
    return bool(divisions_for(user, action))


def visible(queryset: QuerySet[M], user: User, action: str, *, in_passing: bool = False) -> QuerySet[M]:
    """Those rows in which the user may do something.

    `in_passing`: the rows are found by something else, such as the order in which they are listed, and looked at one
    by one; without it a database may first gather all that is in reach. The answer is the same.
    Raises UnscopedModel, and ValueError when an action that is not about people is asked of personal data.
    """
    scope = scope_of(queryset.model)
    if scope.personal and Action(action) not in PERSONAL:
        raise ValueError(f"{queryset.model.__name__} holds personal data, and {action} is no action about people")
    divisions = divisions_for(user, action)
    if divisions and reaches_everything(divisions, clock.today()):
        # Nothing to leave out, not even what belongs to no division: somebody must be able to see and mend it.
        return queryset
    if not divisions:
        return queryset.none()
    within = Q()
    for paths in scope.all_of:
        ways = (_passed(path, divisions) if in_passing else _within(queryset.model, path, divisions) for path in paths)
        within &= reduce(or_, ways)
    return queryset.filter(within)


def require(user: User, action: str, obj: Model) -> None:
    """Raises OutOfScope unless the user may do this with this object, as it stands in the database."""
    found = visible(type(obj)._default_manager.filter(pk=obj.pk), user, action)
    # Where nothing is in reach, no database need be asked.
    if found.query.is_empty() or not found.exists():
        _refuse(action, str(type(obj)._meta.verbose_name))


def require_division(user: User, action: str, division_id: int) -> None:
    """Raises OutOfScope unless the user may do this in a division: for what is not written yet."""
    if division_id not in divisions_for(user, action):
        _refuse(action, "区划")


def _refuse(action: str, kind: str) -> None:
    raise OutOfScope(f"此{kind}不在您的权限范围内： Out of your scope: {action}")


def _within(model: type[Model], path: str, divisions: frozenset[int]) -> Q:
    if _is_plural(model, path):
        # A join over many rows would show the same row several times.
        return Q(pk__in=model._default_manager.filter(**{f"{path}__in": divisions}).values("pk"))
    return Q(**{f"{path}__in": divisions})


class _AsItIs(Func):
    """A column that no index is looked up by, where the database would do so at any price."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Sequence[Any]]:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def _passed(path: str, divisions: frozenset[int]) -> Q:
    if connection.vendor == "postgresql":
        among = RawSQL("SELECT unnest(%s::bigint[])", [sorted(divisions)])
    else:
        among = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(sorted(divisions))])
    return Q(In(_AsItIs(F(path)), among))


def _is_plural(model: type[Model], path: str) -> bool:
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        if not field.is_relation:
            return False
        model = field.related_model
    return False


# The rooms below cannot import this one; what they keep is about places, not people.
scoped("id", personal=False)(Division)
scoped("division_id", personal=False)(Version)
scoped("division_id", "grants__division_id", personal=False)(User)
scoped("division_id", personal=False)(Grant)
scoped("division_id", personal=False)(Entry)
unscoped("what happened to divisions is no secret; it is read through songhe.divisions.queries")(Change)
unscoped("what happened to divisions is no secret; it is read through songhe.divisions.queries")(Succession)
unscoped("a mark for the memory of the process")(TreeState)
scoped("division_id", personal=False)(Boundary)
unscoped("where borders are from is no secret; borders are read through songhe.divisions.boundaries")(BoundaryFile)

__all__ = [
    "Action",
    "OutOfScope",
    "Role",
    "Scope",
    "UnscopedModel",
    "divisions_for",
    "grants_of",
    "may",
    "require",
    "require_division",
    "scope_of",
    "scoped",
    "scoped_by_all",
    "scoped_models",
    "unscoped",
    "unscoped_models",
    "visible",
]
