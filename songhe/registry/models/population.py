"""Who lives in a division, counted once a month: by age and sex, living situation, ability. Figures, nobody's data."""

from __future__ import annotations

from django.db import models

from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


@scoped("division_id", personal=False)
class PopulationCount(models.Model):
    """The living older people of a division and everything below it on a day (人口结构).

    `figures` is a flat object of numbers, such as `"age.F.60"`, `"living.alone"`; what it does not name is zero.
    """

    day = models.DateField("统计日")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    people = models.PositiveIntegerField("人数")
    figures = models.JSONField("各项人数")

    class Meta:
        verbose_name = "人口结构"
        verbose_name_plural = "人口结构"
        constraints = (models.UniqueConstraint(name="population_once", fields=["division", "day"]),)
        indexes = (models.Index(fields=["day"], name="population_day"),)
