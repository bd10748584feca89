"""What becomes of a report: it is handed up the levels, confirmed or returned, and a confirmation may be undone.

The rows are only added to. Who confirms or returns is neither who reported nor who handed it up.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.plan.domain.reporting import tell
from songhe.plan.errors import PlanError
from songhe.plan.models import Act, Report
from songhe.plan.packages import city_of
from songhe.plan.rules import may_hand_up, may_settle
from songhe.plan.undertakings import above
from songhe.policy.load import load_package

# Raises PlanError for a report that has these acts already, each with who did it.
Check = Callable[[dict[str, int]], None]


def hand_up(*, by: User, report: Report) -> Act:
    """On to the level above, by the bureau or clerk of the place. Raises OutOfScope and PlanError."""
    node, city, _tree = _place(report)
    require(by, Action.PLAN_REPORT, report)
    if node.id == city.id:
        raise PlanError("市级填报直接由市级主管部门确认，不需上报。", "A report of the city itself is not handed up.")
    if not may_hand_up(by, node, city):
        raise OutOfScope("上报由当地主管部门或经办人办理： The bureau or clerk of the place hands it up.")
    return _act(by, report, Act.Kind.HAND_UP, node.id, "", "plan.handed_up", _not_settled)


def confirm(*, by: User, report: Report, reason: str = "") -> Act:
    """What the report claims counts from now on. Raises OutOfScope, and PlanError for whoever had a hand in it."""
    place = _settling(by, report)

    def check(kinds: dict[str, int]) -> None:
        _not_settled(kinds)
        _by_another(by, report, kinds)
        _was_handed_up(report, kinds)

    return _act(by, report, Act.Kind.CONFIRM, place, reason, "plan.confirmed", check)


def send_back(*, by: User, report: Report, reason: str) -> Act:
    """The report counts for nothing; who made it makes another one. Raises PlanError without a reason."""
    place = _settling(by, report)
    if not reason.strip():
        raise PlanError("请写明退回的理由。", "Say why it is returned.")

    def check(kinds: dict[str, int]) -> None:
        _not_settled(kinds)
        _by_another(by, report, kinds)

    return _act(by, report, Act.Kind.RETURN, place, reason, "plan.returned", check)


def undo(*, by: User, report: Report, reason: str) -> Act:
    """A confirmation that was wrong: from now on the claim counts for nothing, on any day seen from today."""
    place = _settling(by, report)
    if not reason.strip():
        raise PlanError("请写明撤销的理由。", "Say why it is undone.")

    def check(kinds: dict[str, int]) -> None:
        if Act.Kind.CONFIRM not in kinds or Act.Kind.UNDO in kinds:
            raise PlanError("只能撤销已确认的进展。", "Only a confirmed report can be undone.")
        if report.reported_by_id == by.pk:
            raise PlanError("填报人不能办理自己填报的进展。", "Whoever reported cannot settle it.")

    return _act(by, report, Act.Kind.UNDO, place, reason, "plan.undone", check)


def _settling(by: User, report: Report) -> int:
    """The division in which the level above settles the report. Raises OutOfScope."""
    node, city, tree = _place(report)
    if not may_settle(by, node, city, tree):
        raise OutOfScope("确认和退回由上一级主管部门办理： The bureau of the level above settles it.")
    return above(node, city, tree).id


def _place(report: Report) -> tuple[Node, Node, Tree]:
    """Where the report was made and its city, as of today, or as of its day when the place is gone."""
    package = load_package(report.package)
    for tree in (tree_on(), tree_on(report.told_for)):
        city, node = city_of(package, tree), tree.get(report.division_id)
        if city is not None and node is not None:
            return node, city, tree
    raise PlanError("填报的区划已不存在。", "The place of the report is no more.")


def _act(by: User, report: Report, kind: str, place: int, reason: str, line: str, check: Check) -> Act:
    """One more act of a report, if it still fits when nobody else is at it."""
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        check(dict(Act.objects.filter(report=report).values_list("kind", "user_id")))
        made = Act.objects.create(
            report=report,
            kind=kind,
            division_id=place,
            reason=reason.strip(),
            reporter_id=report.reported_by_id,
            user=by,
        )
        tell(by, line, report, {"reason": reason.strip() or None})
    return made


def _not_settled(kinds: dict[str, int]) -> None:
    if Act.Kind.CONFIRM in kinds or Act.Kind.RETURN in kinds:
        raise PlanError("此进展已确认或退回。", "The report was confirmed or returned before.")


def _by_another(by: User, report: Report, kinds: dict[str, int]) -> None:
    if report.reported_by_id == by.pk:
        raise PlanError("填报人不能确认或退回自己填报的进展。", "Whoever reported cannot confirm or return it.")
    if kinds.get(Act.Kind.HAND_UP) == by.pk:
        raise PlanError("上报人不能确认或退回自己上报的进展。", "Whoever handed it up cannot confirm or return it.")


def _was_handed_up(report: Report, kinds: dict[str, int]) -> None:
    node, city, _ = _place(report)
    if node.id != city.id and Act.Kind.HAND_UP not in kinds:
        raise PlanError("此进展还没有上报。", "The report has not been handed up yet.")
