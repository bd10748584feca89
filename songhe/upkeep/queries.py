"""How the daily upkeep went."""

from __future__ import annotations

from songhe.upkeep.models import Work


def last_of(job: str) -> Work | None:
    """The last time a job ended, well or not."""
    return Work.objects.filter(job=job, ended_at__isnull=False).order_by("-day").first()
