"""A fund item by item: what was planned, and what was taken on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from songhe.payment.models import Account, Budget, Fund


@dataclass(frozen=True)
class Planned:
    """Fen planned for an item of a fund and taken on by decisions."""

    item: str
    budget: int
    taken: int

    @property
    def over(self) -> int:
        return max(0, self.taken - self.budget)

    @property
    def left(self) -> int:
        return max(0, self.budget - self.taken)


def items_of(fund: Fund) -> list[Planned]:
    """Every item that was planned or taken on, by its name."""
    planned = dict(Budget.objects.filter(fund=fund).values_list("item").annotate(fen=Sum("fen")).order_by())
    taken = dict(Account.objects.filter(fund=fund, kind=Account.Kind.OBLIGATION).values_list("item", "balance"))
    return [Planned(item, int(planned.get(item, 0)), taken.get(item, 0)) for item in sorted({*planned, *taken})]
