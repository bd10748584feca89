"""After work: what the dead left lying is gone on with, as it would be by itself some minutes later."""

from __future__ import annotations

import time
from pathlib import Path

from soak.clerks.money import Money
from soak.faults import Office

_LONGEST = 120.0


def settle(home: Path, office: Office) -> None:
    """The workers end all imports, and a clerk takes every batch to its end."""
    _let_time_pass()
    latest = time.monotonic() + _LONGEST
    while _at_work() and time.monotonic() < latest:
        time.sleep(1)
    Money("money-end", home, office.address).finish()


def _let_time_pass() -> None:
    """As if the six minutes had gone by after which a worker that is not heard of counts as dead."""
    from django.db.models import F
    from django_tasks_db.models import DBTaskResult

    from songhe.intake.domain.running import STALE
    from songhe.intake.models import Import, State

    running = Import.objects.filter(state=State.RUNNING)
    alive = set(running.values_list("pk", "heartbeat"))
    time.sleep(10)
    # Whoever has not been heard of meanwhile is dead.
    dead = [pk for pk, heartbeat in running.values_list("pk", "heartbeat") if (pk, heartbeat) in alive]
    running.filter(pk__in=dead).update(heartbeat=None)
    # All of them alike: what was asked for last must stay the last.
    DBTaskResult.objects.update(enqueued_at=F("enqueued_at") - 2 * STALE, started_at=F("started_at") - 2 * STALE)


def _at_work() -> bool:
    from django_tasks_db.models import DBTaskResult

    from songhe.intake.models import Import, State

    queued = DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).exists()
    return queued or Import.objects.filter(state=State.RUNNING).exists()
