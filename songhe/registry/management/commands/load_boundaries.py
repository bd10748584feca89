"""`manage.py load_boundaries FILE --property code`: the borders of divisions from a GeoJSON file."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songhe.common import clock
from songhe.common.calendar import parse_date
from songhe.divisions.errors import DivisionError
from songhe.registry.domain.boundaries import load_boundaries


class Command(BaseCommand):
    help = "载入区划界线（GeoJSON，WGS 84） Load the borders of divisions: GeoJSON, longitude and latitude in WGS 84"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON，一个要素集合 one FeatureCollection")
        parser.add_argument("--property", default="code", help="存放区划代码的属性 which holds the code (%(default)s)")
        parser.add_argument("--on", type=parse_date, help="自哪一天起 the first day of these borders (today)")
        parser.add_argument("--source", default="", help="来源 where they are from (the name of the file)")
        parser.add_argument("--leave-unknown", action="store_true", help="跳过名录中没有的代码 leave unknown codes out")

    def handle(self, *, file: Path, on: dt.date | None, source: str, **options: Any) -> None:
        try:
            written = load_boundaries(
                by=None,
                content=file.read_bytes(),
                name=file.name,
                source=source or file.name,
                code_property=options["property"],
                on=on or clock.today(),
                leave_unknown=options["leave_unknown"],
            )
        except (DivisionError, OSError) as error:
            raise CommandError(str(error)) from error
        left = f"，跳过 {'、'.join(written.unknown)} left out" if written.unknown else ""
        self.stdout.write(f"{file.name}：{len(written.divisions)} 个区划 divisions{left}")
