"""Everything the audit trail can tell, in people's words. A new action of any room gets its line here.

`{actor}` and `{subject}` come from the line itself, every other name from its details; what is absent reads `—`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from songhe.accounts.models import Role
from songhe.common.text import Text

_ABSENT = "—"
# Values of details that have words of their own.
_WORDS: Mapping[Any, Text] = {value: Text(zh=label, en=value.replace("_", " ")) for value, label in Role.choices}


def _say(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


MESSAGES: Mapping[str, Text] = {
    # Users and sign-in.
    "user.created": _say("{actor}新建用户{subject}", "{actor} made the user {subject}"),
    "user.granted": _say("{actor}授予{subject}角色{role}", "{actor} gave {subject} the role {role}"),
    "user.revoked": _say("{actor}撤销{subject}的角色{role}", "{actor} revoked the role {role} of {subject}"),
    "user.password_changed": _say("{actor}更改了自己的密码", "{actor} changed their password"),
    "user.password_reset": _say("{actor}重置{subject}的密码", "{actor} reset the password of {subject}"),
    "user.locked": _say("{actor}停用{subject}：{reason}", "{actor} locked {subject}: {reason}"),
    "user.unlocked": _say("{actor}启用{subject}", "{actor} unlocked {subject}"),
    "user.second_factor_set": _say("{actor}启用第二因素", "{actor} set up the second factor"),
    "user.second_factor_reset": _say("{actor}重置{subject}的第二因素", "{actor} reset the second factor of {subject}"),
    "token.created": _say("{actor}为{subject}新建接口令牌", "{actor} made a token of the API for {subject}"),
    "token.revoked": _say("{actor}撤销{subject}的接口令牌", "{actor} revoked a token of the API of {subject}"),
    "session.signed_in": _say("{actor}登录", "{actor} signed in"),
    "session.signed_out": _say("{actor}退出", "{actor} signed out"),
    "session.expired": _say("{actor}的会话超时（{limit}）", "The session of {actor} timed out ({limit})"),
    "session.refused": _say("{actor}登录失败", "{actor} could not sign in"),
    "session.locked_out": _say("{actor}多次登录失败，暂时锁定", "{actor} failed too often and is locked out"),
    "scope.refused": _say("{actor}越权被拒：{wanted}", "{actor} was refused what lies out of scope: {wanted}"),
    # A person's file.
    "person.registered": _say("{actor}建立档案{subject}", "{actor} opened the file {subject}"),
    "person.read": _say("{actor}查看档案{subject}", "{actor} read the file {subject}"),
    "person.listed": _say("{actor}查询名册，返回{count}人", "{actor} listed {count} people of the register"),
    "person.revealed": _say("{actor}查看{subject}的完整{field}", "{actor} saw {field} of {subject} unmasked"),
    "person.exported": _say("{actor}导出{count}人", "{actor} exported {count} people"),
    "person.facts_recorded": _say("{actor}记录{subject}的{facts}", "{actor} recorded {facts} of {subject}"),
    "person.death_recorded": _say("{actor}登记{subject}死亡", "{actor} recorded the death of {subject}"),
    "person.retracted": _say("{actor}撤回{subject}的记录：{reason}", "{actor} retracted of {subject}: {reason}"),
    "person.merged": _say("{actor}将{subject}并入{into}", "{actor} merged {subject} into {into}"),
    "person.unmerged": _say("{actor}将{subject}从{into}拆出", "{actor} took {subject} out of {into} again"),
    "conflict.settled": _say("{actor}裁定{subject}的{fact}", "{actor} settled {fact} of {subject}"),
    "duplicate.settled": _say(
        "{actor}判定{subject}与{other}是否同一人：{verdict}，{reason}",
        "{actor} decided whether {subject} and {other} are one person: {verdict}, {reason}",
    ),
    "duplicate.reopened": _say(
        "{actor}重新审议{subject}与{other}是否同一人：{reason}",
        "{actor} reopened whether {subject} and {other} are one person: {reason}",
    ),
    "duplicate.searched": _say(
        "{actor}查找重复档案，新增疑似{count}对", "{actor} searched for duplicates and found {count} new pairs"
    ),
    "household.changed": _say("{actor}更改{subject}的家庭", "{actor} changed the household of {subject}"),
    "kinship.changed": _say("{actor}更改{subject}的亲属关系", "{actor} changed the kin of {subject}"),
    "consent.given": _say("{actor}记录{subject}的同意：{purpose}", "{actor} recorded consent of {subject}: {purpose}"),
    "consent.withdrawn": _say("{actor}记录{subject}撤回同意：{purpose}", "{subject} withdrew consent: {purpose}"),
    # Cases.
    "case.opened": _say("{actor}登记{subject}（{kind}）", "{actor} opened the case {subject} ({kind})"),
    "case.offered": _say("{actor}主动办理{subject}", "{actor} opened {subject} without an application"),
    "case.invited": _say("{actor}邀请本人确认{subject}", "{actor} invited to {subject}"),
    "case.confirmed": _say("{actor}登记本人确认{subject}", "{actor} recorded that {subject} is wanted"),
    "case.passed": _say("{actor}通过{subject}的{step}", "{actor} passed {subject} at {step}"),
    "case.returned": _say("{actor}退回{subject}补正（{step}）", "{actor} returned {subject} for mending at {step}"),
    "case.resubmitted": _say("{actor}登记{subject}已补正", "{actor} recorded that {subject} was mended"),
    "case.refused": _say("{actor}对{subject}不予同意（{clause}）", "{actor} refused {subject} ({clause})"),
    "case.published": _say("{actor}公示{subject}至{until}", "{actor} published {subject} until {until}"),
    "case.objected": _say("{actor}登记对{subject}的异议", "{actor} recorded an objection to {subject}"),
    "case.answered": _say("{actor}答复对{subject}的异议", "{actor} answered an objection to {subject}"),
    "case.withdrawn": _say("{actor}登记撤回{subject}", "{actor} recorded that {subject} was withdrawn"),
    "case.transferred": _say("{actor}移交{subject}", "{actor} handed {subject} over"),
    "case.escalated": _say("{actor}催办{subject}（{step}）", "{actor} called for {subject}, overdue at {step}"),
    "case.ended": _say("{actor}终止{subject}（{outcome}）", "{actor} ended {subject} ({outcome})"),
    "case.taken_over": _say(
        "{actor}转入平台启用前已享受的{subject}", "{actor} took over {subject}, granted before the platform"
    ),
    "case.read": _say("{actor}查看办件{subject}", "{actor} read the case {subject}"),
    "case.contact_revealed": _say("{actor}查看{subject}的联系方式", "{actor} saw how to reach people of {subject}"),
    # Data as a whole.
    "import.previewed": _say("{actor}试导入{source}", "{actor} tried an import of {source}"),
    "import.received": _say("{actor}上传{source}的文件", "{actor} uploaded a file of {source}"),
    "import.finished": _say("{actor}完成{source}导入，{count}人", "{actor} ended an import: {source}, {count} people"),
    "import.cancelled": _say("{actor}取消{source}导入", "{actor} cancelled an import of {source}"),
    "import.errors_read": _say("{actor}下载{source}的错误行", "{actor} fetched the rows set aside of {source}"),
    "import.withdrawn": _say("{actor}删除{source}的文件", "{actor} deleted a file of {source}"),
    "import.run": _say("{actor}导入{source}，{count}人", "{actor} imported {source}, {count} people"),
    "snapshot.written": _say("{actor}生成{as_of}快照", "{actor} wrote the snapshot of {as_of}"),
    "projection.rebuilt": _say("{actor}重建当前状态，{count}处不同", "{actor} rebuilt the projection: {count} differ"),
    "quality.measured": _say("{actor}统计数据质量，{count}人", "{actor} measured the data quality of {count} people"),
    "population.measured": _say("{actor}统计人口结构，{count}人", "{actor} counted the population: {count} people"),
    "keys.rotated": _say("{actor}更换密钥", "{actor} rotated the keys"),
    "audit.verified": _say("{actor}校验审计记录，共{lines}条", "{actor} verified the audit trail: {lines} lines"),
    "audit.read": _say("{actor}查看审计记录", "{actor} read the audit trail"),
    # Money.
    "fund.opened": _say("{actor}建立{name}", "{actor} opened the fund {name}"),
    "fund.account_opened": _say("{actor}登记付款账户{name}", "{actor} opened the paying account {name}"),
    "fund.appropriated": _say("{actor}拨入{name}{fen}分", "{actor} put {fen} fen into {name}"),
    "fund.spent": _say("{actor}从{name}支出{fen}分", "{actor} spent {fen} fen of {name}"),
    "budget.planned": _say("{actor}安排{name}{item}预算{fen}分", "{actor} planned {fen} fen of {name} for {item}"),
    "funding.stated": _say("{actor}登记{year}年{item}的资金来源", "{actor} stated who bears {item} in {year}"),
    "funding.confirmed": _say("{actor}复核{year}年{item}的资金来源", "{actor} confirmed who bears {item} in {year}"),
    "funding.withdrawn": _say("{actor}撤回{year}年{item}的资金来源", "{actor} took back who bears {item} in {year}"),
    "ledger.verified": _say("{actor}核验总账，{faults}处不符", "{actor} verified the ledger: {faults} faults"),
    "claim.admitted": _say("{actor}入账{count}项应付应追回，共{fen}分", "{actor} admitted {count} claims, {fen} fen"),
    "recovery.planned": _say(
        "{actor}为{subject}制定抵扣计划：{reason}", "{actor} planned to set off {subject}: {reason}"
    ),
    "recovery.plan_ended": _say("{actor}终止{subject}的抵扣计划", "{actor} ended the plan to set off {subject}"),
    "recovery.repaid": _say("{actor}登记{subject}退还{fen}分", "{actor} recorded {fen} fen repaid on {subject}"),
    "recovery.waived": _say("{actor}核销{subject}{fen}分：{reason}", "{actor} waived {fen} fen of {subject}: {reason}"),
    "payee.stated": _say("{actor}登记{subject}的代收人：{reason}", "{actor} stated a payee of {subject}: {reason}"),
    "payee.approved": _say("{actor}复核{subject}的代收人", "{actor} approved the payee of {subject}"),
    "payee.ended": _say("{actor}终止{subject}的代收人", "{actor} ended the payee of {subject}"),
    "batch.made": _say(
        "{actor}编制批次{subject}：{count}笔，{fen}分", "{actor} made batch {subject}: {count}, {fen} fen"
    ),
    "batch.checked": _say("{actor}复核批次{subject}", "{actor} checked batch {subject}"),
    "batch.approved": _say("{actor}审批批次{subject}", "{actor} approved batch {subject}"),
    "batch.cancelled": _say("{actor}作废批次{subject}：{reason}", "{actor} cancelled batch {subject}: {reason}"),
    "batch.exported": _say("{actor}导出批次{subject}（{format}）", "{actor} exported batch {subject} as {format}"),
    "payment.revealed": _say("{actor}查看{subject}的收款账号", "{actor} saw the account of a payment to {subject}"),
    "payment.listed": _say("{actor}查询发放明细，返回{count}笔", "{actor} listed {count} payments"),
    "batch.sent": _say("{actor}将批次{subject}提交银行", "{actor} gave batch {subject} to the bank"),
    "batch.answered": _say(
        "{actor}导入批次{subject}的回单：成功{paid}笔，退汇{bounced}笔",
        "{actor} imported answers on batch {subject}: {paid} paid, {bounced} returned",
    ),
    "batch.explained": _say(
        "{actor}说明批次{subject}的差异：{reason}", "{actor} explained a difference of {subject}: {reason}"
    ),
    "batch.reconciled": _say("{actor}核对批次{subject}", "{actor} reconciled batch {subject}"),
    "batch.closed": _say("{actor}关闭批次{subject}", "{actor} closed batch {subject}"),
    # Institutions and providers.
    "estate.registered": _say("{actor}登记小区{name}（{document}）", "{actor} recorded the estate {name} ({document})"),
    "estate.renamed": _say("{actor}将小区{from}更名为{to}", "{actor} renamed the estate {from} to {to}"),
    "estate.closed": _say("{actor}登记小区{name}于{on}注销", "{actor} recorded that the estate {name} closed on {on}"),
    "estate.fact_recorded": _say(
        "{actor}记录{name}的{fact}：{value}，自{from}起", "{actor} recorded {fact} of {name}: {value}, from {from} on"
    ),
    "estate.fact_retracted": _say(
        "{actor}撤回{name}的{fact}：{reason}", "{actor} retracted {fact} of {name}: {reason}"
    ),
    "estate.imported": _say(
        "{actor}导入小区文件{file}：{rows}行", "{actor} imported {rows} rows of estates from {file}"
    ),
    "estate.make_up_planned": _say(
        "{actor}计划以{way}为{name}补足{square_metres}平方米，{due}前",
        "{actor} planned {square_metres} square metres for {name} by {way} until {due}",
    ),
    "estate.make_up_stated": _say(
        "{actor}填报{name}于{on}补足{square_metres}平方米（{document}）",
        "{actor} stated {square_metres} square metres of {name} as made up on {on} ({document})",
    ),
    "estate.make_up_confirmed": _say(
        "{actor}复核{name}补足{square_metres}平方米，共{premises}平方米",
        "{actor} confirmed {square_metres} square metres made up for {name}, now {premises}",
    ),
    "estate.make_up_given_up": _say(
        "{actor}取消{name}的补足计划：{reason}", "{actor} gave up a plan to make up for {name}: {reason}"
    ),
    "pool.founded": _say("{actor}登记统筹配置{name}", "{actor} recorded the pool {name}"),
    "pool.joined": _say(
        "{actor}将{estate}列入统筹{pool}，自{from}起", "{actor} put {estate} into the pool {pool} from {from} on"
    ),
    "pool.left": _say("{actor}终止{estate}在{pool}的统筹，至{on}", "{actor} ended {estate} in the pool {pool} on {on}"),
    "organisation.registered": _say("{actor}登记{name}（{code}）", "{actor} recorded {name} ({code})"),
    "organisation.closed": _say("{actor}登记{name}于{on}终止", "{actor} recorded that {name} closed on {on}"),
    "organisation.fact_recorded": _say(
        "{actor}记录{name}自{from}起的{fact}：{value}", "{actor} recorded of {name} from {from}: {fact} {value}"
    ),
    "organisation.fact_retracted": _say(
        "{actor}撤回{name}的{fact}：{reason}", "{actor} retracted {fact} of {name}: {reason}"
    ),
    "organisation.account_stated": _say("{actor}登记{name}的收款账户", "{actor} stated an account of {name}"),
    "organisation.account_confirmed": _say("{actor}复核{name}的收款账户", "{actor} confirmed the account of {name}"),
    "organisation.account_ended": _say("{actor}终止{name}的收款账户", "{actor} ended the account of {name}"),
    "contract.stated": _say(
        "{actor}登记与{name}的合同{document}", "{actor} stated the contract {document} with {name}"
    ),
    "contract.confirmed": _say(
        "{actor}复核与{name}的合同{document}", "{actor} confirmed the contract {document} with {name}"
    ),
    "delivery.reported": _say(
        "{actor}填报{name}{month}的服务量：{units}，{people}人",
        "{actor} reported what {name} delivered in {month}: {units} units for {people} people",
    ),
    "delivery.verified": _say(
        "{actor}核实{name}{month}的服务量：{units}，填报{reported}",
        "{actor} verified what {name} delivered in {month}: {units} units of {reported}",
    ),
    # Tasks of the plans.
    "plan.reported": _say("{actor}填报{subject}的进展（{unit}）", "{actor} reported on {subject} for {unit}"),
    "plan.evidence_added": _say(
        "{actor}为{subject}补充佐证材料{file}", "{actor} added {file} to a report on {subject}"
    ),
    "plan.evidence_read": _say(
        "{actor}下载{subject}的佐证材料{file}", "{actor} fetched {file} of a report on {subject}"
    ),
    "plan.handed_up": _say("{actor}上报{subject}的进展", "{actor} handed up a report on {subject}"),
    "plan.confirmed": _say("{actor}确认{subject}的进展", "{actor} confirmed a report on {subject}"),
    "plan.returned": _say("{actor}退回{subject}的进展：{reason}", "{actor} returned a report on {subject}: {reason}"),
    "plan.undone": _say(
        "{actor}撤销对{subject}的确认：{reason}", "{actor} undid a confirmation of {subject}: {reason}"
    ),
    "plan.seat_given": _say("{actor}指定{subject}代表{unit}", "{actor} gave {subject} a seat for {unit}"),
    "plan.seat_ended": _say(
        "{actor}终止{subject}的{unit}席位：{reason}", "{actor} ended the seat of {subject} for {unit}: {reason}"
    ),
    # Monthly runs.
    "run.ordered": _say("{actor}发起{month}核定（{package}）", "{actor} asked for the run of {month} by {package}"),
    "run.simulated": _say("{actor}模拟{other}，与{package}比较", "{actor} tried out {other} against {package}"),
    "run.simulation_exported": _say(
        "{actor}导出{other}的模拟结果，{count}行", "{actor} exported {count} rows of {other} tried out"
    ),
    "run.listed": _say("{actor}查看{month}核定名单，{count}行", "{actor} listed {count} rows of the run of {month}"),
    "run.exported": _say("{actor}导出{month}核定明细，{count}行", "{actor} exported {count} rows of the run {month}"),
    "missing.exported": _say("{actor}导出待补事实，{count}行", "{actor} exported {count} missing facts"),
    "run.decided": _say("{actor}完成{month}核定，{people}人", "{actor} decided {month} for {people} people"),
    "run.held": _say("{actor}完成{month}核定，因异动待说明", "{actor} decided {month}; it is held to be answered for"),
    "run.answered": _say("{actor}对{month}核定作书面说明：{reason}", "{actor} answered for {month}: {reason}"),
    "run.accepted": _say("{actor}采用{month}核定，{lines}笔", "{actor} accepted {month}: {lines} lines"),
    "run.withdrawn": _say("{actor}撤销{month}核定：{reason}", "{actor} withdrew {month}: {reason}"),
    "run.recovery_planned": _say("{actor}确定向{subject}追回：{mode}", "{actor} planned a recovery: {subject}, {mode}"),
    # Indicators.
    "indicator.computed": _say(
        "{actor}核算{package}的指标，截至{day}", "{actor} counted indicators of {package}: {day}"
    ),
    "indicator.ordered": _say(
        "{actor}发起{package}的指标核算，{count}个月", "{actor} asked to count {count} months of {package}"
    ),
    "indicator.stated": _say("{actor}填报{indicator}截至{day}的数据", "{actor} entered {indicator} of {day}"),
    "indicator.confirmed": _say("{actor}复核{indicator}截至{day}的数据", "{actor} confirmed {indicator} of {day}"),
    "indicator.returned": _say(
        "{actor}退回{indicator}的数据：{reason}", "{actor} returned a figure of {indicator}: {reason}"
    ),
    "indicator.defined": _say("{actor}拟定{indicator}自{from}起的口径", "{actor} defined {indicator} from {from} on"),
    "indicator.definition_confirmed": _say("{actor}复核{indicator}的口径", "{actor} confirmed what {indicator} counts"),
    "indicator.definition_returned": _say(
        "{actor}退回{indicator}的口径：{reason}", "{actor} returned a definition of {indicator}: {reason}"
    ),
    "indicator.records_read": _say(
        "{actor}查看{indicator}截至{day}的明细，{count}条", "{actor} looked at {count} records of {indicator} on {day}"
    ),
    "indicator.evidence_read": _say("{actor}下载{indicator}的佐证材料", "{actor} fetched evidence of {indicator}"),
    # People's own pages, and messages to them.
    "message.taken": _say("{actor}取走待发短信{count}条", "{actor} took {count} messages to send"),
    "message.reported": _say(
        "{actor}回报短信：送达{delivered}条，失败{failed}条",
        "{actor} reported messages: {delivered} delivered, {failed} failed",
    ),
    "code.given": _say("{actor}给{subject}登录码（{holder}）", "{actor} gave {subject} a code ({holder})"),
    "code.sent": _say("{actor}获取{subject}的登录码", "{actor} was sent a code for {subject}"),
    "code.refused": _say("{actor}索取登录码，信息不符", "{actor} asked for a code with what fits nobody"),
    "citizen.signed_in": _say("{actor}登录{subject}的个人页面", "{actor} signed in to the own pages of {subject}"),
    "citizen.refused": _say("{actor}用错误的登录码试图登录", "{actor} tried to sign in with a wrong code"),
    "citizen.signed_out": _say("{actor}退出{subject}的个人页面", "{actor} left the own pages of {subject}"),
    "citizen.read": _say("{actor}查看{subject}的{page}", "{actor} read {page} of {subject}"),
    # Reports.
    "report.made": _say(
        "{actor}编制{place}{period}报告第{version}版", "{actor} made version {version} of {place} {period}"
    ),
    "report.exported": _say(
        "{actor}下载{place}{period}报告（{format}）", "{actor} downloaded {place} {period} as {format}"
    ),
    "report.proposed": _say("{actor}提请发布{place}{period}报告", "{actor} proposed to publish {place} {period}"),
    "report.published": _say("{actor}批准发布{place}{period}报告", "{actor} approved publishing {place} {period}"),
    "report.withdrawn": _say(
        "{actor}撤回{place}{period}报告的发布：{reason}",
        "{actor} withdrew what was published of {place} {period}: {reason}",
    ),
    # Divisions.
    "division.loaded": _say("{actor}载入{count}个区划", "{actor} loaded {count} divisions"),
    "division.founded": _say("{actor}设立区划{subject} {name}", "{actor} founded the division {subject} {name}"),
    "division.renamed": _say("{actor}将区划{subject} {name}更名为{to}", "{actor} renamed {subject} {name} to {to}"),
    "division.recoded": _say("{actor}将{name}的代码{subject}改为{to}", "{actor} gave {subject} {name} the code {to}"),
    "division.moved": _say("{actor}将区划{subject} {name}划归{to}", "{actor} moved {subject} {name} to {to}"),
    "division.merged": _say("{actor}将区划{divisions}并为{to}", "{actor} merged {divisions} into {to}"),
    "division.split": _say("{actor}将区划{subject} {name}拆为{to}", "{actor} split {subject} {name} into {to}"),
    "division.dissolved": _say("{actor}撤销区划{subject} {name}", "{actor} dissolved {subject} {name}"),
    "division.boundaries": _say(
        "{actor}载入{count}个区划自{on}起的界线（{name}，来源{document}）",
        "{actor} loaded the borders of {count} divisions from {on} on ({name}, from {document})",
    ),
}


def known(action: str) -> str:
    """The action itself; ValueError when the table has no line for it."""
    if action not in MESSAGES:
        raise ValueError(f"the audit trail has no words for {action!r}; add them to songhe/accounts/messages.py")
    return str(action)


def sentence(action: str, *, actor: str, subject: str, details: Mapping[str, Any]) -> Text:
    """What happened, in both languages. An old action that the table lost stands for itself."""
    message = MESSAGES.get(action, Text(zh=action, en=action))
    return Text(
        zh=message.zh.format_map(_words(actor, subject, details, "zh")),
        en=message.en.format_map(_words(actor, subject, details, "en")),
    )


def _words(actor: str, subject: str, details: Mapping[str, Any], language: str) -> Mapping[str, str]:
    words = {name: _written(value, language) for name, value in details.items()}
    return defaultdict(lambda: _ABSENT, words, actor=actor, subject=subject or _ABSENT)


def _written(value: Any, language: str) -> str:
    if isinstance(value, list):
        return ("、" if language == "zh" else ", ").join(_written(part, language) for part in value)
    return _WORDS[value].in_language(language) if isinstance(value, str) and value in _WORDS else str(value)
