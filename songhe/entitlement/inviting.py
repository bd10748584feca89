"""Whom a run lets be asked (免申即享、主动邀请): of items for which nobody has to apply."""

from __future__ import annotations

from songhe.casework.models import Case
from songhe.entitlement.models import Found, Run
from songhe.entitlement.standing import without_grant
from songhe.policy.package import Package


def to_be_asked(run: Run, package: Package | None) -> dict[str, list[int]]:
    """Item → people (ids, rising) for whom a case may be opened; items with nobody are left out.

    Whose answer turned, and of items by invitation everybody who is entitled to a sum and has no grant: those were
    entitled before the first run already. They are left out when `package` is not the one that decided. Who ever had
    a case about the item, whatever became of it, is not asked again.
    """
    people: dict[str, set[int]] = {}
    turned = Found.objects.filter(run=run, kind=Found.Kind.NEW).exclude(delivery="apply")
    for item, person in turned.values_list("item", "person"):
        people.setdefault(item, set()).add(person)
    if package is not None and package.hash == run.package_hash:
        for rule in package.rules_for("person"):
            if rule.entitlement.delivery == "invite":
                people.setdefault(rule.id, set()).update(without_grant(run, package, rule.id))
    return {item: left for item in sorted(people) if (left := _never_asked(run, item, people[item]))}


def _never_asked(run: Run, item: str, people: set[int]) -> list[int]:
    asked = Case.objects.filter(package=run.package, item=item, person__isnull=False).values_list("person", flat=True)
    return sorted(people.difference(asked))
