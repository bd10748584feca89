"""What the database refuses even to those who go round the domain."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from songhe.divisions.domain import DivisionError, found, rename
from songhe.divisions.models import Change, Succession, Version
from songhe.divisions.queries import tree_on
from tests.divisions.builders import LONG_AGO, SmallCity, small_city

DAY = dt.date(2024, 7, 1)
EVE = DAY - dt.timedelta(days=1)


@pytest.fixture
def change(city: SmallCity) -> Change:
    return Change.objects.create(kind="renamed", on=DAY)


def version(city: SmallCity, change: Change, **columns) -> Version:
    """A version of a village that nothing speaks against, but for the columns given."""
    row = {
        "division": city["990101001001"],
        "code": "990101001009",
        "name": "新村",
        "level": 5,
        "parent": city["990101001"],
        "valid_from": dt.date(1990, 1, 1),
        "valid_to": dt.date(1995, 1, 1),
        "opened_by": change,
        "closed_by": change,
    }
    return Version(**(row | columns))


def test_a_version_beside_the_others_is_taken(city: SmallCity, change: Change):
    version(city, change).save()
    version(city, change, valid_from=dt.date(1995, 1, 2), valid_to=LONG_AGO - dt.timedelta(days=1)).save()


@pytest.mark.parametrize(
    "columns",
    [
        {"valid_to": dt.date(1989, 12, 31)},
        {"valid_to": LONG_AGO},
        {"valid_to": None, "closed_by": None},
        {"valid_to": None},
        {"closed_by": None},
        {"valid_from": DAY, "valid_to": dt.date(2025, 1, 1)},
        {"code": "990101001002", "valid_to": LONG_AGO},
        {"is_committee": True},
    ],
    ids=str,
)
def test_a_version_that_cannot_be_is_refused(city: SmallCity, change: Change, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        version(city, change, **columns).save()


def test_a_division_is_not_its_own_parent(city: SmallCity, change: Change):
    with pytest.raises(IntegrityError), transaction.atomic():
        version(city, change, parent=city["990101001001"]).save()


@pytest.mark.parametrize(
    "columns",
    [{"name": "别村"}, {"code": "990101001009"}, {"valid_from": EVE}, {"level": 4}, {"is_committee": True}],
    ids=str,
)
def test_what_is_written_of_a_version_stays(city: SmallCity, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(division=city["990101001001"]).update(**columns)


def test_a_closed_version_is_not_opened_again(city: SmallCity):
    rename(division=city["990102"], name="西市", on=DAY)
    closed = Version.objects.filter(division=city["990102"], valid_to=EVE)
    for columns in ({"valid_to": None, "closed_by": None}, {"valid_to": dt.date(2020, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            closed.update(**columns)


def test_a_division_does_not_go_on_as_itself(city: SmallCity, change: Change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(change=change, before=city.city, after=city.city)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_found_the_same_code_at_once_get_one_division():
    city = small_city()
    county, answers, together = city["990101"], [], threading.Barrier(4)

    def clerk(name: str) -> None:
        together.wait()
        try:
            found(code="990101009", name=name, parent=county, on=DAY)
            answers.append("founded")
        except DivisionError as error:
            answers.append("refused" if "already belongs" in str(error) else str(error))
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=clerk, args=(f"新镇{number}",)) for number in range(4)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert sorted(answers) == ["founded", "refused", "refused", "refused"]
    assert len(tree_on(DAY).level(4)) == 7
