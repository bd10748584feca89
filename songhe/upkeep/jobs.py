"""Every job of the daily upkeep, in the order in which one needs another. A room with such a job adds a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command
from django.utils import timezone

from songhe.accounts.domain import audit
from songhe.casework.domain.nightly import run_night
from songhe.citizens.limits import forget
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.entitlement import files
from songhe.entitlement.domain import ordering
from songhe.indicators import evidence as figures
from songhe.indicators import jobs as indicators
from songhe.indicators.domain import ordering as counting
from songhe.intake.domain.receiving import expire
from songhe.linkage.domain import found, refresh_queue
from songhe.linkage.probability import is_installed, score
from songhe.linkage.rules import Rule
from songhe.linkage.search import everybody, search
from songhe.outbox.domain.writing import let_go
from songhe.payment.holding import sweep
from songhe.payment.verify import checks, faults
from songhe.plan import evidence as shown
from songhe.plan.domain.reminders import remind
from songhe.registry.domain.population import measure_population
from songhe.registry.domain.quality import measure_quality
from songhe.registry.projection import refresh
from songhe.reports.domain import ordering as reporting


@dataclass(frozen=True)
class Job:
    """`run` answers with a short note for the record, without anybody's data; what it raises is a failure."""

    name: str
    label: Text
    run: Callable[[], str]


def _refresh() -> str:
    return f"{refresh():,} people"


def _measure() -> str:
    measured = measure_quality()
    return f"{measured.people:,} people, {measured.nowhere:,} in no division"


def _count_population() -> str:
    counted = measure_population()
    return f"{counted.people:,} people, {counted.nowhere:,} in no division"


def _cases() -> str:
    night = run_night()
    touched = {"notices": night.notices, "overdue": night.overdue, "lapsed": night.lapsed, "deaths": night.deaths}
    return ", ".join(
        f"{number:,} {name}" for name, number in {**touched, "handed over": night.divisions + night.moves}.items()
    )


def _search() -> str:
    """Likely duplicates: by the rules, and by probability where splink is installed."""
    pairs, scored = found(search()), is_installed()
    if scored:
        pairs += score(everybody(), beside=pairs)
    refreshed = refresh_queue(pairs=pairs, keep=() if scored else (Rule.PROBABILITY,))
    return f"{refreshed.added:,} pairs new, {refreshed.known:,} known"


def _expire() -> str:
    sweep()
    unnamed = figures.sweep(now=timezone.now()) + shown.sweep(now=timezone.now())
    return f"{expire(now=clock.now()):,} files, {unnamed:,} named by nothing"


def _expire_simulations() -> str:
    return f"{ordering.expire(now=clock.now()):,} simulations"


def _mend() -> str:
    """What was asked for and is worked on by nobody any more."""
    return f"{ordering.mend() + counting.mend() + reporting.mend():,} orders broken off"


def _sweep_runs() -> str:
    return f"{files.sweep(now=timezone.now()):,} folders"


def _indicators() -> str:
    return f"{indicators.count_last_month()}, {indicators.sweep(now=timezone.now()):,} folders deleted"


def _verify() -> str:
    broken = audit.verify()
    if broken:
        raise RuntimeError(f"audit trail broken at line {broken.sequence}: {broken.kind}")
    head = audit.head()
    return f"{head[0] if head else 0:,} lines"


def _messages() -> str:
    # Codes and their limits run by the real clock.
    now = timezone.now()
    return f"{let_go(now=now):,} messages, {forget(now=now):,} tries"


def _prove() -> str:
    """Every check of the ledger; what broke is named by its check, and the command names the place."""
    if broken := list(faults()):
        raise RuntimeError(f"ledger broken: {', '.join(fault.check for fault in broken)}")
    return f"{len(checks()):,} checks"


def _remind() -> str:
    return f"{remind():,} reminders"


def _end_sessions() -> str:
    call_command("clearsessions")
    return ""


JOBS: tuple[Job, ...] = (
    Job("projection", say("更新当前视图", "Bring the current view up to the day"), _refresh),
    Job("quality", say("统计数据质量", "Measure the quality of the data"), _measure),
    Job("population", say("统计人口结构", "Count who lives where"), _count_population),
    Job("cases", say("催办和结束到期的办件", "Call for overdue cases, end notices that are over"), _cases),
    Job("duplicates", say("查找疑似重复", "Search for likely duplicates"), _search),
    Job("uploads", say("删除过期的上传文件", "Delete uploads that are kept no longer"), _expire),
    Job("messages", say("删除已发短信的内容", "Erase messages that were sent"), _messages),
    Job("simulations", say("删除过期的模拟结果", "Delete results of simulations after a day"), _expire_simulations),
    Job("orders", say("结束中断的任务", "End what was asked for and broke off"), _mend),
    Job("runs", say("删除没有核定的文件夹", "Delete folders that no run names"), _sweep_runs),
    Job("reminders", say("提醒到期和逾期的任务", "Remind of tasks that are due or overdue"), _remind),
    Job("indicators", say("核算上月指标", "Count the indicators of last month"), _indicators),
    Job("audit", say("核对审计记录", "Verify the audit trail"), _verify),
    Job("ledger", say("核验总账", "Verify the ledger"), _prove),
    Job("sessions", say("清理过期会话", "Remove sessions that are over"), _end_sessions),
)
