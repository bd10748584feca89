"""Administrative divisions (行政区划) with their history: who they are, what they were called, under whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from songhe.common import clock
from songhe.divisions import codes


class Level(models.IntegerChoices):
    """Levels of the tree; management committees (管委会) stand beside counties."""

    PROVINCE = codes.PROVINCE, "省"
    CITY = codes.CITY, "市"
    COUNTY = codes.COUNTY, "县（市、区）"
    TOWN = codes.TOWN, "街道（镇）"
    VILLAGE = codes.VILLAGE, "社区（村）"


class Division(models.Model):
    """A division as itself: it stays the same through new names, codes and parents."""

    created_at = models.DateTimeField("记录时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = "区划"
        verbose_name_plural = "区划"


class Change(models.Model):
    """What happened to divisions on a day, with the document that ordered it."""

    class Kind(models.TextChoices):
        FOUNDED = "founded", "设立"
        RENAMED = "renamed", "更名"
        RECODED = "recoded", "代码变更"
        MOVED = "moved", "划转"
        MERGED = "merged", "合并"
        SPLIT = "split", "拆分"
        DISSOLVED = "dissolved", "撤销"

    kind = models.CharField("类别", max_length=10, choices=Kind)
    on = models.DateField("生效日")
    note = models.CharField("说明", max_length=300, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    recorded_at = models.DateTimeField("记录时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = "区划变更"
        verbose_name_plural = "区划变更"
        indexes = (models.Index(fields=["on"]),)


class Version(models.Model):
    """What a division was from a day to a day, both included; an open end is now."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="versions", verbose_name="区划")
    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=80)
    level = models.PositiveSmallIntegerField("层级", choices=Level)
    parent = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, related_name="child_versions", verbose_name="上级"
    )
    is_committee = models.BooleanField("管委会", default=False)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)
    opened_by = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="opened", verbose_name="起因")
    closed_by = models.ForeignKey(
        Change, on_delete=models.PROTECT, null=True, related_name="closed", verbose_name="止因"
    )

    class Meta:
        verbose_name = "区划版本"
        verbose_name_plural = "区划版本"
        constraints = (
            models.CheckConstraint(
                name="division_version_dates", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="division_version_closed_by",
                condition=Q(valid_to=None, closed_by=None) | Q(valid_to__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="division_committee_level", condition=Q(is_committee=False) | Q(level=Level.COUNTY)
            ),
            models.CheckConstraint(name="division_not_its_own_parent", condition=~Q(parent=F("division"))),
            models.UniqueConstraint(name="division_one_open_version", fields=["division"], condition=Q(valid_to=None)),
            models.UniqueConstraint(name="division_one_open_code", fields=["code"], condition=Q(valid_to=None)),
            models.UniqueConstraint(name="division_one_version_a_day", fields=["division", "valid_from"]),
        )
        indexes = (models.Index(fields=["code", "valid_from"]), models.Index(fields=["parent", "valid_from"]))


class Succession(models.Model):
    """Which division went on as which: a merger has several befores, a split several afters."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="successions", verbose_name="变更")
    before = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="became", verbose_name="变更前")
    after = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="came_from", verbose_name="变更后")

    class Meta:
        verbose_name = "区划承继"
        verbose_name_plural = "区划承继"
        constraints = (
            models.UniqueConstraint(name="division_one_succession", fields=["change", "before", "after"]),
            models.CheckConstraint(name="division_succession_differs", condition=~Q(before=F("after"))),
        )


class TreeState(models.Model):
    """One row whose mark is new after every change, so that trees held in memory know they are out of date.

    The mark is random, not a count: a count would come back after a rollback and stand for two different trees.
    """

    mark = models.CharField(max_length=32)


class BoundaryFile(models.Model):
    """A file of borders (界线) as the operator gave it: where it is from, and who loaded it."""

    name = models.CharField("文件名", max_length=200)
    source = models.CharField("来源", max_length=200)
    sha256 = models.CharField("指纹", max_length=64)
    loaded_by = models.CharField("载入者", max_length=150)
    loaded_at = models.DateTimeField("载入时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = "界线文件"
        verbose_name_plural = "界线文件"


class Boundary(models.Model):
    """The border of a division from a day on, until a later one; a correction is a new row.

    `geometry` is GeoJSON, a Polygon or MultiPolygon in degrees of WGS 84, as compact text: it is handed on, never read.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="boundaries", verbose_name="区划")
    file = models.ForeignKey(BoundaryFile, on_delete=models.PROTECT, related_name="boundaries", verbose_name="文件")
    valid_from = models.DateField("起")
    geometry = models.TextField("界线")

    class Meta:
        verbose_name = "界线"
        verbose_name_plural = "界线"
        indexes = (models.Index(fields=["division", "valid_from"], name="boundary_dated"),)
