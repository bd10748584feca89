"""Loading borders (载入界线): in scope, and told to the trail. `songhe.divisions.domain` knows no users."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain import audit
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.divisions.domain.boundaries import Written, write_boundaries
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on

OPERATOR = "songhe manage"


@transaction.atomic
def load_boundaries(
    *,
    by: User | None,
    content: bytes,
    name: str,
    source: str,
    code_property: str,
    on: dt.date,
    leave_unknown: bool = False,
) -> Written:
    """Keep the borders of a file for the divisions that the user may change; `by` None: the operator's command.

    Raises DivisionError, with nothing written, also when a division of the file lies beyond the user's reach.
    """
    within = None if by is None else divisions_for(by, Action.DIVISION_CHANGE)
    written = write_boundaries(
        content=content,
        name=name,
        source=source,
        code_property=code_property,
        on=on,
        loaded_by=OPERATOR if by is None else by.username,
        within=within,
        leave_unknown=leave_unknown,
    )
    tree = tree_on(on)
    top = tree.common(written.divisions)
    audit.append(
        user=by,
        action="division.boundaries",
        subject_kind="boundaries",
        subject_id=str(written.file.pk),
        division=None if top is None else Division(pk=top.id),
        details={"name": name, "count": len(written.divisions), "on": on, "document": source},
    )
    return written
