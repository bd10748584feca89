"""What the acts of a case are called on buttons, and what is said before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from songhe.common.text import Text, say


@dataclass(frozen=True)
class Word:
    """`after` is what the next page says was done."""

    label: Text
    after: Text
    points: tuple[Text, ...] = ()
    is_first: bool = False
    is_harmful: bool = False


BY_INSTITUTION = say("机构申请", "by the institution")
# What a notice shows where the case is an institution's.
NOTICE_OF_INSTITUTION = (
    say("公开的只有：机构名称、所在地、事项和起止日期。",
        "Shown to the public: the institution, its place, the item and the days. Nothing else."),
    say("公示期满没有异议的，自动转入下一环节。",
        "When the days are over and nobody has objected, the case goes on by itself."),
)  # fmt: skip

ACTS: Mapping[str, Word] = {
    "pass": Word(
        say("办理完成", "Done"),
        say("已办理，转入下一环节。", "Done; the case goes on."),
        is_first=True,
    ),
    "publish": Word(
        say("开始公示", "Publish the notice"),
        say("已开始公示。", "The notice runs."),
        (
            say("公开的只有：隐去部分的姓名、村（社区）、事项和起止日期。",
                "Shown to the public: the partly masked name, the village, the item and the days. Nothing else."),
            say("公示期满没有异议的，自动转入下一环节。",
                "When the days are over and nobody has objected, the case goes on by itself."),
        ),
        is_first=True,
    ),
    "return": Word(
        say("退回补正", "Return for mending"),
        say("已退回，等待申请人补正。", "Returned; it waits for the applicant."),
        (
            say("申请人会看到需要补正的内容。请写清缺什么、怎么补。",
                "The applicant reads what you write: say what is missing and how to mend it."),
            say("本环节的时限暂停，补正后继续计算。", "The clock of this step stands still until it is mended."),
        ),
    ),
    "refuse": Word(
        say("不予同意", "Refuse"),
        say("已作出不予同意的决定，接着告知申请人。", "Refused; next the applicant is informed."),
        (
            say("申请人会看到理由、依据的条款和救济途径。",
                "The applicant reads the reason, the clause and the way to appeal."),
            say("决定作出后不能撤回，只能由申诉改变。", "It cannot be taken back; only an appeal can change it."),
        ),
        is_harmful=True,
    ),
    "answer": Word(
        say("答复异议", "Answer the objection"),
        say("已答复。", "Answered."),
        (say("属实的，本次公示终止，退回重新审核。", "If it is right, the notice ends and it is verified again."),),
        is_first=True,
    ),
    "resubmit": Word(
        say("登记已补正", "Record that it was mended"),
        say("已登记补正，继续办理。", "Recorded; the case goes on."),
        is_first=True,
    ),
    "confirm": Word(
        say("登记本人确认", "Record the person’s yes"),
        say("已登记确认，开始办理。", "Recorded; the case begins."),
        is_first=True,
    ),
    "withdraw": Word(
        say("撤回", "Withdraw"),
        say("已撤回，办件终止。", "Withdrawn; the case has ended."),
        (
            say("撤回后该件终止，需要时可以重新提出。", "The case ends; it can be asked for anew later."),
            say("须是申请人本人或其代办人的意思。", "It must be the wish of the applicant."),
        ),
        is_harmful=True,
    ),
    "lapse": Word(
        say("因逾期未补正终止", "End it, as nothing was mended"),
        say("已终止。", "Ended."),
        (say("申请人的期限已过。终止后可以重新提出。", "The applicant’s time is over. It can be asked for anew."),),
        is_harmful=True,
    ),
    "hand_over": Word(
        say("移交", "Hand over"),
        say("已移交。", "Handed over."),
        (
            say("同一县（市、区）内移交，环节不变；移交到其他县的，从第一个环节重新办理。",
                "Within the county it keeps its step; in another one it begins again at the first."),
        ),
    ),
    "object": Word(
        say("代为登记异议", "Take down an objection"),
        say("已登记异议，须答复后才能继续。", "Taken down; it must be answered before the case goes on."),
        (say("联系方式加密保存，查看会留痕。", "How to reach them is kept sealed, and every look at it is recorded."),),
    ),
    "appeal": Word(say("提出申诉", "Appeal"), say("已提出申诉。", "The appeal is lodged.")),
    "complain": Word(say("提出投诉", "Complain"), say("已登记投诉。", "The complaint is lodged.")),
}  # fmt: skip
