"""The divisions as of a day, and one of them with its history."""

from __future__ import annotations

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.console.page import show, staff
from songhe.console.places import matching, written
from songhe.divisions.queries import tree_on

_SUGGESTED = 20


@staff(Action.DIVISION_READ)
def division_tree(request: HttpRequest) -> HttpResponse:
    return show(request, "divisions/tree.html", {})


@staff(Action.DIVISION_READ)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Options for the field that is being typed into, whatever its name."""
    tree, text = tree_on(), "".join(next(iter(request.GET.values()), "").split())
    within = divisions_for(request.user, Action.DIVISION_READ)
    found = islice(matching(tree, within, text), _SUGGESTED) if text else ()
    options = [written(tree, node) for node in found]
    return render(request, "console/divisions/_suggestions.html", {"options": options})
