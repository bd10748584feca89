"""An import from end to end."""

import datetime as dt

import pytest
from django.utils import timezone

from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.intake.domain import running
from songhe.intake.domain.receiving import cancel
from songhe.intake.domain.running import Busy, preview, run
from songhe.intake.models import Block, SetAside, State
from songhe.registry.models import Confirmation, CurrentPerson, FactRecord, Person, Transaction
from tests.intake.builders import OTHER_COUNTY, VILLAGE, csv_file, number, person


def figures(report):
    return (report.new, report.changed, report.unchanged, report.set_aside)


def imported(send, rows, **more):
    upload = send(rows, **more)
    return run(user=upload.user, upload=upload)


def told(upload):
    return [f"{problem[0]}:{problem[1]}" for row in upload.set_aside.order_by("line") for problem in row.problems]


class TestRun:
    def test_it_writes_what_the_file_says(self, send):
        upload = send([person(1, 性别="女", 出生日期="1944年2月29日"), person(2, 户口性质="农村")])
        report = run(user=upload.user, upload=upload)
        assert (figures(report), report.opened, report.refused) == ((2, 0, 0, 0), 2, None)
        assert (upload.state, upload.rows, upload.rows_done) == (State.DONE, 2, 2)
        first = CurrentPerson.objects.get(name="曾1")
        assert (first.sex, first.birth_date, first.hukou) == ("F", dt.date(1944, 2, 29), VILLAGE)
        assert CurrentPerson.objects.get(name="曾2").hukou_type == "rural"

    def test_birth_and_sex_follow_from_the_number_where_the_source_may(self, send):
        imported(send, [person(1)])
        row = CurrentPerson.objects.get()
        assert (row.birth_date, row.sex) == (dt.date(1944, 2, 29), "M")

    def test_the_same_file_twice_changes_nothing_and_says_so(self, send):
        first = send([person(1), person(2)])
        run(user=first.user, upload=first)
        before = (FactRecord.objects.count(), Transaction.objects.count())
        again = send([person(1), person(2)])
        report = run(user=again.user, upload=again)
        assert (figures(report), report.nothing_changes, report.same_as) == ((0, 0, 2, 0), True, str(first.public_id))
        assert (FactRecord.objects.count(), Transaction.objects.count()) == before

    def test_the_same_file_twice_confirms_what_it_says(self, send):
        imported(send, [person(1)])
        for _ in range(2):
            imported(send, [{"身份证号": number(1), "姓名": "曾1", "是否低保": "是"}], source="civil_affairs")
        confirmed = Confirmation.objects.get()
        assert (confirmed.source, confirmed.day) == ("civil_affairs", timezone.localdate())
        assert confirmed.fact_set.facts == "dibao"

    def test_a_known_number_under_quite_another_name_is_set_aside(self, send):
        imported(send, [person(1, 姓名="曾小明")])
        rows = [{"身份证号": number(1), "姓名": name, "是否低保": "是"} for name in ("马秀英", "曾小名")]
        upload = send(rows[:1], source="civil_affairs")
        assert figures(run(user=upload.user, upload=upload)) == (0, 0, 0, 1)
        assert "另一个姓名" in told(upload)[0]
        assert CurrentPerson.objects.get().dibao is None
        # One character is a slip of the hand, and the number decides.
        assert figures(imported(send, rows[1:], source="civil_affairs")) == (0, 1, 0, 0)

    def test_the_source_that_knows_names_best_may_change_one(self, send):
        imported(send, [person(1, 姓名="曾小明")])
        assert figures(imported(send, [person(1, 姓名="马秀英")])) == (0, 1, 0, 0)
        assert CurrentPerson.objects.get().name == "马秀英"

    def test_bad_rows_do_not_hold_up_the_good(self, send):
        upload = send([person(1), person(2, 性别="公"), person(3) | {"公民身份号码": number(3)[:-1]}, person(4)])
        report = run(user=upload.user, upload=upload)
        assert figures(report) == (2, 0, 0, 2)
        assert [wrong.line for wrong in report.first_errors] == [3, 4]
        assert [wrong.column for wrong in report.first_errors] == ["性别", "公民身份号码"]
        assert number(3)[:-1] not in str(report.written())

    def test_another_department_adds_to_the_same_person(self, send):
        imported(send, [person(1)])
        report = imported(
            send,
            [{"身份证号": number(1), "姓名": "曾1", "残疾等级": "二级", "评定日期": "2020/5/1"}],
            source="disabled_federation",
        )
        assert figures(report) == (0, 1, 0, 0)
        record = FactRecord.objects.get(fact="disability_grade")
        assert (record.value, record.valid_from, record.source) == ("2", dt.date(2020, 5, 1), "disabled_federation")

    def test_a_department_that_opens_no_files_is_told_that_there_is_nobody(self, send):
        upload = send([{"身份证号": number(1), "姓名": "曾1", "残疾等级": "二级"}], source="disabled_federation")
        run(user=upload.user, upload=upload)
        assert told(upload) == [":查无此人，或不在您的权限范围内"]
        assert not Person.objects.exists()

    def test_an_empty_cell_says_nothing_and_a_withdrawal_takes_back(self, send):
        imported(send, [person(1, 户口性质="农村")])
        assert figures(imported(send, [person(1, 户口性质="")])) == (0, 0, 1, 0)
        assert CurrentPerson.objects.get().hukou_type == "rural"
        imported(send, [person(1, 户口性质="撤回")])
        assert CurrentPerson.objects.get().hukou_type is None

    def test_an_old_number_of_fifteen_digits_is_the_same_person(self, send):
        imported(send, [person(1)])
        old = number(1)[:6] + number(1)[8:17]
        assert figures(imported(send, [person(1) | {"公民身份号码": old}])) == (0, 0, 1, 0)

    def test_unknown_columns_are_told(self, send):
        assert imported(send, [person(1, 星座="双鱼", 备注="无")]).unknown_columns == ["星座"]

    def test_every_run_is_in_the_trail(self, send):
        upload = send([person(1)])
        preview(user=upload.user, upload=upload)
        run(user=upload.user, upload=upload)
        actions = list(Entry.objects.order_by("sequence").values_list("action", flat=True))
        assert actions[-4:] == ["import.received", "import.previewed", "import.run", "import.finished"]


class TestRefusedAsAWhole:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("公民身份号码,姓名\n", "没有数据行"),
            ("姓名,户籍地代码\n曾,990101001001\n", "缺少必需的列“公民身份号码”"),
            (f"公民身份号码,姓名,性别\n{number(1)},曾,女\n{number(2)},曾", "没有传完"),
            (f'公民身份号码,姓名\n{number(1)},曾\n{number(2)},"曾', "没有传完"),
            (f"公民身份号码,姓名,姓名\n{number(1)},曾,曾\n", "出现了两次"),
            (f"公民身份号码,姓名,性别,sex\n{number(1)},曾,男,M\n", "同一件事"),
        ],
    )
    def test_nothing_is_written(self, send, content, why):
        upload = send(content.encode())
        report = run(user=upload.user, upload=upload)
        assert why in report.refused.zh
        assert upload.state == State.FAILED
        assert not Person.objects.exists()

    def test_when_the_announced_rows_are_not_there(self, send):
        report = imported(send, [person(1)], announced_rows=2)
        assert "申报 2 行，实有 1 行" in report.refused.zh


class TestPreview:
    def test_it_tells_what_a_run_then_does_and_touches_nothing(self, send):
        imported(send, [person(1, 联系电话="13800138000"), person(2)])
        rows = [
            person(1, 联系电话="13900139000"),
            person(2),
            person(3),
            person(3, 户口性质="农村"),
            person(4, 性别="?"),
        ]
        upload = send(rows)
        before = FactRecord.objects.count()
        tried = preview(user=upload.user, upload=upload)
        assert FactRecord.objects.count() == before
        assert figures(tried) == (1, 2, 1, 1)
        assert (upload.state, tried.opened) == (State.CHECKED, 1)
        assert tried.changes["phone"].examples == [(2, "***", "139******00")]
        assert run(user=upload.user, upload=upload).written() == tried.written()
        assert FactRecord.objects.count() - before == tried.records

    def test_it_is_the_same_over_many_blocks(self, send, monkeypatch):
        monkeypatch.setattr(running, "BLOCK", 2)
        imported(send, [person(9)])
        rows = [person(1), person(2), person(1, 户口性质="农村"), person(9)]
        upload = send([*rows, person(1, 户口性质="城镇"), person(2)])
        tried = preview(user=upload.user, upload=upload)
        assert figures(tried) == (2, 1, 2, 1)
        assert run(user=upload.user, upload=upload).written() == tried.written()


class TestTwoRowsAboutOnePerson:
    def test_they_add_up_when_they_agree(self, send):
        report = imported(send, [person(1, 性别="男"), person(1, 户口性质="农村")])
        assert (figures(report), report.opened) == ((1, 1, 0, 0), 1)
        assert (Person.objects.count(), CurrentPerson.objects.get().hukou_type) == (1, "rural")

    @pytest.mark.parametrize("block", [1, 20_000])
    def test_the_later_one_is_an_error_when_they_contradict(self, send, monkeypatch, block):
        monkeypatch.setattr(running, "BLOCK", block)
        upload = send([person(1, 户口性质="城镇"), person(1, 户口性质="农村")])
        assert figures(run(user=upload.user, upload=upload)) == (1, 0, 0, 1)
        assert told(upload) == ["城镇/农村户籍:与第 2 行对同一人的说法不一致，请只留正确的一行"]


class TestScope:
    def test_nobody_imports_for_a_division_they_do_not_reach(self, send, li, city):
        with pytest.raises(OutOfScope):
            send([person(1)], user=li, division_id=city.counties[1].pk)

    def test_a_file_is_opened_only_within_reach(self, send, li):
        upload = send([person(1), person(2, 户籍地代码=OTHER_COUNTY)], user=li)
        assert figures(run(user=li, upload=upload)) == (1, 0, 0, 1)
        assert "权限范围内的户籍地" in told(upload)[0]

    def test_a_person_elsewhere_is_not_touched_and_nothing_of_them_told(self, send, li):
        imported(send, [person(1, 户籍地代码=OTHER_COUNTY)])
        upload = send([person(1)], user=li)
        run(user=li, upload=upload)
        assert told(upload) == [":不在您的权限范围内"]
        assert CurrentPerson.objects.get().hukou == OTHER_COUNTY

    def test_another_county_neither_tries_nor_runs_it(self, send, li, wang, city):
        upload = send([person(1)], division_id=city.counties[1].pk)
        for act in (preview, run):
            with pytest.raises(OutOfScope):
                act(user=li, upload=upload)


class TestGoingOn:
    def test_a_run_that_broke_off_goes_on_where_it_stopped(self, send, monkeypatch):
        monkeypatch.setattr(running, "BLOCK", 2)
        upload = send([person(n) for n in range(1, 6)])

        def break_off(done: int, total: int) -> None:
            if done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(user=upload.user, upload=upload, progress=break_off)
        upload.refresh_from_db()
        assert (upload.state, upload.rows_done, Person.objects.count()) == (State.RUNNING, 4, 4)
        report = run(user=upload.user, upload=upload)
        assert (figures(report), upload.state, Person.objects.count()) == ((5, 0, 0, 0), State.DONE, 5)
        assert list(Block.objects.order_by("first_row").values_list("first_row", "last_row")) == [
            (1, 2),
            (3, 4),
            (5, 5),
        ]

    def test_contradictions_across_the_break_are_found(self, send, monkeypatch):
        monkeypatch.setattr(running, "BLOCK", 1)
        upload = send([person(1, 户口性质="城镇"), person(1, 户口性质="农村")])

        def break_off(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(user=upload.user, upload=upload, progress=break_off)
        upload.refresh_from_db()
        assert figures(run(user=upload.user, upload=upload)) == (1, 0, 0, 1)

    def test_nobody_runs_what_somebody_else_is_running(self, send):
        upload = send([person(1)])
        upload.state, upload.heartbeat = State.RUNNING, timezone.now()
        upload.save()
        with pytest.raises(Busy):
            run(user=upload.user, upload=upload)
        upload.heartbeat -= running.STALE + dt.timedelta(seconds=1)
        upload.save()
        assert figures(run(user=upload.user, upload=upload)) == (1, 0, 0, 0)

    def test_one_that_is_done_does_not_run_again(self, send):
        upload = send([person(1)])
        run(user=upload.user, upload=upload)
        for act in (preview, run):
            with pytest.raises(Busy):
                act(user=upload.user, upload=upload)

    def test_cancelling_stops_it_between_blocks(self, send, monkeypatch):
        monkeypatch.setattr(running, "BLOCK", 1)
        upload = send([person(1), person(2)])
        with pytest.raises(Busy):
            run(
                user=upload.user,
                upload=upload,
                progress=lambda done, total: cancel(user=upload.user, upload=type(upload).objects.get(pk=upload.pk)),
            )
        upload.refresh_from_db()
        assert (upload.state, Person.objects.count()) == (State.CANCELLED, 1)


OLD_ZENG = {"姓名": "曾老", "出生日期": "1940-05-01", "性别": "女", "常住地代码": VILLAGE, "居住状况": "独居"}


class TestWithoutANumber:
    def test_the_community_opens_a_file(self, send):
        assert figures(imported(send, [OLD_ZENG], source="community")) == (1, 0, 0, 0)
        assert figures(imported(send, [OLD_ZENG], source="community")) == (0, 0, 1, 0)

    def test_the_same_name_and_birth_date_elsewhere_is_never_guessed(self, send):
        imported(send, [OLD_ZENG], source="community")
        upload = send([OLD_ZENG | {"常住地代码": OTHER_COUNTY}], source="community")
        run(user=upload.user, upload=upload)
        assert told(upload) == [":可能与多份档案相符，请补填公民身份号码"]
        assert Person.objects.count() == 1

    def test_name_and_birth_date_are_the_least(self, send):
        upload = send(csv_file([OLD_ZENG | {"出生日期": ""}]), source="community")
        run(user=upload.user, upload=upload)
        assert told(upload) == [":没有公民身份号码时，须填姓名和出生日期"]


def test_set_aside_rows_hold_no_values(send):
    wrong = number(3)[:-2] + "00"
    upload = send([person(1) | {"公民身份号码": wrong, "联系电话": "abc13800138000"}])
    run(user=upload.user, upload=upload)
    kept = str(list(SetAside.objects.values())) + str(upload.report)
    assert wrong not in kept
    assert "13800138000" not in kept
