"""`verify_ledger`: whether every fen of the ledger is where it should be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songhe.payment.models import Entry, Posting
from songhe.payment.verify import checks, faults


class Command(BaseCommand):
    help = "核验总账：凭证平衡、余额、应付与发放逐分相符。 Verify the ledger to the fen and name what is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        if found := list(faults()):
            raise CommandError("\n".join(map(str, found)))
        self.stdout.write(
            f"{Entry.objects.count()} 张凭证、{Posting.objects.count()} 条分录，{len(checks())} 项核验全部通过。 "
            "The ledger is whole."
        )
