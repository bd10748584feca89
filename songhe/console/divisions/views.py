"""The divisions as of a day, from the top down, and each with its history."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.console.divisions.forms import AsOf
from songhe.console.divisions.kinds import kinds_for
from songhe.console.divisions.life import crumbs, kin_of, life_of
from songhe.console.page import actions_held, show, staff
from songhe.console.places import matching, written
from songhe.divisions.models import Division, Level
from songhe.divisions.queries import Node, Tree, history, tree_on
from songhe.registry.headcount import headcounts, latest

_SUGGESTED = 20


def _day(request: HttpRequest) -> tuple[AsOf, dt.date]:
    form = AsOf(request.GET if "day" in request.GET else {"day": ""})
    today = timezone.localdate()
    return form, (form.cleaned_data["day"] or today) if form.is_valid() else today


@staff(Action.DIVISION_READ)
def division_tree(request: HttpRequest) -> HttpResponse:
    """What lies on top of the user's reach."""
    form, day = _day(request)
    tree, within = tree_on(day), divisions_for(request.user, Action.DIVISION_READ)
    tops = [node for node in tree if node.id in within and node.parent not in within]
    context = {"form": form, "day": day, **_below(request, tree, tops)}
    return show(request, "divisions/tree.html", context, status=422 if form.errors else 200)


@staff(Action.DIVISION_READ)
def division_page(request: HttpRequest, division_id: int) -> HttpResponse:
    within = divisions_for(request.user, Action.DIVISION_READ)
    if division_id not in within or not Division.objects.filter(pk=division_id).exists():
        raise Http404
    form, day = _day(request)
    tree, episodes = tree_on(day), history(division_id)
    node = tree.get(division_id)
    changeable = Action.DIVISION_CHANGE in actions_held(request) and division_id in tree_on()
    context = {
        "form": form,
        "day": day,
        "node": node,
        "last": episodes[-1].node,
        "level": Level(episodes[-1].node.level).label,
        "crumbs": crumbs(tree, division_id, within),
        "life": life_of(episodes),
        "kin": kin_of(division_id),
        "counts": headcounts(request.user, division_id),
        "kinds": kinds_for(episodes[-1].node) if changeable else (),
        "division_id": division_id,
        **_below(request, tree, tree.children(division_id) if node else ()),
    }
    return show(request, "divisions/division.html", context, status=422 if form.errors else 200)


def _below(request: HttpRequest, tree: Tree, nodes: Any) -> dict[str, Any]:
    measured, people = latest(request.user, [node.id for node in nodes])
    rows = [_row(tree, node, people) for node in nodes]
    return {"rows": rows, "measured": measured, "is_today": tree is tree_on()}


def _row(tree: Tree, node: Node, people: dict[int, int]) -> dict[str, Any]:
    below = len(tree.subtree([node.id])) - 1
    return {"node": node, "level": Level(node.level).label, "below": below, "people": people.get(node.id)}


@staff(Action.DIVISION_READ)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Options for the field that is being typed into, whatever its name."""
    tree, text = tree_on(), "".join(next(iter(request.GET.values()), "").split())
    within = divisions_for(request.user, Action.DIVISION_READ)
    found = islice(matching(tree, within, text), _SUGGESTED) if text else ()
    options = [written(tree, node) for node in found]
    return render(request, "console/divisions/_suggestions.html", {"options": options})
