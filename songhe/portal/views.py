"""The pages: choose, answer, see what is owed and why, ask what if, read the document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from songhe.common.days import DayProblem, read_day
from songhe.common.text import Text, say
from songhe.policy.package import Package
from songhe.portal.answers import LONGEST_ANSWER, Answers, kept_answers, read_answers
from songhe.portal.compare import compare
from songhe.portal.document import make_sheet
from songhe.portal.errors import not_allowed
from songhe.portal.form import Form, make_form
from songhe.portal.page import ENGLISH, LONGEST, page_of
from songhe.portal.problems import Problem
from songhe.portal.result import make_result
from songhe.portal.shelf import is_example, open_shelf, place_of, sources_of

WRONG_INPUT = 422


_LABELS = {
    "city": say("城市", "City"),
    "on": say("日期", "Day"),
    "another_day": say("看另一天", "Another day"),
    "with": say("和另一个城市对照", "Compare with another city"),
}


@dataclass(frozen=True)
class Case:
    """The city and the day that are asked about, with what is wrong about them by field."""

    package: Package | None
    day: dt.date | None
    day_text: str
    problems: dict[str, Text]


def home(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    return _choose(request, Case(None, None, "", {}))


# No token against forged requests: nothing is kept and nobody is logged in, so a forged request changes nothing,
# and a token would need the only cookie of the page.
@csrf_exempt
def ask(request: HttpRequest) -> HttpResponse:
    """GET shows the questions, POST the result. Answers come in the body: an address is kept and logged."""
    if request.method not in ("GET", "HEAD", "POST"):
        return not_allowed(request, "GET, HEAD, POST")
    case = read_case(request)
    if case.package is None or case.day is None:
        return _choose(request, case)
    if request.method == "POST":
        return _answer(request, case.package, case.day)
    if case.day_text != case.day.isoformat():
        return HttpResponseRedirect(page_of(request).link("ask", city=case.package.id, on=case.day.isoformat()))
    form = make_form(case.package, Answers())
    return _page(request, "portal/ask.html", **_about(case.package, case.day), form=form)


@csrf_exempt  # As above.
def compare_cities(request: HttpRequest) -> HttpResponse:
    """The same answers in two cities, by POST only."""
    page = page_of(request)
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(page.link("ask", **{k: v for k, v in page.places.items() if k != "with"}))
    if request.method != "POST":
        return not_allowed(request, "POST")
    case = read_case(request)
    if case.package is None or case.day is None:
        return _choose(request, case)
    other = open_shelf().find(request.POST.get("with", request.GET.get("with", "")))
    if other is None or other.id == case.package.id:
        problem = say("请另选一个城市来对照。", "Please choose another city to compare with.")
        return _answer(request, case.package, case.day, {"with": problem})
    if read_answers(request.POST.dict(), case.package, case.day).problems:
        return _answer(request, case.package, case.day)
    comparison = compare((case.package, other), case.day, request.POST.dict())
    # The other city came with the form; a switch of language needs it in the address.
    page = page.at(**{"with": other.id})
    kept = kept_answers(request.POST.dict(), case.package)
    return _private(
        _page(
            request,
            "portal/compare.html",
            **_about(case.package, case.day),
            page=page,
            comparison=comparison,
            other=other,
            kept=tuple(kept.items()),
            is_answered=True,
        )
    )


def policy(request: HttpRequest, id: str) -> HttpResponse:
    """A document's own page."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    package = open_shelf().find(id)
    if package is None:
        raise Http404
    return _page(
        request,
        "portal/policy.html",
        package=package,
        city=place_of(package),
        is_example=is_example(package),
        sheet=make_sheet(package),
    )


def read_case(request: HttpRequest) -> Case:
    """City and day of the address; a day may be written as people write it."""
    problems: dict[str, Text] = {}
    package = open_shelf().find(request.GET.get("city", ""))
    is_asked = request.method == "POST" or bool({"city", "on"} & set(request.GET))
    if package is None and is_asked:
        problems["city"] = say("请选择一个城市。", "Please choose a city.")
    text = request.GET.get("on", "").strip()[:LONGEST]
    day: dt.date | None = None
    try:
        day = read_day(text) if text else timezone.localdate()
    except DayProblem as problem:
        problems["on"] = problem.text
    return Case(package, day, text, problems)


def _choose(request: HttpRequest, case: Case) -> HttpResponse:
    shelf = open_shelf()
    choices = [(package, place_of(package), sources_of(package)[0]) for package in shelf.in_order]
    asked = {name: text for name, text in case.problems.items() if text}
    return _page(
        request,
        "portal/home.html",
        status=WRONG_INPUT if asked else 200,
        choices=[(package, city, document, is_example(package)) for package, city, document in choices],
        chosen=case.package,
        on=case.day_text,
        today=timezone.localdate(),
        problems=asked,
        problem_list=_listed(asked),
        has_examples=bool(shelf.examples),
    )


def _answer(
    request: HttpRequest, package: Package, day: dt.date, problems: dict[str, Text] | None = None
) -> HttpResponse:
    """The result, or the questions again with what is wrong; every answer is kept on the page."""
    problems = dict(problems or {})
    posted = request.POST.dict()
    another = posted.get("another_day", "").strip()[:LONGEST_ANSWER]
    if another:
        try:
            day = read_day(another)
        except DayProblem as problem:
            problems["another_day"] = problem.text
    answers, kept = read_answers(posted, package, day), kept_answers(posted, package)
    page = page_of(request).at(on=day.isoformat())
    about = _about(package, day)
    if answers.problems:
        form = make_form(package, answers, kept)
        return _private(
            _page(
                request,
                "portal/ask.html",
                WRONG_INPUT,
                **about,
                page=page,
                form=form,
                problem_list=_of_form(form),
                is_answered=True,
            )
        )
    result = make_result(package, day, answers)
    wanted = {missing.question.name for missing in result.missing}
    others = [(other, place_of(other), is_example(other)) for other in open_shelf().in_order if other.id != package.id]
    return _private(
        _page(
            request,
            "portal/result.html",
            WRONG_INPUT if problems else 200,
            **about,
            page=page,
            result=result,
            form=make_form(package, answers, kept, wanted),
            others=others,
            problems=problems,
            problem_list=_listed(problems),
            another=another if "another_day" in problems else "",
            is_answered=True,
        )
    )


def _listed(problems: dict[str, Text]) -> list[Problem]:
    return [Problem(f"f-{name}", _LABELS[name], text) for name, text in problems.items()]


def _of_form(form: Form) -> list[Problem]:
    found = []
    for field in form.problems:
        target = f"q-{field.name}" if field.question.kind == "choice" else f"f-{field.name}"
        found.append(Problem(target, field.question.fact.label, field.problem or field.question.text))
    return found


def _about(package: Package, day: dt.date) -> dict[str, Any]:
    return {
        "package": package,
        "city": place_of(package),
        "sources": sources_of(package),
        "is_example": is_example(package),
        "day": day,
        "today": timezone.localdate(),
    }


def _page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    page = context.setdefault("page", page_of(request))
    context["other_language"] = page.switched(language="zh" if page.is_english else ENGLISH)
    context["other_size"] = page.switched(is_large=not page.is_large)
    return render(request, template, context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
