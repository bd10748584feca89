"""A year of a very small county: what happens in it, that it proves itself, and that a planted fault is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from songhe.accounts.domain import audit
from songhe.accounts.models import Entry as AuditEntry
from songhe.casework.models import Act
from songhe.demo.errors import DemoError
from songhe.demo.year.play import play_year
from songhe.demo.year.proof import prove_all
from songhe.demo.year.statement import statement
from songhe.entitlement.models import Line, Run, RunStep, State
from songhe.entitlement.proof.prove import prove
from songhe.payment.models import Answer, Batch, Claim
from songhe.payment.proof import trace
from songhe.registry.models import Transaction
from tests.demo.year.conftest import FIRST, MONTHS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def verdict(played: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        return prove_all(played.county)


def test_every_month_has_a_run_that_was_accepted_and_paid(played):
    runs = Run.objects.filter(county=played.county, state=State.ACCEPTED).order_by("month")
    assert [run.month for run in runs] == [FIRST + place for place in range(MONTHS)]
    assert all(run.line_count for run in runs)
    assert set(Batch.objects.values_list("state", flat=True)) == {Batch.State.CLOSED}


def test_the_guard_stopped_a_run_and_somebody_answered(played):
    assert RunStep.objects.filter(state=State.ANSWERED).exclude(note="").exists()
    assert played.happened["runs stopped and answered"] > 0


@pytest.mark.parametrize(
    "what",
    [
        *("wrong deaths", "moved in", "moved out", "moved within", "newly recognised"),
        *("birth dates corrected", "files merged", "villages merged", "missing facts settled", "applications"),
        *("refused", "public notices", "approved", "lines bounced", "lines issued again", "recoveries, fen"),
        *("payees other than the elder", "discrepancies explained", "reforms tried out"),
    ],
)
def test_it_happens_in_the_year(played, what):
    assert played.happened[what] > 0


def test_people_die_and_some_of_it_is_told_late(played):
    assert played.happened["deaths"] + played.happened["late deaths"] > 0


def test_everything_happened_on_the_days_of_the_story(played):
    """In the registry, the cases, the ledger and the audit trail alike, and in order."""
    told = [Transaction.objects.order_by("pk"), AuditEntry.objects.order_by("sequence")]
    for moments in [*(list(rows.values_list("at", flat=True)) for rows in told), _ats(Act), _ats(Answer)]:
        days = [timezone.localdate(moment) for moment in moments]
        assert days == sorted(days)
        assert dt.date(2025, 3, 1) <= days[0] and days[-1] <= dt.date(2025, 7, 31)


def _ats(model: Any) -> list[dt.datetime]:
    return list(model.objects.order_by("pk").values_list("at", flat=True))


def test_an_independent_recomputation_agrees_with_every_line(verdict):
    assert verdict.proof.differences == []
    assert verdict.proof.lines == Line.objects.count() > 0


def test_every_fen_that_left_has_its_decision_and_clause(verdict):
    assert verdict.problems == []
    assert verdict.traced.holds and verdict.traced.paid == verdict.traced.explained > 0


def test_the_statement_is_in_both_languages(played, verdict):
    said = list(statement(played, verdict))
    assert "2025-04 至 2025-07" in said[0].zh and "2025-04 to 2025-07" in said[0].en
    assert all(line.zh and line.en for line in said)


def test_it_is_played_only_into_an_empty_database(played):
    with pytest.raises(DemoError, match="not empty"):
        play_year(people=200)


def test_a_line_changed_behind_the_triggers_is_found(played):
    line = Line.objects.filter(kind=Line.Kind.DUE).order_by("pk")[3]
    _behind(Line, "UPDATE entitlement_line SET fen = fen + 1 WHERE id = %s", [line.pk])

    (difference,) = prove(played.county).differences
    assert (difference.person, difference.expected, difference.found) == (line.person_id, line.fen, line.fen + 1)
    assert any(f"line {line.pk}" in problem for problem in trace(played.county).unexplained)


def test_a_claim_without_a_decision_is_found(played):
    claim = Claim.objects.filter(fen__gt=0).order_by("pk")[0]
    _behind(Claim, "UPDATE payment_claim SET reference = 'run nobody/1/1' WHERE id = %s", [claim.pk])
    found = trace(played.county)

    assert any(f"claim {claim.pk}" in problem for problem in found.unexplained)
    assert not found.holds


def test_the_trail_tells_who_did_it(played):
    assert audit.verify() is None
    assert {"run.accepted", "batch.approved", "case.passed"} <= set(AuditEntry.objects.values_list("action", flat=True))


def _behind(model: Any, statement: str, parameters: list[Any]) -> None:
    """As somebody with the keys of the database could."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, parameters)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(statement, parameters)
        for _, sql in triggers:
            cursor.execute(sql)
