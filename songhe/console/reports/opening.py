"""Views of one report or one publication: out of reach it is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from songhe.accounts.actions import Action
from songhe.console.page import staff
from songhe.reports.queries import publications_for, whole_reports_for

View = Callable[..., HttpResponse]
_READ = ("GET", "HEAD")


def of_report(action: Action, methods: tuple[str, ...] = _READ) -> Callable[[View], View]:
    """A view of one report, which gets `report` as itself."""

    def decorate(view: View) -> View:
        @staff(action, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, report_id: UUID, **kwargs: Any) -> HttpResponse:
            found = get_object_or_404(whole_reports_for(request.user), public_id=report_id)
            return view(request, found, **kwargs)

        return opened

    return decorate


def of_publication(action: Action, methods: tuple[str, ...] = _READ) -> Callable[[View], View]:
    """A view of one publication, which gets `publication` as itself."""

    def decorate(view: View) -> View:
        @staff(action, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, publication_id: UUID, **kwargs: Any) -> HttpResponse:
            found = get_object_or_404(publications_for(request.user), public_id=publication_id)
            return view(request, found, **kwargs)

        return opened

    return decorate
