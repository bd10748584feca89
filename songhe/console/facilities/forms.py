"""What is asked about estates, pools and ways to make up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.console.places import DivisionField
from songhe.decision.person import UNDETERMINED
from songhe.decision.standard import MET, NOT_MET
from songhe.facilities.facts import BOOKS, ESTATE

DOCUMENT = say("依据文件", "Document")
NO_KIND = "unknown"
ANSWERS = {
    MET: say("达标", "met"),
    NOT_MET: say("不达标", "not met"),
    UNDETERMINED: say("尚不能确定", "not yet certain"),
}
_ANY = ("", say("全部", "All"))


def _text(zh: str, en: str, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=say(zh, en), max_length=longest, **more)


def _square_metres(zh: str, en: str) -> forms.DecimalField:
    return forms.DecimalField(label=say(zh, en), min_value=0, max_digits=12, decimal_places=2)


class Asking(Form):
    """By which package, where and for which day."""

    policy = TextChoiceField(label=say("政策文件", "Policy"), options=[], required=False)
    division = DivisionField(label=say("区划", "Division"), required=False)
    on = DayField(label=say("截至", "As of"), required=False)

    def __init__(self, *args: Any, within: frozenset[int], packages: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        field = self.fields["policy"]
        field.options = [("", say("请选择", "choose")), *packages]
        field.choices = [(value, value) for value, _ in field.options]


class AskingEstates(Asking):
    q = _text("名称", "Name", 50, required=False)
    kind = TextChoiceField(label=say("类别", "Kind"), options=[], required=False)
    answer = TextChoiceField(label=say("标准", "Standards"), options=[_ANY, *ANSWERS.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list((BOOKS[ESTATE].facts["kind"].value_labels or {}).items())
        field = self.fields["kind"]
        field.options = [_ANY, *kinds, (NO_KIND, say("不详", "not known"))]
        field.choices = [(value, value) for value, _ in field.options]


class NewEstate(Form):
    name = _text("小区名称", "Name of the estate", 100)
    division = DivisionField(label=say("所在社区（村）", "Community or village"))
    address = _text("地址", "Address", 200, required=False)
    began_on = DayField(label=say("起算日期（立项或建成）", "Counts from (planned or built)"))
    document = forms.CharField(label=DOCUMENT, max_length=200)

    def __init__(self, *args: Any, within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within


class Renaming(Form):
    name = _text("新名称", "New name", 100)
    on = DayField(label=say("更名日期", "From"))
    document = forms.CharField(label=DOCUMENT, max_length=200)


class Closing(Form):
    on = DayField(label=say("注销日期", "Closed on"))
    document = forms.CharField(label=DOCUMENT, max_length=200)


class Reason(Form):
    reason = _text("事由", "Reason", 300)


class NewPool(Form):
    name = _text("统筹配置名称", "Name of the shared facility", 100)
    division = DivisionField(label=say("所在区划", "Division"))

    def __init__(self, *args: Any, within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within


class NewMember(Form):
    """`estates` are those of the pool's county: (public id, name)."""

    estate = TextChoiceField(label=say("小区", "Estate"), options=[])
    valid_from = DayField(label=say("起", "From"))
    document = forms.CharField(label=DOCUMENT, max_length=200)

    def __init__(self, *args: Any, estates: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["estate"]
        field.options = [("", say("请选择", "choose")), *estates]
        field.choices = [(value, value) for value, _ in field.options]


class NewMakeUp(Form):
    way = TextChoiceField(label=say("方式（条款写明的）", "Way (as the clause names them)"), options=[])
    square_metres = _square_metres("面积（平方米）", "Square metres")
    due = DayField(label=say("期限", "Until"))
    document = forms.CharField(label=DOCUMENT, max_length=200)

    def __init__(self, *args: Any, ways: Sequence[Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        field.options = [(way.zh, way) for way in ways]
        field.choices = [(way.zh, way.zh) for way in ways]


class Done(Form):
    on = DayField(label=say("完成日期", "Done on"))
    square_metres = _square_metres("完成面积（平方米）", "Square metres done")
    document = forms.CharField(label=DOCUMENT, max_length=200)


class Upload(Form):
    file = forms.FileField(label=say("文件（CSV、XLSX）", "File (CSV, XLSX)"), allow_empty_file=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx"
