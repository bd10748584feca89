"""Taking a file in, and letting go of it."""

import datetime as dt
import os

import pytest
from django.utils import timezone

from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.intake import store
from songhe.intake.domain.receiving import KEPT, cancel, expire, withdraw
from songhe.intake.domain.running import Busy, run
from songhe.intake.models import Import, State
from songhe.intake.problems import FileRefused
from songhe.registry.sources.mapping import UnknownSource
from tests.intake.builders import csv_file, number, person, xlsx_file

DAY = dt.timedelta(days=1)


def test_it_lies_sealed_and_only_for_the_server(send, uploads):
    upload = send([person(1)])
    content = store.path_of(upload).read_bytes()
    assert number(1).encode() not in content
    assert "曾1".encode() not in content
    assert store.path_of(upload).stat().st_mode & 0o077 == 0
    assert uploads.stat().st_mode & 0o077 == 0
    with store.opened(upload) as stream:
        assert stream.read() == csv_file([person(1)])


@pytest.mark.parametrize(
    ("content", "name", "source", "error"),
    [
        (b"x", "a.pdf", "police", FileRefused),
        (b"PK\x03\x04x", "a.xlsx", "police", FileRefused),
        (xlsx_file([["a"]])[:-30], "a.xlsx", "police", FileRefused),
        (b"x", "a.csv", "neighbour", UnknownSource),
    ],
)
def test_nothing_is_kept_of_what_is_refused(send, uploads, content, name, source, error):
    with pytest.raises(error):
        send(content, name=name, source=source)
    assert not Import.objects.exists()
    assert not uploads.exists() or list(uploads.iterdir()) == []


def test_a_path_in_the_name_stays_outside(send):
    assert send([person(1)], name="C:\\导入\\../人口.csv").file_name == "人口.csv"


def test_one_that_was_withdrawn_is_gone_and_does_not_run(send):
    upload = send([person(1)])
    withdraw(user=upload.user, upload=upload)
    assert (upload.state, store.path_of(upload).exists()) == (State.CANCELLED, False)
    with pytest.raises(Busy):
        run(user=upload.user, upload=upload)


def test_a_file_is_deleted_some_time_after_its_import_ended(send):
    old, left, new = send([person(1)]), send([person(2)]), send([person(3)])
    run(user=old.user, upload=old)
    Import.objects.filter(pk=old.pk).update(finished_at=timezone.now() - KEPT - DAY)
    Import.objects.filter(pk=left.pk).update(received_at=timezone.now() - KEPT - DAY)
    assert expire(now=timezone.now()) == 2
    assert [store.path_of(one).exists() for one in (old, left, new)] == [False, False, True]
    assert list(Import.objects.filter(is_kept=True)) == [new]
    assert Entry.objects.filter(action="import.withdrawn").count() == 2
    assert expire(now=timezone.now()) == 0


def test_a_file_of_no_import_goes_after_a_day(send, uploads):
    kept = store.path_of(send([person(1)]))
    lost = kept.with_name("00000000-0000-4000-8000-000000000000.sealed")
    for path in (kept, lost):
        path.touch()
        os.utime(path, (1e9, 1e9))
    assert expire(now=timezone.now()) == 0
    assert (kept.exists(), lost.exists()) == (True, False)


def test_a_running_import_keeps_its_file(send):
    upload = send([person(1)])
    Import.objects.update(state=State.RUNNING, received_at=timezone.now() - KEPT - DAY)
    assert expire(now=timezone.now()) == 0
    assert store.path_of(upload).exists()


def test_what_has_ended_is_not_cancelled(send):
    upload = send([person(1)])
    run(user=upload.user, upload=upload)
    with pytest.raises(FileRefused):
        cancel(user=upload.user, upload=upload)


def test_another_county_does_neither(send, li, city):
    upload = send([person(1)], division_id=city.counties[1].pk)
    for act in (cancel, withdraw):
        with pytest.raises(OutOfScope):
            act(user=li, upload=upload)
    assert store.path_of(upload).exists()
