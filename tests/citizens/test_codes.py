"""Getting to one's own pages: by a message to the telephone on file, or by a code from the counter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from songhe.accounts.models import Entry, Role
from songhe.accounts.scope import OutOfScope
from songhe.citizens import limits
from songhe.citizens.domain.codes import GIVEN_LASTS, SENT_LASTS, TooOften, give_code
from songhe.citizens.domain.sittings import MOST_TRIES, visit_of
from songhe.citizens.errors import CodeError
from songhe.citizens.finding import key_of
from songhe.citizens.models import Code, Sitting, Try
from songhe.outbox.models import Message
from songhe.registry.domain.family import end_kin
from songhe.registry.domain.merging import merge
from tests.accounts.builders import holder
from tests.citizens.conftest import ADDRESS, NUMBER, PHONE, SON_PHONE, Household, author, number, somebody

NOBODYS = key_of(number("99010119500101001")) or ""


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def trail() -> list[tuple[str, str, str]]:
    wanted = ("code.", "citizen.")
    rows = Entry.objects.order_by("sequence").values_list("action", "actor", "subject_id")
    return [row for row in rows if row[0].startswith(wanted)]


class TestByMessage:
    def test_the_code_goes_to_the_telephone_on_file_and_opens_the_pages(self, house: Household) -> None:
        house.ask()
        phone, digits = house.sent()
        assert phone == PHONE
        visit = visit_of(house.enter(digits) or "")
        assert visit is not None
        assert (visit.person, visit.kinship) == (house.grandma, None)
        public = str(house.grandma.public_id)
        assert trail() == [("code.sent", "本人", public), ("citizen.signed_in", "本人", public)]

    def test_nobody_learns_who_is_on_file(self, house: Household) -> None:
        """The same answer, nothing sent, and as many statements to the database."""
        assert NOBODYS
        counts = []
        for key in (house.key, NOBODYS):
            with CaptureQueriesContext(connection) as asked:
                assert house.ask(key=key) is None
            counts.append(
                len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "ROLLBACK", "RELEASE"))])
            )
        assert Message.objects.count() == Code.objects.count() == 1
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("facts", [{"alive": False}, {"phone": None}])
    def test_nothing_goes_to_who_has_died_or_has_no_telephone(self, house: Household, facts: dict[str, Any]) -> None:
        house.tell(**facts)
        if facts.get("phone", "") is None:
            from songhe.registry.domain.facts import record_facts
            from songhe.registry.domain.statements import Statement

            record_facts(by=author(), person=house.grandma, statements=[Statement("phone", None)])
        house.ask()
        assert not Message.objects.exists()
        assert trail() == [("code.refused", "来访者", "")]

    def test_a_number_that_was_recorded_here_by_mistake_opens_nothing(self, house: Household) -> None:
        house.tell(resident_id=number("99010119520303001"))
        house.ask()
        assert not Message.objects.exists()

    def test_two_files_of_one_number_are_for_a_clerk_to_look_at(self, house: Household) -> None:
        somebody(name="曾桂兰", resident_id=NUMBER, phone=PHONE)
        house.ask()
        assert not Message.objects.exists()

    def test_merged_files_are_one(self, house: Household) -> None:
        twin = somebody(name="曾桂兰", resident_id=NUMBER, phone=PHONE)
        merge(by=author("community", "同一人"), person=twin, into=house.grandma)
        house.ask()
        assert visit_of(house.enter(house.sent()[1]) or "").person == house.grandma

    def test_a_number_is_asked_for_a_few_times_only_whether_or_not_it_is_anybodys(self, house: Household) -> None:
        for key in (house.key, NOBODYS):
            for _ in range(3):
                house.ask(key=key)
            with pytest.raises(TooOften):
                house.ask(key=key)

    def test_an_address_asks_for_so_many_people_only(self, house: Household, monkeypatch: Any) -> None:
        monkeypatch.setitem(limits.LIMITS, ("asked", "address"), ((2, dt.timedelta(hours=1)),))
        house.ask(key=NOBODYS)
        house.ask(key="b" * 64)
        with pytest.raises(TooOften):
            house.ask()
        house.ask(address="198.51.100.1")

    def test_a_house_has_one_network_of_version_six(self) -> None:
        assert limits.network_of("2001:db8::1") == limits.network_of("2001:db8::ffff:1")
        assert limits.network_of("2001:db8:0:1::1") != limits.network_of("2001:db8::1")


class TestTheDigits:
    def test_lie_nowhere(self, house: Household) -> None:
        digits = house.give()
        kept = Code.objects.get()
        assert digits not in f"{kept.hash}{kept.salt}"

    def test_open_once(self, house: Household) -> None:
        digits = house.give()
        assert house.enter(digits)
        assert house.enter(digits) is None

    def test_bear_few_wrong_tries(self, house: Household) -> None:
        digits = house.give()
        for _ in range(MOST_TRIES):
            assert house.enter(other_than(digits)) is None
        assert house.enter(digits) is None
        assert ("citizen.refused", "来访者", "") in trail()

    def test_are_no_good_when_their_time_is_over(self, house: Household, monkeypatch: Any) -> None:
        monkeypatch.setattr("songhe.citizens.domain.codes.GIVEN_LASTS", dt.timedelta())
        assert house.enter(house.give()) is None

    def test_of_the_last_code_count(self, house: Household) -> None:
        first, last = house.give(), house.give()
        assert first == last or house.enter(first) is None
        assert house.enter(last)

    def test_are_another_persons_nothing(self, house: Household) -> None:
        digits = house.give()
        assert house.enter(digits, key=NOBODYS) is None

    def test_cannot_be_guessed_for_ever(self, house: Household, monkeypatch: Any) -> None:
        monkeypatch.setitem(limits.LIMITS, ("wrong", "number"), ((3, dt.timedelta(days=1)),))
        for _ in range(3):
            house.enter("0", key=NOBODYS)
        with pytest.raises(TooOften):
            house.enter("0", key=NOBODYS)

    def test_of_the_counter_count_although_others_guessed(self, house: Household, monkeypatch: Any) -> None:
        monkeypatch.setitem(limits.LIMITS, ("wrong", "number"), ((3, dt.timedelta(days=1)),))
        for _ in range(3):
            house.enter("0")
        assert house.enter(house.give())

    def test_last_for_minutes(self) -> None:
        assert (dt.timedelta(minutes=10), dt.timedelta(minutes=15)) == (SENT_LASTS, GIVEN_LASTS)


class TestAtTheCounter:
    def test_a_clerk_gives_a_code_on_the_record(self, house: Household) -> None:
        house.give()
        entry = Entry.objects.latest("sequence")
        assert (entry.action, entry.user, entry.subject_id, entry.details) == (
            "code.given",
            house.clerk,
            str(house.grandma.public_id),
            {"holder": "本人"},
        )

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR, Role.TECHNICIAN, Role.GATEWAY])
    def test_others_give_none(self, house: Household, role: Role) -> None:
        with pytest.raises(OutOfScope):
            give_code(user=holder(role, house.city.city), person=house.grandma)

    def test_nobody_gives_one_for_another_place(self, house: Household) -> None:
        with pytest.raises(OutOfScope):
            give_code(user=holder(Role.TOWN_CLERK, house.city.towns[1]), person=house.grandma)

    def test_nor_for_somebody_who_has_died(self, house: Household) -> None:
        house.tell(alive=False)
        with pytest.raises(CodeError, match="已去世"):
            house.give()

    def test_nor_for_family_without_consent(self, house: Household) -> None:
        with pytest.raises(CodeError, match="同意"):
            house.give(house.son)


class TestTheFamily:
    def test_gets_a_code_to_its_own_telephone(self, house: Household) -> None:
        house.agree()
        house.ask(phone=SON_PHONE)
        phone, digits = house.sent()
        visit = visit_of(house.enter(digits) or "")
        assert phone == SON_PHONE
        assert visit is not None
        assert (visit.person, visit.kinship) == (house.grandma, house.son)
        assert trail()[-1][:2] == ("citizen.signed_in", "家属（子女）")

    def test_gets_none_without_consent_or_from_another_telephone(self, house: Household) -> None:
        house.ask(phone=SON_PHONE)
        house.agree()
        house.ask(phone="13700137000")
        assert not Message.objects.exists()

    def test_reads_no_longer_once_the_consent_is_taken_back(self, house: Household) -> None:
        house.agree()
        token = house.enter(house.give(house.son)) or ""
        assert visit_of(token)
        house.agree(False)
        assert visit_of(token) is None
        house.agree()
        assert visit_of(token) is None, "what ended does not come to life again"

    def test_reads_no_longer_once_it_may_not_act(self, house: Household) -> None:
        house.agree()
        digits, token = house.give(house.son), None
        token = house.enter(digits) or ""
        end_kin(by=author("community"), kinship=house.son, last_day=dt.date(2024, 5, 1))
        assert visit_of(token) is None

    def test_a_code_given_before_the_consent_was_taken_back_opens_nothing(self, house: Household) -> None:
        house.agree()
        digits = house.give(house.son)
        house.agree(False)
        assert house.enter(digits) is None


class TestASitting:
    def test_ends_when_nobody_reads(self, house: Household, monkeypatch: Any) -> None:
        token = house.enter(house.give()) or ""
        monkeypatch.setattr("songhe.citizens.domain.sittings.IDLE", dt.timedelta())
        assert visit_of(token) is None

    def test_ends_however_busy(self, house: Household, monkeypatch: Any) -> None:
        token = house.enter(house.give()) or ""
        monkeypatch.setattr("songhe.citizens.domain.sittings.LONGEST", dt.timedelta())
        assert visit_of(token) is None

    def test_ends_with_the_person(self, house: Household) -> None:
        token = house.enter(house.give()) or ""
        house.tell(alive=False)
        assert visit_of(token) is None

    def test_is_nobodys_without_its_token(self, house: Household) -> None:
        house.enter(house.give())
        assert visit_of(Sitting.objects.get().hash) is None


class TestTheDatabaseItself:
    @pytest.mark.parametrize("change", [{"hash": "0"}, {"how": "sent"}, {"tries": -1}])
    def test_refuses_to_change_a_code(self, house: Household, change: dict[str, Any]) -> None:
        house.enter(other_than(house.give()))
        change = {"tries": 0} if "tries" in change else change
        with pytest.raises(IntegrityError), transaction.atomic():
            Code.objects.update(**change)

    def test_refuses_to_use_a_code_again(self, house: Household) -> None:
        house.enter(house.give())
        with pytest.raises(IntegrityError), transaction.atomic():
            Code.objects.update(ended_at=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Sitting.objects.create(
                code=Code.objects.get(), hash="1", began_at=Code.objects.get().created_at,
                seen_at=Code.objects.get().created_at,
            )  # fmt: skip


def test_tries_are_forgotten_after_a_day(house: Household) -> None:
    house.ask(key=NOBODYS, address=ADDRESS)
    now = Try.objects.latest("pk").at
    assert [limits.forget(now=now + dt.timedelta(days=days)) for days in (0, 2)] == [0, 2]
