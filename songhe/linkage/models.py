"""The queue of likely duplicates (疑似重复): two files, why they look like one person, and what a person decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped_by_all
from songhe.linkage.rules import WORDS, Rule
from songhe.registry.models import Merge, Person
from songhe.registry.models.records import reached_through


@scoped_by_all(reached_through("one"), reached_through("other"))
class Candidate(models.Model):
    """Two files that may be one person's. What was decided stays: nobody is asked again.

    `rank` orders the queue, the likeliest first; `score` is a probability, where there is one. Seen only by who
    reaches both people.
    """

    class State(models.TextChoices):
        OPEN = "open", "待核"
        SAME = "same", "同一人"
        DIFFERENT = "different", "不是同一人"

    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="档案一")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="档案二")
    rule = models.CharField("规则", max_length=30, choices=[(rule.value, WORDS[rule].zh) for rule in Rule])
    score = models.FloatField("概率", null=True)
    rank = models.PositiveSmallIntegerField("次序")
    found_at = moment_field("发现时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    decided_by = user_field("核定人", null=True)
    decided_at = models.DateTimeField("核定时间", null=True)
    reason = models.CharField("事由", max_length=300, blank=True)
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="并档")

    class Meta:
        verbose_name = "疑似重复"
        verbose_name_plural = "疑似重复"
        constraints = (
            models.UniqueConstraint(name="candidate_once", fields=["one", "other"]),
            models.CheckConstraint(name="candidate_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(
                name="candidate_decided", condition=Q(state="open") ^ Q(decided_at__isnull=False, reason__gt="")
            ),
        )
        indexes = (models.Index(fields=["rank", "id"], name="candidate_queue", condition=Q(state="open")),)
