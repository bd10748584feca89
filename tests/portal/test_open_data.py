"""What everybody finds of the published reports: the list, the page, the files, and what was withdrawn or replaced."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from songhe.accounts.models import Role
from songhe.common import clock
from songhe.reports.domain.making import make_report
from songhe.reports.domain.publishing import approve, propose, withdraw
from songhe.reports.models import Publication
from songhe.reports.period import read_period
from tests.accounts.builders import holder
from tests.reports.people import populated_city, settle

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2024, 6, 3, 9, 30, tzinfo=clock.ZONE)


@pytest.fixture(scope="module")
def publications(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Publication]]:
    """The county's May: published, then corrected; the town's, withdrawn; and one that is only proposed."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.standing_at(MOMENT):
            city = populated_city()
            first, second = (holder(Role.COUNTY_BUREAU, city.counties[0], name) for name in ("one", "other"))
        made = []
        for day, place, period in ((3, city.counties[0], "2024-05"), (4, city.towns[0], "2024-05"),
                                   (9, city.counties[0], "2024-05"), (9, city.counties[0], "2024-04")):  # fmt: skip
            with clock.standing_at(MOMENT.replace(day=day)):
                report = make_report(by=first, division=place.pk, period=read_period(period))
                one = propose(by=first, report=report)
                if period == "2024-05":
                    approve(by=second, publication=one)
                if place != city.counties[0]:
                    withdraw(by=second, publication=one, reason="户籍数据有误")
                settle("990101001001", 65, 12)
                made.append(Publication.objects.get(pk=one.pk))
        yield made
        transaction.set_rollback(True)


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    assert not answer.cookies
    return answer.content.decode()


def test_before_anything_is_published_the_page_says_so(client: Client, db: None):
    assert "现在还没有发布的数据" in page(client, "/open-data/")
    assert "Nothing is published yet" in page(client, "/open-data/?lang=en")


def test_the_list_says_which_version_stands_and_knows_nothing_of_proposals(
    client: Client, publications: list[Publication]
):
    shown = page(client, "/open-data/")
    assert shown.count("第2版，现行") == 1
    assert shown.count("第1版，已被新版代替") == 1
    assert shown.count("已撤回") == 1
    assert "2024年4月" not in shown
    assert str(publications[3].public_id) not in shown
    page(client, f"/open-data/{publications[3].public_id}/", 404)


def test_a_release_has_its_tables_files_licence_hash_and_dictionary(client: Client, publications: list[Publication]):
    shown = page(client, f"/open-data/{publications[2].public_id}/")
    for text in ("老年人口", "population.csv", "知识共享 署名 4.0 国际", publications[2].hash, "数据字典", "抑制标记"):
        assert text in shown
    assert "<script" not in shown
    assert "数据质量" not in shown
    assert "这一期已有新版" in page(client, f"/open-data/{publications[0].public_id}/")


def test_a_withdrawn_one_says_why_and_shows_no_figures(client: Client, publications: list[Publication]):
    gone = f"/open-data/{publications[1].public_id}/"
    shown = page(client, gone, 410)
    assert "户籍数据有误" in shown
    assert "population.csv" not in shown
    page(client, f"{gone}population.csv", 404)


def test_files_are_taken_without_signing_in_and_mark_what_is_withheld(client: Client, publications: list[Publication]):
    folder = f"/open-data/{publications[2].public_id}/"
    answer = client.get(f"{folder}population.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "songhe-990101-2024-05-v2-population.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert any("*" in row.values() for row in rows)
    assert all(value == "*" or not 0 < int(value) < 10 for row in rows for name, value in row.items()
               if name.startswith("age"))  # fmt: skip
    assert client.get(f"{folder}dictionary.csv").status_code == 200
    assert client.get(f"{folder}report.docx").content[:2] == b"PK"
    for name in ("quality.csv", "report.pdf", "nothing"):
        assert client.get(folder + name).status_code == 404
    assert client.post(folder).status_code == 405
