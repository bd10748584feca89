"""Showing in full what is sealed (查看完整信息): only by asking, and every time recorded."""

from __future__ import annotations

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common.fieldcrypto import unseal
from songhe.registry.models import CurrentPerson
from songhe.registry.vocabulary import StatementError, is_sealed, label


def reveal(*, user: User, current: CurrentPerson, fact: str) -> str | None:
    """The plain text of a sealed fact as it stands today; None when it is unknown.

    Raises OutOfScope when the user may not see it, and StatementError for a fact that is not sealed.
    """
    if not is_sealed(fact):
        raise StatementError(fact, "不是加密字段。", "It is not sealed.")
    require(user, Action.PERSON_REVEAL, current)
    append(
        user=user,
        action="person.revealed",
        subject_kind="person",
        subject_id=str(current.person.public_id),
        division=current.residence_division_id or current.hukou_division_id,
        details={"field": label(fact).zh},
    )
    sealed = getattr(current, fact)
    return None if sealed is None else unseal(fact, sealed)
