"""How good the data are, counted per division and fact on a day: figures only, nobody's data."""

from __future__ import annotations

from django.db import models

from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


@scoped("division_id", personal=False)
class QualityRow(models.Model):
    """One fact among the living people of a division and everything below it (数据质量)."""

    day = models.DateField("统计日")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    fact = models.CharField("事实", max_length=40)
    asked = models.PositiveIntegerField("应有人数")
    known = models.PositiveIntegerField("已知人数")
    conflicts = models.PositiveIntegerField("来源不一致人数")
    median_days = models.PositiveIntegerField("距上次记录天数（中位）", null=True)
    stale = models.PositiveIntegerField("超期人数", null=True)

    class Meta:
        verbose_name = "数据质量"
        verbose_name_plural = "数据质量"
        constraints = (models.UniqueConstraint(name="quality_once", fields=["day", "division", "fact"]),)
