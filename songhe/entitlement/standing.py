"""Whether a run found a grant for somebody's money, read from its folder for pages and single questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from songhe.common.text import Text, say
from songhe.entitlement.asking import rows_of
from songhe.entitlement.files import folder_of, masks_of
from songhe.entitlement.grants import EVER, GRANTS, granted_sql
from songhe.entitlement.models import Run
from songhe.entitlement.paying import needs_grant
from songhe.entitlement.worths import column_of, payable
from songhe.policy.package import Package
from songhe.policy.rhythm import is_once
from songhe.policy.rule import Rule
from songhe.registry.groups import group_of

STANDINGS: Mapping[str, Text] = {
    "granted": say("已批准", "granted"),
    "not_needed": say("免申即享，不用申请", "no application is needed"),
    "not_applied": say("符合条件，尚未申请", "entitled, not applied for"),
    "not_granted": say("符合条件，申请未获同意", "entitled, and the application was not granted"),
    "declined": say("符合条件，本人不要", "entitled, and the person said no"),
}


class Grant(NamedTuple):
    """A decision that counts: its state, from which to which month it holds (None: until further notice), the month it
    was decided in, the id of its case, and whether a payment that comes once goes by it."""

    state: str
    first: int
    last: int | None
    decided: int
    case: int
    once: bool


def grants_of(run: Run, person: int, item: str) -> list[Grant]:
    """What the run knew of an item of a person (id), the earliest decision first; over merged files."""
    path = folder_of(run) / GRANTS
    if GRANTS not in run.files:
        return []
    people = ", ".join(str(int(one)) for one in group_of(person))
    sql = (
        "SELECT state, first, last, decided, case_id, once FROM read_parquet(?) "
        f"WHERE person_id IN ({people}) AND item = ? ORDER BY decided, case_id"
    )
    return [Grant(state, first, None if last == EVER else last, *rest)
            for state, first, last, *rest in rows_of(sql, [str(path), item])]  # fmt: skip


def grant_of(run: Run, person: int, item: str) -> Grant | None:
    """The decision that counts now: the last."""
    return next(reversed(grants_of(run, person, item)), None)


def standing_of(run: Run, rule: Rule, person: int, month: int) -> str:
    """One of STANDINGS: whether an item may be paid to a person (id) for a month, were the person entitled to it."""
    found = grants_of(run, person, rule.id)
    held = [one for one in found if one.first <= month <= (one.last or EVER)]
    stopped = next((one.state for one in reversed(held or found) if one.state != "granted"), None)
    if is_once(rule):
        held = [one for one in found if one.once and one.decided == month]
    if any(one.state == "granted" for one in held):
        return "granted"
    if stopped is None or (not needs_grant(rule) and not held):
        return "not_applied" if needs_grant(rule) else "not_needed"
    return "declined" if stopped == "declined" else "not_granted"


def without_grant(run: Run, package: Package, item: str) -> list[int]:
    """Ids of those entitled to a sum of the item in the run's month who are not paid for want of a grant."""
    columns = [column_of(id, tier) for id, tier in payable(package, [run.month]) if id == item]
    if not columns or GRANTS not in run.files:
        return []
    entitled = " OR ".join(f'm."{column}" = 1' for column in columns)
    sql = (
        "WITH grants AS (SELECT * FROM read_parquet(?)) SELECT m.id FROM read_parquet(?) m "
        f"WHERE ({entitled}) AND NOT {granted_sql(package.rules[item], 'm.id', str(run.month))} ORDER BY 1"
    )
    return [person for (person,) in rows_of(sql, [str(folder_of(run) / GRANTS), str(masks_of(run))])]


def why_unpaid(run: Run, item: str, people: Sequence[int]) -> dict[int, str]:
    """Of people whom `without_grant` gave (ids): not_applied, not_granted or declined."""
    if GRANTS not in run.files:
        return dict.fromkeys(people, "not_applied")
    sql = (
        "SELECT person_id, arg_max(state, (decided, case_id)) FROM read_parquet(?) "
        "WHERE item = ? AND state <> 'granted' AND list_contains(?, person_id) GROUP BY person_id"
    )
    stopped = dict(rows_of(sql, [str(folder_of(run) / GRANTS), item, list(people)]))
    names = {"declined": "declined", "refused": "not_granted"}
    return {person: names.get(stopped.get(person, ""), "not_applied") for person in people}
