"""Borders of divisions: for the map of a page, and loading the files that hold them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.divisions.forms import AsOf
from songhe.console.forms import DayField, Form
from songhe.console.page import show, staff
from songhe.divisions.boundaries import boundaries_on, files_loaded
from songhe.divisions.queries import tree_on
from songhe.registry.domain.boundaries import load_boundaries


class BordersForm(Form):
    file = forms.FileField(label=say("界线文件（GeoJSON）", "File of borders (GeoJSON)"), allow_empty_file=False)
    code_property = forms.CharField(
        label=say("存放代码的属性", "Property with the code"), max_length=60, initial="code"
    )
    on = DayField(label=say("自哪一天起", "From which day on"))
    source = forms.CharField(label=say("来源", "Where they are from"), max_length=200)
    leave_unknown = forms.BooleanField(
        label=say("跳过名录中没有的代码", "Leave out codes that no division has"), required=False
    )


@staff(Action.DIVISION_CHANGE, methods=READ_AND_WRITE)
def borders(request: HttpRequest) -> HttpResponse:
    """The files loaded so far, and a form for another."""
    sent = (given(request), request.FILES) if request.method == "POST" else ()
    form = BordersForm(*sent)
    if form.is_valid():
        with telling(form):
            return _loaded(request, form.cleaned_data)
    context = {"form": form, "files": files_loaded()}
    return show(request, "divisions/borders.html", context, status=422 if form.is_bound else 200)


def _loaded(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    written = load_boundaries(
        by=request.user,
        content=asked["file"].read(),
        name=asked["file"].name,
        source=asked["source"],
        code_property=asked["code_property"],
        on=asked["on"],
        leave_unknown=asked["leave_unknown"],
    )
    number, left = len(written.divisions), "、".join(written.unknown[:20])
    zh = f"已载入 {number} 个区划的界线。" + (f"跳过了 {len(written.unknown)} 个代码：{left}" if left else "")
    en = f"The borders of {number} divisions were loaded." + (
        f" Left out {len(written.unknown)}: {left}" if left else ""
    )
    return done(request, say(zh, en), reverse("console:borders"))


@staff(Action.DIVISION_READ)
def borders_below(request: HttpRequest, division_id: int) -> HttpResponse:
    """The borders of the divisions right below, as GeoJSON; none where none were loaded."""
    within = divisions_for(request.user, Action.DIVISION_READ)
    day = _day(request)
    tree = tree_on(day)
    if division_id not in within or division_id not in tree:
        raise Http404
    nodes = {node.id: node for node in tree.children(division_id) if node.id in within}
    shapes = boundaries_on(list(nodes), day)
    # What is kept is GeoJSON already: it is put together, not read.
    features = ",".join(
        f'{{"type":"Feature","id":{id},"properties":{{}},"geometry":{shapes[id]}}}' for id in nodes if id in shapes
    )
    body = f'{{"type":"FeatureCollection","features":[{features}]}}'
    answer = HttpResponse(body, content_type="application/geo+json")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _day(request: HttpRequest) -> dt.date:
    form = AsOf({"day": request.GET.get("day", "")})
    return (form.cleaned_data["day"] if form.is_valid() else None) or clock.today()
