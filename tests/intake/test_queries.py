"""What pages show of imports."""

import datetime as dt

from django.utils import timezone

from songhe.accounts.models import Role
from songhe.intake.domain import running
from songhe.intake.domain.receiving import withdraw
from songhe.intake.domain.running import run
from songhe.intake.models import Import, State
from songhe.intake.queries import errors_of, guides, import_of, imports_for, progress_of, report_of
from tests.accounts.builders import holder
from tests.intake.builders import person


def test_each_sees_those_of_their_own_reach_newest_first(send, wang, li, city):
    of_the_city, of_the_east = send([person(1)]), send([person(2)], user=li)
    elsewhere = send([person(3)], division_id=city.counties[1].pk)
    assert list(imports_for(wang)) == [elsewhere, of_the_east, of_the_city]
    assert list(imports_for(li)) == [of_the_east]
    assert import_of(li, of_the_east.public_id) == of_the_east
    assert import_of(li, elsewhere.public_id) is None
    assert not imports_for(holder(Role.TECHNICIAN, city.city))


def test_a_list_of_many_asks_no_more_than_one_of_few(send, wang, django_assert_num_queries):
    for count in (1, 3):
        while Import.objects.count() < count:
            send([person(Import.objects.count() + 1)])
        wang = type(wang).objects.get(pk=wang.pk)
        queryset = imports_for(wang)
        with django_assert_num_queries(1):
            assert len([(one.user.display_name, one.division_id, progress_of.__name__) for one in queryset]) == count


def test_errors_come_page_by_page(send):
    upload = send([person(n, 性别="?", 出生日期="x") for n in range(1, 4)])
    run(user=upload.user, upload=upload)
    first = errors_of(upload, limit=2)
    assert [(wrong.line, wrong.column) for wrong in first] == [
        (2, "性别"),
        (2, "出生日期"),
        (3, "性别"),
        (3, "出生日期"),
    ]
    assert [wrong.line for wrong in errors_of(upload, after_line=first[-1].line)] == [4, 4]
    assert first[0].what.en.startswith("not understood")


def test_progress_and_a_stall(send):
    upload = send([person(1)])
    assert progress_of(upload).state.zh == "已接收"
    upload.state, upload.rows, upload.rows_done, upload.heartbeat = State.RUNNING, 40, 10, timezone.now()
    upload.save()
    assert (progress_of(upload).percent, progress_of(upload).is_stalled) == (25, False)
    upload.heartbeat -= running.STALE + dt.timedelta(seconds=1)
    upload.save()
    assert progress_of(upload).is_stalled


def test_a_report_survives_the_database_and_the_file(send):
    upload = send([person(1), person(2, 性别="?", 星座="双鱼")])
    report = run(user=upload.user, upload=upload)
    withdraw(user=upload.user, upload=upload)
    kept = report_of(Import.objects.get(pk=upload.pk))
    assert kept.written() == report.written()
    assert (kept.unknown_columns, kept.first_errors[0].column) == (["星座"], "性别")
    assert not upload.is_kept


def test_every_department_is_told_its_columns():
    police = next(guide for guide in guides() if guide.source == "police")
    assert police.name.zh == "公安"
    assert "身份证号" in police.required["公民身份号码"]
    assert "户口性质" in police.accepted["城镇/农村户籍"]
