"""What was paid, is on its way, came back, or is taken back: the ledger in plain words, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from songhe.common.days import write_day
from songhe.common.fieldcrypto import unseal
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.entitlement.models import Line, Plan
from songhe.payment.domain.payees import FIELD
from songhe.payment.models import Account, Claim, PaymentLine, Posting
from songhe.payment.queries import claims_of
from songhe.registry.models import Person
from songhe.registry.vocabulary import personal_facts

PAID, ON_THE_WAY, CAME_BACK, WAITING, TAKEN_BACK = "paid", "on_the_way", "came_back", "waiting", "taken_back"
NAMES = {
    PAID: say("已到账", "Paid"),
    ON_THE_WAY: say("在路上", "On its way"),
    CAME_BACK: say("退回来了", "Came back"),
    WAITING: say("还没有发", "Not sent yet"),
    TAKEN_BACK: say("要退回", "To be given back"),
}
WHY_BACK = {
    Line.Answer.NOT_APPLIED: say("那个月没有申请这一项", "the item was not applied for in that month"),
    Line.Answer.NOT_GRANTED: say("那个月的申请没有得到同意", "the application for that month was not granted"),
    Line.Answer.NOT_ENTITLED: say("后来查明那个月不符合条件", "it turned out that the month was not owed"),
    Line.Answer.UNDETERMINED: say("那个月的情况现在不能确定", "what held in that month is in doubt now"),
    Line.Answer.ELSEWHERE: say("那个月您的档案在别的县", "your file was in another county in that month"),
    Line.Answer.NO_ITEM: say("现在的政策里没有这一项", "the policy has no such item now"),
    Line.Answer.ENTITLED: say("那个月的金额算多了", "the sum of that month was too high"),
}


@dataclass(frozen=True)
class Money:
    """One claim as the person sees it. `fen` is never negative; `state` says which way it goes."""

    id: int
    item: str
    month: dt.date
    fen: int
    state: str
    on: Text | None
    account: str
    payee: str
    kept: int
    left: int
    note: Text | None
    clause: str
    line: int

    @property
    def name(self) -> Text:
        return NAMES[self.state]

    @property
    def yuan(self) -> Text:
        return yuan(self.fen)

    @property
    def kept_yuan(self) -> Text:
        return yuan(self.kept)

    @property
    def left_yuan(self) -> Text:
        return yuan(self.left)


@dataclass(frozen=True)
class Month:
    first: dt.date
    rows: Sequence[Money]

    @property
    def name(self) -> Text:
        return month_in_words(self.first)

    @property
    def totals(self) -> list[tuple[Text, Text]]:
        """What it came to, by what became of it."""
        sums: dict[str, int] = {}
        for row in self.rows:
            sums[row.state] = sums.get(row.state, 0) + row.fen
        return [(NAMES[state], yuan(fen)) for state, fen in sums.items()]


def months_of(person: Person) -> list[Month]:
    """All that was ever decided about the person's money, the latest month first."""
    rows = money_of(claims_of(person))
    ordered = sorted(rows, key=lambda row: (row.month, row.id), reverse=True)
    return [Month(first, list(group)) for first, group in groupby(ordered, key=lambda row: row.month)]


def one_of(person: Person, claim: int) -> tuple[Claim, Money] | None:
    """A claim of this very person; None for anybody else's."""
    found = claims_of(person).filter(pk=claim).first()
    if found is None:
        return None
    beside = claims_of(person).filter(month=found.month, item=found.item)
    if line_of(found):
        beside = beside.filter(reference__startswith=found.reference.rpartition("/")[0] + "/")
    else:
        beside = beside.filter(pk=claim)
    return found, money_of(beside)[0]


def money_of(claims: Any) -> list[Money]:
    """Sums as the person sees them, in a fixed number of queries: whatever funds share one, it is one sum."""
    rows = list(
        claims.select_related("person").prefetch_related(
            "assignments__line__answers", "assignments__line__batch", "assignments__line__payee", "set_offs", "plans"
        )
    )
    lines = Line.objects.in_bulk([line_of(claim) for claim in rows])
    left = _left(rows)
    plans = _plans(lines.values())
    parts = [_taken(c, lines.get(line_of(c)), left, plans) if c.fen < 0 else _given(c) for c in rows]
    sums: dict[int, list[Money]] = {}
    for part in parts:
        # What rests on no line of a run stands for itself.
        sums.setdefault(part.line or -part.id, []).append(part)
    return [_together(shares) for shares in sums.values()]


def _together(shares: list[Money]) -> Money:
    """The shares of several funds as one sum; where they differ, what needs looking after says what became of it."""
    order = (CAME_BACK, TAKEN_BACK, WAITING, ON_THE_WAY, PAID)
    shown = min(shares, key=lambda share: order.index(share.state))
    return replace(
        shown,
        id=min(share.id for share in shares),
        fen=sum(share.fen for share in shares),
        kept=sum(share.kept for share in shares),
        left=sum(share.left for share in shares),
    )


def line_of(claim: Claim) -> int:
    """The line of the run that a claim rests on; 0 for one that rests on something else."""
    parts = claim.reference.split("/")
    return int(parts[1]) if claim.reference.startswith("run ") and len(parts) == 3 and parts[1].isdecimal() else 0


def yuan(fen: int) -> Text:
    text = format_yuan(fen)
    return say(text, f"{text.removesuffix('元')} yuan")


def month_in_words(first: dt.date) -> Text:
    return say(f"{first.year}年{first.month}月", f"{first:%B} {first.year}")


def _given(claim: Claim) -> Money:
    assigned = sorted(claim.assignments.all(), key=lambda one: one.pk)
    last = assigned[-1].line if assigned else None
    state, on = _state(last)
    kept = sum(one.fen for one in claim.set_offs.all())
    return Money(
        id=claim.pk,
        item=claim.item,
        month=claim.month,
        fen=claim.fen - kept,
        state=PAID if claim.fen == kept else state,
        on=on,
        account=_masked(last),
        payee=_payee(last),
        kept=kept,
        left=0,
        note=None,
        clause=claim.clause,
        line=line_of(claim),
    )


def _state(line: PaymentLine | None) -> tuple[str, Text | None]:
    if line is None or line.batch.state == "cancelled":
        return WAITING, None
    answers = {answer.outcome: answer for answer in line.answers.all()}
    if "bounced" in answers:
        return CAME_BACK, _day(answers["bounced"].at)
    if "paid" in answers:
        return PAID, _day(answers["paid"].at)
    # Whoever looks at money wants to know whether the bank has it.
    return (ON_THE_WAY, None) if line.batch.state in ("sent", "answered", "reconciled", "closed") else (WAITING, None)


def _taken(claim: Claim, line: Line | None, left: dict[int, int], plans: dict[tuple[int, int], Plan]) -> Money:
    plan = next((plan for plan in claim.plans.all() if plan.ended_by_id is None), None)
    settled = plans.get((line.run_id, line.person_id)) if line is not None else None
    return Money(
        id=claim.pk,
        item=claim.item,
        month=claim.month,
        fen=-claim.fen,
        state=TAKEN_BACK,
        on=None,
        account="",
        payee="",
        kept=0,
        left=left.get(claim.pk, 0),
        note=_how(plan.per_month if plan else None, settled, left.get(claim.pk, 0)),
        clause=claim.clause,
        line=line_of(claim),
    )


def _how(per_month: int | None, settled: Plan | None, left: int) -> Text:
    """How it is settled, in plain words."""
    if left == 0:
        return say("已经结清，您不用再做什么。", "It is settled; you need not do anything.")
    if per_month:
        each = yuan(per_month)
        zh = f"从以后每个月的钱里扣，一个月最多扣{each.zh}。"
        return say(zh, f"It is kept back from later months, at most {each.en} a month.")
    if settled is not None and settled.mode == Plan.Mode.WAIVED:
        return say("不用退了。", "You need not give it back.")
    if settled is not None and settled.mode == Plan.Mode.INSTALMENTS:
        return say(f"分{settled.number}期退回。", f"It is given back in {settled.number} instalments.")
    if settled is not None:
        return say("请一次退回；有困难可以到窗口说明。", "Please give it back; if that is hard, tell the office.")
    return say("怎么退还没有定，工作人员会跟您商量。", "How is not settled yet; staff will talk to you about it.")


def _left(claims: Iterable[Claim]) -> dict[int, int]:
    owing = [claim.pk for claim in claims if claim.fen < 0]
    on_them = Posting.objects.filter(claim__in=owing, account__kind=Account.Kind.RECOVERY)
    return dict(on_them.values_list("claim").annotate(Sum("fen")).order_by())


def _plans(lines: Iterable[Line]) -> dict[tuple[int, int], Plan]:
    """The plan that holds, by run and person: the latest."""
    back = [line for line in lines if line.fen < 0]
    rows = Plan.objects.filter(run__in={line.run_id for line in back}, person__in={line.person_id for line in back})
    return {(plan.run_id, plan.person_id): plan for plan in rows.order_by("pk")}


def _masked(line: PaymentLine | None) -> str:
    return "" if line is None else personal_facts()["bank_account"].masked(unseal(FIELD, line.account))


def _payee(line: PaymentLine | None) -> str:
    """Whoever else receives it: of the name, the first character."""
    return "" if line is None or line.payee is None else f"{line.name[:1]}{'*' * (len(line.name) - 1)}"


def _day(moment: dt.datetime) -> Text:
    return write_day(timezone.localdate(moment))
