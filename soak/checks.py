"""What must hold when everybody has gone home: each check says what is wrong, and nothing when all is well."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from soak.bank import Bank
from soak.city import PACKAGE
from soak.journal import Written

Faults = Iterator[str]


def ledger() -> Faults:
    """The ledger proves itself to the fen."""
    from songhe.payment.verify import faults

    yield from map(str, faults())


def runs(package_id: str = PACKAGE) -> Faults:
    """The files of accepted runs are what they were, decide again to the same, and their lines are all there."""
    from django.db.models import Sum

    from songhe.entitlement.models import Line, Run
    from songhe.entitlement.views import verify
    from songhe.policy.load import load_package

    package = load_package(package_id)
    for run in Run.objects.filter(state="accepted").order_by("pk"):
        yield from (f"run {run.pk}: {fault.file} {fault.kind}" for fault in verify(run, package))
        lines = Line.objects.filter(run=run)
        if lines.count() != run.line_count:
            yield f"run {run.pk}: {lines.count()} lines of {run.line_count}"
        owed = run.due_fen + run.arrears_fen + run.recovery_fen
        if (lines.aggregate(fen=Sum("fen"))["fen"] or 0) != owed:
            yield f"run {run.pk}: its lines do not come to its total"


def audit(anchors: Sequence[tuple[int, str]] = ()) -> Faults:
    """The chain holds from the first line to the last, and ends no earlier than it was seen to."""
    from songhe.accounts.domain.audit import verify

    if broken := verify(anchor=anchors[-1] if anchors else None):
        yield f"line {broken.sequence} is {broken.kind}"


def projection() -> Faults:
    """What lists read is what the records say."""
    from django.core.management import call_command
    from django.core.management.base import CommandError

    told = io.StringIO()
    try:
        call_command("rebuild_projection", "--check", stdout=told)
    except CommandError:
        yield told.getvalue()[:500]


def bank(at: Bank) -> Faults:
    """Nobody was paid twice: what the bank paid, transfer by transfer, is what the ledger says."""
    from songhe.payment.models import Answer, PaymentLine

    yield from (f"{message} was exported twice with different bytes" for message in at.differing())
    paid = at.paid()
    said = Answer.objects.filter(outcome="paid").values_list("line__end_to_end", "line__fen")
    booked = dict(said)
    for number in sorted(paid.keys() - booked.keys())[:5]:
        yield f"the bank paid {number}, the ledger knows nothing of it"
    for number in sorted(booked.keys() - paid.keys())[:5]:
        yield f"the ledger says that {number} was paid, the bank did not"
    for number in sorted(paid.keys() & booked.keys()):
        if paid[number] != booked[number]:
            yield f"{number}: the bank paid {paid[number]} fen, the ledger says {booked[number]}"
    numbers = Counter(PaymentLine.objects.values_list("end_to_end", flat=True))
    yield from (f"{number} stands on {times} lines" for number, times in numbers.items() if times > 1)
    yield from _paid_twice()


def _paid_twice() -> Faults:
    """A claim that two answered transfers paid."""
    from songhe.payment.models import Assignment

    paid = Assignment.objects.filter(line__answers__outcome="paid").exclude(line__answers__outcome="bounced")
    times = Counter(claim for claim, _ in set(paid.values_list("claim_id", "line_id")))
    yield from (f"claim {claim} was paid {number} times" for claim, number in times.items() if number > 1)


def cases() -> Faults:
    """Every case stands where its acts have led it, and where its procedure knows."""
    from songhe.accounts.models import Entry
    from songhe.casework.models import Act, Case

    lines = Counter(Entry.objects.filter(subject_kind="case").values_list("subject_id", flat=True))
    acts: dict[int, list[Any]] = {}
    for act in Act.objects.order_by("case", "number").iterator():
        acts.setdefault(act.case_id, []).append(act)
    for case in Case.objects.select_related("procedure").order_by("pk").iterator():
        own = acts.get(case.pk, [])
        yield from (f"case {case.pk}: {why}" for why in _wrong_with(case, own, lines[str(case.public_id)]))


def _wrong_with(case: Any, acts: list[Any], lines: int) -> Faults:
    from songhe.casework.stored import procedure_of

    if [act.number for act in acts] != list(range(1, case.acts + 1)):
        yield f"{len(acts)} acts, it says {case.acts}"
    if lines != case.acts:
        yield f"{lines} audit lines of {case.acts} acts"
    if any(after.at < before.at for before, after in pairwise(acts)):
        yield "its acts are not in the order of time"
    passed = Counter(act.step for act in acts if act.verb == "passed")
    yield from (f"step {step} was passed {number} times" for step, number in passed.items() if number > 1)
    if case.state == "running":
        step = procedure_of(case).step(case.step)
        if (case.awaits, case.duty) != (step.action, step.duty or "") or case.step in passed:
            yield f"it waits for {case.awaits} at {case.step}"
    elif case.state == "closed":
        if not case.outcome or case.awaits or case.closed_on is None:
            yield "closed without an end"
    elif (case.awaits, case.duty) != ("applicant", ""):
        yield f"{case.state}, and waits for {case.awaits}"
    duties: dict[int, set[str]] = {}
    for act in acts:
        if act.user_id and act.duty:
            duties.setdefault(act.user_id, set()).add(act.duty)
    yield from (f"user {user} had the duties {sorted(held)}" for user, held in duties.items() if len(held) > 1)


def imports() -> Faults:
    """No import is half done: what runs no more says so, and what is done has all its rows, block after block."""
    from django_tasks_db.models import DBTaskResult

    from songhe.intake.models import Import

    for upload in Import.objects.prefetch_related("blocks").order_by("pk"):
        if upload.state == "running":
            yield f"import {upload.public_id} still runs"
        if upload.state == "failed":
            yield f"import {upload.public_id} failed"
        rows = [(block.first_row, block.last_row) for block in upload.blocks.order_by("first_row")]
        ends = [0, *(last for _, last in rows)]
        if [first - 1 for first, _ in rows] != ends[:-1] or ends[-1] != upload.rows_done:
            yield f"import {upload.public_id}: its blocks are {rows}"
        if upload.state == "done" and upload.rows_done != upload.rows:
            yield f"import {upload.public_id}: {upload.rows_done} of {upload.rows} rows"
    if waiting := DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).count():
        yield f"{waiting} tasks are not over"


def acknowledged(writes: Sequence[Written]) -> Faults:
    """Every write that was acknowledged is there, and none is there twice; `asked` and never answered may be either."""
    for operation, look in _LOOKS.items():
        yield from look([one for one in writes if one.operation == operation])
    yield from (f"{one.key} was answered differently" for one in writes if one.operation == "another answer")


def half_open() -> Faults:
    """Nobody is left in the middle of a transaction (PostgreSQL)."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, left(query, 80) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        yield from (f"session {pid} stands in a transaction after {query}" for pid, query in cursor.fetchall())


def _facts(writes: Sequence[Written]) -> Faults:
    from songhe.registry.models import FactRecord

    rows = FactRecord.objects.filter(fact="income_per_capita_month")
    there = Counter(
        (str(person), source, value)
        for person, source, value in rows.values_list("person__public_id", "source", "value")
    )
    yield from _once(writes, lambda one: there[tuple(one.key.split(" "))])  # type: ignore[index]


def _deaths(writes: Sequence[Written]) -> Faults:
    from songhe.registry.models import CurrentPerson

    dead = {str(id) for id in CurrentPerson.objects.filter(alive=False).values_list("person__public_id", flat=True)}
    yield from (f"death of {one.key} is not there" for one in writes if one.done is not None and one.key not in dead)


def _files(writes: Sequence[Written]) -> Faults:
    yield from _once(writes, lambda one: _people(one.key))


def _new_people(writes: Sequence[Written]) -> Faults:
    """Of requests and imports that name new people by their numbers: each has one file."""
    for one in writes:
        if one.done is not None:
            for number in one.done["numbers"]:
                if (times := _people(number)) != 1:
                    yield f"{one.operation} {one.key}: {times} files of one number"


def _people(number: str) -> int:
    from songhe.registry.queries import find_by_key

    return len(find_by_key("resident_id", number))


def _uploads(writes: Sequence[Written]) -> Faults:
    from songhe.intake.models import Import

    there = {str(id) for id in Import.objects.values_list("public_id", flat=True)}
    yield from (f"the file {one.key} is not there" for one in writes if one.done and one.done["upload"] not in there)


def _opened(writes: Sequence[Written]) -> Faults:
    from songhe.casework.models import Case

    keys = Counter(
        key.rpartition(":")[2] for key in Case.objects.exclude(request_key=None).values_list("request_key", flat=True)
    )
    yield from _once(writes, lambda one: keys[one.key])


def _acts(writes: Sequence[Written]) -> Faults:
    from songhe.casework.models import Act

    there = Counter(Act.objects.values_list("case_id", "verb", "step"))
    for one in writes:
        for case in _cases_of(one):
            verb, step = (one.done or {}).get("verb", "passed"), (one.done or {}).get("step", "approve")
            if (times := there[case, verb, step]) != 1:
                yield f"{one.operation} {one.key}: {verb} {times} times at {step}"


def _cases_of(one: Written) -> list[int]:
    if one.done is None:
        return []
    return list(one.done.get("cases") or [one.done["case"]] if "case" in one.done or one.done.get("cases") else [])


def _run_steps(state: str) -> Callable[[Sequence[Written]], Faults]:
    def look(writes: Sequence[Written]) -> Faults:
        from songhe.entitlement.models import RunStep

        steps = Counter(RunStep.objects.filter(state=state).values_list("run_id", flat=True))
        done = [one for one in writes if one.done and "run" in one.done]
        yield from _once(done, lambda one: steps[one.done["run"]])  # type: ignore[index]

    return look


def _decided(writes: Sequence[Written]) -> Faults:
    from songhe.entitlement.models import Run

    there = set(Run.objects.values_list("pk", flat=True))
    yield from (
        f"run of {one.key} is not there" for one in writes if one.done and one.done.get("run", 0) not in {0, *there}
    )


def _admitted(writes: Sequence[Written]) -> Faults:
    from songhe.entitlement.models import Run
    from songhe.payment.models import Entry

    public = dict(Run.objects.values_list("pk", "public_id"))
    entries = Counter(Entry.objects.filter(kind="due").values_list("reference", flat=True))
    done = [one for one in writes if one.done]
    yield from _once(done, lambda one: entries[f"run {public.get(one.done['run'])}"])  # type: ignore[index]


def _batch_lines(action: str, *, once: bool = True) -> Callable[[Sequence[Written]], Faults]:
    """By the line of the trail, which is written in the transaction of what it tells of."""

    def look(writes: Sequence[Written]) -> Faults:
        from songhe.accounts.models import Entry

        told = Counter(Entry.objects.filter(action=action).values_list("subject_id", flat=True))
        done = [one for one in writes if one.done and one.done.get("batch")]
        for one in done:
            number = told[str(one.done["batch"])]  # type: ignore[index]
            if number < 1 or (once and number > 1):
                yield f"{one.operation} {one.key} is there {number} times"

    return look


def _repaid(writes: Sequence[Written]) -> Faults:
    from songhe.payment.models import Entry

    there = Counter(Entry.objects.filter(kind="repayment").values_list("reference", flat=True))
    yield from _once(writes, lambda one: there[one.key])


def _planned(writes: Sequence[Written]) -> Faults:
    from songhe.payment.models import RecoveryPlan

    claims = Counter(RecoveryPlan.objects.values_list("claim_id", flat=True))
    yield from (f"no plan of claim {one.key}" for one in writes if one.done and not claims[int(one.key)])


def _once(writes: Sequence[Written], times: Callable[[Written], int]) -> Faults:
    for one in writes:
        number = times(one)
        if number > 1 or (one.done is not None and number < 1):
            yield f"{one.operation} {one.key} is there {number} times"


_LOOKS: Mapping[str, Callable[[Sequence[Written]], Faults]] = {
    "record fact": _facts,
    "record death": _deaths,
    "open file": _files,
    "push": _new_people,
    "run import": _new_people,
    "hand in file": _uploads,
    "open case": _opened,
    "publish case": _acts,
    "pass step": _acts,
    "approve many": _acts,
    "decide month": _decided,
    "answer run": _run_steps("answered"),
    "accept run": _run_steps("accepted"),
    "withdraw run": _run_steps("withdrawn"),
    "admit run": _admitted,
    "make batch": _batch_lines("batch.made"),
    "check batch": _batch_lines("batch.checked"),
    "approve batch": _batch_lines("batch.approved", once=False),
    "export batch": _batch_lines("batch.exported", once=False),
    "send batch": _batch_lines("batch.sent"),
    "answer batch": _batch_lines("batch.answered", once=False),
    "reconcile batch": _batch_lines("batch.reconciled", once=False),
    "close batch": _batch_lines("batch.closed"),
    "cancel batch": _batch_lines("batch.cancelled"),
    "repay": _repaid,
    "plan recovery": _planned,
}
