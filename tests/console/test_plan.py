"""Tasks at the console: the board, a row with what was told of it, reporting and settling, seats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from songhe.plan.domain.reminders import remind
from songhe.plan.domain.seats import give_seat
from songhe.plan.models import Report
from tests.console.conftest import SignIn
from tests.plan.builders import COUNTIES, NOVEMBER, PACKAGE, TOGETHER, Office, on

EACH = "各县市区政府及管委会"


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.UPLOADS = tmp_path / "uploads"
    return Office()


def at(task: str, place: int, **more: str) -> str:
    path = reverse("console:task", args=[PACKAGE.id, task, place])
    return path + ("?" + "&".join(f"{name}={value}" for name, value in more.items()) if more else "")


def board(**asked: str) -> str:
    return reverse("console:tasks") + "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def test_the_board_groups_every_task_by_how_it_stood(office: Office, sign_in: SignIn) -> None:
    answer = sign_in(office.one).get(board(as_of="2023-12-01"))
    groups = {state: [one.row.task.id for one in rows] for state, _, rows in answer.context["groups"]}
    assert groups["overdue"] == [NOVEMBER] and len(groups["open"]) == 53
    assert answer.context["figures"]["soon"] == 20
    assert "2023年11月底前" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "fitting"),
    [
        ({"unit": "市住建局", "part": "lead"}, ["SZ-T23-06", "SZ-T23-10", "SZ-T24-03", "SZ-T25-03"]),
        ({"unit": "市招商局", "part": "cooperating", "year": "2023"}, ["SZ-T23-15"]),
        ({"state": "overdue"}, [NOVEMBER]),
        ({"part": "joint"}, []),
    ],
)
def test_the_board_is_filtered(office: Office, sign_in: SignIn, asked: dict[str, str], fitting: list[str]) -> None:
    answer = sign_in(office.one).get(board(as_of="2023-12-01", **asked))
    assert [one.row.task.id for _, _, rows in answer.context["groups"] for one in rows] == fitting


def test_the_board_as_a_file(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.one)
    table = client.get(reverse("console:tasks-file", args=["csv"]) + "?as_of=2023-12-01&state=overdue").content.decode()
    assert NOVEMBER in table and "2023-11-30" in table and len(table.splitlines()) == 2
    sheet = client.get(reverse("console:tasks-file", args=["xlsx"]))
    assert sheet.content[:2] == b"PK"
    assert client.get(reverse("console:tasks-file", args=["exe"])).status_code == 404


def test_a_row_shows_its_clause_its_units_and_its_contradictions(office: Office, sign_in: SignIn) -> None:
    shown = sign_in(office.one).get(at("SZ-T23-17", office.top, as_of="2023-12-01")).content.decode()
    assert "2023年底前" in shown and "2023年12月31日及以前" in shown
    assert "SZ-S-1c" in shown  # the other side of the contradiction
    assert "东县" in shown and "西县" in shown


def test_a_task_and_the_indicators_of_its_clause_lead_to_each_other(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.one)
    indicator = reverse("console:indicator", args=[office.top, PACKAGE.id, "SZ-T23-18"])
    assert indicator in client.get(at("SZ-T23-18", office.top)).content.decode()
    assert at("SZ-T23-18", office.top) in client.get(indicator).content.decode()


def test_reporting_handing_up_and_confirming(office: Office, sign_in: SignIn) -> None:
    county, city = sign_in(office.east_one), sign_in(office.one)
    told = {"unit": EACH, "told_for": "2023-12-01", "text": "清单已印发", "claim": "whole", "done_on": "2023-11-20"}
    file = SimpleUploadedFile("清单.pdf", b"%PDF-1")
    with on("2023-12-02"):
        form = reverse("console:report-task", args=[PACKAGE.id, COUNTIES, office.east])
        assert county.get(form).status_code == 200
        assert county.post(form, {**told, "figures": "清单 1 份", "file": file}).status_code == 302
        made = Report.objects.get()
        assert made.figures == [{"name": "清单", "value": "1", "unit": "份"}]

        assert city.get(at(COUNTIES, office.east)).context["reports"][0].steps == {"return", "hand-up"}
        settle = {
            act: reverse("console:settle-plan-report", args=[made.public_id, act]) for act in ("hand-up", "confirm")
        }
        assert county.post(settle["hand-up"]).status_code == 302
        assert county.post(settle["confirm"]).status_code == 403
        assert city.post(settle["confirm"], {"reason": ""}).status_code == 302

        page = city.get(at(COUNTIES, office.east))
        assert page.context["one"].state == "done"
        assert "按期" in page.content.decode()
        fetched = city.get(reverse("console:plan-evidence", args=[made.evidence.get().public_id]))
        assert b"".join(fetched.streaming_content) == b"%PDF-1"


def test_a_wrong_report_is_said_beside_the_form(office: Office, sign_in: SignIn) -> None:
    form = reverse("console:report-task", args=[PACKAGE.id, COUNTIES, office.east])
    told = {"unit": EACH, "told_for": "2023-12-01", "text": "好", "claim": "whole", "done_on": "2023-12-24"}
    with on("2023-12-02"):
        answer = sign_in(office.east_one).post(form, told)
        assert answer.status_code == 422 and "完成日期不能晚于情况截至日期" in answer.content.decode()
        answer = sign_in(office.east_one).post(form, {**told, "done_on": ""})
        assert "请填写完成日期" in answer.content.decode()
    assert not Report.objects.exists()


def test_a_department_sees_and_reports_the_rows_of_its_unit_alone(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.finance)
    assert "请市、县民政部门为您指定单位席位" in client.get(board(as_of="2023-12-01")).content.decode()
    with on("2023-12-01"):
        give_seat(by=office.one, user=office.finance, package=PACKAGE, unit="市财政局", division_id=office.top)
        shown = client.get(board()).context["groups"]
        named = [task.id for task in PACKAGE.tasks.values() if "市财政局" in (*task.lead, *task.cooperating)]
        assert sorted(one.row.task.id for _, _, rows in shown for one in rows) == sorted(named)
        assert client.get(at(TOGETHER, office.top)).status_code == 404
        # Where it cooperates it tells what it contributed, and claims nothing.
        form = reverse("console:report-task", args=[PACKAGE.id, NOVEMBER, office.top])
        assert "claim" not in client.get(form).context["form"].fields
        assert client.post(form, {"unit": "市财政局", "told_for": "2023-12-01", "text": "已拨付"}).status_code == 302
    assert Report.objects.get().kind == "contribution"


def test_a_past_day_shows_what_was_recorded_by_then(office: Office, sign_in: SignIn) -> None:
    office.finish(NOVEMBER, office.top, "2023-11-28", at="2023-12-05")
    client = sign_in(office.one)
    with on("2024-01-05"):
        then = client.get(at(NOVEMBER, office.top, as_of="2023-12-01"))
        assert then.context["one"].state == "overdue" and "到这一天还没有填报" in then.content.decode()
        now = client.get(at(NOVEMBER, office.top, as_of="2023-12-01", known="now"))
        assert now.context["one"].state == "done"


def test_reminders_stand_on_the_home_page_until_the_row_is_done(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.one)
    with on("2023-11-23"):
        assert remind() and not remind()
        called = client.get(reverse("console:my-tasks")).context["called"]
        assert [one["row"].task.id for one in called] == [NOVEMBER]
        assert "项到期或逾期" in client.get(reverse("console:home")).content.decode()
    office.finish(NOVEMBER, office.top, "2023-11-24", at="2023-11-25")
    with on("2023-11-26"):
        assert client.get(reverse("console:my-tasks")).context["called"] == []


@pytest.mark.parametrize("name", ["plan-seats", "my-tasks", "tasks"])
def test_a_list_takes_as_many_queries_with_three_rows_as_with_one(
    office: Office, sign_in: SignIn, queries_of: Callable[..., int], name: str
) -> None:
    units = ["市财政局", "市住建局", "市发改委"]

    def one_more(number: int) -> None:
        give_seat(by=office.one, user=office.finance, package=PACKAGE, unit=units[number], division_id=office.top)
        office.tell(office.one, NOVEMBER, office.top, text=f"第{number}次")

    with on("2023-12-01"):
        client, path = sign_in(office.other), reverse(f"console:{name}")
        one_more(0)
        with_one = queries_of(client, path)
        one_more(1)
        one_more(2)
        assert queries_of(client, path) == with_one


def test_reports_of_a_row_take_as_many_queries_with_three_as_with_one(
    office: Office, sign_in: SignIn, queries_of: Callable[..., int]
) -> None:
    with on("2023-12-01"):
        client = sign_in(office.other)
        office.tell(office.one, NOVEMBER, office.top)
        with_one = queries_of(client, at(NOVEMBER, office.top))
        office.tell(office.one, NOVEMBER, office.top)
        office.tell(office.one, NOVEMBER, office.top)
        assert queries_of(client, at(NOVEMBER, office.top)) == with_one


def test_seats_are_given_and_ended(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.one)
    asked = {"username": "finance", "package": PACKAGE.id, "unit": "市财政局", "division": "421300"}
    assert client.post(reverse("console:new-plan-seat"), asked).status_code == 302
    again = client.post(reverse("console:new-plan-seat"), asked)
    assert again.status_code == 422 and "已有这个席位" in again.content.decode()
    seat = client.get(reverse("console:plan-seats")).context["rows"][0]["seat"]
    ended = client.post(reverse("console:end-plan-seat", args=[seat.pk]), {"last_day": "2026-11-22", "reason": "调离"})
    assert ended.status_code == 302
    assert client.get(reverse("console:end-plan-seat", args=[seat.pk])).status_code == 404


class TestInABrowser:
    def test_board_and_row_are_accessible_and_fit_a_telephone(
        self, committing: None, settings: Any, tmp_path: Path, open_console: Any, accessible: Any, fits: Any
    ) -> None:
        settings.UPLOADS = tmp_path / "uploads"
        office = Office()
        office.finish(COUNTIES, office.east, "2023-10-01", at="2023-10-08", unit=EACH, percent=100)
        for path in (board(as_of="2023-12-01"), at(COUNTIES, office.top), reverse("console:my-tasks")):
            page = open_console(path, office.one)
            accessible(page)
            page.set_viewport_size({"width": 390, "height": 844})
            fits(page)
        form = open_console(reverse("console:report-task", args=[PACKAGE.id, COUNTIES, office.top]), office.one)
        accessible(form)
