"""What is asked when something about a person is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, Problem, TextChoiceField
from songhe.console.people.story import KIN_EN, MATTER_EN
from songhe.console.places import DivisionField
from songhe.divisions.queries import tree_on
from songhe.registry.models import Consent, Kinship, Person
from songhe.registry.queries import find_by_key
from songhe.registry.speaking import sources_of
from songhe.registry.vocabulary import StatementError, label, rule_facts
from songhe.registry.words import NO, YES, source_name

_LABEL = say("值", "Value")
_NUMBER = say("在册老年人的身份号码", "Resident number of an older person on file")
_NOBODY = say("您的区划范围内没有这个号码的老年人。", "Nobody in your divisions has this number.")


class Recording(Form):
    """Any form by which something is recorded: it begins with the source."""

    source = TextChoiceField(label=say("来源", "Source"), options=[])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        options = [(source, source_name(source)) for source in sources_of(user)]
        _offer(self.fields["source"], options)


def _offer(field: forms.Field, options: Sequence[tuple[str, Text]]) -> None:
    field.options = options
    field.choices = [(value, value) for value, _ in options]


class PlaceField(DivisionField):
    """A place as a code: a division of ours by name or code, and the code of any other."""

    def clean(self, value: Any) -> str | None:
        text = forms.CharField.clean(self, value).strip()
        if text.isascii() and text.isdigit() and len(text) in (6, 9, 12) and tree_on().find(text) is None:
            return text
        self.within = frozenset(node.id for node in tree_on())
        node = super().clean(value)
        return None if node is None else node.code


class YuanField(forms.DecimalField):
    """An amount in yuan, as integer fen."""

    def clean(self, value: Any) -> int | None:
        amount: Decimal | None = super().clean(value)
        return None if amount is None else int(amount * 100)


def _yes_or_no(**kwargs: Any) -> forms.Field:
    field = TextChoiceField(options=[("", say("请选择", "choose")), ("yes", YES), ("no", NO)], **kwargs)
    field.coerce = lambda value: value == "yes"
    return field


_FIELDS: dict[str, Callable[..., forms.Field]] = {
    "date": DayField,
    "bool": _yes_or_no,
    "int": lambda **kwargs: forms.IntegerField(min_value=0, **kwargs),
    "money": lambda **kwargs: YuanField(min_value=0, max_digits=14, decimal_places=2, **kwargs),
    "decimal": lambda **kwargs: forms.DecimalField(min_value=0, **kwargs),
    "division": PlaceField,
}


def value_field(fact: str, *, required: bool, text: Text | None = None) -> forms.Field:
    """An input that fits the type of a fact; it cleans to what a Statement takes."""
    known = rule_facts().get(fact)
    asked = {"label": text or label(fact), "required": required}
    if known is None:
        field = forms.CharField(max_length=200, **asked)
        field.widget.attrs.update(autocomplete="off")
        return field
    if known.type == "code":
        options = [("", say("请选择", "choose")), *(known.value_labels or {}).items()]
        return TextChoiceField(options=options, **asked)
    return _FIELDS[known.type](**asked)


class RecordFact(Recording):
    valid_from = DayField(label=say("起（含当日）", "From (included)"), required=False)
    valid_to = DayField(label=say("止（含当日）", "Until (included)"), required=False)
    withdraw = forms.BooleanField(
        label=say("此来源不再这样认为，改为未知", "This source no longer says anything: unknown"), required=False
    )

    def __init__(self, *args: Any, fact: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = value_field(fact, required=False)
        self.fields = {"source": self.fields["source"], "value": field} | self.fields
        field.widget.attrs.setdefault("class", "form-select" if isinstance(field, TextChoiceField) else "form-control")

    def clean(self) -> None:
        given = self.cleaned_data.get("value")
        if given in (None, "") and not self.cleaned_data.get("withdraw") and "value" not in self.errors:
            self.add_problem("value", say("请填写，或勾选改为未知。", "Fill this in, or say that it is unknown."))

    @property
    def said(self) -> object:
        return None if self.cleaned_data["withdraw"] else self.cleaned_data["value"]


def _not_to_come(day: dt.date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise Problem(say("日期在将来。", "This day is still to come."))


class Death(Recording):
    on = DayField(label=say("死亡日期", "Date of death"))

    def clean_on(self) -> dt.date:
        _not_to_come(self.cleaned_data["on"])
        return self.cleaned_data["on"]


class Reason(Form):
    reason = forms.CharField(label=say("事由", "Reason"), max_length=200)


class LastDay(Recording):
    last_day = DayField(label=say("最后一天（含当日）", "Last day (included)"))


def _choices(choices: type[Any], english: dict[str, str]) -> list[tuple[str, Text]]:
    return [(value, say(zh, english.get(value, value.replace("_", " ")))) for value, zh in choices.choices]


class NumberField(forms.CharField):
    """Somebody on file, by the resident number, within the user's reach; it cleans to the Person."""

    user: User | None = None

    def clean(self, value: Any) -> Person | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            people = find_by_key("resident_id", text)
        except StatementError as error:
            raise Problem(say(error.zh, error.en)) from None
        found = visible(Person.objects.filter(pk__in=people), self.user, Action.PERSON_READ).first()
        if found is None:
            raise Problem(_NOBODY)
        return found


class AddKin(Recording):
    kind = TextChoiceField(label=say("类别", "Kind"), options=_choices(Kinship.Kind, KIN_EN))
    relation = TextChoiceField(label=say("与老年人的关系", "Relation"), options=_choices(Kinship.Relation, {}))
    name = forms.CharField(label=say("姓名", "Name"), max_length=60, required=False)
    phone = forms.CharField(label=say("电话", "Telephone"), max_length=30, required=False)
    relative = NumberField(label=_NUMBER, max_length=30, required=False)
    valid_from = DayField(label=say("起（含当日）", "From (included)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relative"].user = self.user
        for name in ("name", "phone", "relative"):
            self.fields[name].widget.attrs.update(autocomplete="off")

    def clean(self) -> None:
        if bool(self.cleaned_data.get("name")) == bool(self.cleaned_data.get("relative")) and not self.errors:
            self.add_problem(
                "name",
                say("姓名和在册老年人的号码，请填其中一项。", "Give either a name or the number of somebody on file."),
            )


class Found(Recording):
    on = DayField(label=say("起（含当日）", "From (included)"), required=False)
    note = forms.CharField(label=say("说明", "Note"), max_length=200, required=False)


class Join(Recording):
    number = NumberField(label=say("同户老年人的身份号码", "Resident number of the housemate"), max_length=30)
    on = DayField(label=say("起（含当日）", "From (included)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].user = self.user
        self.fields["number"].widget.attrs.update(autocomplete="off")


class GiveConsent(Recording):
    matter = TextChoiceField(label=say("事项", "Matter"), options=_choices(Consent.Matter, MATTER_EN))
    given = TextChoiceField(
        label=say("表示", "Answer"),
        options=[("yes", say("同意", "agrees")), ("no", say("不同意或撤回同意", "refuses or withdraws"))],
    )
    on = DayField(label=say("日期", "On"))
    given_by = TextChoiceField(label=say("由谁表示", "Said by"), options=[], required=False)
    note = forms.CharField(label=say("说明", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, actors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [("", say("本人", "the person")), *((id, say(name, name)) for id, name in actors)]
        _offer(self.fields["given_by"], options)

    def clean_on(self) -> dt.date:
        _not_to_come(self.cleaned_data["on"])
        return self.cleaned_data["on"]


class NewFile(Recording):
    name = forms.CharField(label=label("name"), max_length=60)
    resident_id = forms.CharField(label=label("resident_id"), max_length=30, required=False)
    sex = value_field("sex", required=False)
    birth_date = DayField(label=label("birth_date"), required=False)
    residence = PlaceField(label=label("residence"))
    hukou = PlaceField(label=label("hukou"), required=False)
    phone = forms.CharField(label=label("phone"), max_length=30, required=False)
    address = forms.CharField(label=label("address"), max_length=200, required=False)
    is_another = forms.BooleanField(label=say("已核对，确是另一人", "Checked: it is another person"), required=False)

    FACTS = ("name", "resident_id", "sex", "birth_date", "residence", "hukou", "phone", "address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.FACTS:
            self.fields[name].widget.attrs.update(autocomplete="off")

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("resident_id") and not given.get("birth_date") and not self.errors:
            self.add_problem(
                "birth_date",
                say("没有身份号码时，请填出生日期。", "Without a resident number, give the date of birth."),
            )
