"""Reports at the console: asked for, read, taken along, proposed by one and approved by another, withdrawn."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from songhe.accounts.models import Entry, Role, User
from songhe.common import clock
from songhe.reports.domain.making import make_report
from songhe.reports.domain.publishing import approve, propose
from songhe.reports.jobs import work_on
from songhe.reports.models import Order, Publication, Report
from songhe.reports.period import read_period
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity
from tests.reports.people import populated_city, settle

SignIn = Callable[[User], Client]


@pytest.fixture
def officers(city: SmallCity) -> tuple[User, User]:
    county = city.counties[0]
    return holder(Role.COUNTY_BUREAU, county, "one"), holder(Role.COUNTY_BUREAU, county, "other")


@pytest.fixture
def report(city: SmallCity, officers: tuple[User, User]) -> Report:
    settle("990101001001", 65, 14)
    settle("990101001002", 65, 12)
    settle("990101002001", 85, 3)
    settle("990101002001", 65, 21)
    return made(officers[0], city)


def made(by: User, city: SmallCity, period: str = "2024-05") -> Report:
    return make_report(by=by, division=city.counties[0].pk, period=read_period(period))


def at(name: str, *arguments: Any) -> str:
    return reverse(f"console:{name}", args=arguments)


def sent(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url).content.decode()


def refused(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values)
    assert answer.status_code == 422
    return answer.content.decode()


def test_one_is_asked_for_made_by_the_worker_and_stands_in_the_list(
    city: SmallCity, officers: tuple[User, User], sign_in: SignIn
) -> None:
    client = sign_in(officers[0])
    assert "请点“编制报告”" in client.get(at("reports")).content.decode()
    assert "看不懂期间" in refused(client, at("new-report"), division="990101", period="五月")
    assert "您的范围内没有" in refused(client, at("new-report"), division="990102", period="2024-05")
    assert "排队中" in sent(client, at("new-report"), division="990101", period="2024-05")
    assert "正在编制" in refused(client, at("new-report"), division="990101", period="2024年5月")
    work_on.func(Order.objects.get().pk)
    assert Order.objects.get().state == Order.State.DONE
    shown = client.get(at("reports")).content.decode()
    assert "2024年5月" in shown
    assert "未发布" in shown


def test_a_report_is_read_with_its_sources_and_taken_along_as_a_file(
    report: Report, officers: tuple[User, User], sign_in: SignIn
) -> None:
    client = sign_in(officers[0])
    page = client.get(at("report", report.public_id)).content.decode()
    assert "松鹤市东县养老服务统计月报（2024年5月）" in page
    assert report.hash in page
    answer = client.get(at("report-file", report.public_id, "docx"))
    assert "songhe-990101-2024-05-v1.docx" in answer.headers["Content-Disposition"]
    assert Document(io.BytesIO(answer.content)).paragraphs[0].text.startswith("松鹤市东县")
    assert Entry.objects.filter(action="report.exported").count() == 1
    assert client.get(at("report-file", report.public_id, "pdf")).status_code == 404


def test_publishing_shows_what_is_withheld_and_why_and_needs_two(
    report: Report, officers: tuple[User, User], sign_in: SignIn
) -> None:
    first, second = map(sign_in, officers)
    assert "须由另一人批准" in first.get(at("propose-publication", report.public_id)).content.decode()
    assert "正在核算发布时哪些数须抑制" in sent(first, at("propose-publication", report.public_id))
    assert "正在编制或核算" in refused(second, at("propose-publication", report.public_id))
    assert "提请发布" in first.get(at("reports")).content.decode()
    work_on.func(Order.objects.get().pk)
    one = Publication.objects.get()
    proposed = first.get(at("publication", one.public_id)).content.decode()
    assert "人数过少" in proposed
    assert "防止由合计推算" in proposed
    assert "已提请发布或已发布" in refused(first, at("propose-publication", report.public_id))
    approving = at("approve-publication", one.public_id)
    assert approving not in first.get(at("publication", one.public_id)).content.decode()
    assert "不能批准自己" in refused(first, approving)
    assert approving in second.get(at("publication", one.public_id)).content.decode()
    assert "已发布" in sent(second, approving)
    withdrawing = at("withdraw-publication", one.public_id)
    assert "请填写" in refused(second, withdrawing, reason="")
    assert "户籍数据有误" in sent(second, withdrawing, reason="户籍数据有误")
    assert "已撤回" in first.get(at("reports")).content.decode()


def test_whoever_looks_ends_what_a_dead_worker_was_at(
    report: Report, officers: tuple[User, User], sign_in: SignIn
) -> None:
    client = sign_in(officers[0])
    sent(client, at("propose-publication", report.public_id))
    Order.objects.update(state="running", heartbeat=None)
    shown = client.get(at("report", report.public_id)).content.decode()
    assert "提请发布未成功" in shown
    assert at("propose-publication", report.public_id) in shown


def test_who_only_reads_is_offered_nothing_else(city: SmallCity, report: Report, sign_in: SignIn, clerk: User) -> None:
    auditor = holder(Role.AUDITOR, city.counties[0], "auditor")
    client = sign_in(auditor)
    assert at("new-report") not in client.get(at("reports")).content.decode()
    assert (
        at("propose-publication", report.public_id) not in client.get(at("report", report.public_id)).content.decode()
    )
    assert client.get(at("propose-publication", report.public_id)).status_code == 403
    assert sign_in(clerk).get(at("report", report.public_id)).status_code == 404


def test_the_list_takes_as_many_queries_with_three_as_with_one(
    city: SmallCity, report: Report, officers: tuple[User, User], sign_in: SignIn, queries_of: Any
) -> None:
    client = sign_in(officers[0])
    one = queries_of(client, at("reports"))
    for period in ("2024-04", "2024-03"):
        made(officers[0], city, period)
    assert queries_of(client, at("reports")) == one


def test_every_page_can_be_used_by_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None]
) -> None:
    with clock.standing_at(dt.datetime(2024, 6, 3, 9, 30, tzinfo=clock.ZONE)):
        city = populated_city()
        first, second = (holder(Role.COUNTY_BUREAU, city.counties[0], name) for name in ("one", "other"))
        report = made(first, city)
        one = propose(by=first, report=report)
        page = open_console(at("reports"), second)
        paths = [at("reports"), at("new-report"), at("report", report.public_id), at("publication", one.public_id)]
        approve(by=second, publication=one)
        later = make_report(by=first, division=city.towns[0].pk, period=report.period)
        paths += [at("propose-publication", later.public_id)]
        paths += ["/open-data/", f"/open-data/{one.public_id}/", f"/open-data/{one.public_id}/?lang=en"]
    for path in paths:
        page.goto(path)
        accessible(page)
    page.set_viewport_size({"width": 390, "height": 800})
    for path in paths:
        page.goto(path)
        fits(page)
