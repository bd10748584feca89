"""What is asked about tasks: filters of the board, reports, seats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, Problem, TextChoiceField
from songhe.console.places import DivisionField
from songhe.console.plan.words import STATES
from songhe.plan.models import Report
from songhe.plan.rules import Voice
from songhe.policy.package import Package
from songhe.policy.schema import Task

LEADING, JOINT, COOPERATING = "lead", "joint", "cooperating"
THEN, NOW = "then", "now"
WHOLE = "whole"
_ANY = ("", say("全部", "All"))
_PARTS = (
    (LEADING, say("牵头", "Leads")),
    (JOINT, say("共同牵头", "Leads jointly")),
    (COOPERATING, say("配合", "Cooperates")),
)
_KNOWN = (
    (THEN, say("当日已记录的", "Recorded by that day")),
    (NOW, say("现在所知的", "As known now")),
)
_NO_LINE = say(
    "每行写“名称 数值 单位”，例如：改造户数 961 户。", "Write “name value unit” on each line, such as: homes 961 homes."
)


class Filters(Form):
    place = DivisionField(label=say("区划", "Place"), required=False)
    as_of = DayField(label=say("截至", "As of"), required=False)
    known = TextChoiceField(label=say("记录", "Records"), options=_KNOWN, required=False)
    package = TextChoiceField(label=say("文件", "Document"), options=[_ANY], required=False)
    unit = TextChoiceField(label=say("单位", "Unit"), options=[_ANY], required=False)
    part = TextChoiceField(label=say("分工", "Part"), options=[_ANY, *_PARTS], required=False)
    year = TextChoiceField(label=say("年度", "Year"), options=[_ANY], required=False)
    state = TextChoiceField(label=say("状态", "State"), options=[_ANY, *STATES.items()], required=False)

    def __init__(self, *args: Any, within: frozenset[int], packages: Sequence[Package], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].within = within
        units = dict.fromkeys(unit for package in packages for unit in package.units)
        years = sorted({task.year for package in packages for task in package.tasks.values() if task.year})
        self._offer("package", [(package.id, package.document.title) for package in packages])
        self._offer("unit", [(unit, say(unit, unit)) for unit in units])
        self._offer("year", [(str(year), say(f"{year}年", str(year))) for year in years])

    def _offer(self, name: str, options: Sequence[tuple[str, Text]]) -> None:
        field = self.fields[name]
        field.options = (_ANY, *options)
        field.choices = [(value, value) for value, _ in field.options]


class FiguresField(forms.CharField):
    """Figures line by line, `name value unit`; cleans to what `plan.domain.reporting` takes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> list[dict[str, str]]:
        found = []
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            words = line.replace("　", " ").split()
            if len(words) < 2:
                raise Problem(_NO_LINE)
            found.append({"name": words[0], "value": words[1], "unit": "".join(words[2:])})
        return found


class NewReport(Form):
    """A report or a contribution; what only who leads may say is there for them alone."""

    unit = TextChoiceField(label=say("代表单位", "For which unit"), options=[])
    told_for = DayField(label=say("情况截至", "How it stood on"))
    text = forms.CharField(
        label=say("进展情况", "How it stands"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    percent = forms.IntegerField(label=say("完成百分比", "Per cent done"), min_value=0, max_value=100, required=False)
    claim = TextChoiceField(label=say("已完成的部分", "What is done"), options=[], required=False)
    done_on = DayField(label=say("完成日期", "Done on"), required=False)
    figures = FiguresField(
        label=say("数据（每行：名称 数值 单位）", "Figures (a line each: name value unit)"), required=False
    )
    indicator = TextChoiceField(label=say("关联指标", "Indicator"), options=[], required=False)
    file = forms.FileField(label=say("佐证材料", "Evidence"), required=False)

    def __init__(self, *args: Any, package: Package, task: Task, voices: Sequence[Voice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = say("文件没有写单位", "no unit is written")
        units = [(voice.unit or WHOLE, say(voice.unit, voice.unit) if voice.unit else nobody) for voice in voices]
        self._offer("unit", units)
        steps = [(str(n), one.text) for n, one in enumerate(task.milestones, start=1)]
        self._offer("claim", [("", say("尚未完成", "Nothing yet")), (WHOLE, say("整项任务", "The whole task")), *steps])
        indicators = [
            (one.id, say(f"{one.id} {one.name.zh}", f"{one.id} {one.name.en}")) for one in package.indicators.values()
        ]
        self._offer("indicator", [("", say("无", "None")), *indicators])
        if all(voice.kind == Report.Kind.CONTRIBUTION for voice in voices):
            for name in ("percent", "claim", "done_on"):
                del self.fields[name]

    def _offer(self, name: str, options: Sequence[tuple[str, Text]]) -> None:
        field = self.fields[name]
        field.options = tuple(options)
        field.choices = [(value, value) for value, _ in options]

    def clean(self) -> None:
        asked = self.cleaned_data
        if asked.get("claim") and not asked.get("done_on") and "done_on" not in self.errors:
            self.add_problem("done_on", say("请填写完成日期。", "Give the day on which it was done."))
        if asked.get("done_on") and not asked.get("claim"):
            self.add_problem(
                "claim", say("请选择完成的是整项任务还是哪个里程碑。", "Choose what was done on that day.")
            )

    @property
    def told(self) -> dict[str, Any]:
        """As `plan.domain.reporting.report` takes it."""
        asked = self.cleaned_data
        claim = asked.get("claim", "")
        links = [{"kind": "indicator", "id": asked["indicator"]}] if asked.get("indicator") else []
        return {
            "unit": "" if asked["unit"] == WHOLE else asked["unit"],
            "text": asked["text"],
            "told_for": asked["told_for"],
            "percent": asked.get("percent"),
            "milestone": int(claim) if claim.isdecimal() else None,
            "done_on": asked.get("done_on"),
            "figures": asked["figures"],
            "links": links,
        }


def _titled(id: str, name: Text) -> Text:
    return say(f"{id} {name.zh}", f"{id} {name.en}")


class NewEvidence(Form):
    file = forms.FileField(label=say("佐证材料", "Evidence"))


class Explained(Form):
    """An act with a reason; `is_needed` when it may not be left out."""

    reason = forms.CharField(
        label=say("说明", "Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_needed


class NewSeat(Form):
    username = forms.CharField(label=say("用户名", "User name"), max_length=50)
    package = TextChoiceField(label=say("文件", "Document"), options=[])
    unit = forms.CharField(label=say("单位（与文件写法一致）", "Unit, as the document writes it"), max_length=60)
    division = DivisionField(label=say("区划", "Place"))
    valid_from = DayField(label=say("起", "From"), required=False)
    valid_to = DayField(label=say("止（含当日）", "To (included)"), required=False)

    def __init__(self, *args: Any, within: frozenset[int], packages: Sequence[Package], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        field = self.fields["package"]
        field.options = tuple((package.id, package.document.title) for package in packages)
        field.choices = [(package.id, package.id) for package in packages]


class EndSeat(Form):
    last_day = DayField(label=say("最后一天", "Last day"))
    reason = forms.CharField(label=say("事由", "Reason"), max_length=300)
