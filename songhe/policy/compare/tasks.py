"""Tasks (任务) of one capability: who leads, and by when, as precise as the document is."""

from __future__ import annotations

from collections.abc import Iterator

from songhe.common.days import write_day
from songhe.common.text import Text, say
from songhe.policy.compare.said import Detail, Said, clauses_of, conflicts_of
from songhe.policy.package import Package
from songhe.policy.schema import Deadline

LEAD = say("牵头", "Lead")
NO_LEAD = say("文件没有写", "not written")
NO_DATE = say("没有写期限", "no date written")


def say_tasks(package: Package, capability: str) -> Iterator[Said]:
    """The tasks whose first clause is of the capability."""
    for id, task in package.tasks.items():
        clauses = clauses_of(package, task.clauses)
        if not clauses or clauses[0].capability != capability:
            continue
        lead = "、".join(task.lead)
        details = (Detail(LEAD, say(lead, lead) if lead else NO_LEAD),)
        yield Said(id, task.name, _deadline(task.deadline), clauses, details, conflicts=conflicts_of(package, clauses))


def _deadline(deadline: Deadline) -> Text:
    if deadline.date is None:
        return say(deadline.text, deadline.text) if deadline.text else NO_DATE
    day = write_day(deadline.date)
    if not deadline.text or deadline.precision == "day":
        return day
    return say(f"{deadline.text}（{day.zh}）", f"{day.en} (as written: {deadline.text})")
