"""What the console offers, in the order of the work; everybody sees what their roles are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from songhe.accounts.actions import Action
from songhe.common.text import Text, say


@dataclass(frozen=True)
class Entry:
    """A link of the menu, shown to those who may do `action`; its page is the address name `console:<name>`."""

    label: Text
    name: str
    action: Action

    @property
    def address(self) -> str:
        return f"console:{self.name}"


@dataclass(frozen=True)
class Group:
    label: Text
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(
        say("任务与指标", "Plan"),
        (
            Entry(say("总览", "Overview"), "cockpit", Action.INDICATOR_READ),
            Entry(say("任务", "Tasks"), "tasks", Action.PLAN_READ),
            Entry(say("我的任务", "My tasks"), "my-tasks", Action.PLAN_READ),
            Entry(say("指标", "Indicators"), "indicators", Action.INDICATOR_READ),
            Entry(say("报告和发布", "Reports and publishing"), "reports", Action.REPORT_READ),
        ),
    ),
    Group(
        say("名册", "Register"),
        (
            Entry(say("老年人名册", "Older people"), "register", Action.PERSON_READ),
            Entry(say("来源冲突", "Conflicts"), "conflicts", Action.CONFLICT_SETTLE),
            Entry(say("疑似重复", "Likely duplicates"), "duplicates", Action.DUPLICATE_SETTLE),
        ),
    ),
    Group(
        say("办件", "Cases"),
        (
            Entry(say("待办", "Desk"), "desk", Action.CASE_READ),
            Entry(say("全部办件", "All cases"), "cases", Action.CASE_READ),
            Entry(say("办件统计", "Case figures"), "case-figures", Action.CASE_READ),
        ),
    ),
    Group(
        say("待遇核定", "Entitlements"),
        (
            Entry(say("月度核定", "Monthly runs"), "runs", Action.RUN_READ),
            Entry(say("待补事实", "Missing facts"), "missing", Action.ENTITLEMENT_READ),
            Entry(say("主动发现", "Found"), "found", Action.ENTITLEMENT_READ),
            Entry(say("待定追回", "Recoveries to plan"), "recoveries-open", Action.RECOVERY_SETTLE),
            Entry(say("政策模拟", "Simulation"), "simulations", Action.RUN_READ),
        ),
    ),
    Group(
        say("资金发放", "Payments"),
        (
            Entry(say("发放批次", "Batches"), "batches", Action.PAYMENT_READ),
            Entry(say("核定入账", "Runs to the ledger"), "admissions", Action.PAYMENT_MAKE),
            Entry(say("退汇", "Came back"), "bounced", Action.PAYMENT_READ),
            Entry(say("追回台账", "Recovery ledger"), "recoveries", Action.PAYMENT_READ),
            Entry(say("代收人", "Payees"), "payees", Action.PAYMENT_READ),
            Entry(say("资金", "Funds"), "funds", Action.PAYMENT_READ),
            Entry(say("资金来源", "Who bears what"), "sources", Action.PAYMENT_READ),
            Entry(say("总账核验", "Proof"), "proof", Action.PAYMENT_READ),
        ),
    ),
    Group(
        say("机构与服务商", "Organisations"),
        (Entry(say("机构与服务商", "Institutions and providers"), "organisations", Action.ORGANISATION_READ),),
    ),
    Group(
        say("设施", "Facilities"),
        (
            Entry(say("住宅小区", "Estates"), "estates", Action.ESTATE_READ),
            Entry(say("统筹配置", "Shared facilities"), "pools", Action.ESTATE_READ),
            Entry(say("设施缺口", "Shortfalls"), "shortfalls", Action.ESTATE_READ),
            Entry(say("同步核对", "In step with housing"), "same-time", Action.ESTATE_READ),
            Entry(say("机构对标", "Institutions"), "institution-standards", Action.ORGANISATION_READ),
        ),
    ),
    Group(
        say("数据", "Data"),
        (
            Entry(say("数据导入", "Imports"), "imports", Action.IMPORT_RUN),
            Entry(say("数据质量", "Data quality"), "quality", Action.QUALITY_READ),
        ),
    ),
    Group(
        say("管理", "Administration"),
        (
            Entry(say("区划", "Divisions"), "divisions", Action.DIVISION_READ),
            Entry(say("用户", "Users"), "users", Action.USER_READ),
            Entry(say("审计记录", "Audit trail"), "audit", Action.AUDIT_READ),
        ),
    ),
)


def menu_for(actions: frozenset[Action]) -> Iterator[Group]:
    """The groups of which something is left for somebody who may do these things."""
    for group in MENU:
        entries = tuple(entry for entry in group.entries if entry.action in actions)
        if entries:
            yield Group(group.label, entries)
