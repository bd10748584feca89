"""What whoever handles an institution's subsidy sees beside the papers: the sum, whose it is, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.casework.domain.subsidies import answer_for
from songhe.casework.models import Case
from songhe.casework.subjects import organisation_of
from songhe.common import clock
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import Organisation
from songhe.organisations.queries import account_of
from songhe.organisations.subsidies import MONTHLY, ONCE, Answer
from songhe.payment.domain.from_subsidies import granting, is_claimed

_PERIODS = {ONCE: say("一次性", "once"), MONTHLY: say("每月", "a month")}
_YEARLY = say("每年", "a year")


@dataclass(frozen=True)
class Subsidy:
    """Today's answer, what was decided, and what is to be done next."""

    answer: Answer
    decided: Text | None
    next: Text | None


def subsidy_of(user: User, case: Case) -> Subsidy | None:
    """None where the case is about no subsidy, or its package is gone."""
    try:
        answer = answer_for(case, clock.today())
    except OrganisationError:
        return None
    organisation = organisation_of(case)
    if answer is None or organisation is None:
        return None
    return Subsidy(answer, _decided(case), _next(user, case, organisation))


def _decided(case: Case) -> Text | None:
    """What was granted, as it was decided then: later facts change what a month is worth, not this."""
    if (act := granting(case)) is None:
        return None
    period = _PERIODS.get(act.details["period"], _YEARLY)
    if (fen := act.details["fen"]) is None:
        return say(f"{act.on}同意，当时没有可付的金额。", f"Granted on {act.on}, with no sum that could be paid.")
    return say(
        f"{act.on}同意：{period.zh}{format_yuan(fen)}。", f"Granted on {act.on}: {format_yuan(fen)} {period.en}."
    )


def _next(user: User, case: Case, organisation: Organisation) -> Text | None:
    if case.outcome != "granted" or case.division_id not in divisions_for(user, Action.PAYMENT_MAKE):
        return None
    if (act := granting(case)) is not None and act.details["period"] == ONCE and is_claimed(case):
        return None
    if account_of(organisation) is None:
        return say(
            "接着在机构页面登记并复核收款账户，再入账。",
            "Next, at the institution's page: an account, confirmed; then into the ledger.",
        )
    return say("接着在机构页面入账。", "Next, at the institution's page: into the ledger.")
