"""Columns that the tables of many rooms have: who did something, and when it was recorded."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from songhe.common import clock


def user_field(label: str, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """Who: a user is never deleted from under what they did."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, related_name="+", verbose_name=label
    )


def moment_field(label: str) -> models.DateTimeField[Any, Any]:
    """When the row was written, by the platform's clock."""
    return models.DateTimeField(label, default=clock.now, editable=False)
