"""A row of any model, made to belong to a division: for tests that walk all models there are, or ever will be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from songhe.accounts.domain import audit
from songhe.accounts.models import Entry, User
from songhe.divisions.models import Division, Version
from songhe.indicators.models import Figure
from songhe.organisations.models import Organisation
from songhe.outbox.domain.writing import put
from songhe.outbox.models import Kind as MessageKind
from songhe.outbox.models import Message
from songhe.payment.domain.posting import Kind, Voucher, move, writing
from songhe.payment.models import batches, claims, ledger
from songhe.plan import models as plan

_numbers = count(1)

# What cannot be put together from its columns. A model that refuses the values below gets a line here.
SPECIAL: dict[type[models.Model], Callable[[Division], models.Model]] = {
    Division: lambda division: division,
    Version: lambda division: division.versions.get(),
    Entry: lambda division: audit.append(user=None, action="import.run", division=division),
}


def _ledger_entry(division: Division) -> ledger.Entry:
    """An entry of two postings that come to zero: the database takes no other."""
    fund = _create(ledger.Fund, division=division)
    entry = Voucher(kind=ledger.Entry.Kind.SPENDING, user=None, division=division.pk, reference="row")
    with writing():
        return move(entry, fund=fund, debit=(Kind.SPENDING, ""), credit=(Kind.FUND, ""), fen=1)


def _approval(division: Division) -> batches.Approval:
    """Given to a batch that was checked: the database takes no other."""
    batch = _create(batches.Batch, division=division)
    checked = {"checker": _create(User), "checked_at": timezone.now(), "approvals_needed": 1}
    batches.Batch.objects.filter(pk=batch.pk).update(state="checked", **checked)
    return _create(batches.Approval, batch=batch)


def _message(division: Division) -> Message:
    """One that waits has a telephone and a text."""
    lasts = dt.timedelta(minutes=10)
    return put(kind=MessageKind.NOTICE, phone="13800138000", text="row", division=division.pk, lasts=lasts)


def _plan_act(division: Division) -> models.Model:
    """Of a report, by its reporter: the database takes no other."""
    report = _create(plan.Report, division=division)
    return _create(plan.Act, report=report, reporter=report.reported_by)


SPECIAL[plan.Act] = _plan_act
SPECIAL[Message] = _message
SPECIAL[batches.Approval] = _approval
SPECIAL[ledger.Entry] = _ledger_entry
SPECIAL[ledger.Posting] = lambda division: _ledger_entry(division).lines.first()

# Of one or the other, and of exactly one: when none is given, the first is made.
EITHER: dict[type[models.Model], tuple[str, ...]] = {
    claims.Claim: ("person", "organisation"),
    batches.PaymentLine: ("person", "organisation"),
}
# Where a default is not enough for a row to be taken.
FITTING: dict[type[models.Model], dict[str, Any]] = {Organisation: {"is_institution": True}, Figure: {"numerator": 1}}


def row_at(model: type[models.Model], path: str, division: Division, *, beside: Sequence[str] = ()) -> models.Model:
    """A row for which the path, and each `beside` it, leads to the division, with all rows on the way."""
    if model in SPECIAL:
        return SPECIAL[model](division)
    others = {name: _later(model, name, rest, division) for name, *rest in (other.split("__") for other in beside)}
    return _along(model, path.split("__"), division, **others)


def _along(model: type[models.Model], path: list[str], division: Division, **given: Any) -> models.Model:
    field, rest = model._meta.get_field(path[0]), path[1:]
    if not rest:
        return _create(model, **given, **{field.name: division})
    if field.concrete:
        return _create(model, **given, **{field.name: _later(model, field.name, rest, division)})
    made = _create(model, **given)
    _along(field.related_model, rest, division, **{field.field.name: made})
    return made


def _later(model: type[models.Model], name: str, rest: list[str], division: Division) -> Callable[[], models.Model]:
    return lambda: _along(model._meta.get_field(name).related_model, rest, division)


def _create(model: type[models.Model], **given: Any) -> models.Model:
    """Rows on the way are made in the order of the columns: some tables want theirs to rise."""
    values = dict(FITTING.get(model, {}))
    either = EITHER.get(model, ())
    needed = either[:1] if not set(either) & set(given) else ()
    for field in model._meta.concrete_fields:
        if field.name in given:
            value = given[field.name]
            values[field.name] = value() if callable(value) else value
        elif field.name in needed or not (field.null or field.has_default() or isinstance(field, models.AutoField)):
            values[field.name] = _value(field)
    return model._default_manager.create(**values)


def _value(field: models.Field[Any, Any]) -> Any:
    number = next(_numbers)
    match field:
        case models.ForeignKey():
            if field.related_model is ledger.Entry:
                return _ledger_entry(_create(Division))
            return _create(field.related_model)
        case models.CharField() | models.TextField():
            return field.choices[0][0] if field.choices else f"{number}"
        case models.DateTimeField():
            return timezone.now()
        case models.DateField():
            return dt.date(2024, 7, 1)
        case models.BooleanField():
            return False
        case models.BinaryField():
            return b"\x01"
        case models.IntegerField() | models.DecimalField():
            return number
        case models.JSONField():
            return {}
        case _:
            raise NotImplementedError(f"say in tests/accounts/rows.py what {field} may hold")
