"""How an item is paid: by the month, or once, and from which month on a grant pays; no database is asked."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import yaml

from songhe.policy.rule import Rule
from songhe.policy.schema import Entitlement, PaidFrom

Rhythm = Literal["monthly", "once", "once_a_household"]

# Of a sum by the occasion, or by the month and household, a condition alone does not say how often or to whom.
_RHYTHMS: dict[str, Rhythm] = {
    "元/月": "monthly",
    "元/月/人": "monthly",
    "元/人/月": "monthly",
    "元": "once",
    "元/人": "once",
    "元/户": "once_a_household",
}


def rhythm(rule: Rule) -> Rhythm | None:
    """None where the unit does not say how often a sum is paid: the run counts the item and does not pay it."""
    return _RHYTHMS.get((rule.amount.unit or "").replace(" ", ""))


def is_monthly(rule: Rule) -> bool:
    return rhythm(rule) == "monthly"


def is_once(rule: Rule) -> bool:
    return rhythm(rule) in ("once", "once_a_household")


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
