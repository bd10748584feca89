"""What one person stated, settled by another: confirmed, or returned with a reason. Once, and for good."""

from __future__ import annotations

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Definition, Figure, Stated

_LONGEST = 300


def settle_figure(*, by: User, figure: Figure, reason: str = "") -> None:
    """Confirm a figure, or return it with a reason. Raises OutOfScope, and IndicatorError for whoever entered it."""
    action = "indicator.returned" if reason.strip() else "indicator.confirmed"
    settled = _settle(by, figure, Action.INDICATOR_CONFIRM, reason, action, {"day": figure.day})
    figure.refresh_from_db(fields=settled)


def settle_definition(*, by: User, definition: Definition, reason: str = "") -> None:
    """As `settle_figure`, of what an indicator is to count."""
    action = "indicator.definition_returned" if reason.strip() else "indicator.definition_confirmed"
    settled = _settle(by, definition, Action.INDICATOR_DEFINE, reason, action, {"from": definition.valid_from})
    definition.refresh_from_db(fields=settled)


def _settle(
    by: User, row: Figure | Definition, action: Action, reason: str, told: str, details: dict[str, object]
) -> list[str]:
    require(by, action, row)
    kind, why = type(row), reason.strip()[:_LONGEST]
    outcome = Stated.Outcome.RETURNED if why else Stated.Outcome.CONFIRMED
    with transaction.atomic():
        stated = kind.objects.select_for_update().get(pk=row.pk)
        if stated.stated_by_id == by.pk:
            raise IndicatorError("填报人不能复核自己填报的内容。", "Whoever stated it cannot settle it.")
        if stated.outcome:
            raise IndicatorError("已经复核过了。", "It was settled before.")
        change = {"outcome": outcome, "settled_by": by, "settled_at": clock.now(), "reason": why}
        kind.objects.filter(pk=row.pk).update(**change)
        tell(by, told, row, {**details, **({"reason": why} if why else {})})
    return list(change)


def tell(by: User, action: str, row: Figure | Definition, details: dict[str, object]) -> None:
    """The line of the audit trail: the last thing to do in a transaction."""
    append(
        user=by,
        action=action,
        subject_kind=type(row)._meta.model_name or "",
        subject_id=str(row.public_id),
        division=row.division_id,
        details={"indicator": row.indicator, "package": row.package, **details},
    )
