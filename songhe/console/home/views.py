"""The first page after signing in: who one is here, and what there is to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.accounts.models import Role
from songhe.accounts.roles import label_of
from songhe.accounts.scope import grants_of
from songhe.console.home.waiting import tiles
from songhe.console.page import actions_held, show, staff
from songhe.console.places import names_of


@staff()
def home(request: HttpRequest) -> HttpResponse:
    grants = list(grants_of(request.user).order_by("role", "division_id"))
    names = names_of(grant.division_id for grant in grants)
    held = [
        {"role": label_of(Role(grant.role)), "place": names.get(grant.division_id, ""), "until": grant.valid_to}
        for grant in grants
    ]
    return show(request, "home.html", {"held": held, "tiles": tiles(request.user, actions_held(request))})
