"""`songhe payment`: proving the ledger."""

from __future__ import annotations

import click

from songhe.cli.console import fail, out
from songhe.cli.site import open_database


@click.group()
def payment() -> None:
    """Funds, the ledger and payments 资金发放."""


@payment.command()
def verify() -> None:
    """Prove the ledger to the fen, or name what is broken 核验总账."""
    open_database()
    from songhe.payment.models import Entry, Posting
    from songhe.payment.verify import checks, faults

    if found := list(faults()):
        fail("\n".join(map(str, found)), code=1)
    entries, postings = Entry.objects.count(), Posting.objects.count()
    out.print(
        f"{entries} 张凭证、{postings} 条分录，{len(checks())} 项核验全部通过。 The ledger is whole.", markup=False
    )
