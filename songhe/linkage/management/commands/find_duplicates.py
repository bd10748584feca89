"""`manage.py find_duplicates`: search the whole register, and put what may be one person twice into the queue."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songhe.linkage.domain import found, refresh_queue
from songhe.linkage.probability import LEAST, NotInstalled, is_installed, score
from songhe.linkage.rules import WORDS, Rule
from songhe.linkage.search import everybody, search


class Command(BaseCommand):
    help = "查找重复档案，交由人工核定 Find likely duplicates in the register, for a person to decide"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--by-probability",
            action="store_true",
            help="规则之外再按概率查找，需要 splink score the rest as well; needs songhe[linkage]",
        )
        parser.add_argument("--least", type=float, default=LEAST, help=f"概率下限 least probability ({LEAST})")

    def handle(self, *args: Any, **options: Any) -> None:
        scoring = options["by_probability"]
        if scoring and not is_installed():
            raise CommandError(str(NotInstalled()))
        pairs = found(search(progress=lambda people: self.stdout.write(f"已读 {people:,} 人 people read")))
        if scoring:
            pairs += score(everybody(), least=options["least"], beside=pairs)
        for rule, count in Counter(pair.rule for pair in pairs).most_common():
            self.stdout.write(f"{count:>8,}  {WORDS[rule].zh} {WORDS[rule].en}")
        refreshed = refresh_queue(pairs=pairs, keep=() if scoring else (Rule.PROBABILITY,))
        self.stdout.write(
            f"新增 {refreshed.added:,} 对，已有 {refreshed.known:,} 对，消失 {refreshed.dropped:,} 对 "
            "pairs new, known, and no longer there"
        )
