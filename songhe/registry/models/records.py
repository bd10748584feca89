"""The truth: what was stated about whom, by whom, valid when and recorded when. Nothing here is ever changed.

Rows of these tables arrive by the million, and a foreign key costs PostgreSQL a query for each of them. The columns
marked `db_constraint=False` are checked by triggers instead, a statement at a time (migrations/0002).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import user_field
from songhe.accounts.scope import scoped, unscoped
from songhe.divisions.models import Division


def reached_through(person: str = "") -> tuple[str, ...]:
    """Scope paths over the row that says where a person lives and is registered today: their own or the survivor's."""
    ways = ("current", "merged_into__current")
    places = ("residence_division_id", "hukou_division_id")
    return tuple("__".join(filter(None, (person, way, place))) for way in ways for place in places)


PLACES = reached_through("person")


@unscoped("seen only beside the records it made")
class Transaction(models.Model):
    """One writing (登记): its id is the number by which everything recorded is ordered, `at` the recorded time.

    Writers take turns, so a higher number was never recorded earlier and never becomes visible earlier.
    """

    at = models.DateTimeField("登记时间", db_index=True)
    user = user_field("登记人", null=True)
    source = models.CharField("来源", max_length=30)
    reason = models.CharField("事由", max_length=300, blank=True)
    batch = models.CharField("批次", max_length=100, blank=True)

    class Meta:
        verbose_name = "登记"
        verbose_name_plural = "登记"


@scoped(*reached_through())
class Person(models.Model):
    """An older person (老年人) as such; everything known about them is a record.

    `merged_into` is who stands for the person today, as follows from the table of merges.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    created_in = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, db_constraint=False, related_name="people", verbose_name="建档登记"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", verbose_name="已并入"
    )

    class Meta:
        verbose_name = "老年人"
        verbose_name_plural = "老年人"
        constraints = (models.CheckConstraint(name="person_not_merged_into_itself", condition=~Q(merged_into=F("id"))),)


@scoped(*PLACES)
class FactRecord(models.Model):
    """One statement of one source about one fact (事实记录).

    `value` is the canonical text of the value; of a sealed fact it is the keyed hash, and `sealed` holds the
    content. A null value withdraws what the source said: to unknown. `division` is what the code of a division meant on
    the day it was recorded, so that new names, codes and parents change nothing.
    """

    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="records",
        verbose_name="老年人",
    )
    fact = models.CharField("事实", max_length=40)
    value = models.TextField("值", null=True)
    sealed = models.BinaryField("密文", null=True)
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="区划",
    )
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)
    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, db_constraint=False, related_name="records", verbose_name="登记"
    )
    source = models.CharField("来源", max_length=30)

    class Meta:
        verbose_name = "事实记录"
        verbose_name_plural = "事实记录"
        indexes = (models.Index(fields=["person", "fact"], name="record_person_fact"),)
        constraints = (
            models.CheckConstraint(
                name="record_dates", condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            # A death has one day and no end, and is taken back by a retraction only.
            models.CheckConstraint(
                name="record_death_is_for_good",
                condition=~Q(fact="alive", value="false") | Q(valid_to=None),
            ),
            models.CheckConstraint(
                name="record_death_date_is_timeless",
                condition=~Q(fact="death_date") | Q(value__isnull=False, valid_from=None, valid_to=None),
            ),
        )


@scoped(*reached_through("record__person"))
class Retraction(models.Model):
    """A record that should never have been (撤回): from this transaction on it counts for nothing, on any day."""

    record = models.OneToOneField(
        FactRecord, on_delete=models.PROTECT, related_name="retraction", verbose_name="事实记录"
    )
    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, related_name="retractions", verbose_name="登记"
    )
    reason = models.CharField("事由", max_length=300)

    class Meta:
        verbose_name = "撤回"
        verbose_name_plural = "撤回"
