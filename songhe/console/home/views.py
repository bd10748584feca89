"""The first page after signing in: who one is here, and what there is to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from songhe.accounts.scope import grants_of
from songhe.console.page import show, staff
from songhe.divisions.queries import tree_on


@staff()
def home(request: HttpRequest) -> HttpResponse:
    tree = tree_on(timezone.localdate())
    held = [
        {"role": grant.get_role_display(), "place": tree.full_name(grant.division_id), "until": grant.valid_to}
        for grant in grants_of(request.user).order_by("role", "division_id")
        if grant.division_id in tree
    ]
    return show(request, "home.html", {"held": held})
