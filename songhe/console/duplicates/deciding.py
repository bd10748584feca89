"""Two files side by side, and what somebody decides of them: through songhe.linkage, which merges and un-merges."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, never_stored, telling
from songhe.console.duplicates.forms import DIFFERENT, KEEP_ONE, Decision, Reason
from songhe.console.duplicates.pairs import rows, side_by_side, why
from songhe.console.page import show, staff
from songhe.linkage.domain import decide, reopen
from songhe.linkage.models import Candidate
from songhe.registry.domain.reading import note_reading

_settlers = staff(Action.DUPLICATE_SETTLE, methods=READ_AND_WRITE)


def _candidate(request: HttpRequest, candidate_id: int) -> Candidate:
    """Raises Http404 unless both people are within reach."""
    every = Candidate.objects.select_related("one", "other", "decided_by", "merge")
    return get_object_or_404(visible(every, request.user, Action.DUPLICATE_SETTLE), pk=candidate_id)


@_settlers
def candidate_page(request: HttpRequest, candidate_id: int) -> HttpResponse:
    candidate, form = _candidate(request, candidate_id), Decision(given(request))
    if form.is_valid():
        if form.cleaned_data["verdict"] != DIFFERENT and not request.POST.get("confirmed"):
            return _confirm(request, candidate, form)
        with telling(form):
            _decide(request, candidate, form)
            return done(request, say("已核定。", "Decided."), reverse("console:duplicates"))
    context = {
        "candidate": candidate,
        "row": rows([candidate])[0],
        "why": why(candidate),
        "lines": side_by_side(candidate),
        "form": form,
        "is_open": candidate.state == Candidate.State.OPEN,
    }
    answer = show(request, "duplicates/pair.html", context, status=422 if form.is_bound else 200)
    for person in (candidate.one, candidate.other):
        note_reading(user=request.user, person=person, part="duplicate")
    return never_stored(answer)


def _decide(request: HttpRequest, candidate: Candidate, form: Decision) -> None:
    verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
    if verdict == DIFFERENT:
        decide(by=request.user, candidate=candidate, verdict="different", reason=reason)
        return
    keep = candidate.one if verdict == KEEP_ONE else candidate.other
    decide(by=request.user, candidate=candidate, verdict="same", reason=reason, keep=keep)


def _confirm(request: HttpRequest, candidate: Candidate, form: Decision) -> HttpResponse:
    row, keeps_one = rows([candidate])[0], form.cleaned_data["verdict"] == KEEP_ONE
    context = {
        "candidate": candidate,
        "form": form,
        "kept": row.one if keeps_one else row.other,
        "gone": row.other if keeps_one else row.one,
        "letters": ("甲", "乙", "A", "B") if keeps_one else ("乙", "甲", "B", "A"),
    }
    return show(request, "duplicates/confirm.html", context)


@_settlers
def reopen_question(request: HttpRequest, candidate_id: int) -> HttpResponse:
    candidate, form = _candidate(request, candidate_id), Reason(given(request))
    back = reverse("console:duplicate", args=[candidate_id])
    if form.is_valid():
        with telling(form):
            reopen(by=request.user, candidate=candidate, reason=form.cleaned_data["reason"])
            return done(request, say("已恢复为待核。", "The question stands again."), back)
    is_merged = candidate.state == Candidate.State.SAME
    apart = say(
        "两份档案恢复为并档之前的样子，各自记录的内容（含并档之后的）仍归各自。",
        "The two files are two again, each with what was recorded of it, before and since.",
    )
    again = say("此项回到待核名单，重新核定。", "The question goes back into the queue, to be decided again.")
    question = Question(
        title=say("拆档", "Take the files apart") if is_merged else say("重新核定", "Ask again"),
        points=(apart, again) if is_merged else (again,),
        button=say("拆档", "Take apart") if is_merged else say("重新核定", "Ask again"),
        back=back,
        is_harmful=is_merged,
    )
    return ask(request, question, form)
