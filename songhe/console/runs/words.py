"""States, kinds and answers of runs in people's words, and changes as exact shares."""

from __future__ import annotations

from collections.abc import Mapping

from songhe.common.text import Text, say
from songhe.entitlement.models import Job, Line, State

STATES: Mapping[str, Text] = {
    State.DECIDED: say("已核定，待采用", "decided, to be accepted"),
    State.HELD: say("有异动，待说明", "held, to be answered for"),
    State.ANSWERED: say("已说明，待采用", "answered for, to be accepted"),
    State.ACCEPTED: say("已采用", "accepted"),
    State.WITHDRAWN: say("已撤销", "withdrawn"),
}
JOBS: Mapping[str, Text] = {
    Job.State.WAITING: say("排队中", "queued"),
    Job.State.RUNNING: say("进行中", "running"),
    Job.State.DONE: say("已完成", "done"),
    Job.State.FAILED: say("未成功", "failed"),
}
KINDS: Mapping[str, Text] = {
    Line.Kind.DUE: say("当月应发", "due"),
    Line.Kind.ARREARS: say("补发", "arrears"),
    Line.Kind.RECOVERY: say("追回", "recovery"),
}
ANSWERS: Mapping[str, Text] = {
    Line.Answer.ENTITLED: say("符合条件", "entitled"),
    Line.Answer.NOT_APPLIED: say("符合条件，尚未申请", "entitled, not applied for"),
    Line.Answer.NOT_GRANTED: say("符合条件，申请未获同意", "entitled, not granted"),
    Line.Answer.NOT_ENTITLED: say("不符合条件", "not entitled"),
    Line.Answer.UNDETERMINED: say("不能断定", "not determined"),
    Line.Answer.ELSEWHERE: say("档案不在本地", "file lies elsewhere"),
    Line.Answer.NO_ITEM: say("政策包无此项", "no such item in the package"),
}
AMOUNTS: Mapping[str, Text] = {
    "unset": say("文件没有写金额，只计人数", "the document gives no sum; counted only"),
    "at_least": say("文件只写了下限，只计人数", "the document gives a floor only; counted only"),
    "none": say("服务，不发钱", "a service, no money"),
    "unit": say("文件没有写多久发一次，只计人数", "the document does not say how often; counted only"),
    "exact": say("本次没有发放，只计人数", "not paid by this run; counted only"),
    "mixed": say("本次没有发放，只计人数", "not paid by this run; counted only"),
}
DELIVERIES: Mapping[str, Text] = {
    "offer": say("免申即享", "offered without a form"),
    "invite": say("邀请办理", "by invitation"),
    "apply": say("须本人申请，请告知", "on application: tell them"),
}
STEPS: Mapping[str, Text] = {
    "": say("准备", "getting ready"),
    "month": say("读取名册，逐人核定当月", "reading the register and deciding the month"),
    "past": say("有新情况的人，重核以前各月", "deciding past months again where there is news"),
    "lines": say("与已记账的对比", "comparing with what is accounted"),
    "missing": say("找出待补事实和新符合的人", "finding missing facts and people newly entitled"),
    "storing": say("保存", "storing"),
    "people": say("读取名册", "reading the register"),
    "before": say("按现行政策包核定", "deciding by the package in force"),
    "after": say("按拟议政策包核定", "deciding by the package to try out"),
    "comparing": say("对比", "comparing"),
}
RUN_STEPS = ("month", "past", "lines", "missing", "storing")
SIMULATION_STEPS = ("people", "before", "after", "comparing")


def change(was: int, now: int) -> Text:
    """`+12.3%`: cut, never rounded, so that what is shown never exceeds what is; a first or a last stands in words."""
    if was == now:
        return say("不变", "the same") if was else say("—", "—")
    if not was:
        return say("新增", "new")
    tenths = abs(now - was) * 1000 // abs(was)
    sign = "+" if now > was else "−"
    text = f"{sign}{tenths // 10:,}.{tenths % 10}%" if tenths else f"{sign}<0.1%"
    return say(text, text)
