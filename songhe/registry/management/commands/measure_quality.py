"""`manage.py measure_quality`: count the quality of the data anew; every night, or by hand."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songhe.common.spreadsheet import write_csv
from songhe.divisions.queries import resolve
from songhe.registry.domain.quality import measure_quality
from songhe.registry.quality import rows, table_for_operators


class Command(BaseCommand):
    help = "统计数据质量 Measure the quality of the data: completeness, conflicts, freshness per fact and division"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--division", help="然后显示该区划 then show this division (code)")
        parser.add_argument("--csv", type=Path, help="写入文件而不显示 write its table to a file instead")

    def handle(self, *, division: str | None, csv: Path | None, **options: Any) -> None:
        measured = measure_quality()
        self.stdout.write(
            f"{measured.day}：{measured.people} 人 people，{measured.rows} 行 rows，"
            f"无区划 {measured.nowhere} 人 in no division"
        )
        if division:
            self._show(division, csv)

    def _show(self, code: str, csv: Path | None) -> None:
        found = resolve(code)
        if found is None:
            raise CommandError(f"没有区划 There is no division {code}")
        header, *lines = rows(table_for_operators(found).lines)
        if csv:
            csv.write_bytes(b"".join(write_csv(lines, header)))
            return
        for line in (header, *lines):
            self.stdout.write("\t".join(line))
