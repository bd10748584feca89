"""What a package answers for a person today about an item: whoever handles an application sees it beside the papers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from songhe.casework.models import Case
from songhe.common import clock
from songhe.common.division import within
from songhe.common.text import Text
from songhe.decision.explain import explain_with_sources
from songhe.decision.person import ENTITLED, NOT_ENTITLED, Decision, make_decider
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.schema import Clause, Entitlement
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.queries import Resolved, file_as_of
from songhe.registry.vocabulary import label, rule_facts
from songhe.registry.words import in_words
from songhe.rules.explain import Explained
from songhe.rules.person import Facts

_TRUTHS = {ENTITLED: True, NOT_ENTITLED: False}


@dataclass(frozen=True)
class Ground:
    """One condition that made the answer, with its clauses; `truth` is None where it is not known."""

    text: Text
    truth: bool | None
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Present:
    """An item with today's answer; `fen` in the unit's period. `missing` are facts, `open_terms` words left open."""

    package: Package
    entitlement: Entitlement
    answer: str
    fen: int | None
    unit: str | None
    grounds: Sequence[Ground]
    missing: Sequence[Text]
    open_terms: Sequence[Text]

    @property
    def clauses(self) -> list[Clause]:
        return [self.package.clauses[id] for id in self.entitlement.clauses if id in self.package.clauses]


def present_of(case: Case) -> Present | None:
    """The answer for a case's person and item today; None where it is about neither, or the package is gone."""
    package = _package(case)
    if package is None:
        return None
    (found,) = _decided(package, _file(case.person.merged_into or case.person), clock.today(), only=case.item)
    return found


def answers_of(cases: Iterable[Case]) -> Counter[str]:
    """How many of these cases the rules answer how today; each costs a reading of its file, so for some hundreds."""
    today, deciders = clock.today(), {}
    found: Counter[str] = Counter()
    for case in cases:
        package = _package(case)
        if package is None:
            continue
        key = (package.id, case.item)
        if key not in deciders:
            deciders[key] = make_decider(package, today, only=case.item)
        facts = {name: one.value for name, one in _file(case.person.merged_into or case.person).items()}
        (decision,) = deciders[key].decide(facts)
        found[decision.answer] += 1
    return found


def offers(person: Person) -> list[Present]:
    """Every item for people in the packages of the person's places, with today's answer, the entitled first."""
    today, file = clock.today(), _file(person)
    found = [one for package in packages_of(person) for one in _decided(package, file, today)]
    order = (ENTITLED, "undetermined", NOT_ENTITLED)
    return sorted(found, key=lambda one: order.index(one.answer))


def packages_of(person: Person) -> list[Package]:
    """The packages that speak for where the person is registered or lives; examples and national ones are none."""
    current = CurrentPerson.objects.filter(pk=person.pk).values_list("hukou", "residence").first() or ()
    codes = [code for code in current if code]
    return [package for package in _in_use() if any(_speaks_for(package, code) for code in codes)]


def _package(case: Case) -> Package | None:
    """The package that decides the case's item; None where it is about no person or item, or the package is gone."""
    if case.person is None or not case.item:
        return None
    try:
        package = load_package(case.package)
    except (UnknownPackage, PackageError):
        return None
    return package if case.item in package.rules else None


def _in_use() -> Iterator[Package]:
    for name in package_ids():
        try:
            package = load_package(name)
        except (UnknownPackage, PackageError):
            # A faulty package decides on nobody; `songhe policy check` names it.
            continue
        if package.document.status not in ("national", "example"):
            yield package


def _speaks_for(package: Package, code: str) -> bool:
    city = next((document.city for document in reversed(package.documents) if document.city), None)
    return city is not None and within(code, city.division) is True


def _file(person: Person) -> dict[str, Resolved]:
    return {name: one for name, one in file_as_of(person).items() if name in rule_facts()}


def _decided(package: Package, file: dict[str, Resolved], today: dt.date, only: str | None = None) -> list[Present]:
    facts = {name: one.value for name, one in file.items()}
    decisions = make_decider(package, today, only=only).decide(facts)
    return [_present(package, decision, facts, today) for decision in decisions]


def _present(package: Package, decision: Decision, facts: Facts, today: dt.date) -> Present:
    explained = explain_with_sources(decision, facts, package, today)
    found = decision.found
    return Present(
        package=package,
        entitlement=decision.rule.entitlement,
        answer=decision.answer,
        fen=decision.amount.fen if decision.answer == ENTITLED else None,
        unit=decision.unit,
        grounds=_grounds(explained, decision),
        missing=[label(name) for name in found.missing],
        open_terms=[package.terms[id].name for id in found.open_terms if id in package.terms],
    )


def _grounds(explained: Explained, decision: Decision) -> list[Ground]:
    """The named conditions of the answer's own truth: of a refusal what fails, of an open answer what is not known."""
    truth = _TRUTHS.get(decision.answer)
    found: dict[tuple[str, bool | None], Ground] = {}
    for part in _deciding(explained, truth):
        if truth is not None and _says_nothing(part):
            continue
        text = _told(part)
        found.setdefault((text.zh, part.truth), Ground(text, part.truth, part.clauses))
    return list(found.values())


def _says_nothing(part: Explained) -> bool:
    """A test that a fact is not known, such as a day of death, which for who lives is as it should be."""
    return bool(part.facts) and not part.assumed and all(value is None for value in part.facts.values())


def _told(part: Explained) -> Text:
    """The author's words; a leaf that has none is told by its facts and what they are."""
    facts = part.facts or {}
    own = [label(name) for name in facts]
    if part.label is None:
        return Text(zh=part.text or "—", en=part.text or "—")
    if not own or part.label.zh != "、".join(one.zh for one in own):
        return part.label
    values = [in_words(name, value) for name, value in facts.items()]
    pairs = list(zip(own, values, strict=True))
    return Text(
        zh="；".join(f"{one.zh}：{value.zh}" for one, value in pairs),
        en="; ".join(f"{one.en}: {value.en}" for one, value in pairs),
    )


def _deciding(explained: Explained, truth: bool | None) -> Iterator[Explained]:
    if explained.truth is not truth:
        return
    if (explained.label is not None and explained.kind != "term") or not explained.parts:
        yield explained
    elif explained.kind == "not":
        # What is negated has the other truth; its own words say what was found.
        yield from _deciding(explained.parts[0], None if truth is None else not truth)
    else:
        for part in explained.parts:
            yield from _deciding(part, truth)
