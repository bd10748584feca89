"""People entitled to money who are not paid because nobody applied, or the application was not granted."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.domain.audit import append
from songhe.accounts.scope import Action, visible
from songhe.console.acting import never_stored
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.console.runs import paging
from songhe.console.runs.finding import item_name, package_of, run_of
from songhe.entitlement.months import shown
from songhe.entitlement.standing import STANDINGS, why_unpaid, without_grant
from songhe.registry.models import CurrentPerson

SIZE = 50


@staff(Action.RUN_READ)
def ungranted(request: HttpRequest, run_id: UUID, item: str) -> HttpResponse:
    """Of one item, with why each is not paid; those out of the user's scope are left out."""
    run = run_of(request, run_id)
    package = package_of(run)
    if package is None or item not in package.rules:
        raise Http404
    start, everybody = paging.start_of(request), without_grant(run, package, item)
    chosen = everybody[start : start + SIZE]
    people = visible(
        CurrentPerson.objects.filter(pk__in=chosen).select_related("person"), request.user, Action.ENTITLEMENT_READ
    )
    rows = list(people.order_by("pk"))
    standings = why_unpaid(run, item, [row.pk for row in rows])
    places = names_of(row.hukou_division_id or row.residence_division_id for row in rows)
    context = {
        "run": run,
        "month": shown(run.month),
        "item": item,
        "name": item_name(package, item),
        "number": len(everybody),
        "rows": [
            {
                "person": row,
                "place": places.get(row.hukou_division_id or row.residence_division_id or 0, ""),
                "standing": STANDINGS[standings[row.pk]],
            }
            for row in rows
        ],
        "window": paging.Pages(start, SIZE, start + SIZE < len(everybody)),
    }
    answer = show(request, "runs/ungranted.html", context)
    append(
        user=request.user,
        action="run.listed",
        subject_kind="run",
        subject_id=str(run.public_id),
        division=run.county_id,
        details={"month": shown(run.month), "count": len(rows)},
    )
    return never_stored(answer)
