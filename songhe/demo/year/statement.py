"""The closing statement (决算说明): what happened in the year and what was proved, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.demo.year.play import Played
from songhe.demo.year.proof import Verdict
from songhe.entitlement.models import Line, Run, State
from songhe.entitlement.months import shown

# What was counted while the year was told, in the order in which it is read.
_HAPPENED: tuple[tuple[str, Text], ...] = (
    ("files opened", say("建档", "files opened")),
    ("deaths", say("按时报告的死亡", "deaths reported in time")),
    ("late deaths", say("迟报的死亡", "deaths reported late")),
    ("wrong deaths", say("误报后撤回的死亡", "deaths reported wrongly and taken back")),
    ("moved in", say("迁入", "moved in")),
    ("moved out", say("迁出", "moved out")),
    ("moved within", say("市内迁移", "moved within the county")),
    ("newly recognised", say("新认定", "certificates and recognitions")),
    ("back-dated", say("补登以往日期的认定", "of them back-dated")),
    ("birth dates corrected", say("更正出生日期", "birth dates corrected")),
    ("files merged", say("并档", "files merged")),
    ("villages merged", say("并村", "villages merged")),
    ("missing facts settled", say("核实的待补事实", "missing facts settled")),
    ("taken over", say("存量对象", "taken over from before")),
    ("applications", say("申请", "applications")),
    ("returned for mending", say("退回补正", "returned for mending")),
    ("offered or invited", say("主动办理或邀请", "offered or invited")),
    ("invitations declined", say("谢绝邀请", "invitations declined")),
    ("offers declined", say("谢绝主动办理", "offers declined")),
    ("public notices", say("公示", "public notices")),
    ("objections", say("异议", "objections answered")),
    ("approved", say("批准", "granted")),
    ("refused", say("不予同意", "refused")),
    ("appeals", say("申诉", "appeals")),
    ("appeals upheld", say("申诉成立", "appeals upheld")),
    ("runs", say("月度核定", "monthly runs")),
    ("runs stopped and answered", say("拦下并说明的核定", "runs stopped and answered for")),
    ("recoveries at_once", say("一次退回", "recoveries at once")),
    ("recoveries instalments", say("分期退回", "recoveries in instalments")),
    ("recoveries waived", say("免予追回", "recoveries waived")),
    ("batches", say("发放批次", "batches")),
    ("lines paid", say("发放成功笔数", "transfers paid")),
    ("lines bounced", say("退汇笔数", "transfers bounced")),
    ("lines bounced late", say("入账后退汇", "transfers bounced after they were paid")),
    ("lines issued again", say("重发笔数", "transfers issued again")),
    ("discrepancies explained", say("说明的回单差异", "discrepancies of the bank explained")),
    ("payees other than the elder", say("代收人", "payees other than the elder")),
    ("appropriations beyond the first", say("追加拨款", "further appropriations")),
    ("reforms tried out", say("政策模拟", "reforms tried out")),
    ("winners of the reform", say("模拟中得益", "people who would gain by the reform")),
    ("losers of the reform", say("模拟中受损", "people who would lose by it")),
)


def statement(played: Played, verdict: Verdict) -> Iterator[Text]:
    """Line by line."""
    first, last = shown(played.months[0]), shown(played.months[-1])
    yield say(f"{first} 至 {last}，青铜峡市（合成数据）", f"{first} to {last}, Qingtongxia (synthetic)")
    for name, label in _HAPPENED:
        if number := played.happened[name]:
            yield say(f"{label.zh} {number:,}", f"{label.en} {number:,}")
    sums = _sums(played.county)
    yield say(
        f"应发 {_yuan(sums['due'])}，补发 {_yuan(sums['arrears'])}，追回 {_yuan(-sums['recovery'])}",
        f"due {sums['due']:,} fen, arrears {sums['arrears']:,} fen, recovered {-sums['recovery']:,} fen",
    )
    traced = verdict.traced
    yield say(
        f"银行已付 {traced.lines:,} 笔 {_yuan(traced.paid)}，有决定和条款的 {_yuan(traced.explained)}",
        f"the bank paid {traced.lines:,} transfers, {traced.paid:,} fen, {traced.explained:,} of them by a decision",
    )
    for one in traced.balances:
        yield say(
            f"{one.fund}：应付 {_yuan(one.owed)} = 已付 {_yuan(one.paid)} + 在途 {_yuan(one.on_the_way)} + "
            f"退汇 {_yuan(one.bounced)} + 抵扣 {_yuan(one.set_off)} + 未付 {_yuan(one.still_owed)}；应追回 "
            f"{_yuan(one.to_recover)} = 抵扣 {_yuan(one.set_off)} + 退还 {_yuan(one.repaid)} + "
            f"核销 {_yuan(one.waived)} + 未收 {_yuan(one.receivable)}",
            f"fund in fen: owed {one.owed:,} = paid {one.paid:,} + on the way {one.on_the_way:,} + bounced "
            f"{one.bounced:,} + set off {one.set_off:,} + still owed {one.still_owed:,}; to recover "
            f"{one.to_recover:,} = set off {one.set_off:,} + repaid {one.repaid:,} + waived {one.waived:,} + "
            f"receivable {one.receivable:,}",
        )
    proof = verdict.proof
    yield say(
        f"逐人逐月重算：{proof.runs} 次核定，{proof.decisions:,} 人月，{proof.lines:,} 条账目，"
        f"不符 {len(proof.differences)} 条",
        f"decided anew: {proof.runs} runs, {proof.decisions:,} months of people, {proof.lines:,} lines, "
        f"{len(proof.differences)} differ",
    )
    yield say(
        f"审计记录 {verdict.audit_lines:,} 条；核验不通过 {len(verdict.problems)} 处",
        f"audit trail of {verdict.audit_lines:,} lines; {len(verdict.problems)} problems in all",
    )


def _sums(county: int) -> Counter[str]:
    runs = Run.objects.filter(county=county, state=State.ACCEPTED)
    rows = Line.objects.filter(run__in=runs).values_list("kind").annotate(Sum("fen")).order_by()
    return Counter({kind: int(fen) for kind, fen in rows})


def _yuan(fen: int) -> str:
    return format_yuan(fen)
