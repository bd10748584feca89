"""The register (名册): people by what is known of them today, a page at a time, for whoever may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, visible
from songhe.common import clock
from songhe.common.calendar import latest_birth_date
from songhe.divisions.queries import tree_on
from songhe.pages.keyset import Window, count_up_to, window
from songhe.registry.models import CurrentPerson
from songhe.registry.names import is_rare, named_like

ORDERS = ("name_pinyin", "birth_date")
SIZE = 50
# So many divisions are read one by one, each by its index; of more, their people are met often in any order.
_FEW_DIVISIONS = 40
_PLACES = ("residence_division_id", "hukou_division_id")
# A division that is none; its place in a statement is taken by real ones.
_ANY = -7_305_241


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whom a list is to hold.

    `text`: a name or part of it, as written, in pinyin or by initials. `people`: ids, of whoever was found by a number.
    `division`: id, with everything below it. `facts`: fact → value, typed as in CurrentPerson. Ages in full years, both
    included. `alive` False: those known to have died; True: all others. `unknown`: a fact of which nothing is known.
    """

    text: str = ""
    people: tuple[int, ...] | None = None
    division: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    age_from: int | None = None
    age_to: int | None = None
    alive: bool | None = None
    in_conflict: bool = False
    unknown: str = ""
    order: str = "name_pinyin"
    falling: bool = False


def page(
    user: User, wanted: Wanted, columns: Sequence[str], *, action: Action = Action.PERSON_READ, cursor: str = ""
) -> Window[Any]:
    """Fifty people at most, as named tuples of `columns` and `person_id`."""
    listing = _Listing(user, wanted, action)
    names = list(dict.fromkeys(("person_id", wanted.order, *columns)))
    rows = CurrentPerson.objects.filter(listing.plain).values_list(*names, named=True)
    return window(
        rows,
        by=wanted.order,
        pk="person_id",
        falling=wanted.falling,
        cursor=cursor,
        size=SIZE,
        fetch=listing.fetch,
    )


def count(user: User, wanted: Wanted, *, action: Action = Action.PERSON_READ) -> tuple[int, bool]:
    """How many there are, counted to 10,000, and whether there are more."""
    return count_up_to(everybody(user, wanted, action=action))


def everybody(user: User, wanted: Wanted, *, action: Action = Action.PERSON_READ) -> QuerySet[CurrentPerson]:
    """All of them, in their order: for exports."""
    listing = _Listing(user, wanted, action)
    rows = CurrentPerson.objects.filter(listing.plain & _any_of(listing.named))
    down = "-" if wanted.falling else ""
    return listing.seen(rows).order_by(f"{down}{wanted.order}", f"{down}person_id")


class _Listing:
    """A list for one user: what it asks of the database, and by which way."""

    def __init__(self, user: User, wanted: Wanted, action: Action) -> None:
        self._user, self._action = user, action
        self.plain = _plain(wanted)
        self.named = named_like(wanted.text) if wanted.text.strip() else []
        self._places = _places(user, wanted, action)
        self._few = len(self._places) <= _FEW_DIVISIONS
        # Held by scope already when no division is asked for.
        self._within = Q() if wanted.division is None else _in(self._places)
        self._by_id = wanted.people is not None
        self._is_rare = self._few and bool(self.named) and is_rare(wanted.text)

    def fetch(self, rows: QuerySet[Any], number: int) -> Sequence[Any]:
        if not self._places:
            return []
        if self._few and not self._by_id and not self._is_rare:
            return self._fetch_of(self._of_divisions(rows.filter(_any_of(self.named)), number), rows, number)
        if len(self.named) > 1 and not self._by_id:
            return self._fetch_of(self._of_names(rows, number), rows, number)
        return list(self.seen(rows.filter(_any_of(self.named)))[:number])

    def seen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return visible(rows.filter(self._within), self._user, self._action, in_passing=self._is_rare or not self._few)

    def _of_names(self, rows: QuerySet[Any], number: int) -> Iterator[tuple[str, Sequence[Any]]]:
        seen = self.seen(rows)
        for condition in self.named:
            yield _sql(seen.filter(condition), number)

    def _of_divisions(self, rows: QuerySet[Any], number: int) -> Iterator[tuple[str, Sequence[Any]]]:
        # What is outside scope never comes among the first: these are divisions in reach, and nothing else.
        for place in _PLACES:
            statement, parameters = _sql(rows.filter(**{place: _ANY}), number)
            for division in sorted(self._places):
                yield statement, [division if value == _ANY else value for value in parameters]

    def _fetch_of(self, ways: Iterator[tuple[str, Sequence[Any]]], rows: QuerySet[Any], number: int) -> Sequence[Any]:
        """The first of the first of each way."""
        statements, parameters = zip(*ways, strict=True)
        united = " UNION ".join(f"SELECT * FROM ({statement}) w" for statement in statements)
        ids = RawSQL(united, [value for one in parameters for value in one])
        ordered = CurrentPerson.objects.filter(pk__in=ids).order_by(*rows.query.order_by)
        seen = visible(ordered, self._user, self._action, in_passing=True)
        return list(seen.values_list(*rows.query.values_select, named=True)[:number])


def _sql(rows: QuerySet[Any], number: int) -> tuple[str, Sequence[Any]]:
    compiler = rows.values("person_id")[:number].query.get_compiler(connection=connection)
    return compiler.as_sql()


def _places(user: User, wanted: Wanted, action: Action) -> frozenset[int]:
    """The divisions in which to look."""
    reached = divisions_for(user, action)
    return reached if wanted.division is None else reached & tree_on().subtree([wanted.division])


def _in(divisions: frozenset[int]) -> Q:
    return Q(residence_division_id__in=divisions) | Q(hukou_division_id__in=divisions)


def _any_of(conditions: Sequence[Q]) -> Q:
    return reduce(or_, conditions) if conditions else Q()


def _plain(wanted: Wanted) -> Q:
    held = Q(**wanted.facts) & _aged(wanted, clock.today())
    if wanted.people is not None:
        held &= Q(pk__in=wanted.people)
    if wanted.alive is not None:
        held &= (Q(alive=None) | Q(alive=True)) if wanted.alive else Q(alive=False)
    if wanted.in_conflict:
        held &= ~Q(conflicts="")
    if wanted.unknown:
        held &= Q(**{f"{wanted.unknown}__isnull": True})
    return held


def _aged(wanted: Wanted, today: dt.date) -> Q:
    aged = Q()
    if wanted.age_from is not None:
        aged &= Q(birth_date__lte=latest_birth_date(today, wanted.age_from))
    if wanted.age_to is not None:
        # Who has not reached the next age.
        aged &= Q(birth_date__gt=latest_birth_date(today, wanted.age_to + 1))
    return aged
