"""The files of a report and of what is published of it, made from what is frozen: nothing lies on a disk."""

from __future__ import annotations

from songhe.reports.content import Content
from songhe.reports.documents.opendata import dictionary_csv, table_csv
from songhe.reports.documents.spreadsheet import spreadsheet
from songhe.reports.documents.word import word
from songhe.reports.errors import ReportError
from songhe.reports.models import Publication, Report
from songhe.reports.release import Release
from songhe.reports.showing import ShownReport, show_release, show_report

DOCX, XLSX, CSV = "docx", "xlsx", "csv"
MEDIA = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
DICTIONARY_FILE = "dictionary.csv"


def shown(report: Report) -> ShownReport:
    return show_report(Content.model_validate(report.content), version=report.version, hash=report.hash)


def shown_publication(publication: Publication) -> ShownReport:
    version = publication.report.version
    return show_release(Release.model_validate(publication.content), version=version, hash=publication.hash)


def report_file(report: Report, kind: str, language: str = "zh") -> bytes:
    """`docx` or `xlsx`. Raises ReportError for another kind."""
    return _document(shown(report), kind, language)


def publication_file(publication: Publication, name: str, language: str = "zh") -> bytes:
    """`report.docx`, `report.xlsx`, `dictionary.csv`, or a table such as `population.csv`. Raises ReportError."""
    release = Release.model_validate(publication.content)
    if name == DICTIONARY_FILE:
        return dictionary_csv(release)
    stem, _, kind = name.rpartition(".")
    if stem == "report":
        return _document(shown_publication(publication), kind, language)
    for table in release.tables:
        if name == f"{table.id}.csv":
            return table_csv(table)
    raise ReportError(f"没有文件 {name}。", f"There is no file {name}.")


def publication_files(publication: Publication) -> dict[str, bytes]:
    """Every file of open data with its dictionary."""
    release = Release.model_validate(publication.content)
    return {f"{table.id}.csv": table_csv(table) for table in release.tables} | {
        DICTIONARY_FILE: dictionary_csv(release)
    }


def file_name(report: Report, kind: str) -> str:
    return f"songhe-{report.content['division']}-{report.period.written}-v{report.version}.{kind}"


def _document(report: ShownReport, kind: str, language: str) -> bytes:
    makers = {DOCX: word, XLSX: spreadsheet}
    if kind not in makers:
        raise ReportError(f"没有 {kind} 格式，请选 docx 或 xlsx。", f"There is no format {kind}: choose docx or xlsx.")
    return makers[kind](report, language)
