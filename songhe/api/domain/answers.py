"""A request that is sent again does its work once (幂等): the answer is kept under the sender's key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from songhe.accounts.models import User
from songhe.api.models import StoredAnswer
from songhe.common.fieldcrypto import search_hash


class KeyReused(ValueError):
    """The key came before with another request."""


@transaction.atomic
def answer_once(*, user: User, key: str, body: bytes, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` answers, in one transaction with the note that it did; the same again gets the same answer.

    Two at once: the second waits for the first. When `work` fails, the key is free again. Raises KeyReused.
    """
    # Keyed, as every hash of what may be about people.
    hash = search_hash("api.body", body.hex()).hex()
    stored, is_new = StoredAnswer.objects.get_or_create(user=user, key=key, defaults={"body_hash": hash})
    if stored.body_hash != hash:
        raise KeyReused
    if is_new:
        stored.answer = work()
        stored.save(update_fields=["answer"])
    answer: dict[str, Any] = stored.answer
    return answer
