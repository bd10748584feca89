"""What becomes of a run, and who may say so."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from songhe.accounts.models import Entry, Role
from songhe.accounts.scope import OutOfScope
from songhe.divisions.models import Division
from songhe.entitlement.domain.accepting import accept, answer, withdraw
from songhe.entitlement.domain.recovering import plan_recovery
from songhe.entitlement.errors import RunError
from songhe.entitlement.files import folder_of
from songhe.entitlement.models import Line, Plan, Run
from songhe.entitlement.queries import instalments, plan_for, without_plan
from songhe.registry.domain.facts import record_death
from tests.accounts.builders import holder
from tests.entitlement.conftest import VILLAGE, born


@pytest.fixture
def li(register):
    return register(hukou=VILLAGE, alive=True, birth_date=born(82))


def test_nothing_is_accounted_before_a_run_is_accepted(li, decide, clerks):
    run = decide(202606)
    assert (run.state, run.due_fen, run.line_count) == ("decided", 6000, 1)
    assert not Line.objects.exists()
    accept(run=run, by=clerks["ma"])
    assert list(Line.objects.values_list("person", "fen")) == [(li.pk, 6000)]


def test_whoever_made_a_run_does_not_accept_it(li, decide, clerks):
    with pytest.raises(RunError, match="经办人不能自行说明或采用"):
        accept(run=decide(202606), by=clerks["chen"])
    assert not Line.objects.exists()


def test_a_clerk_of_a_town_accepts_nothing(li, decide, divisions):
    clerk = holder(Role.TOWN_CLERK, Division.objects.get(pk=divisions["640381001"]))
    with pytest.raises(OutOfScope):
        accept(run=decide(202606), by=clerk)


def test_a_county_has_one_open_run_at_a_time(li, decide, clerks):
    first = decide(202606)
    with pytest.raises(RunError, match="accept or withdraw it first"):
        decide(202606)
    withdraw(run=first, by=clerks["chen"], reason="补充数据后再核。")
    assert decide(202606).state == "decided"


def test_a_withdrawn_run_is_never_accepted_nor_an_accepted_one_withdrawn(li, decide, clerks):
    run = decide(202606)
    withdraw(run=run, by=clerks["chen"], reason="重做")
    with pytest.raises(RunError, match="已撤销"):
        accept(run=run, by=clerks["ma"])
    other = accept(run=decide(202606), by=clerks["ma"])
    with pytest.raises(RunError, match="已采用"):
        withdraw(run=other, by=clerks["chen"], reason="重做")


def test_a_run_whose_lines_were_touched_is_not_accepted(li, decide, clerks):
    run = decide(202606)
    path = folder_of(run) / "lines.parquet"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(RunError, match="withdraw and run again"):
        accept(run=run, by=clerks["ma"])
    assert not Line.objects.exists()


def test_nobody_is_paid_so_the_run_stops_until_somebody_answers_for_it(register, decide, clerks):
    register(hukou=VILLAGE, alive=True, birth_date=born(62))
    run = decide(202606)
    assert (run.state, [finding["kind"] for finding in run.findings]) == ("held", ["nobody"])
    with pytest.raises(RunError, match="待说明"):
        accept(run=run, by=clerks["ma"])
    with pytest.raises(RunError, match="经办人"):
        answer(run=run, by=clerks["chen"], text="没问题")
    with pytest.raises(RunError, match="said why"):
        answer(run=run, by=clerks["ma"], text="  ")
    answer(run=run, by=clerks["ma"], text="本县尚无80周岁以上老人。")
    accept(run=run, by=clerks["ma"])
    steps = list(run.steps.order_by("pk").values_list("state", "by__username", "note"))
    assert steps == [
        ("held", "chen", ""),
        ("answered", "ma", "本县尚无80周岁以上老人。"),
        ("accepted", "ma", ""),
    ]


def test_every_step_is_in_the_audit_trail(li, decide, clerks):
    accept(run=decide(202606), by=clerks["ma"])
    told = Entry.objects.filter(action__startswith="run.").order_by("sequence")
    assert list(told.values_list("action", "user__username")) == [("run.decided", "chen"), ("run.accepted", "ma")]


@pytest.mark.parametrize("change", [{"fen": 1}, {"month": 202601}, {"kind": "arrears"}])
def test_lines_are_never_changed(li, pay, change):
    pay(202606)
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.all().delete()


def test_of_a_run_only_the_state_changes(li, pay):
    run = pay(202606)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(due_fen=1)


@pytest.fixture
def owing(li, pay, by):
    """A run that takes three months back from Grandma Li."""
    for month in (202603, 202604, 202605):
        pay(month)
    record_death(by=by(), person=li, on=dt.date(2026, 3, 12))
    return pay(202606)


def test_a_recovery_waits_for_a_plan(li, owing, county, clerks):
    assert without_plan(county) == [(owing.pk, li.pk)]
    plan = plan_recovery(run=owing, person=li, mode="instalments", number=7, by=clerks["ma"], reason="家属申请分期")
    assert without_plan(county) == []
    assert (plan.fen, instalments(plan)) == (18000, [2572] * 3 + [2571] * 4)


def test_a_later_plan_takes_the_place_of_an_earlier_one(li, owing, clerks):
    plan_recovery(run=owing, person=li, mode="at_once", by=clerks["chen"], reason="家属同意")
    plan_recovery(run=owing, person=li, mode="waived", by=clerks["ma"], reason="无遗产，家庭困难")
    plan = plan_for(owing, li.pk)
    assert (plan.mode, instalments(plan), plan.by) == ("waived", [], clerks["ma"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.update(mode="at_once")


def test_whoever_made_the_run_waives_nothing(li, owing, clerks):
    with pytest.raises(RunError, match="does not waive"):
        plan_recovery(run=owing, person=li, mode="waived", by=clerks["chen"], reason="家庭困难")


def test_a_plan_needs_something_to_take_back_a_reason_and_a_sensible_number(li, register, owing, clerks):
    other = register(hukou=VILLAGE)
    for person, more, what in (
        (other, {"mode": "at_once", "reason": "x"}, "takes nothing back"),
        (li, {"mode": "at_once", "reason": " "}, "needs a reason"),
        (li, {"mode": "instalments", "reason": "x", "number": 1}, "between 2 and 120"),
    ):
        with pytest.raises(RunError, match=what):
            plan_recovery(run=owing, person=person, by=clerks["ma"], **more)
