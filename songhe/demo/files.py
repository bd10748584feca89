"""What is done to single files: records taken back, disagreements settled, families, consents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from songhe.accounts.models import User
from songhe.demo.cast import Cast
from songhe.demo.chapters import author_of
from songhe.registry.domain.facts import File, record_many, settle_conflict
from songhe.registry.domain.family import add_kin, found_household, record_consent
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.models import Consent, CurrentPerson, FactRecord, Kinship, Person

RETRACTED, SETTLED, HOUSEHOLDS, CARED_FOR, CONSENTING = 30, 40, 200, 250, 200
_FAMILY_NAMES, _GIVEN = "王李张马刘杨陈赵", ("晓梅", "志强", "建军", "海燕", "文娟", "永红")
_RELATIONS = (Kinship.Relation.CHILD, Kinship.Relation.CHILD_IN_LAW, Kinship.Relation.NEIGHBOUR)


def take_back(cast: Cast, user: User) -> None:
    """A worker wrote other people's living down; the records are taken back the next day."""
    drawn = cast.draw(list(cast.known_by(400)), RETRACTED)
    said = author_of(cast, user, "community", "入户登记", 3)
    files = (File(cast.ids[one], [Statement("living", "institution", cast.today - dt.timedelta(3))]) for one in drawn)
    number = record_many(by=said, files=files).transaction
    wrong = dict(FactRecord.objects.filter(transaction=number).values_list("person_id", "pk"))
    author = author_of(cast, user, "community", "登记错人", 2)
    for person in Person.objects.filter(pk__in=wrong):
        retract(by=author, person=person, records=[wrong[person.pk]])


def settle_some(cast: Cast, user: User) -> None:
    """The bureau looked into some of those whose sex is told differently, and public security is right."""
    author = author_of(cast, user, "community", "核实身份证原件", 1)
    disputed = CurrentPerson.objects.filter(conflicts__contains=",sex,").select_related("person")
    for current in disputed.order_by("pk")[: cast.share(SETTLED) // 2 + 1]:
        settle_conflict(by=author, person=current.person, fact="sex", value=current.sex)


def make_families(cast: Cast, user: User) -> None:
    """Couples, carers, contacts, who may act, consents and some taken back."""
    author = author_of(cast, user, "community", "家庭情况登记", 1, minute=1)
    for pair in _couples(cast):
        found_household(by=author, people=pair, on=cast.today - dt.timedelta(400))
    living = [one for one in cast.known_by(400) if cast.alive_on(one, cast.today)]
    for number, one in enumerate(cast.draw(living, CARED_FOR)):
        _add_kin(cast, user, number, Person.objects.get(pk=cast.ids[one]))
    for number, one in enumerate(cast.draw(living, CONSENTING)):
        _consent(cast, user, number, Person.objects.get(pk=cast.ids[one]))


def _couples(cast: Cast) -> Iterator[list[Person]]:
    """A man and a woman of one village who live as a couple; who is whose is made up."""
    places: dict[str, dict[str, int]] = {}
    left = cast.share(HOUSEHOLDS)
    columns = cast.columns
    for one in cast.known_by(400):
        place, sex = columns["residence"][one], columns["sex"][one]
        if not left or not place or columns["living"][one] != "empty_nest_couple" or not cast.alive_on(one, cast.today):
            continue
        waiting = places.setdefault(place, {})
        other = waiting.pop("F" if sex == "M" else "M", None)
        if other is None:
            waiting[sex] = one
            continue
        left -= 1
        yield list(Person.objects.filter(pk__in=(cast.ids[one], cast.ids[other])))


def _add_kin(cast: Cast, user: User, number: int, person: Person) -> None:
    author = author_of(cast, user, "community", "家庭情况登记", 1, minute=2)
    name = cast.rng.choice(_FAMILY_NAMES) + cast.rng.choice(_GIVEN)
    kinds = (Kinship.Kind.CARER, Kinship.Kind.EMERGENCY) if number % 2 else (Kinship.Kind.MAY_ACT,)
    for kind in kinds:
        add_kin(
            by=author,
            person=person,
            kind=kind,
            relation=_RELATIONS[number % len(_RELATIONS)],
            name=name,
            phone=f"1001{number:07d}",
            valid_from=cast.today - dt.timedelta(365),
        )


def _consent(cast: Cast, user: User, number: int, person: Person) -> None:
    """One in eight took it back again."""
    author = author_of(cast, user, "person", "本人签字", 1, minute=3)
    matter = list(Consent.Matter)[number % len(Consent.Matter)]
    record_consent(by=author, person=person, matter=matter, given=True, on=cast.today - dt.timedelta(200))
    if number % 8 == 0:
        record_consent(by=author, person=person, matter=matter, given=False, on=cast.today - dt.timedelta(40))
