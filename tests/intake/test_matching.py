"""Whom a row is about."""

import pytest

from songhe.intake.domain.running import preview, run
from songhe.registry.domain.merging import merge
from songhe.registry.domain.writing import Author
from songhe.registry.models import CurrentPerson, FactRecord, Person
from tests.intake.builders import OTHER_COUNTY, VILLAGE, number, person

OLD_ZENG = {"姓名": "曾老", "出生日期": "1944-02-29", "性别": "男", "常住地代码": VILLAGE}


@pytest.fixture
def imported(send):
    def make(rows, source="police"):
        upload = send(rows, source=source)
        tried = preview(user=upload.user, upload=upload)
        report = run(user=upload.user, upload=upload)
        assert report.written() == tried.written()
        return report

    return make


def test_who_was_merged_is_the_one_who_stands(imported, wang):
    imported([person(1), person(3)])
    first, second = Person.objects.order_by("pk")
    merge(by=Author(user=wang, source="civil_affairs", reason="重复"), person=first, into=second)
    assert imported([person(1, 户口性质="农村")]).changed == 1
    assert FactRecord.objects.get(fact="hukou_type").person_id == second.pk


def test_a_number_joins_the_file_that_had_none(imported):
    imported([OLD_ZENG], source="community")
    report = imported([person(1) | {"姓名": "曾老", "户籍地代码": VILLAGE, "常住地代码": VILLAGE}])
    assert (report.changed, report.opened, report.matched) == (1, 0, 1)
    assert Person.objects.count() == 1


def test_one_of_the_same_name_and_birth_elsewhere_stays_apart(imported):
    imported([OLD_ZENG], source="community")
    report = imported([person(1) | {"姓名": "曾老", "户籍地代码": OTHER_COUNTY}])
    assert (report.new, Person.objects.count()) == (1, 2)


def test_without_a_number_the_one_with_it_is_found(imported):
    imported([person(1, 常住地代码=VILLAGE) | {"姓名": "曾老"}])
    report = imported([OLD_ZENG | {"居住状况": "独居"}], source="community")
    assert (report.changed, report.matched, Person.objects.count()) == (1, 1, 1)
    assert CurrentPerson.objects.get().living == "alone"


def test_two_rows_without_a_number_about_one_new_person_are_one_file(imported):
    report = imported([OLD_ZENG, OLD_ZENG | {"居住状况": "独居"}], source="community")
    assert (report.opened, Person.objects.count()) == (1, 1)


def test_two_bearers_of_one_number_are_not_told_apart(imported, send, by_hand):
    for _ in range(2):
        by_hand(resident_id=number(1), name="曾1", hukou=VILLAGE)
    upload = send([person(1)])
    assert run(user=upload.user, upload=upload).set_aside == 1
    assert "可能与多份档案相符" in upload.set_aside.get().problems[0][1]


@pytest.fixture
def by_hand(city):
    from songhe.registry.domain.facts import register_person
    from songhe.registry.domain.statements import Statement

    return lambda **facts: register_person(
        by=Author(user=None, source="police"), statements=[Statement(*fact) for fact in facts.items()]
    )
