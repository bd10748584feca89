"""Making up what lacks: by the ways that the clause names, counted once another person has confirmed it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from songhe.accounts.scope import OutOfScope
from songhe.common import clock
from songhe.facilities.domain.making_up import confirm, give_up, plan, state_done
from songhe.facilities.domain.registering import retract
from songhe.facilities.errors import FacilityError
from songhe.facilities.facts import facts_of
from songhe.facilities.models import MakeUp
from songhe.facilities.queries import findings, overdue, shortfalls, shortfalls_among
from tests.facilities.builders import know
from tests.facilities.conftest import Office

CITY, STANDARD = "xinxiang-2022", "XX-STD-EXISTING-ESTATE"


def planned(office: Office, **change: Any) -> MakeUp:
    values: dict[str, Any] = {
        "package": CITY,
        "standard": STANDARD,
        "way": "购置",
        "square_metres": Decimal("150"),
        "due": clock.today() + dt.timedelta(days=90),
        "document": "补足方案",
    }
    return plan(by=office.one, estate=office.estate, **{**values, **change})


@pytest.fixture
def short(office: Office) -> Office:
    """Of 1,000 households, with 20 of 200 square metres."""
    know(office.one, office.estate, kind="existing", households=1_000, care_premises_m2="20")
    return office


def lacking(office: Office, known: dt.datetime | None = None) -> tuple[Fraction | None, Fraction | None]:
    found = shortfalls(office.one, CITY, office.county.pk, clock.today())
    if known is not None:
        found = shortfalls_among(findings(office.one, CITY, office.county.pk, clock.today()), clock.today(), known)
    return next(((one.shortfall, one.remains) for one in found if one.standard == STANDARD), (None, None))


def test_what_is_planned_is_shown_beside_what_lacks_and_takes_nothing_off_it(short: Office) -> None:
    planned(short)
    assert lacking(short) == (180, 30)
    then = clock.now()
    give_up(by=short.one, make_up=MakeUp.objects.get(), reason="房主不卖")
    assert lacking(short) == (180, 180)
    assert lacking(short, known=then) == (180, 30)
    assert lacking(short, known=MakeUp.objects.get().planned_at - dt.timedelta(seconds=1)) == (180, 180)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"way": "新建"}, "购置"),
        ({"standard": "XX-STD-NEW-ESTATE"}, "无"),
        ({"standard": "XX-STD-NOTHING"}, "没有标准"),
        ({"square_metres": Decimal(0)}, "大于零"),
        ({"due": dt.date(2020, 1, 1)}, "期限"),
        ({"document": " "}, "依据"),
    ],
)
def test_a_way_that_the_clause_does_not_name_is_refused(short: Office, change: dict[str, Any], said: str) -> None:
    with pytest.raises(FacilityError, match=said):
        planned(short, **change)


def test_what_was_done_counts_once_another_has_confirmed_it(short: Office) -> None:
    made, today = planned(short), clock.today()
    state_done(by=short.one, make_up=made, on=today, square_metres=Decimal("180"), document="产权证")
    assert lacking(short) == (180, 30)
    with pytest.raises(FacilityError, match="另一人"):
        confirm(by=short.one, make_up=made)
    record = confirm(by=short.other, make_up=made)
    assert lacking(short) == (None, None)
    assert (record.make_up, record.document, record.value) == (made, "产权证", "200.00")
    with pytest.raises(FacilityError, match="已复核"):
        confirm(by=short.other, make_up=made)


def test_the_database_refuses_that_the_same_person_confirms_and_any_change_after(short: Office) -> None:
    made = planned(short)
    state_done(by=short.one, make_up=made, on=clock.today(), square_metres=Decimal("1"), document="产权证")
    rows = MakeUp.objects.filter(pk=made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(confirmed_by=short.one, confirmed_at=clock.now())
    confirm(by=short.other, make_up=made)
    for change in ({"done_square_metres": 2}, {"square_metres": 2}, {"confirmed_by": short.one}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_without_knowing_what_there_was_nothing_can_be_added_to_it(office: Office) -> None:
    made = planned(office)
    state_done(by=office.one, make_up=made, on=clock.today(), square_metres=Decimal("5"), document="产权证")
    with pytest.raises(FacilityError, match="面积不详"):
        confirm(by=office.other, make_up=made)
    assert MakeUp.objects.get().confirmed_by is None


def test_a_later_record_of_the_premises_speaks_for_itself(short: Office) -> None:
    made = planned(short)
    state_done(by=short.one, make_up=made, on=dt.date(2024, 1, 1), square_metres=Decimal("5"), document="产权证")
    know(short.one, short.estate, dt.date(2024, 2, 1), care_premises_m2="25")
    with pytest.raises(FacilityError, match="另有面积记录"):
        confirm(by=short.other, make_up=made)
    retract(by=short.one, record=short.estate.records.latest("pk"), reason="已含在补足里")
    confirm(by=short.other, make_up=made)
    (known,) = facts_of([short.county.pk], clock.today())
    assert known.facts["care_premises_m2"] == 25


def test_what_is_not_confirmed_in_time_is_overdue(short: Office) -> None:
    made = planned(short, due=clock.today())
    tomorrow = clock.today() + dt.timedelta(days=1)
    assert list(overdue(short.one, short.county.pk, clock.today())) == []
    assert list(overdue(short.one, short.county.pk, tomorrow)) == [made]
    assert list(overdue(short.stranger, short.county.pk, tomorrow)) == []


def test_another_county_plans_and_confirms_nothing_here(short: Office) -> None:
    made = planned(short)
    with pytest.raises(OutOfScope):
        give_up(by=short.stranger, make_up=made, reason="x")
