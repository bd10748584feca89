"""What is taken back in the year (追回): planned at once, in instalments or waived, set off, and repaid by heirs."""

from __future__ import annotations

from collections.abc import Iterator

from songhe.demo.year.stage import Stage
from songhe.entitlement.models import Plan, Run
from songhe.entitlement.queries import recoveries, without_plan
from songhe.payment.domain.recoveries import outstanding, repay
from songhe.payment.domain.settling import settle_recovery
from songhe.payment.models import Claim
from songhe.registry.groups import group_of
from songhe.registry.models import CurrentPerson, Person

_MODE = Plan.Mode
_REASONS = {
    _MODE.AT_ONCE: "按规定一次退回",
    _MODE.INSTALMENTS: "本人经济困难，分期抵扣",
    _MODE.WAIVED: "金额小，追回成本高于所得，经批准免予追回",
}


def plan_all(stage: Stage) -> None:
    """Every recovery that nobody has planned yet, in the order of runs and people."""
    for run, person in without_plan(stage.county):
        _plan(stage, Run.objects.get(pk=run), Person.objects.get(pk=person), stage.happened["recoveries planned"])
        stage.happened["recoveries planned"] += 1


def _plan(stage: Stage, run: Run, person: Person, number: int) -> None:
    fen = recoveries(run)[person.pk]
    mode = _MODE.WAIVED if number % 9 == 2 else _MODE.INSTALMENTS if number % 3 == 1 else _MODE.AT_ONCE
    parts = 3 if mode == _MODE.INSTALMENTS else 1
    settle_recovery(
        by=stage.user("director"),
        run=run,
        person=person,
        mode=mode,
        number=parts,
        reason=_REASONS[mode],
        document="青民〔演示〕追回审批单",
    )
    stage.happened[f"recoveries {mode.value}"] += 1
    stage.happened["recoveries, fen"] += fen


def repay_for_the_dead(stage: Stage) -> None:
    """Of those who have died nothing can be set off: most heirs pay it back at the counter."""
    dead = CurrentPerson.objects.filter(alive=False, person__merged_into=None).order_by("pk")
    owing = dead.filter(person__claims__fen__lt=0).distinct().values_list("pk", flat=True)
    for number in list(owing):
        if number % 5 == 0:
            # These are still being asked.
            continue
        for claim in _open_claims(Person.objects.get(pk=number)):
            fen = outstanding(claim)
            repay(by=stage.user("clerk"), claim=claim, fen=fen, document="家属退款收据")
            stage.happened["repaid by heirs, fen"] += fen


def _open_claims(person: Person) -> Iterator[Claim]:
    for claim in Claim.objects.filter(person__in=group_of(person.pk), fen__lt=0).order_by("pk"):
        if outstanding(claim):
            yield claim
