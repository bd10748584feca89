"""Taking a file in, and letting go of it."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePath
from typing import IO

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require, require_division
from songhe.intake import store
from songhe.intake.models import Import, State
from songhe.intake.problems import FileRefused
from songhe.intake.readers import format_of
from songhe.registry.sources.mapping import mapping_for

# How long a file stays after its import ended: for questions of the department, and no longer.
KEPT = dt.timedelta(days=90)


def receive(
    *,
    user: User,
    source: str,
    content: IO[bytes],
    file_name: str,
    division_id: int | None = None,
    sheet: str = "",
    announced_rows: int | None = None,
    codes_on: dt.date | None = None,
) -> Import:
    """Keep an upload, sealed. `division_id` is where it belongs, the user's workplace when none is given.

    `announced_rows` is how many rows the sender says there are, `codes_on` the day whose division codes it uses.
    Raises OutOfScope, UnknownSource and FileRefused; nothing is kept then.
    """
    mapping_for(source)
    place = division_id or user.division_id
    if place is None:
        raise OutOfScope("请指明导入所属的区划： Say to which division the import belongs.")
    require_division(user, Action.IMPORT_RUN, place)
    upload = Import(
        source=source,
        division_id=place,
        user=user,
        file_name=PurePath(file_name.replace("\\", "/")).name[:200],
        sheet=sheet,
        announced_rows=announced_rows,
        codes_on=codes_on,
    )
    store.keep(upload, content)
    try:
        upload.format = format_of(upload.file_name, lambda: store.opened(upload))
        with transaction.atomic():
            upload.save(force_insert=True)
            tell(user, "import.received", upload, {"bytes": upload.size})
    except (OperationalError, InterfaceError):
        # The database went away: the row may have been committed at the last moment. `expire` looks later.
        raise
    except BaseException:
        store.forget(upload)
        raise
    return upload


def same_before(upload: Import) -> Import | None:
    """An earlier import of the very same bytes from the same source in the same division, that ran to its end."""
    return (
        Import.objects.filter(
            sha256=upload.sha256, source=upload.source, division_id=upload.division_id, state=State.DONE
        )
        .exclude(pk=upload.pk)
        .first()
    )


def unfinished_like(upload: Import) -> Import | None:
    """An import of the very same bytes by the same user that was broken off after its first rows."""
    like = Import.objects.filter(
        sha256=upload.sha256, source=upload.source, division_id=upload.division_id, user_id=upload.user_id
    )
    return like.filter(state__in=(State.RUNNING, State.FAILED), rows_done__gt=0, is_kept=True).first()


@transaction.atomic
def cancel(*, user: User, upload: Import) -> None:
    """An import that has not ended does not go on; what its blocks have written stays, and is in the register."""
    require(user, Action.IMPORT_RUN, upload)
    held = Import.objects.select_for_update().get(pk=upload.pk)
    if held.state in (State.DONE, State.CANCELLED):
        raise FileRefused("导入已结束", "the import has ended already")
    Import.objects.filter(pk=upload.pk).update(state=State.CANCELLED, runner=None)
    upload.refresh_from_db()
    tell(user, "import.cancelled", upload, {"rows_done": upload.rows_done})


def withdraw(*, user: User, upload: Import) -> None:
    """Delete the stored file; its report stays. One that has not ended is cancelled."""
    require(user, Action.IMPORT_RUN, upload)
    with transaction.atomic():
        if upload.state in (State.RECEIVED, State.CHECKED, State.RUNNING):
            cancel(user=user, upload=upload)
        Import.objects.filter(pk=upload.pk).update(is_kept=False)
        upload.refresh_from_db()
        tell(user, "import.withdrawn", upload, {})
    store.forget(upload)


def expire(*, now: dt.datetime, after: dt.timedelta = KEPT) -> int:
    """Delete the files of imports that ended, or were left lying, so long ago; their reports stay. How many went.

    With them go files of which no import is known, a day after they came.
    """
    ended = Q(finished_at__lt=now - after) | Q(finished_at=None, received_at__lt=now - after)
    old = Import.objects.filter(ended, is_kept=True).exclude(state=State.RUNNING)
    number = 0
    for upload in old:
        with transaction.atomic():
            Import.objects.filter(pk=upload.pk).update(is_kept=False)
            tell(None, "import.withdrawn", upload, {})
        store.forget(upload)
        number += 1
    store.sweep(now=now)
    return number


def tell(user: User | None, action: str, upload: Import, details: dict[str, object]) -> None:
    """A line of the trail about an import."""
    append(
        user=user,
        action=action,
        subject_kind="import",
        subject_id=str(upload.public_id),
        division=upload.division_id,
        details={"source": upload.source, **details},
    )
