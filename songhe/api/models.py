"""Who may call (接口令牌), and what was answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from songhe.accounts.fields import user_field
from songhe.accounts.scope import unscoped


@unscoped("found by the hash of the token alone, never listed")
class ApiToken(models.Model):
    """A machine that acts for a user, with that user's scope; the token itself is nowhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens", verbose_name="用户"
    )
    hash = models.CharField("指纹", max_length=64, unique=True)
    note = models.CharField("用途", max_length=100, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"


@unscoped("given back to the user who sent the same request again, and to nobody else")
class StoredAnswer(models.Model):
    """What a request was answered (已存应答), by the sender's key: public ids of files, and no values."""

    user = user_field("用户")
    key = models.CharField("幂等键", max_length=64)
    body_hash = models.CharField("请求指纹", max_length=64)
    answer = models.JSONField("应答", default=dict)
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "已存应答"
        verbose_name_plural = "已存应答"
        constraints = (models.UniqueConstraint(name="api_answer_once", fields=["user", "key"]),)
