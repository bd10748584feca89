"""An old woman, her son, a clerk who knows her, and what they need to get to her pages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pytest

from songhe.common.resident_id import check_digit
from tests.divisions.builders import SmallCity, small_city

PHONE, SON_PHONE = "13800138001", "13900139002"
ADDRESS = "192.0.2.7"


def number(first: str) -> str:
    """A resident number that is nobody's: there is no division 9901."""
    return first + check_digit(first)


NUMBER = number("99010119440229001")


@dataclass
class Household:
    """Everybody by name, and the ways in."""

    city: SmallCity
    grandma: Any
    son: Any
    clerk: Any

    @property
    def key(self) -> str:
        from songhe.citizens.finding import key_of

        return str(key_of(NUMBER))

    def agree(self, given: bool = True, on: dt.date | None = None) -> None:
        """Grandma lets her family see her pages, or takes it back."""
        from songhe.registry.domain.family import record_consent
        from songhe.registry.models import Consent

        matter = Consent.Matter.FAMILY_VIEW
        day = on or dt.datetime.now(dt.UTC).date()
        record_consent(by=author(), person=self.grandma, matter=matter, given=given, on=day)

    def ask(self, *, key: str | None = None, phone: str | None = None, address: str = ADDRESS) -> None:
        from songhe.citizens.domain.codes import send_code

        send_code(key=key or self.key, phone=phone, address=address)

    def sent(self) -> tuple[str, str]:
        """Telephone and digits of the last message."""
        from songhe.common.fieldcrypto import unseal
        from songhe.outbox.models import Message

        last = Message.objects.latest("pk")
        found = re.search(r"\d{6}", unseal("outbox.text", last.text))
        assert found
        return unseal("outbox.phone", last.phone), found[0]

    def give(self, kinship: Any = None) -> str:
        from songhe.citizens.domain.codes import give_code

        return give_code(user=self.clerk, person=self.grandma, kinship=kinship)

    def enter(self, digits: str, *, key: str | None = None, address: str = ADDRESS) -> str | None:
        from songhe.citizens.domain.sittings import sign_in

        return sign_in(key=key or self.key, digits=digits, address=address)

    def tell(self, **facts: Any) -> None:
        """The police state something new about Grandma."""
        from songhe.registry.domain.facts import record_facts
        from songhe.registry.domain.statements import Statement

        record_facts(by=author("police"), person=self.grandma, statements=[Statement(*one) for one in facts.items()])


def author(source: str = "person", reason: str = "") -> Any:
    from songhe.registry.domain.writing import Author

    return Author(user=None, source=source, reason=reason)


def somebody(**facts: Any) -> Any:
    from songhe.registry.domain.facts import register_person
    from songhe.registry.domain.statements import Statement

    given = {"residence": "990101001001", "hukou": "990101001001", **facts}
    return register_person(by=author("police"), statements=[Statement(*fact) for fact in given.items()])


@pytest.fixture
def house(db: None) -> Household:
    from songhe.accounts.models import Role
    from songhe.registry.domain.family import add_kin
    from songhe.registry.models import Kinship
    from tests.accounts.builders import holder

    city = small_city()
    grandma = somebody(name="曾桂兰", resident_id=NUMBER, phone=PHONE, birth_date="1944-02-29", alive=True)
    son = add_kin(
        by=author("community"),
        person=grandma,
        kind=Kinship.Kind.MAY_ACT,
        relation=Kinship.Relation.CHILD,
        name="王小明",
        phone=SON_PHONE,
    )
    return Household(city, grandma, son, holder(Role.TOWN_CLERK, city.towns[0], "clerk"))
