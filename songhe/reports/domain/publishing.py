"""Publishing of a report: proposed by one with small cells withheld, proved and approved by another, withdrawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.common.division import within
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on
from songhe.reports.content import Content, as_json, hash_of
from songhe.reports.errors import ReportError
from songhe.reports.limits import Rule, licence, rule_for
from songhe.reports.models import Publication, Report
from songhe.reports.release import Release, release_of, sheet_of
from songhe.reports.suppression import Pattern, Published, SuppressionError, audit, suppress


@dataclass(frozen=True)
class Draft:
    """What would be published of a report, and why cells are withheld."""

    release: Release
    pattern: Pattern
    rule: Rule


def draft(report: Report, *, day: dt.date | None = None) -> Draft:
    """Choose what is withheld, beside all that was ever published of the same period. Raises ReportError."""
    content = Content.model_validate(report.content)
    rule = rule_for(content.division, day or clock.today())
    mapped = sheet_of(content, rule)
    try:
        pattern = suppress(mapped.sheet, rule.limits, earlier(report))
    except SuppressionError as error:
        raise ReportError(error.zh, error.en) from None
    return Draft(release_of(content, report.hash, rule, licence(), pattern.withheld), pattern, rule)


def earlier(report: Report) -> list[Published]:
    """What was ever published for the period, withdrawn or not, of this place and those above and below it."""
    code = str(report.content["division"])
    found = Publication.objects.filter(
        report__kind=report.kind, report__number=report.number, approved_by__isnull=False
    )
    every = []
    for one in found.select_related("report").order_by("pk"):
        other = str(one.report.content["division"])
        if within(code, other) is True or within(other, code) is True:
            content = Content.model_validate(one.report.content)
            rule = Rule.model_validate(one.limits)
            withheld = frozenset([*one.withheld["small"], *one.withheld["others"]])
            every.append(Published(sheet_of(content, rule).sheet, withheld))
    return every


def propose(*, by: User, report: Report) -> Publication:
    """Nothing is public before another person approves. Raises OutOfScope and ReportError."""
    require(by, Action.REPORT_PUBLISH, report)
    made = draft(report)
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=report.division_id)
        refuse_open(report)
        data = as_json(made.release)
        proposed = Publication.objects.create(
            report=report,
            content=data,
            hash=hash_of(data),
            withheld={"small": sorted(made.pattern.small), "others": sorted(made.pattern.others)},
            limits=made.rule.as_json(),
            proposed_by=by,
        )
        _tell(by, "report.proposed", proposed)
    return proposed


def refuse_open(report: Report) -> None:
    """Raises ReportError when the report is proposed or published already."""
    if Publication.objects.filter(report=report, ended_by=None).exists():
        raise ReportError(
            "这份报告已提请发布或已发布。请先处理已有的，或编制新的版次。",
            "This report was proposed or published before. Deal with that, or make a new version.",
        )


def approve(*, by: User, publication: Publication) -> None:
    """It is public from now on. What is withheld is proved again, beside all that was published meanwhile.

    Raises OutOfScope, and ReportError for whoever proposed it and for what does not stand the proof.
    """
    require(by, Action.REPORT_PUBLISH, publication)
    with transaction.atomic():
        # What two people approve at once of places that share figures is proved one after the other.
        tree, place = tree_on(), publication.report.division_id
        path = [node.id for node in tree.path(place)] if place in tree else [place]
        list(Division.objects.select_for_update().filter(pk__in=path).order_by("pk"))
        stated = Publication.objects.select_related("report").get(pk=publication.pk)
        if stated.proposed_by_id == by.pk:
            raise ReportError("提请人不能批准自己提请的发布。", "Whoever proposed it cannot approve it.")
        if stated.approved_by_id or stated.ended_by_id:
            raise ReportError("此发布已批准或已撤回。", "It was approved or withdrawn before.")
        prove(stated)
        Publication.objects.filter(pk=stated.pk).update(approved_by=by, approved_at=clock.now())
        _tell(by, "report.published", stated)


def prove(publication: Publication) -> None:
    """Raises ReportError unless it is what the report gives, and nothing withheld can be worked out from it."""
    content = Content.model_validate(publication.report.content)
    rule = Rule.model_validate(publication.limits)
    withheld = frozenset([*publication.withheld["small"], *publication.withheld["others"]])
    release = release_of(content, publication.report.hash, rule, licence(), withheld)
    if hash_of(publication.report.content) != publication.report.hash or hash_of(as_json(release)) != publication.hash:
        raise ReportError("发布稿与报告不符，请重新提请。", "It is not what the report gives; propose it anew.")
    if weak := audit(sheet_of(content, rule).sheet, withheld, rule.limits, earlier(publication.report)):
        raise ReportError(
            f"有 {len(weak)} 个被抑制的数可以推算出来，不能发布。请退回后重新提请。",
            f"{len(weak)} withheld cells can be worked out: it cannot be published. Turn it down and propose it anew.",
        )


def withdraw(*, by: User, publication: Publication, reason: str) -> None:
    """End a publication, or turn a proposal down, with the reason. Raises OutOfScope and ReportError."""
    require(by, Action.REPORT_PUBLISH, publication)
    if not reason.strip():
        raise ReportError("请写明事由。", "Say why.")
    with transaction.atomic():
        open_ones = Publication.objects.filter(pk=publication.pk, ended_by=None)
        if not open_ones.update(ended_by=by, ended_at=clock.now(), reason=reason.strip()):
            raise ReportError("此发布已撤回。", "It was withdrawn before.")
        _tell(by, "report.withdrawn", publication, reason=reason.strip())


def _tell(by: User, action: str, publication: Publication, **more: str) -> None:
    report = publication.report
    details = {"period": report.period.written, "version": report.version, "place": report.content["place"], **more}
    append(
        user=by,
        action=action,
        subject_kind="publication",
        subject_id=publication.pk,
        division=report.division_id,
        details=details,
    )
