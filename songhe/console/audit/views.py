"""The audit trail: who did what, when and where; and the proof that nobody wrote over it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.domain import audit
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, given
from songhe.console.audit.forms import Anchor, Filters
from songhe.console.audit.lines import lines, wanted
from songhe.console.page import show, staff
from songhe.pages.keyset import window

FAULTS = {
    "missing": say("这一条缺失", "this line is missing"),
    "changed": say("这一条的内容被改动过", "this line was changed"),
    "unlinked": say("这一条与前一条不相接", "this line does not follow from the one before"),
    "cut_off": say("自这一条起的记录被截去", "from this line on the trail was cut off"),
}


@staff(Action.AUDIT_READ)
def trail(request: HttpRequest) -> HttpResponse:
    form = Filters(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = window(
        wanted(request.user, asked), by="sequence", pk="sequence", falling=True, cursor=request.GET.get("cursor", "")
    )
    # What was typed stays out of the trail: it may be about a person.
    details = {"filters": sorted(name for name, value in asked.items() if value), "count": len(page.rows)}
    context = {"form": form, "window": page, "lines": lines(page.rows), "filtered": bool(details["filters"])}
    response = show(request, "audit/trail.html", context, status=200 if form.is_valid() else 422)
    audit.append(user=request.user, action="audit.read", details=details)
    return response


@staff(Action.AUDIT_READ, methods=READ_AND_WRITE)
def verify(request: HttpRequest) -> HttpResponse:
    """Every line is read and hashed again, when asked to: a long trail takes its time."""
    form = Anchor(given(request))
    context = {"form": form, "head": audit.head()}
    if form.is_valid():
        number, known = form.cleaned_data["sequence"], form.cleaned_data["hash"]
        broken = audit.verify(anchor=(number, known) if number else None)
        context |= {"is_checked": True, "broken": broken, "fault": _fault(broken)}
        checked = {"verified": broken is None, "lines": broken.sequence if broken else (context["head"] or (0,))[0]}
        audit.append(user=request.user, action="audit.verified", details=checked)
    return show(request, "audit/verify.html", context, status=422 if form.errors else 200)


def _fault(broken: audit.Broken | None) -> Text | None:
    return None if broken is None else FAULTS[broken.kind]
