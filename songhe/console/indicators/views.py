"""Indicators of a place: all of them on a day, and one with everything about it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.files import CSV, file_answer
from songhe.console.indicators.about import about
from songhe.console.indicators.rows import cells, count_answers, header, rows
from songhe.console.indicators.spot import Spot, indicator_of, spot_of
from songhe.console.indicators.words import ANSWERS
from songhe.console.page import page_of, show, staff
from songhe.console.places import top_of
from songhe.decision.figure import plain
from songhe.indicators.domain.ordering import MOVING, mend
from songhe.indicators.entered import waiting_for
from songhe.indicators.models import Order
from songhe.indicators.queries import standings, trend

READ = Action.INDICATOR_READ


@staff(READ)
def indicators(request: HttpRequest) -> HttpResponse:
    """On to the first division on top of the user's reach."""
    return HttpResponseRedirect(reverse("console:indicators-of", args=[top_of(request.user, READ)]))


@staff(READ)
def indicator_list(request: HttpRequest, division_id: int) -> HttpResponse:
    spot = spot_of(request, division_id)
    found = _standings(request, spot)
    answer = request.GET.get("answer", "")
    some = [one for one in found if answer not in ANSWERS or one.answer == answer]
    context = {
        "spot": spot,
        "rows": rows(spot, some) if spot.package else [],
        "counts": count_answers(found),
        "number": len(found),
        "answer": answer if answer in ANSWERS else "",
        "below": [node for node in spot.shown.children(spot.node.id) if node.id in spot.within],
        "waiting": waiting_for(request.user, division_id),
        "order": _order(division_id),
        "csv": reverse("console:indicators-csv", args=[division_id]) + spot.query,
    }
    return show(request, "indicators/list.html", context)


def _order(division_id: int) -> Order | None:
    """The last one, as it stands; whoever looks ends what a dead process was at."""
    asked = Order.objects.filter(division_id=division_id).order_by("-pk")
    last = asked.first()
    return asked.all().first() if last is not None and last.state in MOVING and mend() else last


@staff(READ)
def list_csv(request: HttpRequest, division_id: int) -> HttpResponse:
    spot, language = spot_of(request, division_id), page_of(request).language
    lines = [line for row in rows(spot, _standings(request, spot)) for line in cells(row, language)]
    titles = [text.in_language(language) for text in header()]
    return file_answer(f"indicators-{spot.node.code}-{spot.day}", CSV, titles, lines)


@staff(READ)
def indicator_page(request: HttpRequest, division_id: int, package: str, indicator: str) -> HttpResponse:
    spot = spot_of(request, division_id, package)
    return show(request, "indicators/indicator.html", about(request, spot, indicator_of(spot, indicator)))


@staff(READ)
def months_csv(request: HttpRequest, division_id: int, package: str, indicator: str) -> HttpResponse:
    """The figures month by month, as a file."""
    spot, language = spot_of(request, division_id, package), page_of(request).language
    one = indicator_of(spot, indicator)
    points = trend(request.user, spot.package, one.id, division_id, spot.day, months=600)
    head = [say("日期", "Day"), say("分子", "Numerator"), say("分母", "Denominator"), say("结果", "Answer")]
    lines = [
        [p.day, _plain(p.numerator), _plain(p.denominator), ANSWERS[p.answer][0].in_language(language)] for p in points
    ]
    titles = [text.in_language(language) for text in head]
    return file_answer(f"{one.id}-{spot.node.code}-{spot.day}", CSV, titles, lines)


def _standings(request: HttpRequest, spot: Spot) -> list[Any]:
    if spot.package is None:
        return []
    return standings(request.user, spot.package, spot.node.id, spot.day, tree=spot.tree)


def _plain(value: Fraction | None) -> str:
    return "" if value is None else plain(value)
