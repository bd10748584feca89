"""Loading a package for a command."""

from __future__ import annotations

import sys

from songhe.cli.console import err, fail
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package


def load(name: str) -> Package:
    """The package, or an end of the program that says everything wrong with it."""
    try:
        return load_package(name)
    except UnknownPackage as error:
        fail(str(error))
    except PackageError as error:
        err.print(f"{name} 政策包不能使用 is refused:", style="bold red", markup=False)
        for problem in error.problems:
            err.print(str(problem), markup=False)
        sys.exit(1)
