"""`load_divisions`: the divisions of the cities that come with Songhe, or of a file."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songhe.common.calendar import parse_date
from songhe.divisions import lists
from songhe.divisions.domain import DivisionError, Row, load_divisions


class Command(BaseCommand):
    help = "载入行政区划；已有的不变。 Load the divisions of the cities; those that exist stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", action="append", choices=lists.CITIES, help="default: all five")
        parser.add_argument("--file", type=Path, help="a CSV file in place of the cities (code,name,level,parent,…)")
        parser.add_argument("--on", type=parse_date, default=lists.SINCE, help="first day of what is new (%(default)s)")

    def handle(self, *, city: list[str] | None, file: Path | None, on: dt.date, **options: Any) -> None:
        try:
            if file:
                self._load(file.name, lists.read_list(file.read_text("utf-8-sig")), on, note=file.name)
            for one in [] if file else city or lists.CITIES:
                self._load(one, lists.read_city(one), on, note=lists.NOTE)
        except (DivisionError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error

    def _load(self, title: str, rows: list[Row], on: dt.date, note: str) -> None:
        loaded = load_divisions(rows=rows, on=on, note=note)
        self.stdout.write(f"{title}: 新设 {loaded.founded}，未变 {loaded.unchanged} · {loaded.founded} new")
