"""The demo city: its people, its history and its mistakes."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db.models import Count, F
from django.utils import timezone

from songhe.accounts.domain import audit
from songhe.accounts.models import User
from songhe.casework.models import Case, Kind
from songhe.casework.queries.desk import applicants_for, overdue_for, waiting_for
from songhe.casework.queries.notices import public_notices
from songhe.common import clock
from songhe.demo.cases import STORIES
from songhe.demo.departments import AGAIN
from songhe.demo.errors import DemoError
from songhe.demo.load import CHANGED, load_demo
from songhe.demo.planting import COPIES, LOOKALIKES
from songhe.divisions.queries import resolve, tree_on
from songhe.linkage.models import Candidate
from songhe.registry.models import (
    Consent,
    CurrentPerson,
    FactRecord,
    Kinship,
    Membership,
    Person,
    QualityRow,
    Retraction,
    Transaction,
)
from songhe.registry.projection import rebuild
from songhe.registry.queries import file_as_of, timeline
from tests.demo.conftest import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def test_there_are_as_many_living_people_as_asked_for_beside_what_is_planted():
    planted = max(1, COPIES * PEOPLE // 42_034) + max(1, LOOKALIKES * PEOPLE // 42_034)
    unreported = PEOPLE // 30
    living = CurrentPerson.objects.filter(alive=True).count()
    assert PEOPLE + planted <= living <= PEOPLE + planted + unreported


def test_the_current_view_is_what_the_records_say():
    assert list(rebuild(write=False)) == []


def test_everybody_lives_or_is_registered_somewhere():
    somewhere = CurrentPerson.objects.exclude(residence_division=None, hukou_division=None).count()
    assert somewhere > 0.99 * Person.objects.count()


def test_every_department_speaks_in_the_order_of_eighteen_months():
    times = list(Transaction.objects.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times)
    assert (times[-1] - times[0]).days > 500
    sources = set(FactRecord.objects.values_list("source", flat=True))
    assert {"police", "civil_affairs", "disabled_federation", "social_security", "veterans", "health"} <= sources
    assert {"community", "assessment", "person", "medical_insurance", "settled"} & sources >= {
        "community",
        "assessment",
    }


def test_a_file_has_a_story_and_was_emptier_a_year_ago():
    said = FactRecord.objects.values("person").annotate(times=Count("pk")).order_by("-times", "person")
    person = Person.objects.get(pk=said[0]["person"])
    assert len(timeline(person)) > 10
    then = file_as_of(person, known_at=timezone.now() - dt.timedelta(430))
    assert 0 < len(then) < len(file_as_of(person))


def test_some_deaths_are_reported_late_and_none_before_the_day():
    deaths = FactRecord.objects.filter(fact="alive", value="false").annotate(at=F("transaction__at"))
    days = [(timezone.localdate(record.at) - record.valid_from).days for record in deaths]
    assert min(days) >= 0
    late = [record for record, wait in zip(deaths, days, strict=True) if wait >= 30]
    assert late and {record.source for record in late} <= {"civil_affairs", "health"}


def test_sources_disagree_about_several_facts():
    listed = CurrentPerson.objects.exclude(conflicts="").values_list("conflicts", flat=True)
    found = Counter(fact for conflicts in listed for fact in conflicts.strip(",").split(","))
    assert {"birth_date", "residence", "dibao"} <= set(found)


def test_what_was_written_wrongly_was_corrected_or_taken_back():
    said = FactRecord.objects.filter(source="police", fact="birth_date")
    twice = said.values("person").annotate(times=Count("pk")).filter(times__gt=1)
    assert twice.exists() and Retraction.objects.exists()


def test_people_have_families_and_consents_some_taken_back():
    assert Membership.objects.exists() and Kinship.objects.filter(kind=Kinship.Kind.MAY_ACT).exists()
    assert set(Consent.objects.values_list("given", flat=True)) == {True, False}


def test_those_recorded_twice_wait_in_the_queue():
    assert Candidate.objects.filter(state=Candidate.State.OPEN).exists()


def test_divisions_changed_half_way_and_their_people_went_along():
    today = timezone.localdate()
    before, after = tree_on(today - dt.timedelta(CHANGED + 1)), tree_on(today)
    assert len(before) - len(after) == 2
    assert resolve("640381400") is None and before.find("640381400") is not None
    gone = {node.id for node in before} - {node.id for node in after}
    assert not CurrentPerson.objects.filter(residence_division__in=gone).exists()


def test_lists_that_come_again_keep_most_facts_fresh():
    alive = QualityRow.objects.filter(fact="alive").order_by("-asked").first()
    assert alive.stale < 0.1 * alive.known
    assert alive.median_days == AGAIN["police"]
    # What was sent once is as old as it is.
    dementia = QualityRow.objects.filter(fact="dementia").order_by("-asked").first()
    assert dementia.median_days > 300


def test_the_quality_of_its_data_is_measured():
    county = resolve("640381")
    assert QualityRow.objects.filter(division_id=county, fact="dibao", known__gt=0).exists()


def test_the_audit_trail_holds():
    assert audit.verify() is None


def test_where_there_is_something_already_nothing_is_loaded():
    with pytest.raises(DemoError, match="not empty"):
        load_demo(people=PEOPLE)


def test_no_telephone_of_it_can_be_called():
    """Numbers of mobile networks begin with 13 to 19."""
    shown = {file_as_of(person)["phone"].value for person in Person.objects.filter(current__phone__isnull=False)[:20]}
    assert {number[:3] for number in shown} == {"100"}


def test_cases_are_told_at_every_step():
    asked = Case.objects.filter(kind=Kind.BENEFIT)
    assert asked.count() == sum(story.number for story in STORIES)
    assert Counter(asked.values_list("state", flat=True)) == {"running": 51, "returned": 3, "closed": 5}
    assert {case.kind for case in Case.objects.exclude(kind=Kind.BENEFIT)} == {Kind.APPEAL, Kind.COMPLAINT}


@pytest.mark.parametrize("username", ["demo.town", "demo.county", "demo.city"])
def test_a_case_waits_for_everybody_who_acts(username: str):
    assert waiting_for(User.objects.get(username=username)).exists()


def test_some_cases_are_overdue_returned_and_under_notice():
    county = User.objects.get(username="demo.county")
    assert overdue_for(county, clock.today()).count() >= 7
    assert applicants_for(county).count() == 3
    assert len(public_notices(below=resolve("640381"), day=clock.today())) == 5
