"""Imports in the background: put in the queue by a page, taken from it by a worker.

The worker is a thread of the web server when Songhe runs embedded, or a process of its own (`songhe worker`). One that
died leaves its import stalled; whichever worker looks next goes on with it. A database that is away is waited for.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid

from django.db import Error, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require
from songhe.intake.domain.running import STALE, Busy, broke_down, preview, run
from songhe.intake.models import Import, State
from songhe.intake.queries import is_stalled, stalled

_log = logging.getLogger("django.songhe.intake")
_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_AFTER_ERROR = 5.0
# Whoever has just been queued is not queued again.
_PATIENCE = dt.timedelta(seconds=30)


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
    except Busy:
        _log.error("import %s was not run: busy", upload.public_id)
    except OutOfScope:
        _log.error("import %s was not run: out of scope", upload.public_id)
        if is_stalled(upload):
            broke_down(upload)
    except OperationalError:
        # The database went away: what was written stays, and the import is stalled until a worker goes on with it.
        _log.error("import %s was left: the database is away", upload.public_id)
        connection.close()
    except Exception as error:
        _log.error("import %s broke down: %s", upload.public_id, type(error).__name__)
        broke_down(upload)


def is_waiting(upload: Import) -> bool:
    """Whether an import stands in the queue and no worker has taken it up yet."""
    queued = DBTaskResult.objects.filter(task_path=work_on.module_path, status=TaskResultStatus.READY)
    return queued.filter(args_kwargs__args__0=upload.pk).exists()


def resume_stalled() -> int:
    """Queue again what a worker left that died: a run goes on, a trial is tried again. The number of them."""
    _close_dead_tasks()
    found = list(stalled().exclude(run_by=None))
    return sum(_queue_again(upload) for upload in found)


def _close_dead_tasks() -> None:
    """Tasks whose worker died; an import that it had not even begun with is queued again."""
    long_ago = timezone.now() - STALE
    dead = DBTaskResult.objects.filter(task_path=work_on.module_path, status=TaskResultStatus.RUNNING)
    for one in dead.filter(started_at__lt=long_ago):
        upload = Import.objects.filter(pk=one.args_kwargs["args"][0]).first()
        if upload is not None and upload.state == State.RUNNING and not is_stalled(upload):
            continue
        ours = DBTaskResult.objects.filter(pk=one.pk, status=TaskResultStatus.RUNNING)
        with transaction.atomic():
            closed = ours.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
            if closed and upload is not None and upload.state in (State.RECEIVED, State.CHECKED):
                work_on.enqueue(*one.args_kwargs["args"])


def _queue_again(upload: Import) -> bool:
    """Unless it stands in the queue: as whoever had started it, and what was only tried is only tried again."""
    tasks = DBTaskResult.objects.filter(task_path=work_on.module_path, args_kwargs__args__0=upload.pk)
    last = tasks.order_by("-enqueued_at").first()
    if last is not None and (last.status == TaskResultStatus.READY or last.enqueued_at > timezone.now() - _PATIENCE):
        return False
    is_trial = last is not None and last.args_kwargs["args"][2] and not upload.rows_done
    work_on.enqueue(upload.pk, upload.run_by_id, is_trial)
    return True


def work(*, until_empty: bool = False) -> None:
    """Take imports from the queue, for ever or until there are no more. For a process of its own."""
    while True:
        try:
            resume_stalled()
            _worker().run()
        except Exception as error:
            if until_empty:
                raise
            # The tables may not be there yet, or the database is away: ask again later.
            _wait_for_database(error)
        if until_empty:
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _wait_for_database(error: Exception) -> None:
    if not isinstance(error, Error):
        _log.error("the worker stumbled: %s", type(error).__name__)
    close_old_connections()
    time.sleep(_SECONDS_AFTER_ERROR)


def work_in_thread() -> threading.Thread:
    """A worker beside the web server; it ends with the process."""
    thread = threading.Thread(target=work, name="songhe-worker", daemon=True)
    thread.start()
    return thread


def _worker() -> Worker:
    """One that ends when the queue is empty."""
    return Worker(
        queue_names=["*"],
        interval=_SECONDS_BETWEEN_LOOKS,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )
