"""Taking the register along (导出): the rows that may leave, noted before the first one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.registry.register import Wanted, everybody
from songhe.registry.vocabulary import StatementError, is_sealed

# What a spreadsheet program opens without trouble; a table of text has no limit.
SHEET_LIMIT = 50_000
_CHUNK = 2_000


def export(
    *,
    user: User,
    wanted: Wanted,
    columns: Sequence[str],
    in_full: bool = False,
    reason: str = "",
    limit: int | None = None,
) -> Iterator[Any]:
    """Everybody who is wanted and may leave, as named tuples of `columns` (of CurrentPerson), read as they are needed.

    `in_full`: sealed columns are to be shown in full, which takes the right to see them and a reason; only people whom
    that right reaches are in it. Raises StatementError for a lacking reason, and for more people than `limit`.
    """
    rows = everybody(user, wanted, action=Action.PERSON_EXPORT)
    if in_full:
        if not reason.strip():
            raise StatementError("export", "导出完整信息须写明事由。", "Exporting sealed facts in full needs a reason.")
        rows = visible(rows, user, Action.PERSON_REVEAL, in_passing=True)
    number = rows.count()
    if limit is not None and number > limit:
        raise StatementError(
            "export",
            f"共{number}人，超过电子表格的上限{limit}人。请缩小范围，或改用CSV。",
            f"{number} people are more than a sheet takes ({limit}). Ask for fewer, or take CSV.",
        )
    sealed = sorted(column for column in columns if is_sealed(column)) if in_full else []
    details: dict[str, object] = {"count": number, "columns": list(columns)}
    append(
        user=user,
        action="person.exported",
        subject_kind="register",
        division=wanted.division if wanted.division and wanted.division > 0 else None,
        details=details | ({"in_full": sealed, "reason": reason} if in_full else {}),
    )
    return rows.values_list(*columns, named=True).iterator(chunk_size=_CHUNK)
