"""Each check of the soak is quiet when all is well, and finds the fault that was planted for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soak import checks
from soak.bank import Bank
from soak.journal import Written
from songhe.accounts.domain.audit import append, head
from songhe.casework.domain.steps import pass_step
from songhe.casework.models import Case
from songhe.intake.domain.running import run
from songhe.intake.models import Import
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.statements import Statement
from songhe.registry.models import CurrentPerson
from tests.casework.conftest import Desk, desk
from tests.intake.builders import number, person
from tests.intake.conftest import send, uploads, wang
from tests.payment.conftest import Office, office
from tests.registry.conftest import by, divisions, register, resident_number

__all__ = ["by", "desk", "divisions", "office", "register", "resident_number", "send", "uploads", "wang"]


@pytest.fixture
def city(db: None) -> Any:
    from tests.divisions.builders import small_city

    return small_city()


def done(operation: str, key: str = "k", **said: Any) -> Written:
    return Written(operation, key, done=said)


def missed(*writes: Written) -> int:
    return len(list(checks.acknowledged(writes)))


class TestCases:
    def test_a_case_that_went_its_way_is_well(self, desk: Desk) -> None:
        desk.up_to("approve")
        assert list(checks.cases()) == []

    @pytest.mark.parametrize(
        "fault", [{"awaits": "case.accept"}, {"step": "accept"}, {"state": "returned"}, {"acts": 9}]
    )
    def test_one_that_stands_where_no_act_led_it_is_found(self, desk: Desk, fault: dict[str, Any]) -> None:
        case = desk.up_to("verify")
        Case.objects.filter(pk=case.pk).update(**fault)
        assert list(checks.cases())

    def test_an_act_without_its_audit_line_is_found(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        append(user=None, action="case.passed", subject_kind="case", subject_id=str(case.public_id))
        assert list(checks.cases()) == [f"case {case.pk}: 3 audit lines of 2 acts"]

    def test_a_step_that_was_acknowledged_must_be_there(self, desk: Desk) -> None:
        case = desk.up_to("verify")
        accepted = done("pass step", f"{case.pk} accept", case=case.pk, verb="passed", step="accept")
        verified = done("pass step", f"{case.pk} verify", case=case.pk, verb="passed", step="verify")
        many = done("approve many", cases=[case.pk])
        assert (missed(accepted), missed(verified), missed(many)) == (0, 1, 1)
        pass_step(by=desk.staff("mei"), case=case, step="verify")
        assert missed(accepted, verified) == 0

    def test_a_case_that_was_opened_must_be_there_by_its_key(self, desk: Desk) -> None:
        desk.open(request_key="there")
        assert missed(done("open case", "there", case=1)) == 0
        assert missed(done("open case", "lost", case=1)) == 1
        assert missed(Written("open case", "lost")) == 0


class TestMoney:
    def paid(self, office: Office, bank: Bank) -> Any:
        office.fill(10**6)
        office.owe(office.person(account="6228480000000001"), 5_000)
        batch = office.sent(office.batch().batch)
        office.answered(batch)
        line = batch.lines.get()
        bank._pay(line.end_to_end, "6228480000000001", line.fen)
        return batch

    def test_what_the_bank_paid_is_what_the_ledger_says(self, office: Office, tmp_path: Path) -> None:
        bank = Bank(tmp_path)
        self.paid(office, bank)
        assert list(checks.bank(bank)) == []
        assert list(checks.ledger()) == []

    def test_a_transfer_of_which_the_ledger_knows_nothing_is_found(self, office: Office, tmp_path: Path) -> None:
        bank = Bank(tmp_path)
        self.paid(office, bank)
        bank._pay("AGAIN", "6228480000000001", 5_000)
        assert list(checks.bank(bank)) == ["the bank paid AGAIN, the ledger knows nothing of it"]

    def test_a_payment_that_never_left_and_one_of_another_sum_are_found(self, office: Office, tmp_path: Path) -> None:
        batch = self.paid(office, Bank(tmp_path / "a"))
        assert len(list(checks.bank(Bank(tmp_path / "b")))) == 1
        other = Bank(tmp_path / "c")
        other._pay(batch.lines.get().end_to_end, "6228480000000001", 9_999)
        assert "9999" in next(checks.bank(other))

    def test_a_file_that_was_exported_twice_must_be_the_same(self, office: Office, tmp_path: Path) -> None:
        bank = Bank(tmp_path)
        bank.take("M1", b"one")
        bank.take("M1", b"one")
        assert list(checks.bank(bank)) == []
        bank.take("M1", b"other")
        assert list(checks.bank(bank)) == ["M1 was exported twice with different bytes"]

    def test_a_batch_that_was_acknowledged_must_have_come_so_far(self, office: Office, tmp_path: Path) -> None:
        batch = self.paid(office, Bank(tmp_path))
        assert missed(done("send batch", batch=batch.pk), done("make batch", batch=batch.pk)) == 0
        assert missed(done("close batch", batch=batch.pk)) == 1
        assert missed(done("repay", "receipt", claim=1)) == 1


class TestRegistry:
    def test_a_fact_that_was_acknowledged_must_be_there_once(self, register: Callable[..., Any], by: Any) -> None:
        somebody = register(name="王桂兰")
        said = [Statement("income_per_capita_month", 12_345)]
        record_facts(by=by("community"), person=somebody, statements=said)
        assert missed(done("record fact", f"{somebody.public_id} community 12345")) == 0
        assert missed(done("record fact", f"{somebody.public_id} community 54321")) == 1

    def test_a_list_that_says_something_else_than_the_records_is_found(self, register: Callable[..., Any]) -> None:
        somebody = register(name="王桂兰")
        assert list(checks.projection()) == []
        CurrentPerson.objects.filter(pk=somebody.pk).update(name="别人")
        assert len(list(checks.projection())) == 1

    def test_an_import_that_is_half_done_is_found(self, send: Callable[..., Import]) -> None:
        upload = send([person(1), person(2)])
        run(user=upload.user, upload=upload)
        assert list(checks.imports()) == []
        assert missed(done("run import", numbers=[number(1), number(2)])) == 0
        assert missed(done("run import", numbers=[number(3)])) == 1
        Import.objects.filter(pk=upload.pk).update(state="running", rows_done=1)
        assert len(list(checks.imports())) == 2


def test_a_trail_that_ends_before_where_it_was_seen_is_found(db: None) -> None:
    append(user=None, action="projection.rebuilt")
    seen = head()
    assert seen is not None
    assert list(checks.audit([seen])) == []
    assert list(checks.audit([(seen[0] + 1, "0" * 64)])) == [f"line {seen[0] + 1} is cut_off"]
