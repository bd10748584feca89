"""A batch from making to closing, and everything that must not happen on the way."""

import io
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from songhe.accounts.models import Entry as AuditLine
from songhe.accounts.models import Role
from songhe.accounts.scope import OutOfScope
from songhe.payment.domain.answering import PAID, BankAnswer, import_answers
from songhe.payment.domain.approval import approve_batch, cancel_batch, check_batch
from songhe.payment.domain.exporting import export_batch
from songhe.payment.domain.making import NO_ACCOUNT, LeftOut
from songhe.payment.domain.payees import approve_payee, state_payee
from songhe.payment.domain.reconciling import NotReconciled, close_batch, explain, reconcile
from songhe.payment.domain.recoveries import state_plan
from songhe.payment.domain.reissuing import NOT_CORRECTED, reissue
from songhe.payment.domain.sending import send_batch
from songhe.payment.errors import PaymentError
from songhe.payment.models import Approval, Assignment, Batch, Discrepancy, Entry, Fund, PaymentLine
from songhe.payment.queries import batches_for, owed_to, position, waiting
from tests.accounts.builders import holder
from tests.payment.conftest import AUGUST, JULY, Office

S = Batch.State


def lines_of(batch: Batch) -> list[PaymentLine]:
    return list(batch.lines.order_by("pk"))


def money(fund: Fund) -> tuple[int, int, int]:
    at = position(fund)
    return at.spent, at.on_the_way, at.available


# -- the whole way


def test_a_batch_goes_from_making_to_closing_and_every_fen_is_told(office: Office, whole: Callable[[], None]) -> None:
    office.fill(100_000)
    people = [office.person() for _ in range(3)]
    for person in people:
        office.owe(person, 10_000)
    batch = office.batch().batch
    assert (batch.state, batch.lines_number, batch.fen) == (S.DRAFT, 3, 30_000)
    office.sent(batch)
    assert money(office.fund) == (0, 30_000, 70_000)
    assert [owed_to(person) for person in people] == [0, 0, 0]
    office.answered(batch)
    assert money(office.fund) == (30_000, 0, 70_000)
    reconcile(by=office.checker, batch=batch, bank_paid=30_000, bank_returned=0)
    close_batch(by=office.checker, batch=batch)
    batch.refresh_from_db()
    assert batch.state == S.CLOSED
    whole()


# -- making


def test_a_person_gets_one_line_for_all_that_is_owed(office: Office) -> None:
    person = office.person()
    for month, fen in ((JULY, 100), (JULY, 30), (AUGUST, 100)):
        office.owe(person, fen, month)
    (line,) = lines_of(office.batch(month=AUGUST).batch)
    assert (line.fen, line.person) == (230, person)


def test_only_the_months_items_and_funds_that_were_said_are_paid(office: Office) -> None:
    person = office.person()
    office.owe(person, 1, AUGUST)
    office.owe(person, 2, item="another")
    office.owe(person, 4, fund=office.lottery.pk)
    office.owe(person, 8)
    assert office.batch(funds=[office.fund]).batch.fen == 8


@pytest.mark.parametrize("nothing", [{"funds": []}, {"items": []}])
def test_nothing_never_stands_for_everything(office: Office, nothing: dict) -> None:
    office.owe(office.person(), 100)
    with pytest.raises(PaymentError, match="Choose"):
        office.batch(**nothing)


def test_what_is_in_a_batch_is_in_no_other(office: Office) -> None:
    office.owe(office.person(), 100)
    office.batch()
    with pytest.raises(PaymentError, match="Nothing is owed"):
        office.batch()


def test_the_database_takes_no_second_live_line_for_a_claim(office: Office) -> None:
    claim = office.owe(office.person(), 100)
    (line,) = lines_of(office.batch().batch)
    with pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.create(line=line, claim=claim, fen=100)


def test_who_has_no_account_is_left_out_and_told(office: Office, whole: Callable) -> None:
    poor = office.person(account=None)
    office.owe(poor, 700)
    office.owe(office.person(), 100)
    made = office.batch()
    assert made.left_out == (LeftOut(poor.pk, 700, NO_ACCOUNT),)
    assert made.batch.fen == 100
    office.correct(poor)
    assert office.batch().batch.fen == 700
    whole()


def test_a_payee_that_two_people_stated_and_approved_receives_the_money(office: Office) -> None:
    person = office.person()
    office.owe(person, 100)
    values = {"name": "李四", "relation": "村委会", "reason": "老人无银行账户", "valid_from": JULY}
    payee = state_payee(by=office.maker, person=person, account="6228480099990000", **values)
    first = office.batch()
    (line,) = lines_of(first.batch)
    assert line.payee is None
    cancel_batch(by=office.maker, batch=first.batch, reason="代收人已复核")
    approve_payee(by=office.checker, payee=payee)
    (line,) = lines_of(office.batch().batch)
    assert (line.payee, line.name, line.account_hash) == (payee, "李四", payee.account_hash)


def test_a_recovery_is_set_off_first_and_nobody_is_paid_less_than_nothing(office: Office, whole: Callable) -> None:
    first, second = office.person(), office.person()
    for person, recovery in ((first, -30), (second, -500)):
        state_plan(by=office.maker, claim=office.owe(person, recovery), per_month=1_000, reason="多领")
        office.owe(person, 100)
    made = office.batch()
    assert made.set_off == 130
    assert [(line.person, line.fen) for line in lines_of(made.batch)] == [(first, 70)]
    whole()


def test_when_all_is_set_off_there_is_no_batch_and_it_is_set_off_all_the_same(office: Office, whole: Callable) -> None:
    person = office.person()
    state_plan(by=office.maker, claim=office.owe(person, -500), per_month=1_000, reason="多领")
    office.owe(person, 100)
    made = office.batch()
    assert (made.batch, made.set_off) == (None, 100)
    assert owed_to(person) == 0
    whole()


def test_two_files_of_one_person_are_one_line(office: Office) -> None:
    from songhe.registry.domain.merging import merge
    from songhe.registry.domain.writing import Author

    stays, goes = office.person(), office.person()
    office.owe(stays, 100)
    office.owe(goes, 30)
    merge(by=Author(user=None, source="person", reason="同一人"), person=goes, into=stays)
    (line,) = lines_of(office.batch().batch)
    assert (line.person, line.fen) == (stays, 130)


def test_a_stranger_and_a_fund_of_another_office_are_refused(office: Office) -> None:
    office.owe(office.person(), 100)
    with pytest.raises(OutOfScope):
        office.batch(by=office.stranger)
    from songhe.payment.domain.funds import open_fund

    kind, level = Fund.Kind.FISCAL, Fund.Level.CITY
    city = open_fund(by=office.bureau, kind=kind, level=level, division=office.city.city, year=2024)
    with pytest.raises(PaymentError, match="another office"):
        office.batch(by=office.bureau, funds=[office.fund, city])


# -- making, checking and approving are different people's


@pytest.fixture
def draft(office: Office) -> Batch:
    office.fill(10**12)
    office.owe(office.person(), 100)
    return office.batch().batch


def test_the_maker_cannot_check(office: Office, draft: Batch) -> None:
    with pytest.raises(PaymentError, match="cannot check"):
        check_batch(by=office.maker, batch=draft, lines=1, fen=100)


def test_the_database_refuses_the_maker_as_checker(office: Office, draft: Batch) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=draft.pk).update(checker=office.maker)


@pytest.mark.parametrize("who", ["maker", "checker"])
def test_neither_maker_nor_checker_approves_not_even_by_way_of_the_database(
    office: Office, draft: Batch, who: str
) -> None:
    check_batch(by=office.checker, batch=draft, lines=1, fen=100)
    with pytest.raises(PaymentError, match="different people"):
        approve_batch(by=getattr(office, who), batch=draft)
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.create(batch=draft, user=getattr(office, who))


def test_an_approval_of_a_draft_is_refused_by_the_database(office: Office, draft: Batch) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.create(batch=draft, user=office.approver)


@pytest.mark.parametrize(("lines", "fen"), [(2, 100), (1, 101)])
def test_the_checker_finds_the_same_number_and_sum(office: Office, draft: Batch, lines: int, fen: int) -> None:
    with pytest.raises(PaymentError, match="not the batch's"):
        check_batch(by=office.checker, batch=draft, lines=lines, fen=fen)


@pytest.mark.parametrize(("fen", "approvers"), [(10_000_000, 1), (10_000_001, 2), (500_000_000, 2)])
def test_larger_sums_need_more_approvals(office: Office, fen: int, approvers: int) -> None:
    office.fill(10**12)
    office.owe(office.person(), fen)
    batch = office.batch().batch
    check_batch(by=office.checker, batch=batch, lines=1, fen=fen)
    given = [approve_batch(by=user, batch=batch) for user in (office.approver, office.second)[:approvers]]
    assert given == [False] * (approvers - 1) + [True]


def test_the_largest_sums_need_the_bureau(office: Office) -> None:
    office.fill(10**12)
    office.owe(office.person(), 500_000_001)
    batch = office.batch().batch
    check_batch(by=office.checker, batch=batch, lines=1, fen=batch.fen)
    assert [approve_batch(by=user, batch=batch) for user in (office.approver, office.second)] == [False, False]
    with pytest.raises(PaymentError, match="different people"):
        approve_batch(by=office.second, batch=batch)
    assert approve_batch(by=office.bureau, batch=batch)


def test_the_database_refuses_a_batch_approved_by_fewer_than_it_needs(office: Office, draft: Batch) -> None:
    from django.utils import timezone

    check_batch(by=office.checker, batch=draft, lines=1, fen=100)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=draft.pk).update(state=S.APPROVED, approved_at=timezone.now())


@pytest.mark.parametrize("state", [S.EXPORTED, S.SENT, S.CLOSED, S.ANSWERED, S.RECONCILED])
def test_the_database_knows_no_short_cut(office: Office, draft: Batch, state: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=draft.pk).update(state=state)


@pytest.mark.parametrize("change", [{"fen": 1}, {"lines_number": 7}, {"title": "x"}])
def test_a_batch_is_not_rewritten(draft: Batch, change: dict) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=draft.pk).update(**change)


@pytest.mark.parametrize("change", [{"fen": 1}, {"name": "李四"}, {"account_hash": "x"}])
def test_a_line_is_not_rewritten(draft: Batch, change: dict) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentLine.objects.filter(batch=draft).update(**change)


def test_a_stranger_neither_checks_nor_approves_nor_exports(office: Office, draft: Batch) -> None:
    with pytest.raises(OutOfScope):
        check_batch(by=office.stranger, batch=draft, lines=1, fen=100)
    with pytest.raises(OutOfScope):
        approve_batch(by=office.stranger, batch=draft)
    with pytest.raises(OutOfScope):
        export_batch(by=office.stranger, batch=draft, form="bank-csv", target=io.BytesIO())


# -- money that is not there


def test_a_batch_beyond_its_fund_is_not_approved_whatever_another_fund_has(office: Office) -> None:
    office.fill(99)
    office.fill(10**9, office.lottery)
    office.owe(office.person(), 100)
    batch = office.batch().batch
    check_batch(by=office.checker, batch=batch, lines=1, fen=100)
    with pytest.raises(PaymentError, match="lacks 1 fen; no other fund"):
        approve_batch(by=office.approver, batch=batch)


def test_what_another_approved_batch_takes_is_not_there_any_more(office: Office) -> None:
    office.fill(150)
    office.owe(office.person(), 100)
    office.approved(office.batch().batch)
    office.owe(office.person(), 51)
    batch = office.batch().batch
    check_batch(by=office.checker, batch=batch, lines=1, fen=51)
    with pytest.raises(PaymentError, match="lacks 1 fen"):
        approve_batch(by=office.approver, batch=batch)


# -- cancelling


def test_what_a_cancelled_batch_was_to_pay_goes_into_another_under_another_number(
    office: Office, draft: Batch, whole: Callable
) -> None:
    (first,) = lines_of(draft)
    cancel_batch(by=office.maker, batch=draft, reason="项目有误")
    (second,) = lines_of(office.batch().batch)
    assert second.fen == first.fen
    assert second.end_to_end != first.end_to_end
    whole()


def test_an_exported_batch_cannot_be_cancelled(office: Office, draft: Batch) -> None:
    office.approved(draft)
    export_batch(by=office.maker, batch=draft, form="bank-csv", target=io.BytesIO())
    with pytest.raises(PaymentError, match="exported"):
        cancel_batch(by=office.maker, batch=draft, reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=draft.pk).update(state=S.CANCELLED, cancelled_by=office.maker, cancel_reason="x")


def test_a_claim_is_not_let_go_while_its_line_may_be_paid(draft: Batch) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.filter(line__batch=draft).update(live=False)


# -- the bank's answers


@pytest.fixture
def sent(office: Office) -> Batch:
    office.fill(1_000)
    for fen in (100, 200):
        office.owe(office.person(), fen)
    return office.sent(office.batch().batch)


def test_what_bounced_waits_in_suspense(office: Office, sent: Batch, whole: Callable) -> None:
    first, _ = lines_of(sent)
    said = office.answered(sent, bounced=[first])
    assert (said.paid, said.bounced) == (1, 1)
    assert money(office.fund) == (200, 100, 700)
    whole()


def test_the_same_file_twice_changes_nothing(office: Office, sent: Batch, whole: Callable) -> None:
    office.answered(sent)
    entries = Entry.objects.count(), AuditLine.objects.count()
    assert office.answered(sent)[:3] == (0, 0, 2)
    assert (Entry.objects.count(), AuditLine.objects.count()) == entries
    whole()


def test_the_same_answers_in_another_file_change_nothing(office: Office, sent: Batch, whole: Callable) -> None:
    office.answered(sent)
    assert office.answered(sent, name="2") == (0, 0, 2, 0)
    assert money(office.fund) == (300, 0, 700)
    whole()


def test_part_of_the_answers_leaves_the_batch_with_the_bank(office: Office, sent: Batch, whole: Callable) -> None:
    first, second = lines_of(sent)
    import_answers(by=office.maker, batch=sent, digest="a" * 64, answers=[BankAnswer(first.end_to_end, PAID, 100)])
    sent.refresh_from_db()
    assert sent.state == S.SENT
    import_answers(by=office.maker, batch=sent, digest="b" * 64, answers=[BankAnswer(second.end_to_end, PAID)])
    sent.refresh_from_db()
    assert sent.state == S.ANSWERED
    whole()


def test_what_does_not_fit_is_kept_aside_and_stands_in_the_way_until_it_is_explained(
    office: Office, sent: Batch, whole: Callable
) -> None:
    first, second = lines_of(sent)
    answers = [
        BankAnswer("SOMEBODY-ELSES", PAID, 5),
        BankAnswer(first.end_to_end, PAID, 101),
        BankAnswer(second.end_to_end, PAID, 200),
    ]
    assert import_answers(by=office.maker, batch=sent, digest="a" * 64, answers=answers) == (1, 0, 0, 2)
    import_answers(by=office.maker, batch=sent, digest="b" * 64, answers=[BankAnswer(first.end_to_end, PAID, 100)])
    with pytest.raises(NotReconciled) as refusal:
        reconcile(by=office.checker, batch=sent, bank_paid=300, bank_returned=0)
    assert {(one.what, one.ours, one.banks) for one in refusal.value.differences} == {
        ("unknown", None, 5),
        ("amount", 100, 101),
    }
    for one in Discrepancy.objects.all():
        explain(by=office.checker, discrepancy=one, reason="银行更正")
    reconcile(by=office.checker, batch=sent, bank_paid=300, bank_returned=0)
    whole()


def test_what_came_back_was_not_paid_whatever_a_later_file_says(office: Office, sent: Batch, whole: Callable) -> None:
    office.answered(sent, bounced=lines_of(sent))
    assert office.answered(sent, name="2") == (0, 0, 0, 2)
    assert position(office.fund).spent == 0
    whole()


def test_what_was_paid_can_come_back_later(office: Office, sent: Batch, whole: Callable) -> None:
    office.answered(sent)
    first, _ = lines_of(sent)
    reconcile(by=office.checker, batch=sent, bank_paid=300, bank_returned=0)
    assert office.answered(sent, bounced=[first], name="2") == (0, 1, 1, 0)
    assert money(office.fund) == (200, 100, 700)
    with pytest.raises(NotReconciled):
        close_batch(by=office.checker, batch=sent)
    reconcile(by=office.checker, batch=sent, bank_paid=200, bank_returned=100)
    close_batch(by=office.checker, batch=sent)
    whole()


def test_answers_on_a_batch_that_was_never_sent_are_refused(office: Office, draft: Batch) -> None:
    with pytest.raises(PaymentError, match="is draft"):
        office.answered(draft)


# -- reconciling


@pytest.mark.parametrize(
    ("paid", "returned", "what"),
    [(199, 100, {"paid", "total"}), (200, 99, {"bounced", "total"}), (201, 99, {"paid", "bounced"})],
)
def test_a_fen_too_much_or_too_little_is_a_difference(
    office: Office, sent: Batch, paid: int, returned: int, what: set
) -> None:
    office.answered(sent, bounced=lines_of(sent)[:1])
    with pytest.raises(NotReconciled) as refusal:
        reconcile(by=office.checker, batch=sent, bank_paid=paid, bank_returned=returned)
    assert {one.what for one in refusal.value.differences} == what
    with pytest.raises(PaymentError, match="is answered"):
        close_batch(by=office.checker, batch=sent)


def test_the_maker_does_not_reconcile(office: Office, sent: Batch) -> None:
    office.answered(sent)
    with pytest.raises(PaymentError, match="cannot reconcile"):
        reconcile(by=office.maker, batch=sent, bank_paid=300, bank_returned=0)


# -- paying again what bounced


def test_what_bounced_is_paid_again_once_the_account_was_corrected(
    office: Office, sent: Batch, whole: Callable
) -> None:
    first, second = lines_of(sent)
    office.answered(sent, bounced=[first, second])
    office.correct(first.person)
    made = reissue(by=office.maker, batch=sent, title="重发")
    assert made.left_out == (LeftOut(second.person_id, 200, NOT_CORRECTED),)
    (again,) = lines_of(made.batch)
    assert (again.replaces, again.fen, again.person) == (first, 100, first.person)
    assert again.end_to_end != first.end_to_end
    assert again.account_hash != first.account_hash
    whole()
    office.sent(made.batch)
    office.answered(made.batch)
    assert money(office.fund) == (100, 200, 700)
    whole()


def test_whoever_waits_for_a_corrected_account_is_on_a_list_of_the_office_and_the_town(
    office: Office, sent: Batch
) -> None:
    first, _ = lines_of(sent)
    office.answered(sent, bounced=[first])
    clerk, other = (holder(Role.TOWN_CLERK, town) for town in office.city.towns[:2])
    assert [list(waiting(viewer)) for viewer in (office.checker, clerk)] == [[first], [first]]
    assert [list(waiting(viewer)) for viewer in (other, office.stranger)] == [[], []]
    assert (batches_for(office.stranger).count(), batches_for(office.checker).count()) == (0, 1)
    office.correct(first.person)
    reissue(by=office.maker, batch=sent, title="重发")
    assert list(waiting(office.checker)) == []


def test_without_a_correction_nothing_is_paid_again(office: Office, sent: Batch) -> None:
    office.answered(sent, bounced=lines_of(sent))
    made = reissue(by=office.maker, batch=sent, title="重发")
    assert made.batch is None
    assert len(made.left_out) == 2


def test_an_account_stated_before_it_bounced_is_no_correction(office: Office, sent: Batch) -> None:
    first, _ = lines_of(sent)
    office.correct(first.person)
    office.answered(sent, bounced=[first])
    assert reissue(by=office.maker, batch=sent, title="重发").batch is None


def test_what_bounced_is_paid_again_once_only(office: Office, sent: Batch, whole: Callable) -> None:
    first, _ = lines_of(sent)
    office.answered(sent, bounced=[first])
    office.correct(first.person)
    reissue(by=office.maker, batch=sent, title="重发")
    with pytest.raises(PaymentError, match="Nothing that bounced"):
        reissue(by=office.maker, batch=sent, title="重发")
    with pytest.raises(PaymentError, match="Nothing is owed"):
        office.batch()
    whole()


def test_a_cancelled_second_attempt_can_be_made_again_and_never_passes_for_unsent(
    office: Office, sent: Batch, whole: Callable
) -> None:
    first, _ = lines_of(sent)
    office.answered(sent, bounced=[first])
    office.correct(first.person)
    second = reissue(by=office.maker, batch=sent, title="重发").batch
    cancel_batch(by=office.maker, batch=second, reason="户名有误")
    whole()
    with pytest.raises(PaymentError, match="Nothing is owed"):
        office.batch()
    third = reissue(by=office.maker, batch=sent, title="重发").batch
    assert lines_of(third)[0].end_to_end not in {first.end_to_end, lines_of(second)[0].end_to_end}
    office.sent(third)
    office.answered(third)
    assert money(office.fund) == (300, 0, 700)
    whole()


def test_what_bounces_again_is_corrected_again(office: Office, sent: Batch, whole: Callable) -> None:
    first, _ = lines_of(sent)
    office.answered(sent, bounced=[first])
    office.correct(first.person)
    second = office.sent(reissue(by=office.maker, batch=sent, title="重发").batch)
    office.answered(second, bounced=lines_of(second))
    assert reissue(by=office.maker, batch=second, title="再重发").batch is None
    office.correct(first.person, "6228480088880000")
    third = office.sent(reissue(by=office.maker, batch=second, title="再重发").batch)
    office.answered(third)
    assert money(office.fund) == (300, 0, 700)
    whole()


# -- steps out of order


def test_steps_out_of_order_are_refused(office: Office, draft: Batch) -> None:
    with pytest.raises(PaymentError, match="is draft"):
        approve_batch(by=office.approver, batch=draft)
    with pytest.raises(PaymentError, match="is draft"):
        export_batch(by=office.maker, batch=draft, form="bank-csv", target=io.BytesIO())
    with pytest.raises(PaymentError, match="is draft"):
        send_batch(by=office.maker, batch=draft)
    with pytest.raises(PaymentError, match="Nothing that bounced"):
        reissue(by=office.maker, batch=draft, title="x")


def test_a_batch_is_sent_once(office: Office, sent: Batch) -> None:
    with pytest.raises(PaymentError, match="is sent"):
        send_batch(by=office.maker, batch=sent)
