"""Finding things of payment by their numbers: whoever may not see one learns nothing, not even that it exists."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible

M = TypeVar("M", bound=Model)


def found(request: HttpRequest, rows: QuerySet[M], pk: object, action: Action = Action.PAYMENT_READ) -> M:
    """Raises Http404 unless the row is there and the user may do this with it."""
    return get_object_or_404(visible(rows, request.user, action), pk=pk)


def may(request: HttpRequest, row: Model, action: Action) -> bool:
    """Whether the user may do this with a row: for buttons."""
    return visible(type(row)._default_manager.filter(pk=row.pk), request.user, action).exists()
