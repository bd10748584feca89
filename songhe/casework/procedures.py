"""Reading procedures, checking them, and finding the one for a case: what lies nearest to the matter wins."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from songhe.casework.errors import CaseError
from songhe.casework.faults import faults
from songhe.casework.shapes import Procedure
from songhe.common.division import within
from songhe.common.text import Text
from songhe.policy.errors import Problem
from songhe.policy.yamlfile import Located, YamlProblem, read_yaml

BUILT_IN = Path(__file__).with_name("procedures.yaml")
FOLDERS_VARIABLE = "SONGHE_PROCEDURES"
_OWN = ("like", "change", "without")


class ProcedureError(ValueError):
    """Procedures that must not be used: everything found wrong in them, each with file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Rulebook:
    """All procedures there are, and the conventions that they stand on."""

    def __init__(self, procedures: Sequence[Procedure], conventions: dict[str, Text]) -> None:
        self.procedures = tuple(procedures)
        self.conventions = conventions

    def find(self, *, kind: str, package: str, item: str, county: str, day: dt.date) -> Procedure:
        """The procedure of a case that begins on a day in a division (its code). Raises CaseError without one."""
        fitting = [one for one in self.procedures if one.kind == kind and _fits(one, package, item, county, day)]
        if not fitting:
            raise CaseError(
                f"{day} 没有 {kind} 的办理流程，请在 procedures.yaml 中补充。",
                f"There is no procedure for {kind} on {day}; add one to procedures.yaml.",
            )
        return max(fitting, key=lambda one: (one.applies.rank, one.start or dt.date.min))


def rulebook() -> Rulebook:
    """The built-in procedures with those of the operator's folders laid over them. Raises ProcedureError."""
    return _read(os.environ.get(FOLDERS_VARIABLE, ""))


@lru_cache(maxsize=4)
def _read(folders: str) -> Rulebook:
    extra = [path for part in folders.split(os.pathsep) if part for path in sorted(Path(part).glob("*.yaml"))]
    return read(BUILT_IN, *extra)


def read(*files: Path) -> Rulebook:
    """The procedures of these files, the later ones standing on the earlier. Raises ProcedureError."""
    reader = _Reader()
    for path in files:
        reader.add(path)
    if reader.problems:
        raise ProcedureError(reader.problems)
    return Rulebook(list(reader.procedures.values()), reader.conventions)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.conventions: dict[str, Text] = {}
        self.procedures: dict[str, Procedure] = {}
        self._raw: dict[str, dict[str, Any]] = {}

    def add(self, path: Path) -> None:
        try:
            file = read_yaml(path)
        except YamlProblem as error:
            self.problems.append(error.problem)
            return
        data = file.data if isinstance(file.data, dict) else {}
        if set(data) - {"conventions", "procedures"} or not isinstance(data.get("procedures"), list):
            self._note(file, (), "not a file of procedures", "write conventions: and procedures:")
            return
        for name, text in (data.get("conventions") or {}).items():
            self._convention(file, name, text)
        for number, entry in enumerate(data["procedures"]):
            self._procedure(file, ("procedures", number), entry)

    def _convention(self, file: Located, name: str, text: Any) -> None:
        try:
            self.conventions[name] = Text.model_validate(text)
        except ValidationError:
            self._note(file, ("conventions", name), "a convention without its reason", "write zh: and en:")

    def _procedure(self, file: Located, at: tuple[str | int, ...], entry: Any) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            self._note(file, at, "a procedure without an id", "give it an id")
        elif entry["id"] in self.procedures:
            self._note(file, at, f"the id {entry['id']} stands twice", "give it another id, with `like` and `for`")
        elif (whole := self._whole(file, at, entry)) is not None:
            self._validated(file, at, whole)

    def _whole(self, file: Located, at: tuple[str | int, ...], entry: dict[str, Any]) -> dict[str, Any] | None:
        """The entry with everything that it takes from the one it is like."""
        if "like" not in entry:
            return entry
        base = self._raw.get(entry["like"])
        if base is None:
            self._note(file, (*at, "like"), f"there is no procedure {entry['like']}", "name one that stands before it")
            return None
        change, without = entry.get("change") or {}, entry.get("without") or []
        for step in sorted({*change, *without} - {step["id"] for step in base["steps"]}):
            self._note(file, at, f"{entry['like']} has no step {step}", "name one of its steps")
        inherited = {key: value for key, value in base.items() if key not in ("from", "to", "for")}
        steps = [step | change.get(step["id"], {}) for step in base["steps"] if step["id"] not in without]
        return inherited | {"steps": steps} | {key: value for key, value in entry.items() if key not in _OWN}

    def _validated(self, file: Located, at: tuple[str | int, ...], whole: dict[str, Any]) -> None:
        try:
            procedure = Procedure.model_validate(whole)
        except ValidationError as error:
            for one in error.errors():
                place = ".".join(str(part) for part in one["loc"])
                self._note(file, (*at, *one["loc"]), f"{whole['id']}: {place}: {one['msg']}", "mend this entry")
            return
        for path, what, mend in faults(procedure, self.conventions, list(self.procedures.values())):
            self._note(file, (*at, *path), f"{procedure.id}: {what}", mend)
        self.procedures[procedure.id] = procedure
        self._raw[procedure.id] = whole

    def _note(self, file: Located, path: tuple[str | int, ...], what: str, mend: str) -> None:
        self.problems.append(file.problem(path, what, mend))


def _fits(procedure: Procedure, package: str, item: str, county: str, day: dt.date) -> bool:
    wanted = procedure.applies
    return (
        procedure.contains(day)
        and wanted.package in (None, package)
        and wanted.item in (None, item)
        and (wanted.county is None or within(county, wanted.county) is True)
    )
