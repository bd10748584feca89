"""What kinds, states, outcomes and ways of asking are called in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from songhe.casework.models import How, Kind, Outcome, State
from songhe.common.text import Text, say


def _both(choices: Any, english: Mapping[str, str]) -> dict[str, Text]:
    return {value: say(zh, english[value]) for value, zh in choices.choices}


KINDS = _both(
    Kind,
    {
        "benefit_application": "Application for a benefit",
        "institution_subsidy": "Subsidy of an institution",
        "assessment_request": "Ability assessment",
        "referral": "Referral",
        "heirs_claim": "Claim of heirs",
        "appeal": "Appeal",
        "complaint": "Complaint",
    },
)
STATES = _both(
    State,
    {
        "running": "in hand",
        "invited": "waits for the person’s yes",
        "returned": "returned for mending",
        "closed": "closed",
    },
)
OUTCOMES = _both(
    Outcome,
    {
        "": "undecided",
        "granted": "granted",
        "refused": "refused",
        "withdrawn": "withdrawn",
        "lapsed": "not mended in time",
        "died": "ended by death",
    },
)
HOWS = _both(
    How,
    {
        "self": "by the person",
        "family": "by family",
        "village": "by the village, on behalf",
        "system": "offered or invited",
        "taken_over": "had before the platform",
    },
)
DUTIES = {
    "maker": say("经办", "maker"),
    "checker": say("审核", "checker"),
    "approver": say("审批", "approver"),
}
