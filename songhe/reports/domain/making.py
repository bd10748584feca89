"""Reports made and frozen. One made anew is another version: the old one stays as it was."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.divisions.models import Division
from songhe.reports.compose import compose
from songhe.reports.content import Content, as_json, hash_of
from songhe.reports.errors import ReportError
from songhe.reports.models import Report
from songhe.reports.period import Period


def make_report(*, by: User, division: int, period: Period, known_at: dt.datetime | None = None) -> Report:
    """Compose and keep a report. One with the very same content is not kept twice, but given back.

    Raises OutOfScope, and ReportError for a period that has not begun or a place that was not there.
    """
    require_division(by, Action.REPORT_MAKE, division)
    moment = known_at or clock.now()
    if moment > clock.now():
        raise ReportError("所知时点在将来，不能编制。", "What will be known later cannot be reported.")
    content = compose(user=by, division=division, period=period, known_at=moment)
    return _keep(by, division, period, moment, content)


def _keep(by: User, division: int, period: Period, moment: dt.datetime, content: Content) -> Report:
    data = as_json(content)
    with transaction.atomic():
        # Who makes the same report at once waits here.
        Division.objects.select_for_update().get(pk=division)
        versions = Report.objects.filter(division=division, kind=period.kind, number=period.number)
        if same := versions.filter(hash=hash_of(data)).first():
            return same
        made = Report.objects.create(
            division_id=division,
            kind=period.kind,
            number=period.number,
            version=(versions.aggregate(last=Max("version"))["last"] or 0) + 1,
            known_at=moment,
            package=content.package,
            package_hash=content.package_hash,
            content=data,
            hash=hash_of(data),
            made_by=by,
        )
        details = {"period": period.written, "version": made.version, "place": content.place}
        append(
            user=by, action="report.made", subject_kind="report", subject_id=made.pk, division=division, details=details
        )
    return made
