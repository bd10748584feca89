"""The database itself keeps the ledger at zero, on both engines."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.accounts.append_only import release
from songhe.payment.domain.posting import Chart, Kind, Line, Voucher, post, writing
from songhe.payment.models import Account, Entry, Posting
from songhe.payment.verify import faults
from tests.payment.conftest import Office, build_office


def voucher(office: Office) -> Voucher:
    return Voucher(kind=Entry.Kind.SPENDING, user=office.maker, division=office.division.pk, reference="test")


def accounts(office: Office) -> list[int]:
    chart = Chart()
    return [chart.of(office.fund.pk, kind) for kind in Kind]


def write(office: Office, *fen: int) -> Entry:
    with writing():
        own = accounts(office)
        return post(voucher(office), [Line(own[place % len(own)], one) for place, one in enumerate(fen)])


def test_an_entry_that_comes_to_zero_is_taken(office: Office) -> None:
    entry = write(office, 300, -100, -200)
    assert sorted(entry.lines.values_list("fen", flat=True)) == [-200, -100, 300]
    assert entry.postings == 3


@pytest.mark.parametrize("fen", [(1,), (300, -299), (5, 5), (2**62, -(2**62) + 1), ()])
def test_the_database_refuses_an_entry_that_does_not(office: Office, fen: tuple[int, ...]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(office, *fen)
    assert not Posting.objects.exists()


def test_the_database_refuses_an_entry_that_counts_its_postings_wrong(office: Office) -> None:
    own = accounts(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        for account, fen in zip(own, (5, -5), strict=False):
            Posting.objects.create(entry_id=1, account_id=account, fen=fen)
        Entry.objects.create(id=1, kind="due", at=timezone.now(), division=office.division, reference="x", postings=3)


def test_a_closed_entry_takes_no_more_postings_not_even_balanced_ones(office: Office) -> None:
    entry = write(office, 5, -5)
    own = accounts(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.bulk_create([Posting(entry=entry, account_id=own[0], fen=fen) for fen in (7, -7)])


def test_a_posting_without_an_entry_cannot_be_committed(office: Office) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(entry_id=77, account_id=accounts(office)[0], fen=5)
        connection.check_constraints()


@pytest.mark.parametrize("table", ["entry", "posting", "claim", "budget", "setoff"])
@pytest.mark.parametrize("statement", ["UPDATE payment_{} SET id = id", "DELETE FROM payment_{}"])
def test_nothing_written_is_changed_or_taken_away(office: Office, table: str, statement: str) -> None:
    person = office.person()
    office.owe(person, 100)
    fill_every_table(office, person)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def fill_every_table(office: Office, person: object) -> None:
    from songhe.payment.domain.funds import plan_budget
    from songhe.payment.domain.posting import writing
    from songhe.payment.domain.recoveries import Due, set_off, state_plan

    plan_budget(by=office.maker, fund=office.fund, item="x", fen=1, document="x")
    state_plan(by=office.maker, claim=office.owe(person, -50), per_month=50, reason="x")
    claim = office.owe(person, 100)
    with writing():
        due = Due(claim.pk, person.pk, office.fund.pk, claim.item, claim.month, 100)
        assert set_off(office.maker, office.division.pk, [due], "x")


def test_numbers_of_entries_have_no_gaps_even_after_one_that_failed(office: Office) -> None:
    first = write(office, 1, -1)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(office, 1, -2)
    assert write(office, 2, -2).pk == first.pk + 1


def test_the_balance_of_an_account_follows_its_postings(office: Office) -> None:
    write(office, 5, -5)
    write(office, 7, -4, -3)
    three = Account.objects.filter(pk__in=accounts(office)[:3]).order_by("pk")
    assert list(three.values_list("balance", flat=True)) == [12, -9, -3]


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[int, ...]]:
    amounts = st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=8)
    return [
        (*fen, -sum(fen)) for fen in draw(st.lists(amounts.filter(lambda fen: sum(fen) != 0), min_size=1, max_size=6))
    ]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=entries())
def test_any_entries_sum_to_zero_and_every_balance_is_the_sum_of_its_postings(db: None, written: list) -> None:
    with transaction.atomic():
        office = build_office()
        for fen in written:
            write(office, *fen)
        assert sum(Account.objects.values_list("balance", flat=True)) == 0
        assert list(faults()) == []
        transaction.set_rollback(True)


# -- what an intruder with all rights in the database leaves behind is named


@pytest.fixture
def unguarded(office: Office) -> Office:
    """A ledger with an entry and a claim, its triggers gone."""
    write(office, 5, -5)
    office.owe(office.person(), 100)
    connection.check_constraints()
    for table in ("payment_entry", "payment_posting", "payment_claim"):
        release(connection, table)
    return office


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE payment_posting SET fen = fen + 1 WHERE id = (SELECT min(id) FROM payment_posting)", "zero"),
        ("DELETE FROM payment_posting WHERE id = (SELECT min(id) FROM payment_posting)", "zero"),
        ("DELETE FROM payment_posting WHERE entry_id = (SELECT min(id) FROM payment_entry)", "count"),
        ("UPDATE payment_account SET balance = balance + 1", "balance"),
        ("UPDATE payment_claim SET fen = fen + 1", "due"),
        ("UPDATE payment_posting SET claim_id = NULL", "due"),
    ],
)
def test_what_was_changed_by_hand_is_found(unguarded: Office, statement: str, found: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert found in {fault.check for fault in faults()}
    with pytest.raises(CommandError, match="应为"):
        call_command("verify_ledger")


def test_the_command_says_that_a_ledger_is_whole(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    write(office, 5, -5)
    call_command("verify_ledger")
    assert "1 张凭证、2 条分录" in capsys.readouterr().out
