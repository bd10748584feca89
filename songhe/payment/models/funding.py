"""Who bears what (资金来源): the funds that pay an item of a county in a budget year, each for an exact share."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division
from songhe.payment.models.ledger import Fund


@scoped("division_id", personal=False)
class Funding(models.Model):
    """How an item's cost is shared in a year, and the document that says so. Stated by one, confirmed by another.

    Of the confirmed ones of a county, item and year the last confirmed holds. Rows are never changed: another share is
    another row. `parts` is the denominator of all shares; the database confirms none whose shares do not come to one.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    item = models.CharField("项目", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    parts = models.PositiveIntegerField("份数")
    document = models.CharField("依据文件", max_length=200)
    stated_by = user_field("登记人")
    stated_at = moment_field("登记时间")
    confirmed_by = user_field("复核人", null=True)
    confirmed_at = models.DateTimeField("复核时间", null=True)
    withdrawn_by = user_field("撤回人", null=True)

    class Meta:
        verbose_name = "资金来源"
        verbose_name_plural = "资金来源"
        indexes = (models.Index(fields=["division", "year", "item"], name="funding_place_year_item"),)
        constraints = (
            models.CheckConstraint(
                name="funding_confirmed_by_another", condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("stated_by"))
            ),
            models.CheckConstraint(
                name="funding_confirmed_at", condition=Q(confirmed_by=None) | Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="funding_confirmed_or_withdrawn", condition=Q(confirmed_by=None) | Q(withdrawn_by=None)
            ),
            models.CheckConstraint(
                name="funding_names_its_ground", condition=~Q(document="") & ~Q(item="") & Q(parts__gt=0)
            ),
        )


@scoped("funding__division_id", personal=False)
class FundingShare(models.Model):
    """A fund bears so many of the parts (分担份额)."""

    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="shares", verbose_name="资金来源")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", verbose_name="资金")
    number = models.PositiveIntegerField("份额")

    class Meta:
        verbose_name = "分担份额"
        verbose_name_plural = "分担份额"
        constraints = (
            models.UniqueConstraint(name="funding_share_once", fields=["funding", "fund"]),
            models.CheckConstraint(name="funding_share_bears", condition=Q(number__gt=0)),
        )

    @property
    def fraction(self) -> Fraction:
        """Needs `funding` to be there."""
        return Fraction(self.number, self.funding.parts)
