"""Organisations, what is known of them over time, and their accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.organisations.domain.accounts import confirm_account, end_account, state_account
from songhe.organisations.domain.registering import close, record_fact, register, retract
from songhe.organisations.errors import OrganisationError
from songhe.organisations.facts import facts_on
from songhe.organisations.models import BankAccount, FactRecord, Organisation
from songhe.organisations.queries import account_of, organisations_for
from tests.organisations.builders import OPENED, account_for, credit_code, know, organisation
from tests.organisations.conftest import Bureau

MAY = dt.date(2024, 5, 1)


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_is_recorded_once_and_seen_in_its_county_alone(bureau: Bureau) -> None:
    assert list(organisations_for(bureau.other)) == [bureau.home]
    assert not organisations_for(bureau.stranger).exists()
    with pytest.raises(OrganisationError, match="已登记"):
        organisation(bureau.one, bureau.county, code=bureau.home.code)
    assert Entry.objects.get(action="organisation.registered").subject_id == str(bureau.home.public_id)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"code": "52999901000000001A"}, "统一社会信用代码有误"),
        ({"name": " "}, "名称"),
        ({"is_institution": False}, "类别"),
        ({"opened_on": dt.date(2999, 1, 1)}, "将来"),
    ],
)
def test_what_is_wrong_is_not_recorded(bureau: Bureau, change: dict[str, Any], why: str) -> None:
    with pytest.raises(OrganisationError, match=why):
        organisation(bureau.one, bureau.county, **change)


def test_only_who_may_write_there_records_it(bureau: Bureau) -> None:
    for user in (bureau.stranger, bureau.clerk):
        with pytest.raises(OutOfScope):
            register(
                by=user, name="甲", code=credit_code(), division=bureau.county, opened_on=OPENED, is_institution=True
            )


def test_it_closes_once_and_never_before_it_opened(bureau: Bureau) -> None:
    with pytest.raises(OrganisationError, match="成立日"):
        close(by=bureau.one, organisation=bureau.home, on=dt.date(2019, 1, 1), document="注销证明")
    close(by=bureau.one, organisation=bureau.home, on=MAY, document="注销证明")
    assert bureau.home.closed_on == MAY
    with pytest.raises(OrganisationError, match="已终止"):
        close(by=bureau.one, organisation=bureau.home, on=MAY, document="注销证明")


def test_a_fact_holds_from_its_day_until_the_next(bureau: Bureau) -> None:
    know(bureau.one, bureau.home, approved_beds=40, founder="social", running="true")
    know(bureau.one, bureau.home, on=MAY, approved_beds=60)
    before, after = (facts_on(bureau.home, day) for day in (MAY - dt.timedelta(1), MAY))
    assert before == {"approved_beds": 40, "founder": "social", "running": True}
    assert after["approved_beds"] == 60
    assert facts_on(bureau.home, OPENED - dt.timedelta(1)) == {}


def test_what_was_known_then_stays_what_was_known_then(bureau: Bureau) -> None:
    know(bureau.one, bureau.home, approved_beds=40)
    then = timezone.now()
    know(bureau.one, bureau.home, approved_beds=50)
    wrong = FactRecord.objects.latest("pk")
    assert facts_on(bureau.home, MAY)["approved_beds"] == 50
    between = timezone.now()
    retract(by=bureau.other, record=wrong, reason="录入错误")
    known = [facts_on(bureau.home, MAY, moment)["approved_beds"] for moment in (then, between)]
    assert (known, facts_on(bureau.home, MAY)["approved_beds"]) == ([40, 50], 40)
    with pytest.raises(OrganisationError, match="已撤回"):
        retract(by=bureau.other, record=wrong, reason="再撤一次")


def test_no_value_is_unknown_from_that_day_on(bureau: Bureau) -> None:
    know(bureau.one, bureau.home, running=True)
    know(bureau.one, bureau.home, on=MAY, running=None)
    assert facts_on(bureau.home, MAY) == {}


@pytest.mark.parametrize(
    ("fact", "value"), [("approved_beds", "许多"), ("approved_beds", -1), ("founder", "nobody"), ("age", 80)]
)
def test_a_fact_is_one_of_the_vocabulary_and_has_its_type(bureau: Bureau, fact: str, value: Any) -> None:
    with pytest.raises(OrganisationError):
        record_fact(
            by=bureau.one, organisation=bureau.home, fact=fact, value=value, valid_from=MAY, document="核定文件"
        )


def test_records_are_never_edited_and_who_somebody_is_does_not_change(bureau: Bureau) -> None:
    know(bureau.one, bureau.home, approved_beds=40)
    retract(by=bureau.one, record=FactRecord.objects.get(), reason="录入错误")
    account_for(bureau.home, bureau.one, bureau.other)
    for statement in (
        "UPDATE organisations_factrecord SET value = '90'",
        "DELETE FROM organisations_factrecord",
        "DELETE FROM organisations_retraction",
        "UPDATE organisations_organisation SET code = 'x'",
        "DELETE FROM organisations_organisation",
        "UPDATE organisations_bankaccount SET account_hash = 'x'",
        "UPDATE organisations_bankaccount SET confirmed_at = NULL",
        f"UPDATE organisations_bankaccount SET confirmed_by_id = {bureau.stranger.pk}",
    ):
        refused(statement)


def test_an_account_counts_once_another_person_confirmed_it(bureau: Bureau) -> None:
    stated = state_account(
        by=bureau.one, organisation=bureau.home, name="甲", account="6222 0202 0000 0017", document="证明"
    )
    assert account_of(bureau.home) is None
    with pytest.raises(OrganisationError, match="自己登记"):
        confirm_account(by=bureau.one, account=stated)
    refused(f"UPDATE organisations_bankaccount SET confirmed_by_id = {bureau.one.pk}, confirmed_at = stated_at")
    confirm_account(by=bureau.other, account=stated)
    assert account_of(bureau.home) == stated
    assert (stated.last_digits, b"6222020200000017" in bytes(stated.account)) == ("0017", False)


def test_the_next_account_ends_the_one_before(bureau: Bureau) -> None:
    first = account_for(bureau.home, bureau.one, bureau.other)
    second = account_for(bureau.home, bureau.one, bureau.other, "6222020200000025")
    first.refresh_from_db()
    assert (account_of(bureau.home), first.ended_by) == (second, bureau.other)
    end_account(by=bureau.one, account=second)
    assert account_of(bureau.home) is None
    with pytest.raises(OrganisationError, match="已终止"):
        end_account(by=bureau.one, account=second)
    with pytest.raises(OrganisationError, match="已复核或已终止"):
        confirm_account(by=bureau.other, account=second)


def test_a_number_that_is_no_account_is_not_taken(bureau: Bureau) -> None:
    with pytest.raises(OrganisationError, match="银行账号"):
        state_account(by=bureau.one, organisation=bureau.home, name="甲", account="12", document="证明")
    assert not BankAccount.objects.exists()
    assert Organisation.objects.count() == 1
