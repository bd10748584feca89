"""How good the data are: counted, rolled up, and shown to those who may see it."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import timezone

from songhe.accounts.actions import PERSONAL, Action
from songhe.accounts.models import Entry, Role
from songhe.accounts.scope import OutOfScope
from songhe.common.spreadsheet import write_csv
from songhe.divisions.models import Division
from songhe.registry.domain.confirming import confirm
from songhe.registry.domain.facts import record_death, record_facts, register_person
from songhe.registry.domain.quality import measure_quality
from songhe.registry.domain.statements import Statement
from songhe.registry.measuring import median, read_standards
from songhe.registry.models import Confirmation, QualityRow
from songhe.registry.quality import by_division, rows, table
from tests.accounts.builders import holder

VILLAGE, NEXT, TOWN, COUNTY, OTHER = "640381001201", "640381001202", "640381001", "640381", "640302001201"


@pytest.fixture
def clerk(divisions):
    return holder(Role.COUNTY_BUREAU, Division.objects.get(pk=divisions[COUNTY]))


def line(quality, fact):
    return next(line for line in quality.lines if line.fact == fact)


def ago(days):
    return timezone.now() - dt.timedelta(days=days)


def test_it_says_how_many_are_asked_and_known(register, divisions, clerk):
    register(residence=VILLAGE, dibao=True)
    register(residence=VILLAGE)
    register(residence=NEXT, dibao=False)
    measure_quality()
    found = line(table(clerk, divisions[COUNTY]), "dibao")
    assert (found.asked, found.known, found.missing, found.complete) == (3, 2, 1, 2 / 3)
    assert found.label.zh == "低保家庭成员"


def test_a_division_holds_what_lies_below_it_and_nothing_else(register, divisions, clerk):
    for place in (VILLAGE, VILLAGE, NEXT, OTHER):
        register(residence=place)
    measure_quality()
    asked = {code: line(table(clerk, divisions[code]), "sex").asked for code in (VILLAGE, NEXT, TOWN, COUNTY)}
    assert asked == {VILLAGE: 2, NEXT: 1, TOWN: 3, COUNTY: 3}
    assert [(one.code, one.people) for one in table(clerk, divisions[TOWN]).below] == [(VILLAGE, 2), (NEXT, 1)]


def test_who_lives_nowhere_known_is_counted_where_registered(register, divisions, clerk):
    register(hukou=VILLAGE)
    register(hukou=OTHER, residence=NEXT)
    measure_quality()
    assert [one.code for one in table(clerk, divisions[TOWN]).below] == [VILLAGE, NEXT]


def test_who_is_nowhere_at_all_is_reported(register):
    register(sex="F")
    measured = measure_quality()
    assert (measured.people, measured.nowhere, measured.rows) == (1, 1, 0)


def test_the_dead_do_not_count(register, by, divisions, clerk):
    register(residence=VILLAGE)
    record_death(by=by(), person=register(residence=VILLAGE), on=dt.date(2024, 1, 1))
    measure_quality()
    assert line(table(clerk, divisions[VILLAGE]), "sex").asked == 1


def test_a_conflict_is_counted_in_its_fact(register, by, divisions, clerk):
    person = register(residence=VILLAGE, sex="F")
    record_facts(by=by("community"), person=person, statements=[Statement("sex", "M")])
    measure_quality()
    quality = table(clerk, divisions[VILLAGE])
    assert {one.fact for one in quality.lines if one.conflicts} == {"sex"}


def test_whom_a_fact_does_not_concern_is_not_asked(register, divisions, clerk):
    register(residence=VILLAGE, youfu_kind="none", disability_certificate=False)
    register(residence=VILLAGE, youfu_kind="veteran")
    measure_quality()
    quality = table(clerk, divisions[VILLAGE])
    assert line(quality, "state_periodic_allowance").asked == 1
    assert line(quality, "disability_certificate_to").asked == 1


def test_a_source_that_says_the_same_again_keeps_a_fact_fresh(register, divisions, by, clerk):
    person = register_person(
        by=by("community", at=ago(400)), statements=[Statement("residence", VILLAGE), Statement("living", "alone")]
    )
    again = [Statement("living", "alone"), Statement("name", "李秀英")]
    first = record_facts(by=by("community", at=ago(50)), person=person, statements=again)
    assert (first.records, first.unchanged) == (1, 1)
    measure_quality()
    quality = table(clerk, divisions[COUNTY])
    assert line(quality, "living").median_days == 50
    assert line(quality, "residence").median_days == 400
    record_facts(by=by("community", at=ago(20)), person=person, statements=again)
    measure_quality()
    assert line(table(clerk, divisions[COUNTY]), "living").median_days == 20
    assert Confirmation.objects.count() == 1


def test_a_confirmation_of_an_earlier_day_changes_nothing(register):
    person = register(residence=VILLAGE)
    for day in (dt.date(2026, 3, 1), dt.date(2026, 2, 1)):
        confirm(source="police", on=day, said={person.pk: {"residence", "sex"}})
    assert Confirmation.objects.get().day == dt.date(2026, 3, 1)
    assert Confirmation.objects.get().fact_set.facts == "residence"


def test_freshness_is_the_days_since_the_last_news(divisions, by, clerk):
    people = [
        register_person(
            by=by("community", at=ago(days)),
            statements=[Statement("residence", VILLAGE), Statement("living", "alone"), Statement("sex", "F")],
        )
        for days in (400, 390, 30)
    ]
    record_facts(by=by("community", at=ago(10)), person=people[0], statements=[Statement("living", "institution")])
    measure_quality()
    quality = table(clerk, divisions[COUNTY])
    living = line(quality, "living")
    assert (living.median_days, living.stale, living.limit) == (30, 1, 365)
    assert line(quality, "residence").median_days == 390
    assert (line(quality, "sex").median_days, line(quality, "sex").stale) == (None, None)


def test_what_is_unknown_again_is_not_out_of_date(divisions, by, clerk):
    said = [Statement("residence", VILLAGE), Statement("living", "alone")]
    person = register_person(by=by("community", at=ago(400)), statements=said)
    record_facts(by=by("community", at=ago(390)), person=person, statements=[Statement("living", None)])
    measure_quality()
    living = line(table(clerk, divisions[VILLAGE]), "living")
    assert (living.known, living.stale, living.median_days) == (0, 0, None)


def test_one_fact_in_the_divisions_below(register, divisions, clerk):
    register(residence=VILLAGE, living="alone")
    register(residence=NEXT)
    measure_quality()
    found = by_division(clerk, divisions[TOWN], "living")
    assert [(one.code, one.place, one.known) for one in found] == [(VILLAGE, "村11", 1), (NEXT, "村12", 0)]


def test_nobody_sees_another_countys_figures(register, divisions, clerk):
    measure_quality()
    with pytest.raises(OutOfScope):
        table(clerk, divisions["640302"])
    with pytest.raises(OutOfScope):
        by_division(clerk, divisions["640300"], "sex")


def test_the_technician_sees_figures_and_no_person(register, divisions):
    register(residence=VILLAGE)
    measure_quality()
    technician = holder(Role.TECHNICIAN, Division.objects.get(pk=divisions[COUNTY]))
    assert Action.QUALITY_READ not in PERSONAL
    assert line(table(technician, divisions[COUNTY]), "sex").asked == 1


def test_before_anything_was_measured_there_is_no_day_and_no_line(divisions, clerk):
    quality = table(clerk, divisions[COUNTY])
    assert (quality.day, quality.lines, quality.below) == (None, (), ())


def test_of_a_month_the_last_measurement_is_kept(register, divisions, clerk):
    register(residence=VILLAGE)
    measure_quality()
    day = timezone.localdate()
    QualityRow.objects.update(day=day.replace(day=1) - dt.timedelta(days=1))
    register(residence=VILLAGE)
    measure_quality()
    measure_quality()
    then = table(clerk, divisions[COUNTY], as_of=day.replace(day=1) - dt.timedelta(days=1))
    now = table(clerk, divisions[COUNTY])
    assert [(one.day, line(one, "sex").asked) for one in (then, now)] == [(then.day, 1), (day, 2)]


def test_reading_asks_the_database_as_often_for_one_as_for_many(
    register, divisions, clerk, django_assert_max_num_queries
):
    for place in (VILLAGE, NEXT, "640381002201"):
        register(residence=place)
    measure_quality()
    with django_assert_max_num_queries(12):
        table(clerk, divisions[COUNTY])


def test_a_file_has_titles_and_a_row_for_each_fact(register, divisions, clerk):
    register(residence=VILLAGE, dibao=True)
    measure_quality()
    header, *lines = rows(table(clerk, divisions[COUNTY]).lines)
    assert header[:4] == ["区划代码", "区划", "事实", "应有人数"]
    assert ["640381", "青铜峡市", "低保家庭成员", "1", "1", "1.0000", "0", "365", "0", "0"] in lines
    assert "低保家庭成员".encode() in b"".join(write_csv(lines, header))


def test_measuring_is_in_the_trail(divisions):
    measure_quality()
    assert Entry.objects.filter(action="quality.measured", details={"count": 0, "nowhere": 0}).count() == 1


def test_the_command_measures_and_shows(register, divisions, capsys, tmp_path):
    register(residence=VILLAGE)
    call_command("measure_quality", "--division", TOWN)
    shown = capsys.readouterr().out
    assert "1 人 people" in shown and "性别" in shown
    call_command("measure_quality", "--division", TOWN, "--csv", str(tmp_path / "quality.csv"))
    assert "性别" in (tmp_path / "quality.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("ages", "expected"), [({}, None), ({3: 1}, 3), ({1: 1, 9: 1}, 1), ({1: 1, 5: 1, 9: 5}, 9), ({2: 3, 7: 2}, 2)]
)
def test_the_median_of_people_by_days(ages, expected):
    assert median(Counter(ages)) == expected


def test_a_fact_that_is_not_is_refused():
    with pytest.raises(ValueError, match="no fact nonsense"):
        read_standards("limit: {nonsense: 3}\nasked_unless: {}\nleft_out: []")
