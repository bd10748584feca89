"""Where packages lie, and which folders one package is laid over."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from songhe.policy.errors import PackageError, Problem, UnknownPackage, shown_path
from songhe.policy.yamlfile import YamlProblem, read_yaml

BUILT_IN = Path(__file__).resolve().parent.parent / "policies"
# A city may keep its own packages elsewhere: folders separated like PATH.
EXTRA_FOLDERS_VARIABLE = "SONGHE_POLICIES"


def roots() -> list[Path]:
    """The folders that hold packages, the operator's own before the built-in ones."""
    extra = os.environ.get(EXTRA_FOLDERS_VARIABLE, "")
    return [Path(part) for part in extra.split(os.pathsep) if part] + [BUILT_IN]


def package_ids() -> list[str]:
    """The ids of all packages there are, without the national one."""
    found = {path.parent.name for root in roots() for path in root.glob("*/document.yaml")}
    return sorted(found - {"cn"})


def find_folder(name: str, beside: Path | None = None) -> Path:
    """The folder of a package by id, or a folder given by its path."""
    if os.sep in name or name.startswith("."):
        path = Path(name)
        if (path / "document.yaml").is_file():
            return path.resolve()
    for root in ([beside] if beside else []) + roots():
        if (root / name / "document.yaml").is_file():
            return (root / name).resolve()
    raise UnknownPackage(f"no policy package {name!r}; there are {', '.join(package_ids())}")


def chain(name: str) -> list[Path]:
    """The folders of a package from the national base up to the package itself.

    Raises UnknownPackage, or PackageError when `extends` goes round in a circle or names nothing.
    """
    folder = find_folder(name)
    found = [folder]
    while base := _base(folder, name):
        line, base_name = base
        here = shown_path(folder / "document.yaml")
        try:
            folder = find_folder(base_name, beside=folder.parent)
        except UnknownPackage as error:
            raise PackageError(name, [Problem(here, line, f"extends: {error}", "name an existing package")]) from None
        if folder in found:
            circle = " → ".join(path.name for path in [*found[found.index(folder) :], folder])
            raise PackageError(name, [Problem(here, line, f"extends goes in a circle: {circle}", "cut it")])
        found.append(folder)
    return list(reversed(found))


def _base(folder: Path, name: str) -> tuple[int, str] | None:
    """Line and name of what a package extends; every package stands on `cn` at last."""
    try:
        document = read_yaml(folder / "document.yaml")
    except YamlProblem as error:
        raise PackageError(name, [error.problem]) from None
    extends = document.data.get("extends") if isinstance(document.data, dict) else None
    if isinstance(extends, str):
        return document.line(("extends",)), extends
    return None if folder.name == "cn" else (1, "cn")


def content_hash(folders: list[Path]) -> str:
    """SHA-256 over every file of the package and what it stands on: the same text gives the same hash anywhere."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            digest.update(f"{folder.name}/{path.name}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
