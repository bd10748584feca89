"""What a user may be allowed to do. Which role may do what stands in `roles`."""

from __future__ import annotations

from enum import StrEnum

from songhe.common.text import Text


class Action(StrEnum):
    """An action in scope; its text is what `songhe.accounts.scope` is asked with."""

    PERSON_READ = "person.read"
    PERSON_WRITE = "person.write"
    PERSON_REVEAL = "person.reveal"
    PERSON_EXPORT = "person.export"
    IMPORT_RUN = "import.run"
    DUPLICATE_SETTLE = "duplicate.settle"
    CONFLICT_SETTLE = "conflict.settle"
    SNAPSHOT_WRITE = "snapshot.write"
    CASE_READ = "case.read"
    CASE_OPEN = "case.open"
    CASE_ACCEPT = "case.accept"
    CASE_VERIFY = "case.verify"
    CASE_ASSESS = "case.assess"
    CASE_APPROVE = "case.approve"
    CASE_REVIEW = "case.review"
    RUN_READ = "run.read"
    RUN_MAKE = "run.make"
    RUN_ANSWER = "run.answer"
    RUN_ACCEPT = "run.accept"
    ENTITLEMENT_READ = "entitlement.read"
    RECOVERY_SETTLE = "recovery.settle"
    QUALITY_READ = "quality.read"
    PAYMENT_READ = "payment.read"
    PAYMENT_MAKE = "payment.make"
    PAYMENT_CHECK = "payment.check"
    PAYMENT_APPROVE = "payment.approve"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    ESTATE_READ = "estate.read"
    ESTATE_WRITE = "estate.write"
    INDICATOR_READ = "indicator.read"
    INDICATOR_ENTER = "indicator.enter"
    INDICATOR_CONFIRM = "indicator.confirm"
    INDICATOR_DEFINE = "indicator.define"
    PLAN_READ = "plan.read"
    PLAN_REPORT = "plan.report"
    PLAN_CONFIRM = "plan.confirm"
    REPORT_READ = "report.read"
    REPORT_MAKE = "report.make"
    REPORT_PUBLISH = "report.publish"
    CODE_GIVE = "code.give"
    MESSAGE_SEND = "message.send"
    DIVISION_READ = "division.read"
    DIVISION_CHANGE = "division.change"
    USER_READ = "user.read"
    USER_MANAGE = "user.manage"
    AUDIT_READ = "audit.read"


# Those that show or change what is known about a person. Models with personal data open to these alone.
PERSONAL = frozenset(
    {
        Action.PERSON_READ,
        Action.PERSON_WRITE,
        Action.PERSON_REVEAL,
        Action.PERSON_EXPORT,
        Action.IMPORT_RUN,
        Action.DUPLICATE_SETTLE,
        Action.CONFLICT_SETTLE,
        Action.SNAPSHOT_WRITE,
        Action.CASE_READ,
        Action.CASE_OPEN,
        Action.CASE_ACCEPT,
        Action.CASE_VERIFY,
        Action.CASE_ASSESS,
        Action.CASE_APPROVE,
        Action.CASE_REVIEW,
        Action.PAYMENT_READ,
        Action.PAYMENT_MAKE,
        Action.PAYMENT_CHECK,
        Action.PAYMENT_APPROVE,
        Action.ENTITLEMENT_READ,
        Action.RECOVERY_SETTLE,
        Action.CODE_GIVE,
        Action.MESSAGE_SEND,
    }
)

LABELS: dict[Action, Text] = {
    Action.PERSON_READ: Text(zh="查看老年人档案", en="Read the files of older people"),
    Action.PERSON_WRITE: Text(zh="登记和更正档案", en="Register people and correct their files"),
    Action.PERSON_REVEAL: Text(zh="查看完整的证件号、电话、账号和住址", en="See numbers and addresses unmasked"),
    Action.PERSON_EXPORT: Text(zh="导出名册", en="Export the register"),
    Action.IMPORT_RUN: Text(zh="导入部门数据", en="Import data of a department"),
    Action.DUPLICATE_SETTLE: Text(zh="处理疑似重复", en="Settle likely duplicates"),
    Action.CONFLICT_SETTLE: Text(zh="处理来源冲突", en="Settle conflicts between sources"),
    Action.SNAPSHOT_WRITE: Text(zh="生成快照", en="Write snapshots"),
    Action.CASE_READ: Text(zh="查看办件", en="Read cases"),
    Action.CASE_OPEN: Text(zh="代为提出申请、申诉和投诉", en="Hand in applications, appeals and complaints for people"),
    Action.CASE_ACCEPT: Text(zh="受理和告知", en="Accept cases and inform of decisions"),
    Action.CASE_VERIFY: Text(zh="审核和公示", en="Verify cases and publish notices"),
    Action.CASE_ASSESS: Text(zh="填报评估结果", en="Report assessments"),
    Action.CASE_APPROVE: Text(zh="审批", en="Approve cases"),
    Action.CASE_REVIEW: Text(zh="办理申诉和投诉", en="Handle appeals and complaints"),
    Action.RUN_READ: Text(zh="查看月度核定", en="See the monthly runs"),
    Action.RUN_MAKE: Text(zh="进行月度核定", en="Make the monthly run"),
    Action.RUN_ANSWER: Text(zh="对核定异动作书面说明", en="Answer in writing for what stopped a run"),
    Action.RUN_ACCEPT: Text(zh="采用月度核定", en="Accept the monthly run"),
    Action.ENTITLEMENT_READ: Text(zh="查看个人待遇和待补事实", en="See what people are paid, and missing facts"),
    Action.RECOVERY_SETTLE: Text(zh="确定追回方案", en="Plan or waive recoveries"),
    Action.QUALITY_READ: Text(zh="查看数据质量", en="See the quality of the data"),
    Action.PAYMENT_READ: Text(zh="查看资金发放", en="See payments and funds"),
    Action.PAYMENT_MAKE: Text(zh="编制发放批次", en="Make payment batches"),
    Action.PAYMENT_CHECK: Text(zh="复核发放批次", en="Check payment batches"),
    Action.PAYMENT_APPROVE: Text(zh="审批发放批次", en="Approve payment batches"),
    Action.ORGANISATION_READ: Text(zh="查看机构与服务商", en="See institutions and providers"),
    Action.ORGANISATION_WRITE: Text(
        zh="登记机构与服务商、账户、合同和服务量",
        en="Record institutions and providers, accounts, contracts, deliveries",
    ),
    Action.ESTATE_READ: Text(zh="查看小区和设施标准", en="See estates and what their standards say"),
    Action.ESTATE_WRITE: Text(zh="登记小区和配建情况", en="Record estates and their care premises"),
    Action.INDICATOR_READ: Text(zh="查看指标", en="See indicators"),
    Action.INDICATOR_ENTER: Text(zh="填报指标数据", en="Enter figures of indicators"),
    Action.INDICATOR_CONFIRM: Text(zh="复核和核算指标", en="Confirm and compute figures of indicators"),
    Action.INDICATOR_DEFINE: Text(zh="界定指标口径", en="Define what an indicator counts"),
    Action.PLAN_READ: Text(zh="查看任务", en="See tasks"),
    Action.PLAN_REPORT: Text(zh="填报任务进展", en="Report how tasks stand"),
    Action.PLAN_CONFIRM: Text(zh="确认或退回任务进展", en="Confirm or return reports on tasks"),
    Action.REPORT_READ: Text(zh="查看统计报告", en="Read statistical reports"),
    Action.REPORT_MAKE: Text(zh="编制统计报告", en="Make statistical reports"),
    Action.REPORT_PUBLISH: Text(zh="发布统计报告和开放数据", en="Publish reports and open data"),
    Action.CODE_GIVE: Text(zh="在窗口给老人登录码", en="Give people a code for their own pages"),
    Action.MESSAGE_SEND: Text(zh="取走并发送短信", en="Take messages and send them"),
    Action.DIVISION_READ: Text(zh="查看区划", en="See the divisions"),
    Action.DIVISION_CHANGE: Text(zh="变更区划", en="Change the divisions"),
    Action.USER_READ: Text(zh="查看用户", en="See users"),
    Action.USER_MANAGE: Text(zh="管理用户和授权", en="Manage users and what they may do"),
    Action.AUDIT_READ: Text(zh="查看审计记录", en="Read the audit trail"),
}
