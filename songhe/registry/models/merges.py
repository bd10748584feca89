"""Files that turned out to be one person's (并档): a dated fact about files, and nothing is copied or rewritten."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from songhe.accounts.scope import scoped
from songhe.registry.models.records import Person, Transaction, reached_through


@scoped(*reached_through("into"))
class Merge(models.Model):
    """From `made_in` until `undone_in`, what is recorded of `person` counts as recorded of `into`.

    Made only between two that stand for themselves, so the open ones never run in a circle; the database refuses
    others, and any change but the end.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges", verbose_name="并入他档的档案")
    into = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absorbed", verbose_name="保留的档案")
    made_in = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="+", verbose_name="并档登记")
    undone_in = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="拆档登记"
    )

    class Meta:
        verbose_name = "并档"
        verbose_name_plural = "并档"
        constraints = (
            models.CheckConstraint(name="merge_of_two", condition=~Q(person=F("into"))),
            models.UniqueConstraint(name="merge_one_open", fields=["person"], condition=Q(undone_in=None)),
        )
