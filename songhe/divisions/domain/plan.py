"""One dated change of the tree: what closes, what begins, and the checks that keep every day's tree whole."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from songhe.divisions.codes import canonical, level_of
from songhe.divisions.domain import checks
from songhe.divisions.errors import DivisionError
from songhe.divisions.models import Change, Division, Succession, TreeState, Version


@dataclass(frozen=True)
class New:
    """A division to be founded; its level follows from the length of its code."""

    code: str
    name: str
    parent: Division | None = None
    is_committee: bool = False


@dataclass
class Plan:
    """Collects what a change does; `apply` writes it all or raises DivisionError."""

    change: Change
    opening: dict[int, Version] = field(default_factory=dict)
    closing: dict[int, Version] = field(default_factory=dict)

    @property
    def on(self) -> dt.date:
        return self.change.on

    def current(self, division: Division, *, same_day: bool = False) -> Version:
        """The division's version that this change may end, or with `same_day` find begun on its own day."""
        version = Version.objects.filter(division=division).order_by("-valid_from").first()
        if version is None:
            raise DivisionError("此区划从未设立。", f"Division {division.pk} was never founded.")
        if version.valid_to is not None:
            raise DivisionError(
                f"{version.name}（{version.code}）只存在到 {version.valid_to}。",
                f"{version.name} ({version.code}) exists until {version.valid_to} only.",
            )
        if self.on < version.valid_from or (self.on == version.valid_from and not same_day):
            raise DivisionError(
                f"{version.name}（{version.code}）在 {version.valid_from} 已有变更，{self.on} 的变更须晚于它；"
                "同日的变更请一次办理。",
                f"{version.name} ({version.code}) last changed on {version.valid_from}: a change on {self.on} must be "
                "later than that; put what happens on one day into one change.",
            )
        return version

    def found(self, new: New) -> Division:
        division = Division.objects.create()
        self.begin(division, new)
        return division

    def begin(self, division: Division, new: New) -> None:
        code = canonical(new.code)
        self.opening[division.pk] = Version(
            division=division,
            code=code,
            name=checks.clean_name(new.name),
            level=level_of(code),
            parent=new.parent,
            is_committee=checks.committee(new.is_committee, code),
            valid_from=self.on,
            opened_by=self.change,
        )

    def close(self, division: Division) -> Version:
        """The division ceases on the eve of the change; returns its last version."""
        if division.pk not in self.closing:
            self.closing[division.pk] = self.current(division)
        return self.closing[division.pk]

    def revise(self, division: Division, **changed: Any) -> None:
        """The division goes on with other columns of Version."""
        before = self.opening.get(division.pk) or self.close(division)
        kept = {name: getattr(before, name) for name in ("code", "name", "level", "parent_id", "is_committee")}
        kept |= changed
        self.opening[division.pk] = Version(division=division, valid_from=self.on, opened_by=self.change, **kept)

    def adopt(self, children: Iterable[Division], parent: Division) -> None:
        for child in children:
            self.revise(child, parent_id=parent.pk)

    def recode(self, codes: Mapping[str, str]) -> None:
        """New codes for divisions that have the old ones: those of this change, and any other."""
        wanted = {canonical(old): canonical(new) for old, new in codes.items()}
        planned = {version.code: version for version in self.opening.values()}
        others = Version.objects.filter(code__in=[old for old in wanted if old not in planned], valid_to=None)
        found = planned | {version.code: version for version in others.select_related("division")}
        for old, new in wanted.items():
            if old not in found:
                raise DivisionError(f"没有代码为 {old} 的区划可改。", f"No division has the code {old} to change.")
            checks.level(found[old].level, new)
            self.revise(found[old].division, code=new)

    def succeed(self, before: Division, after: Division) -> None:
        Succession.objects.create(change=self.change, before=before, after=after)

    def apply(self) -> None:
        self._check_something_changes()
        self._check_nothing_followed()
        for version in self.closing.values():
            version.valid_to = self.on - dt.timedelta(days=1)
            version.closed_by = self.change
        Version.objects.bulk_update(self.closing.values(), ["valid_to", "closed_by"], batch_size=200)
        checks.codes(self.opening.values(), self.on)
        checks.parents(self.opening, self.on)
        Version.objects.bulk_create(self.opening.values(), batch_size=1000)
        self._check_nothing_orphaned()

    def _check_something_changes(self) -> None:
        for pk in self.closing.keys() & self.opening.keys():
            old, new = self.closing[pk], self.opening[pk]
            if (old.code, old.name, old.parent_id) == (new.code, new.name, new.parent_id):
                raise DivisionError(
                    f"{old.name}（{old.code}）没有任何变化。", f"Nothing about {old.name} ({old.code}) would change."
                )

    def _check_nothing_followed(self) -> None:
        """What took in others, or gave a part away, leaves no version behind: and yet it was there on that day."""
        ceasing = {pk: version for pk, version in self.closing.items() if pk not in self.opening}
        later = Succession.objects.filter(change__on__gt=self.on).exclude(change=self.change)
        involved = later.filter(Q(before__in=ceasing) | Q(after__in=ceasing)).select_related("change")
        for one in involved.order_by("-change__on")[:1]:
            version = ceasing.get(one.before_id) or ceasing[one.after_id]
            raise DivisionError(
                f"{version.name}（{version.code}）在 {one.change.on} 还有合并或拆分，不能在 {self.on} 已不存在。",
                f"{version.name} ({version.code}) took part in a merger or split on {one.change.on}: it cannot have "
                f"ceased on {self.on}.",
            )

    def _check_nothing_orphaned(self) -> None:
        ceased = [pk for pk in self.closing if pk not in self.opening]
        left = Version.objects.filter(checks.still(self.on), parent__in=ceased).first()
        if left is not None:
            raise DivisionError(
                f"{left.name}（{left.code}）的上级自 {self.on} 起不再存在，请先划转它。",
                f"{left.name} ({left.code}) would lose its parent on {self.on}; move it first.",
            )


@contextmanager
def changing(kind: str, on: dt.date, note: str, document: str) -> Iterator[Plan]:
    """One change in one transaction; only one is made at a time, whoever makes it."""
    with transaction.atomic():
        TreeState.objects.bulk_create([TreeState(pk=1, mark="")], ignore_conflicts=True)
        _mark()
        plan = Plan(Change.objects.create(kind=Change.Kind(kind), on=on, note=note, document=document))
        yield plan
        plan.apply()
        # What was read half-way through stands under the first mark.
        _mark()


def _mark() -> None:
    TreeState.objects.filter(pk=1).update(mark=uuid.uuid4().hex)
