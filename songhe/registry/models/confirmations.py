"""When a source last said again what it had said before (确认): no news, and yet a sign that somebody looked."""

from __future__ import annotations

from django.db import models

from songhe.accounts.scope import scoped, unscoped
from songhe.registry.models.records import PLACES, Person


@unscoped("names of facts, and nobody's")
class FactSet(models.Model):
    """Facts that are confirmed together, such as the columns of a department's list: sorted, parted by commas."""

    facts = models.TextField("事实", unique=True)

    class Meta:
        verbose_name = "事实组合"
        verbose_name_plural = "事实组合"


@scoped(*PLACES)
class Confirmation(models.Model):
    """The last day on which a source repeated these facts of a person; earlier days are not kept."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, related_name="+", verbose_name="老年人"
    )
    source = models.CharField("来源", max_length=30)
    fact_set = models.ForeignKey(FactSet, on_delete=models.PROTECT, related_name="+", verbose_name="事实组合")
    day = models.DateField("日期")

    class Meta:
        verbose_name = "确认"
        verbose_name_plural = "确认"
        constraints = (models.UniqueConstraint(name="confirmation_latest", fields=["person", "source", "fact_set"]),)
