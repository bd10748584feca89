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
    QUALITY_READ = "quality.read"
    PAYMENT_READ = "payment.read"
    PAYMENT_MAKE = "payment.make"
    PAYMENT_CHECK = "payment.check"
    PAYMENT_APPROVE = "payment.approve"
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
        Action.PAYMENT_READ,
        Action.PAYMENT_MAKE,
        Action.PAYMENT_CHECK,
        Action.PAYMENT_APPROVE,
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
    Action.QUALITY_READ: Text(zh="查看数据质量", en="See the quality of the data"),
    Action.PAYMENT_READ: Text(zh="查看资金发放", en="See payments and funds"),
    Action.PAYMENT_MAKE: Text(zh="编制发放批次", en="Make payment batches"),
    Action.PAYMENT_CHECK: Text(zh="复核发放批次", en="Check payment batches"),
    Action.PAYMENT_APPROVE: Text(zh="审批发放批次", en="Approve payment batches"),
    Action.DIVISION_READ: Text(zh="查看区划", en="See the divisions"),
    Action.DIVISION_CHANGE: Text(zh="变更区划", en="Change the divisions"),
    Action.USER_READ: Text(zh="查看用户", en="See users"),
    Action.USER_MANAGE: Text(zh="管理用户和授权", en="Manage users and what they may do"),
    Action.AUDIT_READ: Text(zh="查看审计记录", en="Read the audit trail"),
}
