"""Imports in the background: put in the queue by a page, taken from it by a worker.

The worker is a thread of the web server when Songhe runs embedded, or a process of its own (`songhe worker`). One that
died leaves its import stalled; the next worker to start goes on with it.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid

from django.db import DatabaseError, close_old_connections, transaction
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require
from songhe.intake.domain.running import Busy, broke_down, preview, run
from songhe.intake.models import Import
from songhe.intake.queries import stalled

_log = logging.getLogger("django.songhe.intake")
_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_AFTER_ERROR = 30.0


@transaction.atomic
def start(*, user: User, upload: Import, dry_run: bool = False) -> None:
    """Put an import into the queue, to be run, or only tried, as this user. Raises OutOfScope."""
    require(user, Action.IMPORT_RUN, upload)
    Import.objects.filter(pk=upload.pk).update(run_by=user)
    work_on.enqueue(upload.pk, user.pk, dry_run)


@task()
def work_on(import_id: int, user_id: int, dry_run: bool) -> None:
    """What the worker does. Nothing of an error's text is kept: it could hold a person's data."""
    upload, user = Import.objects.get(pk=import_id), User.objects.get(pk=user_id)
    try:
        (preview if dry_run else run)(user=user, upload=upload)
    except (Busy, OutOfScope):
        _log.error("import %s was not run: busy, or out of scope", upload.public_id)
    except Exception as error:
        _log.error("import %s broke down: %s", upload.public_id, type(error).__name__)
        broke_down(upload)


def is_waiting(upload: Import) -> bool:
    """Whether an import stands in the queue and no worker has taken it up yet."""
    queued = DBTaskResult.objects.filter(task_path=work_on.module_path, status=TaskResultStatus.READY)
    return queued.filter(args_kwargs__args__0=upload.pk).exists()


def resume_stalled() -> int:
    """Queue those whose worker died, each for the user who had started it; the number of them."""
    found = list(stalled().exclude(run_by=None))
    for upload in found:
        work_on.enqueue(upload.pk, upload.run_by_id, False)
    return len(found)


def work(*, until_empty: bool = False) -> None:
    """Take imports from the queue, for ever or until there are no more. For a process of its own."""
    resume_stalled()
    _worker(until_empty).run()


def work_in_thread() -> threading.Thread:
    """A worker beside the web server; it ends with the process."""
    thread = threading.Thread(target=_work_on_and_on, name="songhe-worker", daemon=True)
    thread.start()
    return thread


def _work_on_and_on() -> None:
    while True:
        try:
            work()
        except DatabaseError:
            # The tables may not be there yet, or the database is away: ask again later.
            close_old_connections()
            time.sleep(_SECONDS_AFTER_ERROR)


def _worker(until_empty: bool) -> Worker:
    return Worker(
        queue_names=["*"],
        interval=_SECONDS_BETWEEN_LOOKS,
        batch=until_empty,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )
