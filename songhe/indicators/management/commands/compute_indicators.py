"""`songhe manage compute_indicators`: count the indicators of a place for a month, or for many."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songhe.common.days import DayProblem, read_day
from songhe.divisions.queries import resolve
from songhe.indicators.errors import IndicatorError
from songhe.indicators.jobs import count_months
from songhe.indicators.months import last_month_end
from songhe.indicators.packages import package_for
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package


class Command(BaseCommand):
    help = "核算一地的指标。 Count the indicators of a place from the platform's records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--division", required=True, help="code of the division, such as 640381")
        parser.add_argument("--day", help="the last day of the last month; that of the last month by default")
        parser.add_argument("--months", type=int, default=1, help="how many months up to that day")
        parser.add_argument("--policy", help="the package; the one that holds there by default")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = read_day(options["day"]) if options["day"] else last_month_end()
        except DayProblem as problem:
            raise CommandError(f"--day: {problem.text.zh} {problem.text.en}") from None
        division = resolve(options["division"], day)
        if division is None:
            raise CommandError(f"没有区划 {options['division']}： There is no such division on {day}.")
        package = self._package(options["policy"], division, day)
        try:
            new = count_months(by=None, package=package, division=division, last=day, months=options["months"])
        except IndicatorError as error:
            raise CommandError(f"{error.zh} {error.en}") from None
        self.stdout.write(f"✓ {package.id} {options['division']} {day}: {new} 次新核算 new computations")

    def _package(self, name: str | None, division: int, day: Any) -> Package:
        try:
            package = load_package(name) if name else package_for(division, day)
        except (PackageError, UnknownPackage) as error:
            raise CommandError(str(error)) from None
        if package is None:
            raise CommandError("此地没有适用的政策包： No package speaks for this place.")
        return package
