"""What is asked about users."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from songhe.accounts.models import Role
from songhe.accounts.roles import label_of
from songhe.common.text import say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.console.places import DivisionField

ACTIVE, LOCKED = "active", "locked"
_ANY = ("", say("全部", "All"))


class Filters(Form):
    q = forms.CharField(label=say("姓名或用户名", "Name or user name"), max_length=50, required=False)
    role = TextChoiceField(
        label=say("角色", "Role"), options=[_ANY, *((role.value, label_of(role)) for role in Role)], required=False
    )
    state = TextChoiceField(
        label=say("状态", "State"),
        options=[_ANY, (ACTIVE, say("启用", "Active")), (LOCKED, say("已停用", "Locked"))],
        required=False,
    )


class NewUser(Form):
    username = forms.CharField(label=say("用户名", "User name"), max_length=50)
    display_name = forms.CharField(label=say("姓名", "Name"), max_length=50)
    division = DivisionField(label=say("单位所在区划", "Workplace (division)"))

    def __init__(self, *args: Any, within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        self.fields["username"].widget.attrs.update(autocomplete="off", autocapitalize="none")


class GiveRole(Form):
    role = TextChoiceField(label=say("角色", "Role"), options=[])
    division = DivisionField(label=say("区划（含其下全部）", "Division, with all below it"))
    valid_from = DayField(label=say("起日", "From"))
    valid_to = DayField(label=say("止日（含当日）", "Until (included)"), required=False)

    def __init__(self, *args: Any, roles: Collection[Role], within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(role.value, label_of(role)) for role in roles]
        self.fields["role"].options = options
        self.fields["role"].choices = [(value, value) for value, _ in options]
        self.fields["division"].within = within


class Reason(Form):
    reason = forms.CharField(label=say("事由", "Reason"), max_length=200)
