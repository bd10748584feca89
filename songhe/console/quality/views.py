"""How good the data are: by fact in a division, and by division for a fact. Figures only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.files import CSV, file_answer
from songhe.console.forms import Form
from songhe.console.page import actions_held, page_of, show, staff
from songhe.console.places import top_of
from songhe.console.quality.shares import rows
from songhe.divisions.queries import tree_on
from songhe.registry import quality as measured
from songhe.registry.domain.quality import measure_quality
from songhe.registry.vocabulary import fact_names, label

# Counting reads every record: for those who answer for the data as a whole.
MEASURES = Action.SNAPSHOT_WRITE


@staff(Action.QUALITY_READ)
def quality(request: HttpRequest) -> HttpResponse:
    """On to the first division on top of the user's reach."""
    return HttpResponseRedirect(reverse("console:division-quality", args=[top_of(request.user, Action.QUALITY_READ)]))


@staff(Action.QUALITY_READ)
def division_quality(request: HttpRequest, division_id: int) -> HttpResponse:
    within = _reached(request, division_id)
    found = measured.table(request.user, division_id)
    context = {
        **_about(request, division_id, within),
        "found": found,
        "rows": rows(found.lines),
        "below": rows(found.below),
        "age": (timezone.localdate() - found.day).days if found.day else None,
        "people": max((line.asked for line in found.lines), default=0),
        "may_measure": MEASURES in actions_held(request),
    }
    return show(request, "quality/division.html", context)


@staff(Action.QUALITY_READ)
def fact_quality(request: HttpRequest, division_id: int, fact: str) -> HttpResponse:
    within = _reached(request, division_id)
    if fact not in fact_names():
        raise Http404
    lines = measured.by_division(request.user, division_id, fact)
    context = {**_about(request, division_id, within), "label": label(fact), "fact": fact, "rows": rows(lines)}
    return show(request, "quality/fact.html", context)


@staff(Action.QUALITY_READ)
def download(request: HttpRequest, division_id: int) -> HttpResponse:
    """The table of a division, as a file."""
    _reached(request, division_id)
    found = measured.table(request.user, division_id)
    header, *lines = measured.rows(found.lines, page_of(request).language)
    return file_answer(f"quality-{found.division.code}-{found.day}", CSV, header, lines)


@staff(MEASURES, methods=READ_AND_WRITE)
def measure(request: HttpRequest) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            counted = measure_quality(by=request.user)
            text = say(f"已重新统计，共{counted.people}人。", f"Counted anew: {counted.people} people.")
            return done(request, text, reverse("console:quality"))
    question = Question(
        title=say("重新统计数据质量", "Count the quality anew"),
        points=(
            say(
                "从全部档案重新统计，一百万人约需一分钟。",
                "All files are counted, about a minute for a million people.",
            ),
            say("替换本月已有的统计；以前各月的保留。", "It replaces this month's figures; earlier months stay."),
        ),
        button=say("开始统计", "Count now"),
        back=reverse("console:quality"),
        is_harmful=False,
    )
    return ask(request, question, form)


def _reached(request: HttpRequest, division_id: int) -> frozenset[int]:
    within = divisions_for(request.user, Action.QUALITY_READ)
    if division_id not in within or division_id not in tree_on():
        raise Http404
    return within


def _about(request: HttpRequest, division_id: int, within: frozenset[int]) -> dict[str, Any]:
    tree = tree_on()
    above = [node for node in tree.path(division_id)[:-1] if node.id in within]
    return {"node": tree.node(division_id), "name": tree.full_name(division_id), "above": above}
