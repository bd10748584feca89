"""From an accepted month to the ledger: which runs are there, and what each asks of which fund."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.words import fund_name, item_name, package_of
from songhe.console.places import names_of
from songhe.entitlement.models import Run, State
from songhe.pages.keyset import window
from songhe.payment.domain.from_runs import admit_run, admitted, borne, entries_of
from songhe.payment.dues import borne_of, sums_by_item
from songhe.payment.errors import PaymentError
from songhe.policy.package import Package

_GONE = say(
    "核定所用的政策包已不在或已更改，不能入账。请恢复核定时的政策包。",
    "The package that decided is gone or changed: put it back as it was, and the run can be admitted.",
)
_ACCEPTED = Run.objects.filter(state=State.ACCEPTED, line_count__gt=0)


@staff(Action.PAYMENT_READ)
def run_list(request: HttpRequest) -> HttpResponse:
    runs = visible(_ACCEPTED.all(), request.user, Action.PAYMENT_READ)
    page = window(runs, by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    entries, places = entries_of(page.rows), names_of(run.county_id for run in page.rows)
    rows = [
        {"run": run, "place": places[run.county_id], "month": _month(run.month), "entry": entries.get(run.pk)}
        for run in page.rows
    ]
    return show(request, "payments/runs.html", {"window": page, "rows": rows})


def _month(number: int) -> str:
    return f"{number // 100}-{number % 100:02d}"


@staff(Action.PAYMENT_MAKE, methods=READ_AND_WRITE)
def run_page(request: HttpRequest, admission_id: UUID) -> HttpResponse:
    """What the run would bring, item by item and fund by fund; then it is brought."""
    run = get_object_or_404(visible(_ACCEPTED.all(), request.user, Action.PAYMENT_MAKE), public_id=admission_id)
    package, form = package_of(run.package_hash), Form(given(request))
    if form.is_valid() and package is not None:
        with telling(form):
            made = admit_run(by=request.user, run=run, package=package)
            text = say(f"已入账{made.new}项应付应追回。", f"{made.new} claims admitted.")
            return done(request, text, reverse("console:admissions"))
    context = {
        "run": run,
        "month": _month(run.month),
        "place": names_of([run.county_id]).get(run.county_id, ""),
        "form": form,
        "is_there": admitted(run),
        **_asked(run, package),
    }
    return show(request, "payments/run.html", context, status=422 if form.is_bound else 200)


def _asked(run: Run, package: Package | None) -> dict[str, Any]:
    """The sums by item and fund; without who bears them the items alone, and what is lacking."""
    items = [
        {"name": item_name(item, package), "fen": fen, "item": item} for item, fen in sorted(sums_by_item(run).items())
    ]
    if package is None or package.hash != run.package_hash:
        return {"items": items, "obstacle": _GONE}
    try:
        rows = borne_of(run, borne(run))
    except PaymentError as error:
        return {"items": items, "obstacle": _said(error), "lacks_sources": True}
    shown = [{"at": one, "fund": fund_name(one.fund), "name": item_name(one.item, package)} for one in rows]
    return {"rows": shown, "total": sum(one.fen for one in rows)}


def _said(error: PaymentError) -> Text:
    return say(error.zh, error.en)
