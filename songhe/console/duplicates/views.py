"""The queue of likely duplicates, and what was decided in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.console.duplicates.pairs import rows
from songhe.console.page import show, staff
from songhe.linkage.models import Candidate
from songhe.linkage.queries import decided_candidates, open_candidates, queue
from songhe.pages.keyset import Window, count_up_to, window


@staff(Action.DUPLICATE_SETTLE)
def queue_page(request: HttpRequest) -> HttpResponse:
    page = queue(request.user, cursor=request.GET.get("cursor", ""))
    number, is_more = count_up_to(open_candidates(request.user))
    return _listed(request, "duplicates/queue.html", page, {"number": number, "more": is_more})


@staff(Action.DUPLICATE_SETTLE)
def decided_page(request: HttpRequest) -> HttpResponse:
    page = window(decided_candidates(request.user), by="decided_at", falling=True, cursor=request.GET.get("cursor", ""))
    return _listed(request, "duplicates/decided.html", page, {})


def _listed(request: HttpRequest, template: str, page: Window[Candidate], more: dict[str, object]) -> HttpResponse:
    """A page of people, which is a line of the audit trail as every list of people is."""
    answer = show(request, template, {"window": page, "rows": rows(page.rows), **more})
    details = {"count": 2 * len(page.rows)}
    append(user=request.user, action="person.listed", subject_kind="duplicates", details=details)
    return answer
