"""Users (用户), their roles over divisions (角色), and the audit trail (审计)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from songhe.common import clock
from songhe.divisions.models import Division


class UserManager(BaseUserManager["User"]):
    """Users are made by `accounts.domain`, not here; this finds them by name."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who works with the platform. Nobody is above scope: there is no superuser."""

    username = models.CharField("用户名", max_length=50, unique=True)
    display_name = models.CharField("姓名", max_length=50)
    # Where the person works; what may be done there and elsewhere is said by grants alone.
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="单位所在区划"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=True)
    password_changed_at = models.DateTimeField("密码更改时间", null=True)
    created_at = models.DateTimeField("建立时间", default=clock.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    # Django asks these of every user; what anybody may do is answered by songhe.accounts.scope alone.
    is_staff = False
    is_superuser = False

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.display_name


class Role(models.TextChoices):
    """Roles named after the work."""

    CITY_BUREAU = "city_bureau", "市级主管部门"
    COUNTY_BUREAU = "county_bureau", "县级主管部门"
    TOWN_CLERK = "town_clerk", "街道（镇）经办人"
    VILLAGE_WORKER = "village_worker", "社区（村）工作人员"
    ASSESSOR = "assessor", "评估员"
    PROVIDER = "provider", "服务商"
    INSTITUTION = "institution", "养老机构"
    DEPARTMENT = "department", "责任单位"
    AUDITOR = "auditor", "审计人员"
    TECHNICIAN = "technician", "技术人员"
    GATEWAY = "gateway", "短信网关"


class Grant(models.Model):
    """A role over a division and everything below it, from a day to a day, both included, unless revoked before."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants", verbose_name="用户")
    role = models.CharField("角色", max_length=20, choices=Role)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="授予人")
    granted_at = models.DateTimeField("授予时间", default=clock.now, editable=False)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="撤销人")
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        constraints = (
            models.CheckConstraint(name="grant_dates", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))),
            models.UniqueConstraint(
                name="grant_once", fields=["user", "role", "division"], condition=Q(valid_to=None, revoked_at=None)
            ),
        )


class Entry(models.Model):
    """One line of the audit trail; each carries the hash of the line before it and is never changed."""

    sequence = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="用户")
    actor = models.CharField("行为人", max_length=110)
    action = models.CharField("动作", max_length=50)
    subject_kind = models.CharField("对象类别", max_length=50, blank=True)
    subject_id = models.CharField("对象编号", max_length=60, blank=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="区划")
    details = models.JSONField("详情", default=dict)
    previous_hash = models.CharField("前一条指纹", max_length=64)
    hash = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="accounts_entry_subject"),
            models.Index(fields=["division", "sequence"], name="accounts_entry_division"),
            models.Index(fields=["user", "sequence"], name="accounts_entry_user"),
        )
