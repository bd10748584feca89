"""`manage.py measure_population`: count anew who lives where; every night, or by hand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from songhe.registry.domain.population import measure_population


class Command(BaseCommand):
    help = "统计人口结构 Count who lives where: by age and sex, living situation, ability, registration, relief"

    def handle(self, **options: Any) -> None:
        counted = measure_population()
        self.stdout.write(
            f"{counted.people} 人 people，{counted.rows} 个区划 divisions，无区划 {counted.nowhere} 人 in no division"
        )
