"""Entering a figure with its evidence, and settling what others entered."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, never_stored, telling
from songhe.console.indicators.forms import Figures, Settling
from songhe.console.indicators.spot import indicator_of, spot_of
from songhe.console.indicators.units import units_of
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.indicators.domain.entering import enter, is_free
from songhe.indicators.domain.settling import settle_figure
from songhe.indicators.entered import evidence_for, figures_for, waiting_in
from songhe.indicators.evidence import opened
from songhe.indicators.months import last_month_end
from songhe.policy.load import load_package

_SHOWN = 100


@staff(Action.INDICATOR_ENTER, methods=READ_AND_WRITE)
def enter_one(request: HttpRequest, division_id: int, package: str, indicator: str) -> HttpResponse:
    spot = spot_of(request, division_id, package, Action.INDICATOR_ENTER)
    one = indicator_of(spot, indicator)
    form = Figures(given(request), request.FILES or None, initial={"day": last_month_end()})
    if form.is_valid():
        with telling(form):
            asked = dict(form.cleaned_data)
            file = asked.pop("file")
            enter(
                by=request.user,
                package=spot.package,
                indicator=one.id,
                division=division_id,
                files=[(file.name, file.file)] if file else [],
                units=units_of(request.user),
                **asked,
            )
            text = say("已填报，待另一人复核。", "It is entered; another person has to confirm it.")
            return done(request, text, spot.page_of(one.id))
    rule = spot.package.computed.get(one.id) if spot.package else None
    context = {
        "spot": spot,
        "indicator": one,
        "form": form,
        "rule": rule,
        "is_free": is_free(request.user, division_id),
        "units": [*one.responsible, *one.cooperating],
    }
    return show(request, "indicators/enter.html", context, status=422 if form.is_bound else 200)


@staff(Action.INDICATOR_READ)
def waiting(request: HttpRequest, division_id: int) -> HttpResponse:
    """What waits for a second person in a division and below."""
    spot = spot_of(request, division_id)
    figures, definitions = waiting_in(request.user, division_id)
    some, others = list(figures[:_SHOWN]), list(definitions[:_SHOWN])
    names = names_of(one.division_id for one in [*some, *others])
    context = {
        "spot": spot,
        "figures": [(one, _name(one.package, one.indicator), names.get(one.division_id, "")) for one in some],
        "definitions": [(one, _name(one.package, one.indicator), names.get(one.division_id, "")) for one in others],
        "own": request.user.pk,
        "number": figures.count() + definitions.count(),
        "most": _SHOWN,
    }
    return show(request, "indicators/waiting.html", context)


@staff(Action.INDICATOR_CONFIRM, methods=READ_AND_WRITE)
def settle(request: HttpRequest, figure: UUID) -> HttpResponse:
    row = get_object_or_404(
        figures_for(request.user).filter(division__in=divisions_for(request.user, Action.INDICATOR_CONFIRM)),
        public_id=figure,
    )
    form = Settling(given(request))
    back = reverse("console:figures-waiting", args=[row.division_id])
    if form.is_valid():
        with telling(form):
            settle_figure(by=request.user, figure=row, reason=form.cleaned_data["reason"])
            text = say("已复核。", "It is confirmed.") if row.counts else say("已退回。", "It is returned.")
            return done(request, text, back)
    context = {
        "row": row,
        "name": _name(row.package, row.indicator),
        "place": names_of([row.division_id]).get(row.division_id, ""),
        "form": form,
        "back": back,
        "own": request.user.pk,
    }
    return show(request, "indicators/settle.html", context, status=422 if form.is_bound else 200)


@staff(Action.INDICATOR_READ)
def evidence_file(request: HttpRequest, evidence: UUID) -> HttpResponse:
    """The file as it was handed in; each look leaves a line."""
    row = get_object_or_404(evidence_for(request.user), public_id=evidence)
    append(
        user=request.user,
        action="indicator.evidence_read",
        subject_kind="figure",
        subject_id=str(row.figure.public_id),
        division=row.figure.division_id,
        details={"indicator": row.figure.indicator, "file": row.name},
    )
    return never_stored(FileResponse(opened(row), as_attachment=True, filename=row.name))


def _name(package: str, indicator: str) -> object:
    found = load_package(package).indicators.get(indicator)
    return found.name if found else say(indicator, indicator)
