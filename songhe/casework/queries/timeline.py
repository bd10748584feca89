"""The story of a case on one line (办理进度): for the staff in full, for whoever applied in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from songhe.casework.domain.appeals import appeal_until
from songhe.casework.models import Act, Case
from songhe.casework.queries.names import matter_of
from songhe.casework.shapes import Procedure
from songhe.casework.stored import procedure_of
from songhe.common.days import write_day
from songhe.common.text import Text, say

_V = Act.Verb
# For the staff: who did what. `{who}`, `{step}`, `{reason}` and so on are filled in; what is absent leaves no trace.
_STAFF: Mapping[str, Text] = {
    _V.OPENED: say("{who}提出{matter}", "{who} asked for {matter}"),
    _V.OFFERED: say("系统主动办理{matter}", "{matter} was begun without an application"),
    _V.INVITED: say("系统邀请本人确认{matter}", "The person was invited to {matter}"),
    _V.CONFIRMED: say("{who}确认要办", "{who} confirmed"),
    _V.PASSED: say("{who}完成“{step}”", "{who} passed {step}"),
    _V.RETURNED: say("{who}在“{step}”退回补正", "{who} returned it for mending at {step}"),
    _V.RESUBMITTED: say("{who}补正", "{who} mended it"),
    _V.REFUSED: say("{who}在“{step}”不予同意，依据{clause}", "{who} refused it at {step} under {clause}"),
    _V.PUBLISHED: say("{who}公示，至{until}", "{who} published it until {until}"),
    _V.OBJECTED: say("收到异议", "Somebody objected"),
    _V.ANSWERED: say("{who}答复异议：{verdict}", "{who} answered the objection: {verdict}"),
    _V.WITHDRAWN: say("{who}撤回", "{who} withdrew it"),
    _V.TRANSFERRED: say("{who}移交", "{who} handed it over"),
    _V.ESCALATED: say("“{step}”超过期限，系统催办", "{step} is overdue; called for"),
    _V.ENDED: say("终止：{outcome}", "Ended: {outcome}"),
    _V.TAKEN_OVER: say(
        "{who}登记平台启用前已享受{matter}，自{granted}",
        "{who} stated {matter} as granted before the platform, on {granted}",
    ),
}
# For whoever applied: no names of staff, nothing of how the office works inside.
_PLAIN: Mapping[str, Text] = {
    _V.OPENED: say("已收到您的申请：{matter}。", "We have received your request: {matter}."),
    _V.OFFERED: say("您不用申请，我们已开始为您办理：{matter}。", "You need not apply: we have begun with {matter}."),
    _V.INVITED: say("您可能可以享受：{matter}。请告诉我们您要不要。", "You may have {matter}. Please tell us."),
    _V.CONFIRMED: say("您已确认要办。", "You said yes."),
    _V.PASSED: say("“{step}”已完成。", "{step} is done."),
    _V.RETURNED: say("材料还缺一些，请补上：{reason}", "Something is missing, please add it: {reason}"),
    _V.RESUBMITTED: say("已收到您补上的材料。", "We have received what was missing."),
    _V.REFUSED: say(
        "没有同意。原因：{reason}。依据：{clause}。{way}", "It was not granted. Why: {reason}. Under: {clause}. {way}"
    ),
    _V.PUBLISHED: say("正在公示，到{until}为止。", "It is shown publicly until {until}."),
    _V.OBJECTED: say("公示期间有人提出了不同意见，正在核实。", "Somebody disagreed; it is looked into."),
    _V.ANSWERED: say("不同意见已核实：{verdict}。", "That was looked into: {verdict}."),
    _V.WITHDRAWN: say("您已撤回。", "You withdrew it."),
    _V.TRANSFERRED: say("已转到现在负责您的地方办理。", "It was handed to the place that serves you now."),
    _V.ENDED: say("已终止：{outcome}。", "It has ended: {outcome}."),
    _V.TAKEN_OVER: say("您原来享受的{matter}已转入本平台。", "{matter}, which you had before, has been taken over."),
}
_OUTCOMES: Mapping[str, Text] = {
    "lapsed": say("没有在期限内补正或确认", "not mended or answered in time"),
    "died": say("本人已去世", "the person has died"),
    "withdrawn": say("已撤回", "withdrawn"),
}
_PARTIES: Mapping[str, Text] = {
    "applicant": say("申请人", "The applicant"),
    "public": say("群众", "A member of the public"),
    "system": say("系统", "The system"),
}


@dataclass(frozen=True)
class Line:
    """One thing that happened. `late`: it was due before."""

    at: dt.datetime
    on: dt.date
    verb: str
    text: Text
    late: bool


def timeline_for_staff(case: Case) -> list[Line]:
    """Everything, oldest first, with names and reasons. Who objected stays sealed."""
    return [
        Line(act.at, act.on, act.verb, _with_reason(_filled(_STAFF[act.verb], case, act), act), _late(act))
        for act in _acts(case)
    ]


def timeline_for_applicant(case: Case) -> list[Line]:
    """What the applicant reads, oldest first, in plain words."""
    return [
        Line(act.at, act.on, act.verb, _filled(_PLAIN[act.verb], case, act), False)
        for act in _acts(case)
        if act.verb in _PLAIN
    ]


def standing(case: Case) -> Text:
    """Where the case stands now, by when, and what the applicant can do, in plain words."""
    procedure = procedure_of(case)
    if case.state == "closed":
        return _ending(case, procedure)
    due = write_day(case.due_on) if case.due_on else say("另行通知的日期", "a day to be told")
    if case.state == "returned":
        return say(f"请在{due.zh}前补上缺少的材料。", f"Please add what is missing by {due.en}.")
    if case.state == "invited":
        return say(f"请在{due.zh}前告诉我们您要不要办。", f"Please tell us by {due.en} whether you want it.")
    step = procedure.step(case.step)
    unsure = say("（未计节假日）", " (holidays not counted)") if case.due_unsure else None
    return say(
        f"{step.plain.zh}，应在{due.zh}前办完{unsure.zh if unsure else ''}。",
        f"{step.plain.en}; it should be done by {due.en}{unsure.en if unsure else ''}.",
    )


def _ending(case: Case, procedure: Procedure) -> Text:
    if case.outcome in _OUTCOMES:
        return _filled_end(_OUTCOMES[case.outcome])
    result = procedure.outcomes.granted if case.outcome == "granted" else procedure.outcomes.refused
    until = appeal_until(case)
    if until is None or case.outcome == "granted":
        return say(f"已办结：{result.zh}。", f"Finished: {result.en}.")
    day = write_day(until)
    return say(
        f"已办结：{result.zh}。如果不服，可以在{day.zh}前申诉。",
        f"Finished: {result.en}. If you do not agree, you may appeal until {day.en}.",
    )


def _filled_end(why: Text) -> Text:
    return say(f"已终止：{why.zh}。", f"Ended: {why.en}.")


def _acts(case: Case) -> list[Act]:
    return list(case.history.select_related("user").order_by("number"))


def _filled(pattern: Text, case: Case, act: Act) -> Text:
    words = _words(case, act)
    return say(
        pattern.zh.format(**{name: text.zh for name, text in words.items()}),
        pattern.en.format(**{name: text.en for name, text in words.items()}),
    )


def _words(case: Case, act: Act) -> dict[str, Text]:
    procedure = procedure_of(case)
    until = act.details.get("to") if act.verb == _V.PUBLISHED else None
    verdict = say("属实，重新审核", "it was right, and the case is verified again")
    return {
        "who": _who(act),
        "matter": matter_of(case),
        "step": procedure.step(act.step).name if act.step else procedure.name,
        "reason": _same(act.reason or "—"),
        "clause": _same(act.clause or "—"),
        "way": _way(procedure, act),
        "until": write_day(dt.date.fromisoformat(until)) if until else _same("—"),
        "verdict": verdict if act.details.get("upheld") else say("不属实", "it was not right"),
        "granted": write_day(case.decided_on) if case.decided_on else _same("—"),
        "outcome": _OUTCOMES.get(case.outcome, _same("—")),
    }


def _way(procedure: Procedure, act: Act) -> Text:
    """In both languages when it is the procedure's own; otherwise as it was written."""
    own = procedure.appeal.way if procedure.appeal else None
    return own if own is not None and own.zh == act.way_to_appeal else _same(act.way_to_appeal or "—")


def _who(act: Act) -> Text:
    return _same(act.user.display_name) if act.user else _PARTIES[act.party]


def _with_reason(text: Text, act: Act) -> Text:
    return say(f"{text.zh}：{act.reason}", f"{text.en}: {act.reason}") if act.reason else text


def _late(act: Act) -> bool:
    return act.ends and act.due_on is not None and act.on > act.due_on


def _same(text: str) -> Text:
    return say(text, text)
