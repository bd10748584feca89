"""People a run found entitled who never applied (主动发现): offered without a form, or invited, as the item says."""

from __future__ import annotations

from songhe.accounts.models import User
from songhe.accounts.scope import Action, require
from songhe.casework.domain.offers import Offered, offer_many
from songhe.entitlement.errors import RunError
from songhe.entitlement.inviting import to_be_asked
from songhe.entitlement.models import Run, State
from songhe.policy.package import Package


def offer_found(*, run: Run, package: Package | None, by: User) -> dict[str, Offered]:
    """A case for everybody whom `to_be_asked` names: item → what came of it. Doing it twice opens no more.

    `package` is that of the run, None when it is not there any more. Raises RunError before the run is accepted,
    OutOfScope without the right.
    """
    require(by, Action.RUN_ACCEPT, run)
    if run.state != State.ACCEPTED:
        raise RunError("请先采用此次核定。", "Accept the run first.")
    asked = to_be_asked(run, package)
    return {item: offer_many(package=run.package, item=item, people=people) for item, people in asked.items()}
