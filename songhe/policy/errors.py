"""What can be wrong with a package, said so that its author can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One defect: where it is, what is wrong, how to mend it."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}\n    → {self.mend}"


class PackageError(ValueError):
    """A package that must not be used, with everything found wrong in it."""

    def __init__(self, package: str, problems: list[Problem]) -> None:
        self.package = package
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class UnknownPackage(ValueError):
    """No package of that name."""


def shown_path(path: Path) -> str:
    """A package file as an author knows it: `suizhou-2023/parameters.yaml`."""
    return "/".join(path.parts[-2:])
