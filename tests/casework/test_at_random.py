"""Whatever people try in whatever order: no case stands where its procedure does not lead, and two people check."""

from __future__ import annotations

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from songhe.casework import flow
from songhe.casework.errors import NotAllowed
from songhe.casework.procedures import rulebook

KINDS = st.sampled_from(rulebook().procedures)
MOVES = ("passed", "refused", "returned", "resubmitted", "published", "reopened", "confirmed", "transferred")


class Walk(RuleBasedStateMachine):
    """One case under one procedure, and a clock; what is refused changes nothing."""

    @initialize(procedure=KINDS, how=st.sampled_from(["applied", "offered", "invited"]), start=st.dates(
        dt.date(2023, 1, 1), dt.date(2028, 12, 31)
    ))  # fmt: skip
    def open(self, procedure, how: str, start: dt.date) -> None:
        self.procedure, self.today = procedure, start
        self.decisions = 0
        if how == "invited":
            self.place = flow.invite(procedure, start)
        else:
            self.place = flow.begin(procedure, start, offered=how == "offered")

    @rule(days=st.integers(0, 40))
    def time_goes_by(self, days: int) -> None:
        self.today += dt.timedelta(days=days)

    @rule(move=st.sampled_from(MOVES))
    def somebody_acts(self, move: str) -> None:
        before = self.place
        try:
            after = getattr(flow, move)(self.procedure, before, self.today)
        except NotAllowed:
            return
        assert before.state != "closed"
        if move == "passed":
            self.check_passed(before, after)
        if move in ("refused", "returned"):
            assert {"refused": "refuse", "returned": "return"}[move] in self.procedure.step(before.step).may
        self.decisions += after.outcome in ("granted", "refused") and not before.outcome
        self.place = after

    @rule(outcome=st.sampled_from(["withdrawn", "died", "lapsed"]))
    def it_ends(self, outcome: str) -> None:
        try:
            self.place = flow.ended(self.place, outcome, self.today)
        except NotAllowed:
            assert self.place.state == "closed" or self.place.outcome

    def check_passed(self, before: flow.Place, after: flow.Place) -> None:
        step = self.procedure.step(before.step)
        if step.kind == "notice":
            assert before.notice_to is not None and self.today > before.notice_to
        if step.kind == "inform":
            assert after.state == "closed" and after.informed_on == self.today
        else:
            assert self.procedure.position(after.step) == self.procedure.position(step.id) + 1

    @invariant()
    def it_stands_where_the_procedure_knows(self) -> None:
        place = self.place
        if place.state == "running":
            step = self.procedure.step(place.step)
            assert (place.awaits, place.duty) == (step.action, step.duty or "")
            assert place.due_on is not None
        elif place.state in ("returned", "invited"):
            assert (place.awaits, place.duty) == ("applicant", "")
        else:
            assert place.outcome and place.closed_on and not place.awaits and place.due_on is None

    @invariant()
    def it_is_decided_once_and_told_before_it_is_closed(self) -> None:
        place = self.place
        assert self.decisions <= 1
        assert (place.outcome in ("granted", "refused")) == (place.decided_on is not None)
        if place.decided_on and place.state == "running":
            assert self.procedure.step(place.step).kind == "inform"
        if place.state == "closed" and place.decided_on:
            assert place.informed_on is not None

    @invariant()
    def the_mending_clock_runs_only_while_it_is_mended(self) -> None:
        assert (self.place.clock_left is not None) == (self.place.state == "returned")


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestWalk = Walk.TestCase
