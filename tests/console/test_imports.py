"""The import desk: hand a file in, read the report of its trial, start it, mend what came back."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.management.commands import db_worker
from openpyxl import load_workbook

from songhe.accounts.models import Entry, Role, User
from songhe.intake import jobs
from songhe.intake.domain.receiving import receive
from songhe.intake.domain.running import preview, run
from songhe.intake.models import Import, State
from songhe.registry.models import Person
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.divisions.builders import SmallCity, small_city
from tests.intake.builders import OTHER_COUNTY, VILLAGE, csv_file, person

DESK = "/console/imports/"
GOOD, BAD = person(1), person(2, 户籍地代码=OTHER_COUNTY)


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Any) -> None:
    settings.UPLOADS = tmp_path / "uploads"


@pytest.fixture
def east(city: SmallCity) -> User:
    """Who imports for the eastern county."""
    return holder(Role.COUNTY_BUREAU, city.counties[0], "east")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what was queued; a real one renews its connection, which would lose the test's own."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    return lambda: jobs.work(until_empty=True)


def hand_in(client: Client, *rows: dict[str, str], content: bytes | None = None, **more: str) -> Any:
    file = SimpleUploadedFile("人口.csv", csv_file(rows) if content is None else content)
    return client.post(f"{DESK}new/", {"source": "police", "division": "990101", "file": file, **more})


def sent(user: User, *rows: dict[str, str]) -> Import:
    return receive(user=user, source="police", content=io.BytesIO(csv_file(rows)), file_name="人口.csv")


def page_of(upload: Import) -> str:
    return f"{DESK}{upload.public_id}/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestTheWay:
    def test_from_the_file_to_the_register(self, sign_in: SignIn, east: User, worker: Callable[[], None]) -> None:
        client = sign_in(east)
        answer = hand_in(client, GOOD, BAD)
        upload = Import.objects.get()
        assert answer.url == page_of(upload)
        waiting = text_of(client.get(page_of(upload)))
        assert "排队中" in waiting
        assert "every 2s" in waiting
        worker()
        tried = text_of(client.get(page_of(upload)))
        assert "试算报告" in tried
        assert "every 2s" not in tried
        assert "您权限范围内" in tried
        assert Person.objects.count() == 0
        assert client.post(f"{page_of(upload)}run/").url == page_of(upload)
        worker()
        assert "结果" in text_of(client.get(page_of(upload)))
        assert Person.objects.count() == 1

    def test_pressing_twice_starts_it_once(self, sign_in: SignIn, east: User, worker: Callable[[], None]) -> None:
        client, upload = sign_in(east), sent(east, GOOD)
        preview(user=east, upload=upload)
        client.post(f"{page_of(upload)}run/")
        client.post(f"{page_of(upload)}run/")
        worker()
        assert Entry.objects.filter(action="import.finished").count() == 1

    def test_an_untried_file_is_not_run(self, sign_in: SignIn, east: User, worker: Callable[[], None]) -> None:
        client, upload = sign_in(east), sent(east, GOOD)
        client.post(f"{page_of(upload)}run/")
        worker()
        upload.refresh_from_db()
        assert upload.state == State.RECEIVED
        client.post(f"{page_of(upload)}try/")
        worker()
        upload.refresh_from_db()
        assert upload.state == State.CHECKED

    def test_the_rows_set_aside_come_back_as_a_file(self, sign_in: SignIn, east: User) -> None:
        client, upload = sign_in(east), sent(east, GOOD, BAD)
        run(user=east, upload=upload)
        answer = client.get(f"{page_of(upload)}errors/")
        assert answer.headers["Cache-Control"] == "no-store"
        header, line = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
        assert header[:2] == ["行号", "错误说明"]
        assert line[0] == "3"
        client.post(f"{page_of(upload)}withdraw/")
        assert client.get(f"{page_of(upload)}errors/").status_code == 410

    def test_it_is_cancelled_after_asking(self, sign_in: SignIn, east: User) -> None:
        client, upload = sign_in(east), sent(east, GOOD)
        assert client.get(f"{page_of(upload)}cancel/").status_code == 200
        assert client.post(f"{page_of(upload)}cancel/").url == page_of(upload)
        upload.refresh_from_db()
        assert upload.state == State.CANCELLED
        assert client.post(f"{page_of(upload)}cancel/").status_code == 422


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("form", "says"),
        [
            ({"division": "990102"}, "没有这个区划"),
            ({"source": "nobody"}, "请从列表中选择"),
            ({"announced_rows": "-1"}, "不能小于1"),
            ({"content": b""}, "文件是空的"),
        ],
    )
    def test_it_is_told_beside_the_form(self, sign_in: SignIn, east: User, form: dict[str, Any], says: str) -> None:
        answer = hand_in(sign_in(east), GOOD, **form)
        assert answer.status_code == 422
        assert says in text_of(answer)
        assert not Import.objects.exists()

    def test_a_file_that_is_wrong_as_a_whole_says_why(
        self, sign_in: SignIn, east: User, worker: Callable[[], None]
    ) -> None:
        client = sign_in(east)
        hand_in(client, {"姓名": "张三"})
        worker()
        assert "整个文件未被接受" in text_of(client.get(page_of(Import.objects.get())))

    def test_more_than_the_desk_takes_is_refused(self, sign_in: SignIn, east: User, settings: Any) -> None:
        settings.LARGE_BODIES = {DESK: 2_000}
        assert hand_in(sign_in(east), content=b"x" * 3_000).status_code == 400


class TestWhoseItIs:
    def test_an_import_elsewhere_is_not_there(self, sign_in: SignIn, city: SmallCity, east: User) -> None:
        upload = sent(east, GOOD)
        west = sign_in(holder(Role.COUNTY_BUREAU, city.counties[1], "west"))
        assert "人口.csv" not in text_of(west.get(DESK))
        for path in ("", "errors/", "cancel/", "withdraw/"):
            assert west.get(page_of(upload) + path).status_code == 404
        assert west.post(f"{page_of(upload)}run/").status_code == 404
        assert west.get(f"{DESK}{uuid.uuid4()}/").status_code == 404

    @pytest.mark.parametrize("role", [Role.TOWN_CLERK, Role.AUDITOR, Role.TECHNICIAN])
    def test_it_is_not_for_everybody(self, sign_in: SignIn, city: SmallCity, role: Role) -> None:
        client = sign_in(holder(role, city.city, "x"))
        assert client.get(DESK).status_code == client.post(f"{DESK}new/").status_code == 403


class TestTheList:
    def test_an_empty_desk_says_what_to_do(self, sign_in: SignIn, east: User) -> None:
        assert "各部门的列和模板" in text_of(sign_in(east).get(DESK))

    def test_it_takes_the_same_queries_with_one_row_and_three(
        self, sign_in: SignIn, east: User, queries_of: Callable[[Client, str], int]
    ) -> None:
        client, upload = sign_in(east), sent(east, GOOD)
        run(user=east, upload=upload)
        one = queries_of(client, DESK)
        for number in (2, 3):
            sent(east, person(number))
        assert queries_of(client, DESK) == one <= 16


class TestGuides:
    def test_each_department_has_its_columns_and_templates(self, sign_in: SignIn, east: User) -> None:
        client = sign_in(east)
        assert "公安" in text_of(client.get(f"{DESK}guides/"))
        assert "公民身份号码" in text_of(client.get(f"{DESK}guides/police/"))
        assert client.get(f"{DESK}guides/nobody/").status_code == 404
        assert client.get(f"{DESK}guides/police/template.exe").status_code == 404

    def test_a_template_filled_in_is_taken(self, sign_in: SignIn, east: User, worker: Callable[[], None]) -> None:
        client = sign_in(east)
        titles = client.get(f"{DESK}guides/police/template.csv").content.decode("utf-8-sig").strip().split(",")
        row = {title: GOOD.get(title, "") for title in titles} | {"户籍地行政区划代码": VILLAGE}
        assert list(row) == titles
        hand_in(client, row)
        worker()
        upload = Import.objects.get()
        assert (upload.state, upload.report["new"], upload.report["unknown_columns"]) == (State.CHECKED, 1, [])

    def test_the_sheet_has_the_same_titles(self, sign_in: SignIn, east: User) -> None:
        client = sign_in(east)
        titles = client.get(f"{DESK}guides/health/template.csv").content.decode("utf-8-sig").strip().split(",")
        book = load_workbook(io.BytesIO(client.get(f"{DESK}guides/health/template.xlsx").content))
        assert [cell.value for cell in next(book.active.iter_rows())] == titles


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any],
    accessible: Callable[[Any], None],
    fits: Callable[[Any], None],
    tmp_path: Any,
    language: str,
) -> None:
    city = small_city()
    east = holder(Role.COUNTY_BUREAU, city.counties[0], "east")
    tab = open_console(DESK, east)
    if language == "en":
        tab.get_by_role("button", name="English").click()
    for path in (DESK, f"{DESK}guides/", f"{DESK}guides/police/", f"{DESK}new/"):
        tab.goto(path)
        accessible(tab)
        fits(tab)
    file = tmp_path / "people.csv"
    file.write_bytes(csv_file([GOOD, BAD]))
    tab.locator("#id_file").set_input_files(file)
    tab.locator("#id_source").select_option("police")
    tab.locator("main .btn-primary").click()
    tab.wait_for_selector("#standing")
    accessible(tab)
    # The page itself notices that the trial is over.
    preview(user=east, upload=_taken_from_the_queue())
    tab.wait_for_selector(".figures")
    accessible(tab)
    fits(tab)
    tab.goto(DESK)
    accessible(tab)
    fits(tab)


def _taken_from_the_queue() -> Import:
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().delete()
    return Import.objects.get()
