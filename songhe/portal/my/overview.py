"""What a person may have, and what is missing, from the file as it is today."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.decision.person import ENTITLED, NOT_ENTITLED
from songhe.portal.items import Item
from songhe.portal.my.cases import Matter, open_items, refused_items
from songhe.portal.my.file import File
from songhe.portal.result import Group, Missing, count_missing, group


@dataclass(frozen=True)
class Mine:
    """One item: its answer, the case about it if there is one, and whether it can be applied for now."""

    item: Item
    matter: Matter | None
    refused: Matter | None = None

    @property
    def may_apply(self) -> bool:
        return self.item.answer != NOT_ENTITLED and self.item.entitlement.delivery == "apply" and self.matter is None

    @property
    def is_uncertain(self) -> bool:
        """The answer hangs on something that is not known."""
        return self.item.answer not in (ENTITLED, NOT_ENTITLED)

    @property
    def is_open(self) -> bool:
        return self.matter is not None and not self.matter.case.closed_on

    @property
    def is_unclaimed(self) -> bool:
        """Entitled, and nothing comes of it until somebody applies."""
        return self.item.answer == ENTITLED and self.may_apply and self.refused is None


@dataclass(frozen=True)
class Part:
    """Items of one answer."""

    group: Group
    items: list[Mine]


def parts_of(file: File, matters: list[Matter]) -> list[Part]:
    """Owed, not yet decided, not owed; each item with the case about it."""
    return [Part(one, [_mine(item, matters) for item in one.items]) for one in group(file.items)]


def unclaimed_of(parts: list[Part]) -> list[Mine]:
    """What is owed and not asked for: money first."""
    found = [one for part in parts for one in part.items if one.is_unclaimed]
    return sorted(found, key=lambda one: not one.item.amount.is_money)


def missing_of(file: File) -> tuple[Missing, ...]:
    """The facts on which answers hang, those first that settle most."""
    return count_missing(group(file.items)[1].items)


def find(file: File, matters: list[Matter], id: str) -> Mine | None:
    return next((_mine(item, matters) for item in file.items if item.id == id), None)


def _mine(item: Item, matters: list[Matter]) -> Mine:
    return Mine(item, open_items(matters).get(item.id), refused_items(matters).get(item.id))
