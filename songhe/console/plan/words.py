"""States, duties and kinds of the tasks in people's words."""

from __future__ import annotations

from collections.abc import Mapping

from songhe.common.days import write_day
from songhe.common.text import Text, say
from songhe.decision.task import CONTINUING, DONE, OPEN, OVERDUE, UNKNOWN_DAY, Standing, Step
from songhe.plan.models import Act, Report
from songhe.plan.told import CONFIRMED, HANDED_UP, RETURNED, UNDONE, WAITING
from songhe.plan.undertakings import BELOW, COOPERATING, LEAD, WHOLE

# In the order in which a board shows them.
STATES: Mapping[str, Text] = {
    OVERDUE: say("逾期", "Overdue"),
    OPEN: say("未完成", "Open"),
    CONTINUING: say("持续实施", "Continuing"),
    DONE: say("已完成", "Done"),
}
BADGES: Mapping[str, str] = {
    OVERDUE: "text-bg-danger",
    OPEN: "text-bg-light border",
    CONTINUING: "text-bg-info",
    DONE: "text-bg-success",
}
DUTIES: Mapping[str, Text] = {
    WHOLE: say("整项", "the row as a whole"),
    LEAD: say("牵头", "leads"),
    COOPERATING: say("配合", "cooperates"),
    BELOW: say("下级", "below who leads"),
}
REPORT_STATES: Mapping[str, Text] = {
    WAITING: say("待上报或确认", "waits to be handed up or confirmed"),
    HANDED_UP: say("已上报，待确认", "handed up, to be confirmed"),
    CONFIRMED: say("已确认", "confirmed"),
    RETURNED: say("已退回", "returned"),
    UNDONE: say("确认已撤销", "confirmation undone"),
}
REPORT_BADGES: Mapping[str, str] = {
    WAITING: "text-bg-warning",
    HANDED_UP: "text-bg-warning",
    CONFIRMED: "text-bg-success",
    RETURNED: "text-bg-danger",
    UNDONE: "text-bg-danger",
}
KINDS: Mapping[str, Text] = {
    Report.Kind.REPORT: say("进展", "Report"),
    Report.Kind.CONTRIBUTION: say("配合情况", "Contribution"),
}
ACTS: Mapping[str, Text] = {
    Act.Kind.HAND_UP: say("上报", "handed it up"),
    Act.Kind.CONFIRM: say("确认", "confirmed it"),
    Act.Kind.RETURN: say("退回", "returned it"),
    Act.Kind.UNDO: say("撤销确认", "undid the confirmation"),
}
NO_DATE = say("文件没有写日期", "no date is written")


def left(days: int | None) -> Text | None:
    """`还有7天`, `已逾期3天`, `今天到期`; nothing without a date."""
    if days is None:
        return None
    if days == 0:
        return say("今天到期", "due today")
    if days > 0:
        return say(f"还有{days}天", f"{days} {_days(days)} left")
    return say(f"已逾期{-days}天", f"{-days} {_days(-days)} overdue")


def done_text(standing: Standing | Step) -> Text | None:
    """When it was done and how late; nothing when it was not."""
    day, late = standing.done_on, standing.late
    if day is None:
        return None
    when = say("完成日期不详", "done, the day is not known") if day == UNKNOWN_DAY else write_day(day)
    if late is None:
        return when
    if late == 0:
        return say(f"{when.zh}，按期", f"{when.en}, in time")
    return say(f"{when.zh}，迟{late}天", f"{when.en}, {late} {_days(late)} late")


def _days(number: int) -> str:
    return "day" if number == 1 else "days"
