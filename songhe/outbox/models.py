"""Messages to people's telephones (待发短信): written here, sent by a gateway of the operator, which reports back."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from songhe.accounts.fields import user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


class Kind(models.TextChoices):
    """What a message is: a code opens somebody's pages and is nobody else's business."""

    CODE = "code", "登录验证码"
    NOTICE = "notice", "办事通知"


class State(models.TextChoices):
    WAITING = "waiting", "待发"
    TAKEN = "taken", "已取走"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "发送失败"
    EXPIRED = "expired", "已过期"


FINAL = (State.DELIVERED, State.FAILED, State.EXPIRED)


@scoped("division_id")
class Message(models.Model):
    """One message (短信). Telephone and text are sealed, and erased when they are needed no longer.

    `lease` names the taking under which a gateway may report until somebody else takes it; states only go forward.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="收信人所在区划"
    )
    phone = models.BinaryField("电话（密文）", null=True)
    text = models.BinaryField("内容（密文）", null=True)
    created_at = models.DateTimeField("写入时间")
    expires_at = models.DateTimeField("有效至")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    taken_by = user_field("取走者", null=True)
    lease = models.UUIDField("取走编号", null=True)
    leased_until = models.DateTimeField("取走有效至", null=True)
    attempts = models.PositiveSmallIntegerField("取走次数", default=0)
    reported_at = models.DateTimeField("回报时间", null=True)
    error = models.CharField("失败代码", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "短信"
        verbose_name_plural = "短信"
        constraints = (
            models.CheckConstraint(
                name="message_taken_by_somebody",
                condition=~Q(state__in=("taken", "delivered", "failed"))
                | Q(taken_by__isnull=False, lease__isnull=False, leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="message_open_has_content",
                condition=~Q(state__in=("waiting", "taken")) | Q(phone__isnull=False, text__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["expires_at", "id"], name="message_open", condition=Q(state__in=("waiting", "taken"))),
            models.Index(fields=["created_at"], name="message_to_erase", condition=Q(phone__isnull=False)),
        )
