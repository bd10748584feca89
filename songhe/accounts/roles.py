"""Which role may do what. A role reaches its division and everything below it, and nothing else."""

# Django brings no types: mypy takes the members of Role for tuples.
# mypy: disable-error-code="dict-item"

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from songhe.accounts.actions import Action as A
from songhe.accounts.models import Role
from songhe.common.text import Text

_TOWN = frozenset(
    {
        A.PERSON_READ,
        A.PERSON_WRITE,
        A.PERSON_REVEAL,
        A.DUPLICATE_SETTLE,
        A.CONFLICT_SETTLE,
        A.CASE_READ,
        A.CASE_OPEN,
        A.CASE_ACCEPT,
        A.CASE_VERIFY,
        A.RUN_READ,
        A.ENTITLEMENT_READ,
        A.QUALITY_READ,
        A.PAYMENT_READ,
        A.ORGANISATION_READ,
        A.CODE_GIVE,
        A.DIVISION_READ,
    }
)
_SEE_PLANS = frozenset({A.ESTATE_READ, A.INDICATOR_READ, A.PLAN_READ, A.REPORT_READ})
_TELL_PLANS = _SEE_PLANS | {A.ESTATE_WRITE, A.INDICATOR_ENTER, A.PLAN_REPORT}
_PLANS = _TELL_PLANS | {
    A.INDICATOR_CONFIRM,
    A.INDICATOR_DEFINE,
    A.PLAN_CONFIRM,
    A.REPORT_MAKE,
    A.REPORT_PUBLISH,
}
_PAYMENT = frozenset({A.PAYMENT_MAKE, A.PAYMENT_CHECK, A.PAYMENT_APPROVE})
_CASES = frozenset({A.CASE_ASSESS, A.CASE_APPROVE, A.CASE_REVIEW})
_RUN = frozenset({A.RUN_MAKE, A.RUN_ANSWER, A.RUN_ACCEPT, A.RECOVERY_SETTLE})
_BUREAU = frozenset({A.PERSON_EXPORT, A.IMPORT_RUN, A.SNAPSHOT_WRITE, A.USER_READ, A.USER_MANAGE})
_ORGANISATIONS = frozenset({A.ORGANISATION_WRITE})
_COUNTY = _TOWN | _PAYMENT | _CASES | _RUN | _BUREAU | _ORGANISATIONS | _PLANS

ACTIONS: Mapping[Role, frozenset[A]] = MappingProxyType(
    {
        Role.CITY_BUREAU: _COUNTY | {A.DIVISION_CHANGE, A.AUDIT_READ},
        Role.COUNTY_BUREAU: _COUNTY,
        Role.TOWN_CLERK: _TOWN | _TELL_PLANS,
        Role.VILLAGE_WORKER: frozenset(
            {
                A.PERSON_READ,
                A.PERSON_WRITE,
                A.CASE_READ,
                A.CASE_OPEN,
                A.ENTITLEMENT_READ,
                A.QUALITY_READ,
                A.CODE_GIVE,
                A.DIVISION_READ,
            }
        ),
        Role.ASSESSOR: frozenset({A.PERSON_READ, A.CASE_READ, A.CASE_ASSESS, A.DIVISION_READ}),
        # They serve some people of a division, not all of them: the register stays closed to them.
        Role.PROVIDER: frozenset({A.DIVISION_READ}),
        Role.INSTITUTION: frozenset({A.DIVISION_READ}),
        Role.AUDITOR: frozenset(
            {
                A.PERSON_READ,
                A.CASE_READ,
                A.RUN_READ,
                A.ENTITLEMENT_READ,
                A.QUALITY_READ,
                A.PAYMENT_READ,
                A.ORGANISATION_READ,
                A.DIVISION_READ,
                A.USER_READ,
                A.AUDIT_READ,
            }
        )
        | _SEE_PLANS,
        # A unit with tasks of the plan: sees no person.
        Role.DEPARTMENT: _TELL_PLANS | {A.ORGANISATION_READ, A.DIVISION_READ},
        # Keeps the machines running and sees nobody's data.
        Role.TECHNICIAN: frozenset({A.QUALITY_READ, A.DIVISION_READ, A.USER_READ}),
        # A machine: sees the telephone and text of what it sends, and nothing else.
        Role.GATEWAY: frozenset({A.MESSAGE_SEND}),
    }
)

# Who manages users may give these roles, within the divisions reached.
GRANTABLE: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.CITY_BUREAU: frozenset(Role),
        Role.COUNTY_BUREAU: frozenset(Role) - {Role.CITY_BUREAU, Role.AUDITOR, Role.TECHNICIAN, Role.GATEWAY},
    }
)

# A password alone does not open what these reach.
SECOND_FACTOR = frozenset({Role.CITY_BUREAU, Role.COUNTY_BUREAU})


def label_of(role: Role) -> Text:
    """The role in both languages."""
    return Text(zh=str(role.label), en=role.value.replace("_", " ").capitalize())


def roles_for(action: str) -> frozenset[Role]:
    """The roles that may do something; ValueError for an action that there is not."""
    wanted = A(action)
    return frozenset(role for role, actions in ACTIONS.items() if wanted in actions)
