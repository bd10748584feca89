"""Builds a package from its folders: overlays, shapes, names, types; all problems are collected before refusing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from songhe.policy import schema
from songhe.policy.entries import Model, RawEntry, read_document, read_entries, validate
from songhe.policy.errors import PackageError, Problem
from songhe.policy.folders import chain, content_hash
from songhe.policy.indicator import IndicatorCase
from songhe.policy.package import Package
from songhe.policy.parameters import read_figures
from songhe.policy.references import check_references
from songhe.policy.rulebook import RuleReader
from songhe.policy.units import check_units
from songhe.rules.vocabulary import Fact, Vocabulary

Entries = dict[str, tuple[Model, RawEntry]]


def build_package(name: str) -> Package:
    """The checked package. Raises PackageError with every problem that was found."""
    folders = chain(name)
    builder = _Builder(folders)
    package = builder.build(name)
    if builder.problems or package is None:
        raise PackageError(folders[-1].name, builder.problems)
    return package


class _Builder:
    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.problems: list[Problem] = []

    def entries(self, name: str, model: type[Model], *, key: str = "id") -> Entries[Model]:
        raw = read_entries(self.folders, name, self.problems, key=key)
        checked = {id: (validate(entry, model, self.problems), entry) for id, entry in raw.items()}
        return {id: (item, entry) for id, (item, entry) in checked.items() if item is not None}

    def build(self, name: str) -> Package | None:
        documents = [read_document(folder, schema.Document, self.problems) for folder in self.folders]
        self._check_ids(documents)
        subjects = self.entries("facts", schema.SubjectEntry, key="subject")
        parts: dict[str, Entries[Any]] = {
            "conventions": self.entries("conventions", schema.Convention),
            "reasons": self.entries("reasons", schema.Reason),
            "clauses": self.entries("clauses", schema.Clause),
            "terms": self.entries("terms", schema.Term),
            "parameters": self.entries("parameters", schema.Parameter),
            "entitlements": self.entries("entitlements", schema.Entitlement),
            "indicators": self.entries("indicators", schema.Indicator),
            "tasks": self.entries("tasks", schema.Task),
            "units": self.entries("units", schema.Unit, key="name"),
            "standards": self.entries("standards", schema.Standard),
            "conflicts": self.entries("conflicts", schema.Conflict),
            "cases": self._own_cases("cases", schema.Case),
            "indicator_cases": self._own_cases("indicator-cases", IndicatorCase),
        }
        if self.problems:
            # What follows from a file or entry that cannot be read would only hide it.
            return None
        figures = read_figures(parts["parameters"], self.problems)
        vocabularies = {id: _vocabulary(subject) for id, (subject, _) in subjects.items()}
        reader = RuleReader(vocabularies, _plain(subjects), parts, self.problems)
        rules = reader.read()
        standard_rules = reader.read_standards()
        computed = reader.read_measures(standard_rules)
        check_references(parts, rules, reader.cited, self.problems)
        check_units(parts, self.problems)
        document = documents[-1]
        if self.problems or document is None:
            return None
        return Package(
            id=document.id,
            document=document,
            documents=tuple(item for item in documents if item is not None),
            layers=tuple(folder.name for folder in self.folders),
            hash=content_hash(self.folders),
            subjects=_plain(subjects),
            vocabularies=vocabularies,
            figures=figures,
            rules=rules,
            standard_rules=standard_rules,
            computed=computed,
            **{name: _plain(entries) for name, entries in parts.items()},
        )

    def _own_cases(self, name: str, model: type[Model]) -> Entries[Model]:
        """Golden cases are the package's own: an overlay answers differently from its base."""
        raw = read_entries(self.folders[-1:], name, self.problems)
        checked = {id: (validate(entry, model, self.problems), entry) for id, entry in raw.items()}
        return {id: (item, entry) for id, (item, entry) in checked.items() if item is not None}

    def _check_ids(self, documents: list[schema.Document | None]) -> None:
        for document, folder in zip(documents, self.folders, strict=True):
            if document is not None and document.id != folder.name:
                what = f"the id {document.id} is not the folder's name {folder.name}"
                self.problems.append(Problem(f"{folder.name}/document.yaml", 1, what, "make them the same"))


def _vocabulary(subject: schema.SubjectEntry) -> Vocabulary:
    facts = {
        entry.name: Fact(
            entry.name,
            entry.type,
            entry.label,
            tuple(value.value for value in entry.values),
            {value.value: value.name for value in entry.values},
        )
        for entry in subject.facts
    }
    return Vocabulary(subject.subject, facts)


def _plain(entries: Mapping[str, tuple[Any, RawEntry]]) -> dict[str, Any]:
    return {id: item for id, (item, _) in entries.items()}
