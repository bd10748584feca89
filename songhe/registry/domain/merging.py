"""Two files of one person become one (并档), and two again when that was wrong (拆档). Records stay where they are."""

from __future__ import annotations

from songhe.accounts.domain.audit import append
from songhe.registry.domain.writing import Author, division_of, must_stand, writing
from songhe.registry.groups import groups_of
from songhe.registry.models import Merge, Person
from songhe.registry.projection import project
from songhe.registry.vocabulary import StatementError


def merge(*, by: Author, person: Person, into: Person) -> Merge:
    """From now on `person` counts as `into`, whose file holds what was recorded of both.

    What was known before stays readable as it was. Raises StatementError when it is one file, when one of them was
    merged already, or `by` gives no reason.
    """
    _check_reason(by)
    if person.pk == into.pk:
        raise StatementError("merge", "不能并入本档案。", "A file cannot be merged into itself.")
    with writing(by) as transaction:
        must_stand([person.pk, into.pk])
        division = division_of(person) or division_of(into)
        made = Merge.objects.create(person=person, into=into, made_in=transaction)
        _settle(person, into)
        _tell(by, "person.merged", made, division, transaction.pk)
    return made


def unmerge(*, by: Author, merge: Merge) -> Merge:
    """The two stand for themselves again, each with what was recorded of it, before and meanwhile.

    Whoever had been merged into `merge.person` goes with it. Raises StatementError when it was undone already, or
    `by` gives no reason.
    """
    _check_reason(by)
    with writing(by) as transaction:
        if not Merge.objects.filter(pk=merge.pk, undone_in=None).update(undone_in=transaction):
            raise StatementError("merge", "此并档已拆。", "This merge was undone already.")
        merge.undone_in = transaction
        _settle(merge.person, merge.into)
        _tell(by, "person.unmerged", merge, division_of(merge.person), transaction.pk)
    return merge


def _settle(person: Person, into: Person) -> None:
    """Make today's pointers and rows of both groups right."""
    groups = groups_of([person.pk, into.pk])
    Person.objects.filter(pk__in=groups.survivors([person.pk, into.pk])).update(merged_into=None)
    for survivor, members in groups.members_of.items():
        Person.objects.filter(pk__in=members).update(merged_into=survivor)
    for one in (person, into):
        one.merged_into_id = groups.survivor_of.get(one.pk)
    project([into.pk, person.pk])


def _check_reason(by: Author) -> None:
    if not by.reason.strip():
        raise StatementError("merge", "并档、拆档须写明事由。", "Merging and its undoing need a reason.")


def _tell(by: Author, action: str, merge: Merge, division: int | None, transaction: int) -> None:
    append(
        user=by.user,
        action=action,
        subject_kind="person",
        subject_id=str(merge.person.public_id),
        division=division,
        details={"into": str(merge.into.public_id), "reason": by.reason, "transaction": transaction},
    )
