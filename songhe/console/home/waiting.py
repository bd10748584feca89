"""What waits for somebody: a figure for each kind of work that their roles are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, may, visible
from songhe.casework.queries.desk import applicants_for, waiting_for
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.divisions.queries import tree_on
from songhe.entitlement.models import OPEN, Run
from songhe.entitlement.work import missing_facts
from songhe.intake.models import State
from songhe.intake.queries import imports_for
from songhe.linkage.queries import open_candidates
from songhe.pages.keyset import count_up_to
from songhe.payment.turns import batches_waiting_for
from songhe.plan.desk import to_settle
from songhe.plan.queries import called_for
from songhe.registry.models import CurrentPerson, QualityRow

# A figure is to be read, not exact: nobody settles more than this in a day.
_COUNTED = 1_000
# The nightly figures are of the month; older than that, something is wrong with the nights.
_STALE_DAYS = 31
_STEPS = (Action.CASE_ACCEPT, Action.CASE_VERIFY, Action.CASE_ASSESS, Action.CASE_APPROVE, Action.CASE_REVIEW)


@dataclass(frozen=True)
class Tile:
    """`is_calling`: there is something to do."""

    title: Text
    figure: str
    what: Text
    address: str
    is_calling: bool


def tiles(user: User, actions: frozenset[Action]) -> list[Tile]:
    """In the order of the menu; none for what the user may not do."""
    return [make(user) for action, make in _TILES.items() if action in actions]


def _cockpit(user: User) -> Tile:
    """The way to the picture as a whole; its figures are its own."""
    tree, within = tree_on(), divisions_for(user, Action.INDICATOR_READ)
    top = next((node.name for node in tree if node.id in within), "—")
    what = say("指标、任务、人口，一页看全", "indicators, tasks and people on a page")
    return Tile(say("总览", "Overview"), top, what, reverse("console:cockpit"), is_calling=False)


def _people(user: User) -> Tile:
    number, is_more = count_up_to(visible(CurrentPerson.objects.all(), user, Action.PERSON_READ))
    return Tile(
        say("老年人名册", "Older people"),
        _figure(number, is_more),
        say("范围内的档案", "files within reach"),
        reverse("console:register"),
        is_calling=False,
    )


def _cases(user: User) -> Tile:
    """What waits for the user; for those with no step of their own, what waits for people they hand in for."""
    if any(may(user, action) for action in _STEPS):
        what = say("件等您办理", "wait for you")
        return _counted(say("待办", "Desk"), waiting_for(user), what, "console:desk")
    what = say("件等申请人补正或确认", "wait for the applicant")
    return _counted(say("待办", "Desk"), applicants_for(user), what, "console:desk-applicants")


def _conflicts(user: User) -> Tile:
    disputed = visible(CurrentPerson.objects.exclude(conflicts=""), user, Action.CONFLICT_SETTLE)
    what = say("人的来源说法不一致", "people of whom sources disagree")
    return _counted(say("来源冲突", "Conflicts"), disputed, what, "console:conflicts")


def _duplicates(user: User) -> Tile:
    what = say("对待核", "pairs to decide")
    return _counted(say("疑似重复", "Likely duplicates"), open_candidates(user), what, "console:duplicates")


def _runs(user: User) -> Tile:
    """Those that the user may take further: who made one waits for somebody else."""
    waiting = visible(Run.objects.filter(state__in=OPEN), user, Action.RUN_ACCEPT).exclude(made_by=user)
    what = say("次待说明或采用", "to answer for or accept")
    return _counted(say("月度核定", "Monthly runs"), waiting, what, "console:runs")


def _missing(user: User) -> Tile:
    what = say("项，补上才能断定待遇", "on which answers hang")
    return _counted(say("待补事实", "Missing facts"), missing_facts(user).order_by(), what, "console:missing")


def _imports(user: User) -> Tile:
    waiting = imports_for(user).filter(state__in=(State.RECEIVED, State.CHECKED, State.FAILED))
    return _counted(say("数据导入", "Imports"), waiting, say("个文件待处理", "files to go on with"), "console:imports")


def _quality(user: User) -> Tile:
    measured = visible(QualityRow.objects.filter(fact="name"), user, Action.QUALITY_READ)
    day = measured.order_by("-day").values_list("day", flat=True).first()
    age = None if day is None else (timezone.localdate() - day).days
    what = say("还没有统计", "never counted") if age is None else say(f"{age}天前统计", f"counted {age} days ago")
    is_old = age is None or age > _STALE_DAYS
    figure = "—" if day is None else day.isoformat()
    return Tile(say("数据质量", "Data quality"), figure, what, reverse("console:quality"), is_calling=is_old)


def _tasks(user: User) -> Tile:
    """What reminders call for at the user's own places, and reports for them to settle."""
    called, (waiting, _) = len(called_for(user, clock.today())), count_up_to(to_settle(user), _COUNTED)
    what = say(f"项到期或逾期；{waiting:,}份填报待确认", f"due or overdue; {waiting:,} reports to confirm")
    address = reverse("console:my-tasks")
    return Tile(say("我的任务", "My tasks"), f"{called:,}", what, address, is_calling=bool(called or waiting))


def _batches(user: User) -> Tile:
    what = say("批待您复核或审批", "batches for you to check or approve")
    tile = _counted(say("发放批次", "Batches"), batches_waiting_for(user), what, "console:batches")
    return replace(tile, address=f"{tile.address}?state=mine") if tile.is_calling else tile


def _counted(title: Text, waiting: QuerySet[object], what: Text, name: str) -> Tile:
    number, is_more = count_up_to(waiting, _COUNTED)
    return Tile(title, _figure(number, is_more), what, reverse(name), is_calling=number > 0)


def _figure(number: int, is_more: bool) -> str:
    return f"{number:,}+" if is_more else f"{number:,}"


_TILES: Mapping[Action, Callable[[User], Tile]] = {
    Action.INDICATOR_READ: _cockpit,
    Action.PERSON_READ: _people,
    Action.CASE_READ: _cases,
    Action.CONFLICT_SETTLE: _conflicts,
    Action.DUPLICATE_SETTLE: _duplicates,
    Action.RUN_ACCEPT: _runs,
    Action.ENTITLEMENT_READ: _missing,
    Action.PAYMENT_CHECK: _batches,
    Action.PLAN_REPORT: _tasks,
    Action.IMPORT_RUN: _imports,
    Action.QUALITY_READ: _quality,
}
