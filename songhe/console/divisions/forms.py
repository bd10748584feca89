"""What is asked about changes of the divisions; each form gives the order that it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from songhe.common.text import say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.console.places import DivisionField
from songhe.divisions.codes import COUNTY
from songhe.divisions.domain import New
from songhe.divisions.models import Division
from songhe.divisions.queries import Node, tree_on
from songhe.registry.domain import division_orders as orders

PARTS = 4
_STAYS = "stays"


class AsOf(Form):
    day = DayField(label=say("截至日期", "As of"), required=False)


def _name(required: bool = True) -> forms.CharField:
    return forms.CharField(label=say("新名称", "New name"), max_length=80, required=required)


def _code(required: bool = True) -> forms.CharField:
    return forms.CharField(label=say("新代码", "New code"), max_length=12, required=required)


def _with_below() -> forms.BooleanField:
    label = say("其下区划的代码随之更换前几位", "Codes below get the same new beginning")
    return forms.BooleanField(label=label, required=False, initial=True)


class ChangeForm(Form):
    """`node` is the division the page is about, as it is today."""

    on = DayField(label=say("生效日", "First day"))
    document = forms.CharField(label=say("依据文件", "Document that orders it"), max_length=200)
    note = forms.CharField(label=say("说明", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, node: Node, within: frozenset[int], **kwargs: Any) -> None:
        self.node = node
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DivisionField):
                field.within = within
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])

    @property
    def order(self) -> orders.Order:
        raise NotImplementedError

    @property
    def when(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _LAST}

    @property
    def division(self) -> Division:
        return Division(pk=self.node.id)


_LAST = ("on", "document", "note")


class FoundForm(ChangeForm):
    code = forms.CharField(label=say("代码", "Code"), max_length=12)
    name = forms.CharField(label=say("名称", "Name"), max_length=80)
    is_committee = forms.BooleanField(label=say("管委会（与县同级）", "Committee of county level"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.node.level >= COUNTY:
            del self.fields["is_committee"]

    @property
    def order(self) -> orders.Found:
        given = self.cleaned_data
        new = New(given["code"], given["name"], self.division, given.get("is_committee", False))
        return orders.Found(parent=self.division, new=new, **self.when)


class RenameForm(ChangeForm):
    name = _name()

    @property
    def order(self) -> orders.Rename:
        return orders.Rename(division=self.division, name=self.cleaned_data["name"], **self.when)


class RecodeForm(ChangeForm):
    code = _code()
    with_below = _with_below()

    @property
    def order(self) -> orders.Recode:
        given = self.cleaned_data
        below = given["with_below"]
        return orders.Recode(division=self.division, code=given["code"], with_below=below, **self.when)


class MoveForm(ChangeForm):
    to = DivisionField(label=say("划归（新的上级）", "To (its new parent)"))
    code = _code(required=False)
    with_below = _with_below()

    @property
    def order(self) -> orders.Move:
        given = self.cleaned_data
        to, below = Division(pk=given["to"].id), given["with_below"]
        return orders.Move(division=self.division, to=to, code=given["code"], with_below=below, **self.when)


class MergeForm(ChangeForm):
    into = DivisionField(label=say("并入已有的区划", "Into one that exists"), required=False)
    other = DivisionField(label=say("或与此区划合并设立新区划", "Or together with"), required=False)
    code = forms.CharField(label=say("新区划的代码", "Code of the new one"), max_length=12, required=False)
    name = forms.CharField(label=say("新区划的名称", "Name of the new one"), max_length=80, required=False)

    def clean(self) -> None:
        given = self.cleaned_data
        new = [bool(given.get(name)) for name in ("other", "code", "name")]
        if not self.errors and (bool(given.get("into")) == any(new) or (any(new) and not all(new))):
            text = say(
                "或者填写并入哪个已有区划，或者填写与哪个区划合并以及新区划的代码和名称。",
                "Either say into which one that exists, or with which one and the new one's code and name.",
            )
            self.add_problem(None, text)

    @property
    def order(self) -> orders.Merge:
        given = self.cleaned_data
        if given["into"]:
            return orders.Merge(divisions=[self.division], into=Division(pk=given["into"].id), **self.when)
        both = [self.division, Division(pk=given["other"].id)]
        return orders.Merge(divisions=both, into=New(given["code"], given["name"]), **self.when)


class SplitForm(ChangeForm):
    """Up to PARTS parts, and for each division right below the part that takes it."""

    continues = forms.BooleanField(
        label=say("原区划保留，只分出一部分", "The divided one goes on and gives only a part away"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, PARTS + 1):
            self._add(f"code_{number}", forms.CharField(label=_numbered("代码", "code", number), max_length=12))
            self._add(f"name_{number}", forms.CharField(label=_numbered("名称", "name", number), max_length=80))
        for child in self.below:
            label = say(f"{child.code} {child.name}", f"{child.code} {child.name}")
            self._add(f"child_{child.id}", TextChoiceField(label=label, options=_PLACES))
        first = [name for name in self.fields if name[:5] in ("code_", "name_")]
        self.order_fields([*first, "continues", *(name for name in self.fields if name not in _LAST), *_LAST])

    def _add(self, name: str, field: forms.Field) -> None:
        field.required = False
        kind = "form-select form-select-sm" if isinstance(field, TextChoiceField) else "form-control"
        field.widget.attrs.setdefault("class", kind)
        self.fields[name] = field

    @property
    def below(self) -> Iterable[Node]:
        return tree_on().children(self.node.id)

    def clean(self) -> None:
        given = self.cleaned_data
        for number in range(1, PARTS + 1):
            if bool(given.get(f"code_{number}")) != bool(given.get(f"name_{number}")):
                self.add_problem(f"code_{number}", say("代码和名称须一起填写。", "Give code and name together."))

    @property
    def order(self) -> orders.Split:
        given = self.cleaned_data
        filled = [number for number in range(1, PARTS + 1) if given[f"code_{number}"]]
        parts = [New(given[f"code_{number}"], given[f"name_{number}"]) for number in filled]
        # A part that was not filled in gets a place that no part has, and the domain says so.
        places = {str(number): filled.index(number) if number in filled else PARTS for number in range(1, PARTS + 1)}
        children = {
            Division(pk=child.id): places[place]
            for child in self.below
            if (place := given[f"child_{child.id}"]) and place != _STAYS
        }
        return orders.Split(
            division=self.division, parts=parts, children=children, continues=given["continues"], **self.when
        )


class DissolveForm(ChangeForm):
    @property
    def order(self) -> orders.Dissolve:
        return orders.Dissolve(division=self.division, **self.when)


def _numbered(zh: str, en: str, number: int) -> Any:
    return say(f"第{number}部分{zh}", f"Part {number}: {en}")


_PLACES = (
    (_STAYS, say("留在原区划", "stays")),
    *((str(number), say(f"第{number}部分", f"part {number}")) for number in range(1, PARTS + 1)),
)
