"""`python -m soak.clerks NAME HOME ADDRESS`: one clerk; the name says the kind, as `desk0`."""

from __future__ import annotations

import sys
from pathlib import Path

from soak.clerks.working import Clerk

KINDS = ("desk", "department", "cases", "months", "money")


def main() -> None:
    name, home, address = sys.argv[1:4]
    make(name, Path(home), address).work()


def make(name: str, home: Path, address: str) -> Clerk:
    """A clerk of the kind that the name begins with. Django is set up by then, where the kind needs it."""
    import django

    django.setup()
    from soak.clerks.cases import Cases
    from soak.clerks.department import Department
    from soak.clerks.desk import Desk
    from soak.clerks.money import Money
    from soak.clerks.months import Months

    kinds = dict(zip(KINDS, (Desk, Department, Cases, Months, Money), strict=True))
    return kinds[name.rstrip("0123456789")](name, home, address)


if __name__ == "__main__":
    main()
