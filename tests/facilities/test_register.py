"""The register of estates: names, closing, records, pools; and a table of many at once."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction

from songhe.accounts.scope import OutOfScope
from songhe.facilities.domain.importing import Imported, import_estates
from songhe.facilities.domain.pooling import join, leave
from songhe.facilities.domain.registering import close, record_fact, register, rename
from songhe.facilities.errors import FacilityError
from songhe.facilities.facts import facts_of, pool_of
from songhe.facilities.models import Estate, FactRecord
from tests.facilities.builders import BEGAN, DAY, estate, know, pool
from tests.facilities.conftest import Office

VILLAGE = "990101001001"


def test_an_estate_lies_in_a_community_and_is_there_once(office: Office) -> None:
    with pytest.raises(FacilityError, match="社区"):
        estate(office.one, office.county)
    with pytest.raises(FacilityError, match="已登记"):
        estate(office.one, office.city[VILLAGE])
    with pytest.raises(OutOfScope):
        register(by=office.stranger, name="x", division=office.city[VILLAGE], began_on=BEGAN, document="x")


def test_it_keeps_its_earlier_names_and_counts_until_it_is_closed(office: Office) -> None:
    rename(by=office.one, estate=office.estate, name="鹤苑小区", on=DAY, document="更名批复")
    close(by=office.one, estate=office.estate, on=dt.date(2024, 7, 1), document="拆除证明")
    told = office.estate.changes.order_by("pk").values_list("kind", "before")
    assert list(told) == [("renamed", "松苑小区"), ("closed", "鹤苑小区")]
    counted = [len(facts_of([office.county.pk], day)) for day in (dt.date(2014, 1, 1), DAY, dt.date(2024, 7, 1))]
    assert counted == [0, 1, 0]
    with pytest.raises(FacilityError, match="已注销"):
        rename(by=office.one, estate=office.estate, name="x", on=DAY, document="x")


def test_records_are_never_changed(office: Office) -> None:
    know(office.one, office.estate, households=100)
    for change in (lambda: FactRecord.objects.update(value="1"), lambda: FactRecord.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_households_of_a_pool_are_not_recorded_but_follow(office: Office) -> None:
    shared = pool(office.one, office.estate)
    with pytest.raises(FacilityError, match="成员"):
        record_fact(by=office.one, of=shared, fact="new_households", value=1, valid_from=DAY, document="x")


def test_an_estate_belongs_to_one_pool_at_a_time(office: Office) -> None:
    first = pool(office.one, office.estate)
    second = pool(office.one, estate(office.one, office.city[VILLAGE], "柏苑"), name="另一处")
    with pytest.raises(FacilityError, match="请先终止"):
        join(by=office.one, pool=second, estate=office.estate, valid_from=DAY, document="批复")
    leave(by=office.one, member=first.members.get(), on=DAY, document="批复")
    after = DAY + dt.timedelta(days=1)
    join(by=office.one, pool=second, estate=office.estate, valid_from=after, document="批复")
    assert [pool_of([office.estate.pk], day) for day in (DAY, after)] == [
        {office.estate.pk: first.pk},
        {office.estate.pk: second.pk},
    ]


HEADER = (
    "小区名称,社区（村）代码,起算日期,依据,小区类别,户数,养老服务用房面积（平方米）,列入完整社区建设计划,住宅交付日期"
)


def taken(office: Office, *rows: str, header: str = HEADER) -> Imported:
    return import_estates(by=office.one, content=io.BytesIO("\n".join((header, *rows)).encode()), file_name="小区.csv")


def test_a_table_registers_estates_and_says_nothing_twice(office: Office) -> None:
    rows = (
        f"松苑小区,{VILLAGE},2015-01-01,现场核实,新建,1240,372.0,是,2016年5月1日",
        f"竹苑,{VILLAGE},20010601,现场核实,老旧,不详,0,否,",
    )
    assert taken(office, *rows) == Imported(rows=2, new=1, facts=8)
    assert taken(office, *rows).facts == 0
    facts = {one.estate.name: one.facts for one in facts_of([office.county.pk], DAY)}
    assert facts["松苑小区"]["housing_delivered"] == dt.date(2016, 5, 1)
    assert "households" not in facts["竹苑"]


def test_a_table_with_one_wrong_line_leaves_nothing(office: Office) -> None:
    found = taken(
        office,
        f"竹苑,{VILLAGE},2015-01-01,核实,新建,100,30,是,",
        f"柏苑,{VILLAGE},2015-13-01,核实,别墅,一百,30,也许,",
        "梅苑,990102001001,2015-01-01,,新建,100,30,是,",
        f"竹苑,{VILLAGE},2015-01-01,核实,新建,100,30,是,",
    )
    told = {(fault.line, fault.column) for fault in found.faults}
    assert told == {
        (3, "起算日期"),
        (3, "小区类别"),
        (3, "户数"),
        (3, "列入完整社区建设计划"),
        (4, "社区（村）代码"),
        (4, "依据"),
        (5, "小区名称"),
    }
    assert Estate.objects.count() == 1


def test_a_table_without_its_columns_is_refused_as_a_whole(office: Office) -> None:
    found = taken(office, "x", header="小区名称,开发商")
    assert {fault.column for fault in found.faults} == {"开发商", "社区（村）代码", "起算日期", "依据"}
