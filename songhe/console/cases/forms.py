"""What is asked in lists of cases and when something is done in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from songhe.casework.models import Case, How, Kind
from songhe.casework.procedures import rulebook
from songhe.casework.words import HOWS, KINDS, OUTCOMES, STATES
from songhe.common.text import Text, say
from songhe.console.cases.lists import OVERDUE
from songhe.console.forms import Form, TextChoiceField
from songhe.console.places import DivisionField

ANY = ("", say("不限", "any"))
_WHY = say("说明", "Reason")


def offer(field: forms.Field, options: Sequence[tuple[str, Text]]) -> None:
    """Other options than those the field was made with."""
    field.options = tuple(options)
    field.choices = [(value, value) for value, _ in options]


def _steps() -> dict[str, Text]:
    """What the steps are called in the procedures of today; one id has one name as a rule."""
    return {step.id: step.name for procedure in reversed(rulebook().procedures) for step in procedure.steps}


class DeskFilters(Form):
    q = forms.CharField(label=say("姓名或办件编号", "Name or number of the case"), max_length=60, required=False)
    kind = TextChoiceField(label=say("类别", "Kind"), options=[ANY, *KINDS.items()], required=False)
    step = TextChoiceField(label=say("环节", "Step"), options=[ANY], required=False)
    item = TextChoiceField(label=say("事项", "Item"), options=[ANY], required=False)
    division = DivisionField(label=say("区划", "Division"), required=False)
    late = forms.BooleanField(label=say("仅逾期", "Overdue only"), required=False)

    def __init__(self, *args: Any, within: frozenset[int], items: Iterable[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        offer(self.fields["step"], [ANY, *_steps().items()])
        offer(self.fields["item"], [ANY, *items])


class CaseFilters(DeskFilters):
    state = TextChoiceField(
        label=say("状态", "State"),
        options=[ANY, (OVERDUE, say("逾期未办", "overdue")), *STATES.items()],
        required=False,
    )
    outcome = TextChoiceField(
        label=say("结果", "Outcome"),
        options=[ANY, *((id, text) for id, text in OUTCOMES.items() if id)],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["late"]


class ActForm(Form):
    """Any act: it says at which step the case was read, so that one that moved meanwhile is not acted upon."""

    step = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"step": case.step, **kwargs.pop("initial", {})}, **kwargs)
        self.case, self.user = case, user


class Remark(ActForm):
    reason = forms.CharField(label=_WHY, max_length=500, required=False)


class Plain(ActForm):
    pass


class Mending(ActForm):
    reason = forms.CharField(
        label=say("需要补正的内容", "What must be mended"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class Objection(ActForm):
    reason = forms.CharField(
        label=say("异议的内容", "What is objected to"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.CharField(label=say("联系方式", "How to reach them"), max_length=100, required=False)


class Answer(ActForm):
    upheld = TextChoiceField(
        label=say("核实结果", "Verdict"),
        options=[
            ("", say("请选择", "choose")),
            ("yes", say("属实，退回重新审核", "it is right: verify the case again")),
            ("no", say("不属实，继续公示", "it is not right: the notice goes on")),
        ],
    )
    reason = forms.CharField(
        label=say("答复的理由", "Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class Refusal(ActForm):
    reason = forms.CharField(
        label=say("不予同意的理由", "Why it is refused"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    clause = forms.CharField(label=say("依据的条款", "Clause it rests on"), max_length=40)
    way_to_appeal = forms.CharField(
        label=say("救济途径", "Way to appeal"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, clauses: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if clauses:
            options = [("", say("请选择", "choose")), *clauses]
            self.fields["clause"] = TextChoiceField(label=self.fields["clause"].label, options=options)
            self.fields["clause"].widget.attrs["class"] = "form-select"
            self.order_fields(["step", "reason", "clause", "way_to_appeal"])


class HandOver(ActForm):
    to = DivisionField(label=say("移交到", "Hand over to"))
    reason = forms.CharField(label=say("移交的理由", "Reason"), max_length=500)


class Asking(Form):
    """Who asks: common to everything that is handed in for somebody. `key` tells a double click from two requests."""

    how = TextChoiceField(
        label=say("由谁提出", "Asked for by"), options=[(how, HOWS[how]) for how in (How.SELF, How.FAMILY, How.VILLAGE)]
    )
    agent = TextChoiceField(label=say("代办家属", "Relative who may act"), options=[], required=False)
    text = forms.CharField(
        label=say("说明", "Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agents: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not agents:
            del self.fields["agent"]
            offer(self.fields["how"], [(how, HOWS[how]) for how in (How.SELF, How.VILLAGE)])
        else:
            offer(self.fields["agent"], [("", say("—", "—")), *agents])


class NewCase(Asking):
    matter = forms.CharField(label=say("事项", "Item"), max_length=120)

    def __init__(self, *args: Any, matters: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"] = forms.ChoiceField(
            label=self.fields["matter"].label, choices=[(one, one) for one in matters]
        )


class Appealing(Asking):
    def __init__(self, *args: Any, what: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].required = what, True


class Span(Form):
    days = TextChoiceField(
        label=say("期间", "Time"),
        options=[(str(n), say(f"最近{n}天", f"the last {n} days")) for n in (30, 90, 365)],
        required=False,
    )


# Besides benefits, what is opened for a person as it is.
KINDS_OF_THE_LIVING = (Kind.ASSESSMENT, Kind.REFERRAL, Kind.COMPLAINT)
KINDS_AFTER_DEATH = (Kind.HEIRS, Kind.COMPLAINT)
