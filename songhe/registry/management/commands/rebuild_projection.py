"""`manage.py rebuild_projection`: make the current view anew from the records, and say what was wrong with it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songhe.accounts.domain.audit import append
from songhe.registry.projection import rebuild, refresh

SHOWN = 20


class Command(BaseCommand):
    help = "由事实记录重建当前视图并报告差异 Rebuild the current view from the records and report every difference"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只报告，不写入 report only, write nothing")
        parser.add_argument(
            "--due", action="store_true", help="只处理今日起止的记录 only what begins or ends by itself"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["due"]:
            self.stdout.write(f"已核对 {refresh()} 人 people looked at")
            return
        columns: Counter[str] = Counter()
        number = 0
        for number, difference in enumerate(rebuild(write=not options["check"]), 1):
            columns.update(difference.columns or ["缺行 no row"])
            if number <= SHOWN:
                what = ", ".join(difference.columns) or "缺行 no row"
                self.stdout.write(f"person {difference.person_id}: {what}")
        for column, count in columns.most_common():
            self.stdout.write(f"{column}: {count}")
        append(user=None, action="projection.rebuilt", details={"differences": number, "written": not options["check"]})
        self.stdout.write(f"差异 {number} 处 differences")
        if options["check"] and number:
            raise CommandError("当前视图与记录不一致 the current view differs from the records")
