"""The documents of the cities side by side (五市对照): what each says, with its clause; as a page and as files."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from songhe.common import clock
from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.common.text import Text
from songhe.policy.compare.flat import HEADER, cells_of
from songhe.policy.compare.rows import load_rows
from songhe.policy.compare.said import Said
from songhe.policy.compare.table import KINDS, MENTIONED, OTHERWISE, STATES, Table, TableLine, compare_packages
from songhe.policy.package import Package
from songhe.policy.schema import City
from songhe.portal.errors import not_allowed
from songhe.portal.page import ENGLISH, Page, page_of
from songhe.portal.shelf import is_example, open_shelf, place_of

FIRST_KIND = "items"
FILE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Asked:
    """What of the table is asked for; without a capability all of them."""

    kind: str
    capability: str
    with_examples: bool

    @property
    def places(self) -> dict[str, str]:
        chosen = {"kind": self.kind} if self.kind != FIRST_KIND else {}
        if self.capability:
            chosen["capability"] = self.capability
        return chosen | ({"examples": "1"} if self.with_examples else {})


@dataclass(frozen=True)
class Column:
    package: Package
    city: City
    is_example: bool


@dataclass(frozen=True)
class Single:
    """What stands in one document only, and why it stands alone."""

    line: TableLine
    column: Column
    said: Said


@dataclass(frozen=True)
class Choice:
    id: str
    name: Text
    address: str
    is_chosen: bool


def cities(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    asked = _asked(request)
    page = page_of(request)
    page = page.at(**asked.places)
    table = table_of(asked)
    columns = [_column(package) for package in table.packages]
    whole = table_of(Asked(asked.kind, "", asked.with_examples))
    context = {
        "page": page,
        "other_language": page.switched(language="zh" if page.is_english else ENGLISH),
        "other_size": page.switched(is_large=not page.is_large),
        "asked": asked,
        "day": table.day,
        "columns": columns,
        "kinds": _kinds(page, asked),
        "kind": KINDS[asked.kind],
        "capabilities": _capabilities(page, asked, whole),
        "rows": [(line, table.name_of(line.capability), list(zip(columns, line.cells, strict=True)))
                 for line in table.lines if line.reason is None],
        "singles": _singles(table, columns),
        "states": STATES,
        "said_otherwise": (MENTIONED, OTHERWISE),
        "files": [(name, page.link("cities-file", name, **asked.places)) for name in FILE_TYPES],
        "examples": page.link("cities", **{**asked.places, **({} if asked.with_examples else {"examples": "1"})}),
    }  # fmt: skip
    return render(request, "portal/cities.html", context)


def cities_file(request: HttpRequest, extension: str) -> HttpResponse:
    """What the page shows, as a table for spreadsheet programs."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    if extension not in FILE_TYPES:
        raise Http404
    asked, language = _asked(request), page_of(request).language
    table = table_of(asked)
    header = [title.in_language(language) for title in HEADER.values()]
    answer = HttpResponse(_content(table, header, language, extension), content_type=FILE_TYPES[extension])
    answer.headers["Content-Disposition"] = f'attachment; filename="cities-{asked.kind}.{extension}"'
    return answer


def _content(table: Table, header: Sequence[str], language: str, extension: str) -> bytes:
    rows = cells_of(table, language)
    if extension == "csv":
        return b"".join(write_csv(rows, header))
    target = io.BytesIO()
    write_xlsx(target, header, rows)
    return target.getvalue()


def _asked(request: HttpRequest) -> Asked:
    """What the address says; what it names and nobody knows is as if it were not there."""
    kind, capability = request.GET.get("kind", ""), request.GET.get("capability", "")
    return Asked(
        kind if kind in KINDS else FIRST_KIND,
        capability if capability in load_rows().capabilities else "",
        request.GET.get("examples") == "1",
    )


def table_of(asked: Asked) -> Table:
    shelf = open_shelf()
    packages = shelf.in_order if asked.with_examples else shelf.cities
    ids = tuple(package.id for package in packages)
    return _table(ids, clock.today(), asked.kind, asked.capability)


@lru_cache(maxsize=64)
def _table(ids: tuple[str, ...], day: dt.date, kind: str, capability: str) -> Table:
    packages = [package for id in ids if (package := open_shelf().find(id)) is not None]
    return compare_packages(load_rows(), packages, day, kinds=[kind], capability=capability or None)


def _column(package: Package) -> Column:
    return Column(package, place_of(package), is_example(package))


def _kinds(page: Page, asked: Asked) -> list[Choice]:
    def address(kind: str) -> str:
        return page.link("cities", **Asked(kind, asked.capability, asked.with_examples).places)

    return [Choice(id, name, address(id), id == asked.kind) for id, name in KINDS.items()]


def _capabilities(page: Page, asked: Asked, table: Table) -> list[Choice]:
    """Those of which the table has a line, in the order in which the data names them."""
    there = {line.capability for line in table.lines} | ({asked.capability} if asked.capability else set())
    return [Choice(id, name, "", id == asked.capability) for id, name in table.capabilities.items() if id in there]


def _singles(table: Table, columns: Sequence[Column]) -> list[Single]:
    return [
        Single(line, column, said)
        for line in table.lines
        if line.reason is not None
        for column, cell in zip(columns, line.cells, strict=True)
        for said in cell.said
    ]
