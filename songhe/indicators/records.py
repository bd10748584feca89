"""The records behind a counted figure: exactly those that were counted, on the day and as known then.

People come from the list that the computation kept; everything else is decided anew on the facts of that moment.
Names are shown of what the reader reaches; of the rest only how many they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import transaction
from django.db.models import Model

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require_division, visible
from songhe.casework.models import Case
from songhe.divisions.queries import tree_on
from songhe.entitlement.files import home, sha256
from songhe.facilities.models import Estate, Pool
from songhe.indicators.domain.computing import MEMBERS, PERSON, THINGS
from songhe.indicators.errors import IndicatorError
from songhe.indicators.measures.amounts import SIDES, Asked, Occasion
from songhe.indicators.measures.cases import cases
from songhe.indicators.measures.funds import funds
from songhe.indicators.measures.persons import UNKNOWN, YES
from songhe.indicators.measures.places import places
from songhe.indicators.measures.things import things, told
from songhe.indicators.models import Computation
from songhe.organisations.models import Organisation
from songhe.payment.models import Fund
from songhe.policy.load import load_package
from songhe.registry.models import CurrentPerson
from songhe.registry.places import moved

SIZE = 50
SURE, MAYBE = "sure", "maybe"
_FOUND = {SURE: YES, MAYBE: UNKNOWN}


@dataclass(frozen=True)
class Record:
    """`kind` and `key` name the page it stands on; `division` is where it was counted."""

    kind: str
    key: object
    name: str
    division: int | None


@dataclass(frozen=True)
class Page:
    """One page of records, how many there are, and how many of the page lie out of the reader's reach.

    `after` is the number to go on from; 0 at the end.
    """

    kind: str
    records: Sequence[Record]
    number: int
    hidden: int
    after: int


def sides_of(package: str, indicator: str) -> list[str]:
    """The measures that can be looked behind."""
    rule = load_package(package).computed.get(indicator)
    return [side for side in SIDES if rule is not None and getattr(rule, side) is not None]


def behind(
    user: User, computation: Computation, indicator: str, division: int, side: str, which: str = SURE, after: int = 0
) -> Page:
    """Those that count (`sure`), or that may (`maybe`), in a division of the computation, a page from `after` on.

    Leaves a line in the audit trail. Raises OutOfScope, and IndicatorError where the list is not there any more.
    """
    require_division(user, Action.INDICATOR_READ, division)
    asked = _asked(computation, indicator, side)
    subject = asked.rule.subject or "fund"
    if subject == PERSON:
        found = _people(user, computation, asked, division, which, after)
    else:
        found = _page(user, subject, _of(subject, asked, computation, which), _inside(computation, division), after)
    with transaction.atomic():
        details = {"indicator": asked.name, "day": computation.day, "count": len(found.records), "which": which}
        append(
            user=user,
            action="indicator.records_read",
            subject_kind="computation",
            subject_id=str(computation.public_id),
            division=division,
            details=details,
        )
    return found


def _asked(computation: Computation, indicator: str, side: str) -> Asked:
    if side not in sides_of(computation.package, indicator):
        raise IndicatorError("此项没有由平台记录核算。", "This is not counted from the platform's records.")
    return Asked(indicator, side, getattr(load_package(computation.package).computed[indicator], side))


def _inside(computation: Computation, division: int) -> frozenset[int]:
    return tree_on(computation.day).subtree([division])


def _people(user: User, computation: Computation, asked: Asked, division: int, which: str, after: int) -> Page:
    path = _members(computation)
    tree, is_whole = tree_on(computation.day), division == computation.division_id
    codes = [tree.node(one).code for one in tree.subtree([division])]
    with closing(duckdb.connect()) as engine:
        engine.register("inside", pa.table({"code": pa.array(codes, pa.string())}))
        # Who is counted for the whole alone lives in no division of the tree.
        where = f'"{asked.name}" = {_FOUND[which]}' + ("" if is_whole else " AND place IN (SELECT code FROM inside)")
        source = f"FROM read_parquet('{str(path).replace(chr(39), chr(39) * 2)}') WHERE {where}"
        number = _one(engine, f"SELECT count(*) {source}")
        statement = f"SELECT id, place {source} AND id > {int(after)} ORDER BY id LIMIT {SIZE + 1}"
        rows = engine.execute(statement).fetchall()
    shown = rows[:SIZE]
    reached = visible(CurrentPerson.objects.filter(person__in=[id for id, _ in shown]), user, Action.PERSON_READ)
    names = {pk: (key, name) for pk, key, name in reached.values_list("person_id", "person__public_id", "name")}
    records = [
        Record(PERSON, names[id][0], names[id][1] or "—", node.id if (node := tree.find(place or "")) else None)
        for id, place in shown
        if id in names
    ]
    return Page(PERSON, records, number, len(shown) - len(records), shown[-1][0] if len(rows) > SIZE else 0)


def _members(computation: Computation) -> Path:
    path = home() / computation.folder / MEMBERS
    if not computation.folder or not path.is_file():
        raise IndicatorError("没有留存当时的人员清单，请重新核算。", "The list of then was not kept: count anew.")
    if sha256(path) != computation.files.get(MEMBERS):
        raise IndicatorError("人员清单与核算时不一致，已停止显示。", "The list is not what it was; it is not shown.")
    return path


def _one(engine: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = engine.execute(statement).fetchone()
    return int(row[0]) if row else 0


# -- what is no person: (row id, name, division)
_Found = list[tuple[int, str, int]]


def _of(subject: str, asked: Asked, computation: Computation, which: str) -> _Found:
    occasion = Occasion(
        load_package(computation.package), computation.division_id, computation.day, computation.known_at
    )
    if subject in THINGS:
        truth = True if which == SURE else None
        counted = told(asked, occasion, things(subject, occasion))
        return [(thing.id, thing.name, thing.division) for thing, found in counted if found is truth]
    if which == MAYBE:
        return []
    if subject == "division":
        return [(node.id, node.name, node.id) for node in places(asked, occasion)]
    if subject == "case":
        went = moved(occasion.day)
        return [(one.pk, one.item, went.get(one.division_id, one.division_id) or 0) for one in cases(asked, occasion)]
    return [(fund.pk, str(fund), fund.division_id) for fund in funds(occasion)]


_MODELS: dict[str, tuple[type[Model], Action, str]] = {
    "institution": (Organisation, Action.ORGANISATION_READ, "public_id"),
    "estate": (Estate, Action.ESTATE_READ, "public_id"),
    "estate_pool": (Pool, Action.ESTATE_READ, "public_id"),
    "case": (Case, Action.CASE_READ, "public_id"),
    "fund": (Fund, Action.PAYMENT_READ, "pk"),
}


def _page(user: User, subject: str, found: _Found, inside: Iterable[int], after: int) -> Page:
    held = set(inside)
    counted = [row for row in found if row[2] in held]
    shown = counted[after : after + SIZE]
    keys = _keys(user, subject, [id for id, _, _ in shown])
    records = [Record(subject, keys(id), name, division) for id, name, division in shown if keys(id) is not None]
    more = after + SIZE if len(counted) > after + SIZE else 0
    return Page(subject, records, len(counted), len(shown) - len(records), more)


def _keys(user: User, subject: str, ids: list[int]) -> Callable[[int], Any]:
    if subject == "division":
        return lambda id: id
    model, action, column = _MODELS[subject]
    reached = visible(model._default_manager.filter(pk__in=ids), user, action)
    return dict(reached.values_list("pk", column)).get
