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


@payment.command()
@click.option("--county", required=True, help="Code of the county, such as 640381.")
@click.option("--detail", is_flag=True, help="Say of each claim of an organisation where it led.")
def prove(county: str, detail: bool) -> None:
    """Lead every fen back to its decision and clause 逐分溯源, or name what cannot be. Ends with 1 then."""
    open_database()
    from songhe.divisions.queries import resolve
    from songhe.payment.proof import trace

    if (place := resolve(county)) is None:
        fail(f"没有区划 {county}： There is no such division.")
    traced = trace(place)
    for text in (*traced.unexplained, *traced.after_death):
        out.print(f"✗ {text}", markup=False, soft_wrap=True)
    for text in traced.led if detail else ():
        out.print(f"✓ {text}", markup=False, soft_wrap=True)
    for one in traced.balances:
        out.print(f"{'✓' if one.agrees else '✗'} {one}", markup=False, soft_wrap=True)
    out.print(
        f"已付 {traced.lines:,} 笔 {traced.paid:,} 分，有决定和条款的 {traced.explained:,} 分，其他 "
        f"{traced.otherwise.total():,} 分。 Paid {traced.paid:,} fen, {traced.explained:,} by decisions, "
        f"{traced.otherwise.total():,} by others.",
        markup=False,
        soft_wrap=True,
    )
    if not traced.holds:
        raise SystemExit(1)
