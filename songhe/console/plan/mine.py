"""What waits for the reader: what is called for, reports to hand up or confirm, and those that came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.console.plan.words import BADGES, KINDS, STATES, left
from songhe.pages.keyset import count_up_to, window
from songhe.plan.desk import came_back, to_hand_up, to_settle
from songhe.plan.models import Report
from songhe.plan.queries import called_for
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package

LISTS: Mapping[str, tuple[Text, Callable[[User], QuerySet[Report]]]] = {
    "settle": (say("待我确认", "For me to confirm"), to_settle),
    "hand-up": (say("待我上报", "For me to hand up"), to_hand_up),
    "back": (say("退回给我的", "Returned to me"), came_back),
}


@staff(Action.PLAN_READ)
def my_tasks(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("list", "settle")
    wanted = wanted if wanted in LISTS else "settle"
    listing = LISTS[wanted][1](request.user)
    page = window(listing.select_related("reported_by"), by="pk", cursor=request.GET.get("cursor", ""), size=20)
    names = names_of(report.division_id for report in page.rows)
    tabs = [
        {"key": key, "title": title, "number": count_up_to(find(request.user), 999)[0], "is_open": key == wanted}
        for key, (title, find) in LISTS.items()
    ]
    called = [
        {
            "row": row,
            "word": STATES[row.state],
            "badge": BADGES[row.state],
            "left": left((reminder.due - clock.today()).days),
            "due": reminder.due,
            "milestone": row.task.milestones[reminder.milestone - 1].text if reminder.milestone else None,
        }
        for row, reminder in called_for(request.user, clock.today())
    ]
    context = {
        "called": called,
        "tabs": tabs,
        "window": page,
        "rows": [_shown(report, names) for report in page.rows],
    }
    return show(request, "plan/mine.html", context)


def _shown(report: Report, names: dict[int, str]) -> dict[str, Any]:
    return {
        "report": report,
        "name": _name(report),
        "kind": KINDS[report.kind],
        "place": names.get(report.division_id, ""),
    }


def _name(report: Report) -> Text:
    try:
        task = load_package(report.package).tasks.get(report.task)
    except (UnknownPackage, PackageError):
        task = None
    return task.name if task else say(report.task, report.task)
