"""Indicators at the console: seen, entered, confirmed, defined, counted, and led back to the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from songhe.accounts.models import User
from songhe.indicators.domain.computing import compute
from songhe.indicators.jobs import work_on
from songhe.indicators.models import Computation, Definition, Figure, Order
from songhe.policy.load import load_package
from tests.indicators.builders import DAY, TOWNS, Place, small_place

SignIn = Callable[[User], Client]
PACKAGE = load_package("qingtongxia-2023")
SHARE, OPEN, TEKUN = "QTX-I-12", "QTX-I-03", "QTX-I-01"


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Place:
    settings.RUNS, settings.UPLOADS = tmp_path / "runs", tmp_path / "uploads"
    return small_place()


def at(place: Place, name: str, indicator: str = SHARE, code: str = "640381") -> str:
    return reverse(f"console:{name}", args=[place.ids[code], PACKAGE.id, indicator])


def people(place: Place, number: int) -> None:
    said = {"alive": True, "tekun": "central", "self_care_unable_recognised": True, "name": "张一"}
    for n in range(number):
        place.register(residence=f"64038100{n % 2 + 1}201", **said)
    compute(by=place.one, package=PACKAGE, division=place.county, day=DAY)


def test_a_figure_is_entered_with_its_evidence_and_confirmed_by_another(place: Place, sign_in: SignIn) -> None:
    one, other = sign_in(place.one), sign_in(place.other)
    file = SimpleUploadedFile("月报.pdf", b"%PDF-1.4")
    asked = {"day": "2024-06-30", "numerator": "9", "denominator": "10", "document": "六月月报"}
    assert one.post(at(place, "enter-figure"), {**asked, "file": file}).status_code == 302
    figure = Figure.objects.get()
    settle = reverse("console:settle-figure", args=[figure.public_id])
    assert "须由另一人复核" in one.get(settle).content.decode()
    assert one.post(settle, {}).status_code == 422
    assert other.post(settle, {}).status_code == 302
    page = one.get(at(place, "indicator"), {"day": "2024-06-30"}).content.decode()
    assert all(text in page for text in ("90%", "未达到", "月报.pdf", "六月月报"))
    evidence = reverse("console:evidence", args=[figure.evidence.get().public_id])
    assert b"".join(other.get(evidence).streaming_content) == b"%PDF-1.4"
    wrong = one.post(at(place, "enter-figure"), {**asked, "numerator": "11"})
    assert wrong.status_code == 422 and "大于分母" in wrong.content.decode()


def test_what_the_document_leaves_open_is_laid_down_and_confirmed(place: Place, sign_in: SignIn) -> None:
    asked = {"denominator": "全部特困人员", "document": "青民发〔2024〕3号", "valid_from": "2024-03-01"}
    assert sign_in(place.one).post(at(place, "define-indicator", OPEN), asked).status_code == 302
    settle = reverse("console:settle-definition", args=[Definition.objects.get().public_id])
    assert sign_in(place.other).post(settle, {}).status_code == 302
    page = sign_in(place.one).get(at(place, "indicator", OPEN)).content.decode()
    assert "全部特困人员" in page and "青民发〔2024〕3号" in page


def test_counting_is_asked_for_and_done_in_the_background(place: Place, sign_in: SignIn) -> None:
    place.register(residence="640381001201", alive=True, tekun="central", self_care_unable_recognised=True)
    address = reverse("console:count-indicators", args=[place.county])
    client = sign_in(place.one)
    asked = {"last": "2024-06-30", "months": "2", "package": PACKAGE.id}
    assert client.post(address, asked).status_code == 302
    assert client.post(address, asked).status_code == 422
    order = Order.objects.get()
    work_on.call(order.pk)
    order.refresh_from_db()
    assert (order.state, order.done) == ("done", 2)
    assert set(Computation.objects.values_list("day", flat=True)) == {dt.date(2024, 5, 31), DAY}


def test_whoever_looks_ends_what_a_dead_worker_was_at(place: Place, sign_in: SignIn) -> None:
    client = sign_in(place.one)
    asked = {"last": "2024-06-30", "months": "1", "package": PACKAGE.id}
    client.post(reverse("console:count-indicators", args=[place.county]), asked)
    Order.objects.update(state="running", heartbeat=None)
    page = client.get(reverse("console:indicators-of", args=[place.county])).content.decode()
    assert "处理程序中断" in page
    assert Order.objects.get().state == "failed"


def test_a_figure_leads_to_the_people_it_counts_and_to_their_files(place: Place, sign_in: SignIn) -> None:
    people(place, 2)
    page = sign_in(place.one).get(at(place, "indicator-records", TEKUN), {"day": "2024-06-30"}).content.decode()
    assert page.count(">张一</a>") == 2 and "/console/people/" in page
    page = sign_in(place.unit).get(at(place, "indicator-records", TEKUN), {"day": "2024-06-30"}).content.decode()
    assert "张一" not in page and "共 2" in page
    clerk, day = sign_in(place.clerk), {"day": "2024-06-30"}
    assert clerk.get(at(place, "indicator-records", TEKUN)).status_code == 404
    page = clerk.get(at(place, "indicator-records", TEKUN, TOWNS[0]), day).content.decode()
    assert page.count(">张一</a>") == 1
    assert clerk.get(at(place, "indicator-records", TEKUN, TOWNS[1]), day).status_code == 404


def test_a_month_without_a_figure_shows_a_dash(place: Place, sign_in: SignIn) -> None:
    people(place, 1)
    page = sign_in(place.one).get(at(place, "indicator", "QTX-I-24"), {"day": "2024-06-30"}).content.decode()
    assert "各月分子分母" in page and "None" not in page


def test_the_pages_take_as_many_queries_for_three_as_for_one(
    place: Place, sign_in: SignIn, queries_of: Callable[[Client, str], int]
) -> None:
    client, day = sign_in(place.one), "?day=2024-06-30"
    pages = [reverse("console:indicators-of", args=[place.county]) + day, at(place, "indicator", TEKUN) + day]
    people(place, 1)
    first = [queries_of(client, page) for page in pages]
    people(place, 3)
    for month in (3, 4, 5):
        compute(by=place.one, package=PACKAGE, division=place.county, day=dt.date(2024, month, 28))
    assert [queries_of(client, page) for page in pages] == first


def test_the_table_goes_out_as_a_file_with_a_line_for_each_target(place: Place, sign_in: SignIn) -> None:
    people(place, 1)
    found = sign_in(place.one).get(reverse("console:indicators-csv", args=[place.county]), {"day": "2024-06-30"})
    lines = found.content.decode("utf-8-sig").splitlines()
    assert len(lines) > len(PACKAGE.indicators)
    assert any(line.startswith(f"{TEKUN},") and ",1,1,0,100%,≥60%," in line for line in lines)


def test_the_pages_are_accessible_and_fit_a_telephone(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], settings: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    settings.RUNS, settings.UPLOADS = tmp_path / "runs", tmp_path / "uploads"
    place = small_place()
    people(place, 3)
    compute(by=place.one, package=PACKAGE, division=place.county, day=dt.date(2024, 5, 31))
    day = "?day=2024-06-30"
    tab = open_console(reverse("console:indicators-of", args=[place.county]) + day, place.one)
    paths = [at(place, "indicator", TEKUN), at(place, "indicator-records", TEKUN), at(place, "enter-figure"),
             at(place, "define-indicator", OPEN), reverse("console:count-indicators", args=[place.county])]  # fmt: skip
    accessible(tab)
    for path in paths:
        tab.goto(path + day)
        accessible(tab)
    narrow = open_console(at(place, "indicator", TEKUN) + day, place.one, width=390, height=844)
    fits(narrow)
    assert TOWNS[0] in place.ids
