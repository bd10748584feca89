"""What is asked about institutions, providers, their accounts and contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from songhe.common.calendar import parse_month
from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, Problem, TextChoiceField
from songhe.console.people.forms import YuanField
from songhe.console.places import DivisionField

INSTITUTION, PROVIDER = "institution", "provider"
KINDS = {INSTITUTION: say("养老机构", "Institution"), PROVIDER: say("服务商", "Provider")}
_ANY = ("", say("全部", "All"))
_NO_MONTH = say("月份有误，写作 2024-07。", "It is no month; write it like 2024-07.")
_DOCUMENT = say("依据文件", "Document")


def _text(zh: str, en: str, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=say(zh, en), max_length=longest, **more)


class MonthField(forms.CharField):
    """A month like 2024-07, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)
        self.widget.attrs.update(placeholder="2024-07", autocomplete="off", size="8")

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value).strip()
        try:
            return dt.date(*parse_month(text), 1) if text else None
        except ValueError:
            raise Problem(_NO_MONTH) from None


class Filters(Form):
    q = _text("名称或统一社会信用代码", "Name or credit code", 50, required=False)
    kind = TextChoiceField(label=say("类别", "Kind"), options=[_ANY, *KINDS.items()], required=False)


class NewOrganisation(Form):
    name = _text("名称", "Name", 100)
    code = _text("统一社会信用代码", "Unified social credit code", 18)
    division = DivisionField(label=say("所在区划", "Division"))
    opened_on = DayField(label=say("成立日期", "Founded on"))
    is_institution = forms.BooleanField(label=KINDS[INSTITUTION], required=False)
    is_provider = forms.BooleanField(label=KINDS[PROVIDER], required=False)

    def __init__(self, *args: Any, within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        self.fields["code"].widget.attrs.update(autocomplete="off")


class Closing(Form):
    on = DayField(label=say("终止日期", "Closed on"))
    document = forms.CharField(label=_DOCUMENT, max_length=200)


class Reason(Form):
    reason = _text("事由", "Reason", 300)


class NewAccount(Form):
    name = _text("户名", "Name on the account", 60)
    account = _text("银行账号", "Account number", 40)
    document = forms.CharField(label=_DOCUMENT, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].widget.attrs.update(autocomplete="off", inputmode="numeric")


class Applying(Form):
    subsidy = TextChoiceField(label=say("补贴", "Subsidy"), options=[])
    text = _text("申请说明", "What is applied for", 300, required=False)

    def __init__(self, *args: Any, options: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subsidy"].options = options
        self.fields["subsidy"].choices = [(value, value) for value, _ in options]


class Month(Form):
    month = MonthField(label=say("月份", "Month"))


class NewContract(Form):
    division = DivisionField(label=say("购买单位所在区划", "Division of the office that buys"))
    document = _text("合同（文号）", "Contract (document)", 200)
    service = _text("服务内容", "Service", 100)
    package = TextChoiceField(label=say("政策包", "Policy package"), options=[])
    clause = _text("依据的条款", "Clause that it serves", 40)
    item = _text("事项（如有）", "Item, where there is one", 40, required=False)
    unit = _text("计量单位", "Unit", 20)
    price = YuanField(label=say("单价（元）", "Price of a unit (yuan)"), max_digits=14, decimal_places=2)
    ceiling = YuanField(
        label=say("合同总价上限（元）", "Ceiling of the contract (yuan)"), max_digits=14, decimal_places=2
    )
    valid_from = DayField(label=say("起", "From"))
    valid_to = DayField(label=say("止（含当日）", "Until (included)"))

    def __init__(self, *args: Any, packages: Sequence[str], within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        field = self.fields["package"]
        field.options = [(id, say(id, id)) for id in packages]
        field.choices = [(id, id) for id in packages]


class NewDelivery(Form):
    month = MonthField(label=say("月份", "Month"))
    units = forms.IntegerField(label=say("数量", "Units"), min_value=1)
    people = forms.IntegerField(label=say("服务人数", "Number of people"), min_value=1)
    document = forms.CharField(label=_DOCUMENT, max_length=200)


class Verifying(Form):
    units = forms.IntegerField(label=say("核实数量", "Units that were really delivered"), min_value=0)
    finding = _text("核减的理由", "Why less than was reported", 300, required=False)
