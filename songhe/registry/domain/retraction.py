"""Taking back what should never have been recorded (撤回)."""

from __future__ import annotations

from collections.abc import Iterable

from songhe.registry.domain.writing import Author, must_stand, tell, writing
from songhe.registry.groups import group_of
from songhe.registry.models import FactRecord, Person, Retraction, Transaction
from songhe.registry.projection import project
from songhe.registry.vocabulary import StatementError


def retract(*, by: Author, person: Person, records: Iterable[int]) -> Transaction:
    """These records (ids) of one person count for nothing from now on; what was known before stays readable.

    They may be of anybody who was merged into the person. Raises StatementError when a record is another person's or
    was retracted already, or `by` gives no reason.
    """
    ids = sorted(set(records))
    if not by.reason:
        raise StatementError("retraction", "撤回须写明事由。", "A retraction needs a reason.")
    with writing(by) as transaction:
        must_stand([person.pk])
        theirs = FactRecord.objects.filter(person__in=group_of(person.pk), retraction=None)
        found = list(theirs.filter(pk__in=ids).values_list("pk", "fact"))
        if not ids or len(found) != len(ids):
            lacking = min(set(ids) - {id for id, _ in found}, default=0)
            raise StatementError(
                "retraction",
                f"没有可撤回的记录 {lacking}。",
                f"There is no record {lacking} of this person, or it was retracted.",
            )
        Retraction.objects.bulk_create(
            Retraction(record_id=id, transaction=transaction, reason=by.reason) for id, _ in found
        )
        project([person.pk])
        facts = ", ".join(sorted({fact for _, fact in found}))
        details = {"reason": by.reason, "facts": facts, "records": ids, "transaction": transaction.pk}
        tell(by, "person.retracted", person, details)
    return transaction
