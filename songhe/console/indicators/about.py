"""Everything about one indicator in a division: its targets, months, what lies below, what was said, the clauses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.days import write_day
from songhe.common.text import Text, say
from songhe.console.indicators.rows import Row, goal_of, rows, value_of, worst_first
from songhe.console.indicators.spot import NOW, THEN, Spot
from songhe.console.indicators.words import ANSWERS, BOUNDS, DIRECTIONS, OUTCOMES, SIDES, STATES, part_name
from songhe.console.places import names_of
from songhe.decision.indicator import Judgement
from songhe.divisions.queries import passages, tree_on
from songhe.indicators.entered import computation_behind, laid_down, said_of
from songhe.indicators.models import Definition
from songhe.indicators.queries import Point, Standing, by_child, standings, trend
from songhe.indicators.records import sides_of
from songhe.pages.charts import Mark, Trend
from songhe.plan.kin import tasks_about
from songhe.policy.schema import Indicator

_SHOWN = 20


def about(request: HttpRequest, spot: Spot, indicator: Indicator) -> dict[str, Any]:
    assert spot.package is not None
    user, package, place = request.user, spot.package, spot.node.id
    beside = [other.id for other in package.beside(indicator.id)]
    found = {
        one.indicator.id: one
        for one in standings(user, package, place, spot.day, tree=spot.tree, only=(indicator.id, *beside))
    }
    standing = found[indicator.id]
    points = trend(user, package, indicator.id, place, spot.day)
    others = [found[id] for id in beside if id in found]
    return {
        "spot": spot,
        "indicator": indicator,
        "standing": standing,
        "row": Row(standing, ""),
        "judged": [_judged(one) for one in standing.judgements],
        "others": rows(spot, others),
        "clauses": [package.clauses[id] for id in _clauses(standing, others) if id in package.clauses],
        "conflicts": package.conflicts_of(indicator.clauses),
        "open_parts": [part_name(name) for name in standing.open_parts],
        "definitions": _definitions(user, spot, indicator),
        "chart": _chart(indicator, points, standing),
        "points": list(reversed(points)),
        "answers": ANSWERS,
        "below": _below(request, spot, indicator),
        "figures": [
            (one, *OUTCOMES[one.outcome]) for one in said_of(user, package.layers, indicator.id, place)[:_SHOWN]
        ],
        "computation": _computation(user, standing),
        "sides": _sides(spot, standing),
        "may": _may(request, place),
        "trees": _trees(request, spot, standing),
        "tasks": tasks_about(user, package, indicator, place, spot.day),
    }


def _judged(one: Judgement) -> dict[str, Any]:
    return {
        "goal": goal_of(one),
        "value": value_of([one]),
        "answer": ANSWERS[one.answer],
        "by": one.target.by,
        "wording": one.target.wording,
        "soft": one.soft,
        "is_due": one.is_due,
        "why": one.why,
        "failing": one.failing,
        "dips": one.dips,
    }


def _clauses(standing: Standing, others: list[Standing]) -> list[str]:
    cited = [clause for one in standing.judgements for clause in one.clauses] or list(standing.indicator.clauses)
    cited += [clause for other in others for clause in other.indicator.clauses]
    return list(dict.fromkeys(cited))


def _chart(indicator: Indicator, points: list[Point], standing: Standing) -> Trend | None:
    """The months as a line, in the unit of the first target."""
    if len(points) < 2 or not standing.judgements:
        return None
    first = standing.judgements[0]
    marks = [Mark(f"{point.day:%Y-%m}", point.value, state=STATES[point.answer]) for point in points]
    goals = [one.goal for one in standing.judgements if one.goal.value is not None]
    targets = [Mark(say("目标", "target"), goal.value, goal.written) for goal in goals]
    return Trend(
        name="months",
        title=say("逐月", "Month by month"),
        about=indicator.name,
        column=say("月份", "Month"),
        marks=marks,
        targets=targets,
        unit=first.goal.unit or "",
    )


def _below(request: HttpRequest, spot: Spot, indicator: Indicator) -> list[tuple[Any, Row]]:
    assert spot.package is not None
    found = by_child(request.user, spot.package, indicator.id, spot.node.id, spot.day, tree=spot.tree)
    return [(node, Row(one, _page_of(spot, node.id, one))) for node, one in worst_first(found)]


def _page_of(spot: Spot, division: int, standing: Standing) -> str:
    return reverse("console:indicator", args=[division, standing.package.id, standing.indicator.id]) + spot.query


def _definitions(user: Any, spot: Spot, indicator: Indicator) -> list[dict[str, Any]]:
    assert spot.package is not None
    around = [node.id for node in spot.shown.path(spot.node.id)]
    found = laid_down(user, spot.package.layers, indicator.id, around)
    return [{"row": one, "parts": parts_of(one), "outcome": OUTCOMES[one.outcome]} for one in found]


def parts_of(definition: Definition) -> list[tuple[Text, Text]]:
    """What is laid down, part by part, in words."""
    return [(part_name(name), _said(name, value)) for name, value in definition.parts.items()]


def _said(name: str, value: Any) -> Text:
    if isinstance(value, dict):
        return Text(**value)
    words = {"direction": DIRECTIONS, "bound": BOUNDS}.get(name, {})
    return words.get(value) or say(str(value), str(value))


def _computation(user: Any, standing: Standing) -> Any:
    if standing.held is None or standing.held.computation is None:
        return None
    return computation_behind(user, standing.node.id, standing.held.computation)


def _sides(spot: Spot, standing: Standing) -> list[tuple[str, Text]]:
    """Which of its numbers lead to records: of figures counted, as then."""
    if standing.held is None or standing.held.computation is None or spot.tree == NOW:
        return []
    return [(side, SIDES[side]) for side in sides_of(standing.package.id, standing.indicator.id)]


def _may(request: HttpRequest, place: int) -> dict[str, bool]:
    wanted = {
        "enter": Action.INDICATOR_ENTER,
        "confirm": Action.INDICATOR_CONFIRM,
        "define": Action.INDICATOR_DEFINE,
    }
    return {name: place in divisions_for(request.user, action) for name, action in wanted.items()}


def _trees(request: HttpRequest, spot: Spot, standing: Standing) -> dict[str, Any] | None:
    """Both counts side by side where the divisions have changed since, with what happened to them."""
    day = standing.reading_day
    if day is None or tree_on(day) is tree_on():
        return None
    other = THEN if spot.tree == NOW else NOW
    if spot.node.id not in (tree_on(spot.day) if other == THEN else tree_on()):
        return None
    assert spot.package is not None
    only = (standing.indicator.id,)
    found = standings(request.user, spot.package, spot.node.id, spot.day, tree=other, only=only)[0]
    pair = {spot.tree: Row(standing, ""), other: Row(found, "")}
    inside = {child.id: child.name for tree in (tree_on(day), tree_on()) for child in tree.children(spot.node.id)}
    inside[spot.node.id] = spot.node.name
    happened = [
        (write_day(step.on), inside.get(step.before) or _name(step.before), inside.get(step.after) or _name(step.after))
        for step in dict.fromkeys(step for id in inside for step in passages(id))
        if step.on > day
    ]
    return {"then": pair[THEN], "now": pair[NOW], "day": day, "happened": happened[:_SHOWN]}


def _name(division: int) -> str:
    return names_of([division]).get(division, "—")
