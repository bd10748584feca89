"""Whether every entry that is placed exists, and every entry of a placed document is placed exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from songhe.policy.compare.rows import FOLDER, PLACED, Row, Rows
from songhe.policy.errors import PackageError, Problem, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package

_PLACE = "put it into a row of rows.yaml, or into alone.yaml with the reason"


def check_rows(rows: Rows) -> list[Problem]:
    """Every defect of the comparison against the packages it names."""
    packages, problems = _packages(rows)
    problems += [problem for row in rows.rows for problem in _row(rows, row)]
    for id, package in packages.items():
        problems += _placement(rows, package, _placed(rows, id))
    return sorted(set(problems))


def _packages(rows: Rows) -> tuple[dict[str, Package], list[Problem]]:
    packages, problems = {}, []
    for id in rows.documents():
        try:
            packages[id] = load_package(id)
        except UnknownPackage:
            problems.append(_problem(rows, "rows", id, f"there is no package {id}", "name one of the packages"))
        except PackageError:
            problems.append(_problem(rows, "rows", id, f"the package {id} is refused", "mend the package first"))
    return packages, problems


def _row(rows: Rows, row: Row) -> Iterator[Problem]:
    if row.capability not in rows.capabilities:
        what = f"{row.id}: unknown capability {row.capability}"
        yield _problem(rows, "rows", row.id, what, "name one of capabilities.yaml")
    if sum(not members.is_empty for members in row.members.values()) < 2:
        what = f"{row.id} stands in one document only"
        yield _problem(rows, "rows", row.id, what, "put its entries into alone.yaml with the reason")


def _placed(rows: Rows, package: str) -> list[tuple[str, str, str]]:
    """(file, entry id, where) of everything placed for a document."""
    return [
        (kind, id, entry.id if isinstance(entry, Row) else "alone")
        for entry in rows.every
        if package in entry.members
        for kind, id in entry.members[package].each()
    ]


def _placement(rows: Rows, package: Package, placed: list[tuple[str, str, str]]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for kind, id, where in placed:
        name = "alone" if where == "alone" else "rows"
        if id not in getattr(package, kind):
            what = f"{where}: {package.id} has no {id} in {kind}.yaml"
            yield _problem(rows, name, id, what, "is it misspelt, or gone from the package?")
        if (kind, id) in seen:
            what = f"{package.id} {id} stands twice: in {seen[kind, id]} and in {where}"
            yield _problem(rows, name, id, what, "keep one of them")
        seen[kind, id] = where
    for kind in PLACED:
        for id in getattr(package, kind):
            if (kind, id) not in seen:
                what = f"{id} of {package.id}/{kind}.yaml is not placed in the comparison"
                yield _problem(rows, "rows", id, what, _PLACE)
    yield from _mentions(rows, package)
    for capability in dict.fromkeys(clause.capability for clause in package.clauses.values()):
        if capability not in rows.capabilities:
            what = f"the capability {capability} of {package.id} has no name"
            yield _problem(rows, "capabilities", capability, what, "add it with a name in Chinese and English")


def _mentions(rows: Rows, package: Package) -> Iterator[Problem]:
    for row in rows.rows:
        for clause in row.members[package.id].mentions if package.id in row.members else ():
            if clause not in package.clauses:
                what = f"{row.id}: {package.id} has no clause {clause}"
                yield _problem(rows, "rows", clause, what, "name a clause of clauses.yaml")


def _problem(rows: Rows, file: str, text: str, what: str, mend: str) -> Problem:
    """A problem at the first line of the file that has the text, where one has it."""
    for folder in rows.folders:
        if line := _line(folder / f"{file}.yaml", text):
            return Problem(f"{FOLDER}/{file}.yaml", line, what, mend)
    return Problem(f"{FOLDER}/{file}.yaml", 1, what, mend)


def _line(path: Path, text: str) -> int | None:
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    named = re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w.-])")
    return next((number for number, line in enumerate(lines, start=1) if named.search(line)), None)
