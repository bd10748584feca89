"""Laying down what a document leaves open, and settling what another laid down."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.indicators.about import parts_of
from songhe.console.indicators.forms import Parts, Settling
from songhe.console.indicators.spot import indicator_of, spot_of
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.decision.openness import open_parts
from songhe.indicators.domain.defining import define
from songhe.indicators.domain.settling import settle_definition
from songhe.indicators.entered import definitions_for
from songhe.policy.load import load_package


@staff(Action.INDICATOR_DEFINE, methods=READ_AND_WRITE)
def define_one(request: HttpRequest, division_id: int, package: str, indicator: str) -> HttpResponse:
    spot = spot_of(request, division_id, package, Action.INDICATOR_DEFINE)
    one = indicator_of(spot, indicator)
    form = Parts(given(request), parts=open_parts(one, spot.day), initial={"valid_from": clock.today()})
    if form.is_valid():
        with telling(form):
            define(
                by=request.user,
                package=spot.package,
                indicator=one.id,
                division=division_id,
                parts=form.laid_down(),
                document=form.cleaned_data["document"],
                valid_from=form.cleaned_data["valid_from"],
            )
            text = say("已拟定，待另一人复核。", "It is laid down; another person has to confirm it.")
            return done(request, text, spot.page_of(one.id))
    context = {"spot": spot, "indicator": one, "form": form, "parts": [form[name] for name in form.parts]}
    return show(request, "indicators/define.html", context, status=422 if form.is_bound else 200)


@staff(Action.INDICATOR_DEFINE, methods=READ_AND_WRITE)
def settle(request: HttpRequest, definition: UUID) -> HttpResponse:
    within = divisions_for(request.user, Action.INDICATOR_DEFINE)
    row = get_object_or_404(definitions_for(request.user).filter(division__in=within), public_id=definition)
    form = Settling(given(request))
    back = reverse("console:figures-waiting", args=[row.division_id])
    if form.is_valid():
        with telling(form):
            settle_definition(by=request.user, definition=row, reason=form.cleaned_data["reason"])
            text = say("已复核。", "It is confirmed.") if row.counts else say("已退回。", "It is returned.")
            return done(request, text, back)
    context = {
        "row": row,
        "parts": parts_of(row),
        "name": load_package(row.package).indicators[row.indicator].name,
        "place": names_of([row.division_id]).get(row.division_id, ""),
        "form": form,
        "back": back,
        "own": request.user.pk,
    }
    return show(request, "indicators/settle.html", context, status=422 if form.is_bound else 200)
