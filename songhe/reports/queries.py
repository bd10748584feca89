"""Reading reports within the viewer's reach, and what is public of them."""

from __future__ import annotations

from django.db.models import QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.reports.models import Order, Publication, Report


def reports_for(viewer: User) -> QuerySet[Report]:
    """Newest first by the page."""
    return visible(Report.objects.select_related("made_by").defer("content"), viewer, Action.REPORT_READ)


def whole_reports_for(viewer: User) -> QuerySet[Report]:
    """With their contents: for one of them."""
    return visible(Report.objects.select_related("made_by"), viewer, Action.REPORT_READ)


def orders_for(viewer: User) -> QuerySet[Order]:
    """What is still to be made or checked, or was not, newest first."""
    open_ones = Order.objects.exclude(state=Order.State.DONE).order_by("-pk")
    return visible(open_ones, viewer, Action.REPORT_READ)


def proposals_for(viewer: User, report: Report) -> QuerySet[Order]:
    """What was asked for to publish a report, newest first."""
    asked = Order.objects.filter(work=Order.Work.PROPOSE, report=report).order_by("-pk")
    return visible(asked, viewer, Action.REPORT_READ)


def publications_for(viewer: User) -> QuerySet[Publication]:
    """Newest first."""
    found = Publication.objects.select_related("report", "proposed_by", "approved_by", "ended_by").order_by("-pk")
    return visible(found, viewer, Action.REPORT_READ)


def public() -> QuerySet[Publication]:
    """All that is or was public, the newest approval first; what was only proposed is nobody's business yet."""
    return (
        Publication.objects.filter(approved_by__isnull=False).select_related("report").order_by("-approved_at", "-pk")
    )


def replaced_by(publication: Publication) -> Publication | None:
    """The latest publication of the same place and period that was approved after this one and stands."""
    report = publication.report
    same = public().filter(
        report__division=report.division_id, report__kind=report.kind, report__number=report.number, ended_by=None
    )
    return same.filter(approved_at__gt=publication.approved_at).exclude(pk=publication.pk).first()
