"""Messages to people: written with what they are about, handed to one gateway at a time, told of once, let go."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.models import Entry, Role, User
from songhe.accounts.scope import OutOfScope
from songhe.outbox.domain.handing import MOST_ATTEMPTS, Report, report, take
from songhe.outbox.domain.writing import KEPT, let_go
from songhe.outbox.models import Kind, Message, State
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity
from tests.outbox.conftest import PHONE

Make = Callable[..., Any]
_NO_TIME = dt.timedelta()


def test_nothing_of_a_message_lies_in_the_clear(message: Make) -> None:
    kept = Message.objects.get(pk=message().pk)
    assert PHONE.encode() not in bytes(kept.phone)
    assert b"123456" not in bytes(kept.text)


def test_it_is_not_there_when_the_work_it_tells_of_is_undone(message: Make) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        message()
        raise RuntimeError
    assert not Message.objects.exists()


def test_a_gateway_takes_it_in_the_clear(gateway: User, message: Make) -> None:
    made = message()
    (taken,) = take(user=gateway).messages
    assert (taken.id, taken.kind, taken.phone, taken.text) == (made.public_id, "code", PHONE, "登录码123456")
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.user, entry.details) == ("message.taken", gateway, {"count": 1})


def test_what_expires_first_goes_first(gateway: User, message: Make) -> None:
    late, soon = message(minutes=60), message(minutes=5)
    assert [one.id for one in take(user=gateway).messages] == [soon.public_id, late.public_id]


def test_a_second_gateway_does_not_get_what_the_first_holds(gateway: User, second: User, message: Make) -> None:
    message()
    assert len(take(user=gateway).messages) == 1
    assert take(user=second).messages == ()


def test_what_nobody_reported_is_handed_out_again_but_not_for_ever(gateway: User, second: User, message: Make) -> None:
    message()
    times = [len(take(user=user, lease=_NO_TIME).messages) for user in (gateway, second, gateway, second)]
    assert times == [1] * MOST_ATTEMPTS + [0]


def test_what_has_expired_is_handed_to_nobody(gateway: User, message: Make) -> None:
    message(minutes=0)
    assert take(user=gateway).messages == ()


def test_a_report_is_recorded_once_and_may_come_again(gateway: User, message: Make) -> None:
    made = message()
    said = [Report(made.public_id, take(user=gateway).lease, True)]
    assert [report(user=gateway, reports=said) for _ in range(2)] == [["recorded"], ["recorded"]]
    assert Message.objects.get().state == State.DELIVERED
    assert Entry.objects.filter(action="message.reported").count() == 1


def test_a_failure_keeps_the_code_of_the_gateway(gateway: User, message: Make) -> None:
    made = message()
    report(user=gateway, reports=[Report(made.public_id, take(user=gateway).lease, False, "MK:0001")])
    assert (Message.objects.get().state, Message.objects.get().error) == (State.FAILED, "MK:0001")


def test_who_lost_the_lease_reports_nothing(gateway: User, second: User, message: Make) -> None:
    made = message()
    lost = take(user=gateway, lease=_NO_TIME).lease
    held = take(user=second).lease
    assert report(user=gateway, reports=[Report(made.public_id, lost, True)]) == ["refused"]
    assert report(user=second, reports=[Report(made.public_id, uuid.uuid4(), True)]) == ["refused"]
    assert report(user=second, reports=[Report(made.public_id, held, True)]) == ["recorded"]
    assert report(user=second, reports=[Report(made.public_id, held, False)]) == ["refused"]


def test_a_gateway_of_another_county_gets_nothing(city: SmallCity, message: Make) -> None:
    message()
    assert take(user=holder(Role.GATEWAY, city.counties[1])).messages == ()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.GATEWAY])
def test_nobody_else_reads_messages(city: SmallCity, message: Make, role: Role) -> None:
    message()
    user = holder(role, city.city)
    with pytest.raises(OutOfScope):
        take(user=user)
    with pytest.raises(OutOfScope):
        report(user=user, reports=[])


class TestLettingGo:
    def test_a_code_that_was_sent_is_erased_at_once(self, gateway: User, message: Make) -> None:
        made = message()
        report(user=gateway, reports=[Report(made.public_id, take(user=gateway).lease, True)])
        assert let_go(now=timezone.now()) == 1
        assert (Message.objects.get().phone, Message.objects.get().text) == (None, None)

    def test_a_notice_is_kept_for_some_days(self, gateway: User, message: Make) -> None:
        made = message(kind=Kind.NOTICE)
        report(user=gateway, reports=[Report(made.public_id, take(user=gateway).lease, True)])
        assert [let_go(now=timezone.now() + age) for age in (_NO_TIME, KEPT + dt.timedelta(hours=1))] == [0, 1]

    def test_what_nobody_fetched_expires(self, message: Make) -> None:
        message()
        assert let_go(now=timezone.now() + dt.timedelta(hours=2)) == 1
        assert Message.objects.get().state == State.EXPIRED

    def test_what_waits_stays(self, message: Make) -> None:
        message()
        assert let_go(now=timezone.now()) == 0
        assert Message.objects.get().phone is not None


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "change", [{"kind": "notice"}, {"phone": b"other"}, {"text": b"other"}, {"state": "delivered"}]
    )
    def test_refuses_to_write_over_a_message(self, message: Make, change: dict[str, Any]) -> None:
        message()
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.update(**change)

    def test_refuses_to_go_back(self, gateway: User, message: Make) -> None:
        made = message()
        report(user=gateway, reports=[Report(made.public_id, take(user=gateway).lease, True)])
        for state in ("waiting", "taken", "failed"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Message.objects.update(state=state)

    def test_refuses_to_delete(self, message: Make) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message().pk).delete()
