"""What people have been granted and still have: by decisions alone, death and loss of entitlement are the engine's.

As in the monthly run the latest decision holds, and one made anew after an appeal stands in the place of the first.
What is paid once stays granted whatever is decided later. Of an item paid neither by the month nor once nothing
stands: what is given by the occasion is asked for each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from songhe.casework.models import Case, How, Kind, Outcome
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.rhythm import is_once, rhythm
from songhe.policy.same_item import same_items
from songhe.registry.groups import groups_of

_DECIDED = Q(outcome__in=[Outcome.GRANTED, Outcome.REFUSED])
# Who says no to what was offered ends it; whoever withdraws an application of their own has changed nothing.
_DECLINED = Q(outcome=Outcome.WITHDRAWN, how=How.SYSTEM, about=None)


def granted_cases(people: Sequence[int], package: str, item: str = "") -> dict[tuple[int, str], Case]:
    """(person, item) → the case by which the person (id, standing for the file) has the item of a package now.

    Cases under what the package is laid over, or under what is laid over it, count where the item is the same.
    Raises UnknownPackage where some are granted at all.
    """
    merged = groups_of(people).merged_into(people)
    about = Case.objects.filter(kind=Kind.BENEFIT, person__in=[*people, *merged]).exclude(item="")
    decided = list((about.filter(item=item) if item else about).filter(_DECIDED | _DECLINED).select_related("about"))
    if not any(case.outcome == Outcome.GRANTED for case in decided):
        return {}
    loaded = load_package(package)
    same = set(same_items(loaded, sorted({case.package for case in decided})))
    counting = (case for case in decided if (case.package, case.item) in same and _counts(case, loaded))
    found: dict[tuple[int, str], list[Case]] = defaultdict(list)
    for case in _last_of_each(counting):
        found[merged.get(case.person_id, case.person_id), case.item].append(case)
    standing = ((key, _standing(cases, loaded)) for key, cases in found.items())
    return {key: case for key, case in standing if case is not None}


def _counts(case: Case, package: Package) -> bool:
    rule = package.rules[case.item]
    offered = rule.entitlement.delivery == "offer"
    return rhythm(rule) is not None and (offered or case.outcome != Outcome.WITHDRAWN)


def _last_of_each(cases: Iterable[Case]) -> list[Case]:
    """In the order of their days; of what was handled anew after an appeal the last decision only."""
    ordered = sorted(cases, key=_when)
    before = {case.pk: case.about.about_id for case in ordered if case.about and case.about.kind == Kind.APPEAL}
    last = {_root(case.pk, before): case for case in ordered}
    return sorted(last.values(), key=_when)


def _root(case: int, before: Mapping[int, int | None]) -> int:
    while (earlier := before.get(case)) is not None:
        case = earlier
    return case


def _when(case: Case) -> tuple[object, int]:
    return case.decided_on or case.closed_on, case.pk


def _standing(cases: Sequence[Case], package: Package) -> Case | None:
    if is_once(package.rules[cases[-1].item]):
        return next((case for case in cases if case.outcome == Outcome.GRANTED), None)
    return cases[-1] if cases[-1].outcome == Outcome.GRANTED else None


def refusing_ends(case: Case) -> Case | None:
    """The grant that a refusal of this application would end from the next month on, as decisions stand now."""
    if case.kind != Kind.BENEFIT or case.person is None or not case.package or case.about_id is not None:
        return None
    person = (case.person.merged_into or case.person).pk
    try:
        package = load_package(case.package)
        granted = granted_cases([person], case.package, case.item).get((person, case.item))
    except (UnknownPackage, PackageError):
        # A package can be taken away; its cases stay.
        return None
    return None if granted is None or granted.pk == case.pk or is_once(package.rules[case.item]) else granted
