"""`manage.py find_duplicates`: search the whole register, and put what may be one person twice into the queue."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from songhe.linkage.domain import found, refresh_queue
from songhe.linkage.rules import WORDS
from songhe.linkage.search import search


class Command(BaseCommand):
    help = "查找重复档案，交由人工核定 Find likely duplicates in the register, for a person to decide"

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = search(progress=lambda people: self.stdout.write(f"已读 {people:,} 人 people read"))
        for rule, count in Counter(pair.verdict.rule for pair in pairs).most_common():
            self.stdout.write(f"{count:>8,}  {WORDS[rule].zh} {WORDS[rule].en}")
        refreshed = refresh_queue(pairs=found(pairs))
        self.stdout.write(
            f"新增 {refreshed.added:,} 对，已有 {refreshed.known:,} 对，消失 {refreshed.dropped:,} 对 "
            "pairs new, known, and no longer there"
        )
