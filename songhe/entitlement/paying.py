"""How an item is paid: by the month, or once, and from which month on a grant pays; no database is asked."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from songhe.policy.rhythm import is_once, rhythm
from songhe.policy.rule import Rule
from songhe.policy.schema import Entitlement, PaidFrom


def needs_grant(rule: Rule) -> bool:
    """Whether nobody is paid without a case that was granted; what is paid once always needs one."""
    return rule.entitlement.delivery != "offer" or is_once(rule)


def paid_from(entitlement: Entitlement) -> PaidFrom:
    """From which month on a grant of the item pays: as its package says, or by the convention of the platform."""
    return entitlement.paid_from or _convention()


@cache
def _convention() -> PaidFrom:
    text = resources.files("songhe.entitlement").joinpath("grants.yaml").read_text(encoding="utf-8")
    return PaidFrom.model_validate(yaml.safe_load(text)["paid_from"])


_DELIVERIES = {
    "offer": "免申即享 without an application",
    "invite": "受邀确认并批准后 once granted, by invitation",
    "apply": "申请并批准后 once granted, on application",
}
_MONTHS = {
    "applied": "自申请当月 from the month of the application",
    "decided": "自批准当月 from the month of the decision",
    "after_decided": "自批准次月 from the month after the decision",
}


def show_paying(rule: Rule) -> str:
    """How an item reaches people and from which month on, with what says so, for a terminal."""
    how = _DELIVERIES[rule.entitlement.delivery]
    if rhythm(rule) is None:
        return f"{how}；没有写按月还是一次，不由系统发放 the unit does not say how often"
    if is_once(rule):
        how = _DELIVERIES["apply"] if rule.entitlement.delivery == "offer" else how
        return f"{how}；批准当月一次 once, in the month of the decision"
    if not needs_grant(rule):
        return how
    start = paid_from(rule.entitlement)
    why = "、".join(start.clauses) or (start.because.zh if start.because else "")
    return f"{how}；{_MONTHS[start.month]}（{why}）"
