"""The money of the year (资金): funds, the monthly run into the ledger, batches through the bank, recoveries."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from songhe.common import clock
from songhe.demo.year.stage import Stage, day_in
from songhe.divisions.models import Division
from songhe.entitlement.domain.accepting import accept, answer
from songhe.entitlement.domain.offering import offer_found
from songhe.entitlement.domain.running import run_month
from songhe.entitlement.models import Run, State
from songhe.payment.domain.accounts import open_paying_account
from songhe.payment.domain.answering import import_answers
from songhe.payment.domain.approval import approve_batch, check_batch
from songhe.payment.domain.exporting import PAIN001, export_batch
from songhe.payment.domain.from_runs import admit_run
from songhe.payment.domain.funding import confirm_funding, state_funding
from songhe.payment.domain.funds import appropriate, available, open_fund, plan_budget
from songhe.payment.domain.making import Made, make_batch
from songhe.payment.domain.payees import approve_payee, state_payee
from songhe.payment.domain.reconciling import close_batch, explain, reconcile, totals
from songhe.payment.domain.reissuing import reissue
from songhe.payment.domain.sending import send_batch
from songhe.payment.errors import PaymentError
from songhe.payment.files.answers import read_table
from songhe.payment.files.formats import answer_format
from songhe.payment.files.order import yuan
from songhe.payment.models import Answer, Batch, Discrepancy, Fund, PayingAccount, PaymentLine
from songhe.registry.domain.facts import File, record_many
from songhe.registry.domain.statements import Statement
from songhe.registry.models import CurrentPerson, Person

ITEMS = ("QTX-M-2.1e", "QTX-M-2.1f", "QTX-M-2.1g", "QTX-M-3.1e", "QTX-M-8.5c")
FORMS = ("bank-csv", "bank-xlsx", PAIN001)
_FISCAL, _LOTTERY = Fund.Kind.FISCAL, Fund.Kind.WELFARE_LOTTERY
_FUNDS = (
    ("county", _FISCAL, Fund.Level.COUNTY),
    ("city", _FISCAL, Fund.Level.CITY),
    ("province", _FISCAL, Fund.Level.PROVINCE),
    ("lottery", _LOTTERY, Fund.Level.COUNTY),
)
# Who bears what, as hundredths or thirds: invented, as the sums are.
_SHARES = {
    "QTX-M-2.1e": {"county": Fraction(1, 2), "city": Fraction(1, 5), "province": Fraction(3, 10)},
    "QTX-M-2.1f": {"lottery": Fraction(3, 5), "county": Fraction(2, 5)},
    "QTX-M-2.1g": {"lottery": Fraction(1)},
    "QTX-M-3.1e": {"lottery": Fraction(1, 2), "city": Fraction(1, 2)},
    "QTX-M-8.5c": {"county": Fraction(1, 3), "city": Fraction(1, 3), "province": Fraction(1, 3)},
}
_GRANTED_AT_FIRST, _PER_PERSON = 2_000_00, 90_00
_BOUNCED, _PAYEES = 2, 60


def open_office(stage: Stage) -> PayingAccount:
    """The county's account at the bank."""
    return open_paying_account(
        by=stage.user("director"),
        division=Division.objects.get(pk=stage.county),
        name="青铜峡市民政局（演示）",
        bank="103871200000",
        account="9999000099990000999",
    )


def funds_of(stage: Stage, year: int) -> dict[str, Fund]:
    """The year's funds by level, opened with a budget and first appropriations when they are first asked for."""
    division = Division.objects.get(pk=stage.county)
    there = {(fund.kind, fund.level): fund for fund in Fund.objects.filter(division=division, year=year)}
    funds = {
        name: there.get((kind, level)) or _open(stage, name, kind, level, division, year)
        for name, kind, level in _FUNDS
    }
    if not there:
        _share(stage, division, year, funds)
    return funds


def _share(stage: Stage, division: Division, year: int, funds: dict[str, Fund]) -> None:
    for item, shares in _SHARES.items():
        stated = state_funding(
            by=stage.user("clerk"),
            division=division,
            item=item,
            year=year,
            shares={funds[name].pk: share for name, share in shares.items()},
            document=f"青财社〔{year}〕演示2号",
        )
        confirm_funding(by=stage.user("checker"), funding=stated)


def _open(stage: Stage, name: str, kind: Fund.Kind, level: Fund.Level, division: Division, year: int) -> Fund:
    clerk = stage.user("clerk")
    fund = open_fund(by=clerk, kind=kind, level=level, division=division, year=year)
    given = _GRANTED_AT_FIRST + _PER_PERSON * len(stage.cast)
    for item in (item for item in ITEMS if name in _SHARES[item]):
        plan_budget(by=clerk, fund=fund, item=item, fen=given, document=f"青财预〔{year}〕演示1号")
    appropriate(by=clerk, fund=fund, fen=given, document=f"青财社〔{year}〕演示1号")
    stage.happened["funds opened"] += 1
    return fund


def decide(stage: Stage, month: int) -> Run:
    """The run of a month; where the guard stops it, somebody answers in writing; a second person accepts."""
    first = stage.months[0] if month == stage.months[0] else None
    run = run_month(
        county=stage.county, month=month, package=stage.package, by=stage.user("county"), accounts_from=first
    )
    director = stage.user("director")
    if run.state == State.HELD:
        reasons = "；".join(finding["zh"] for finding in run.findings)
        answer(run=run, by=director, text=f"已逐项核实，与当月变动和标准调整相符。{reasons}"[:900])
        stage.happened["runs stopped and answered"] += 1
    accept(run=run, by=director)
    stage.happened["runs"] += 1
    return run


def offer(stage: Stage, run: Run) -> None:
    for offered in offer_found(run=run, package=stage.package, by=stage.user("director")).values():
        stage.happened["offered or invited"] += offered.opened


def admit(stage: Stage, run: Run) -> None:
    funds_of(stage, run.month // 100)
    admitted = admit_run(by=stage.user("clerk"), run=run, package=stage.package)
    stage.happened["claims"] += admitted.new


def make(stage: Stage, month: int, account: PayingAccount) -> Batch | None:
    """What is owed and in no batch yet; who has no account is asked for one."""
    try:
        made = make_batch(
            by=stage.user("clerk"),
            title=f"{month // 100}年{month % 100}月养老待遇",
            paid_from=account,
            funds=list(Fund.objects.filter(division=account.division_id)),
            items=ITEMS,
            first_month=day_in(stage.months[0], 1),
            last_month=day_in(month, 1),
        )
    except PaymentError:
        # In a very small place nothing may be owed.
        return None
    _note(stage, made)
    return made.batch


def _note(stage: Stage, made: Made) -> None:
    stage.happened["set off, fen"] += made.set_off
    stage.happened["left out of a batch"] += len(made.left_out)
    stage.happened["batches"] += made.batch is not None


def state_accounts(stage: Stage) -> None:
    """Who is paid and has stated no account states one."""
    lacking = CurrentPerson.objects.filter(alive=True, bank_account=None, person__merged_into=None)
    people = list(lacking.filter(person__claims__isnull=False).order_by("pk").distinct().values_list("pk", flat=True))
    _state(stage, people, "未登记账户", "7")


def state_payees(stage: Stage) -> None:
    """Somebody else receives the money of a few who cannot look after it: with a reason, and a second person's yes."""
    severe = CurrentPerson.objects.filter(alive=True, ability__in=("severe", "complete"), person__merged_into=None)
    paid = list(severe.filter(person__claims__isnull=False).order_by("pk").distinct().values_list("pk", flat=True))
    for number in stage.a_few(paid, _PAYEES) if paid else ():
        person = Person.objects.get(pk=number)
        payee = state_payee(
            by=stage.user("clerk"),
            person=person,
            name="王志强",
            relation="子女",
            reason="本人失能，由监护人代领",
            account=f"9999888{number:012d}",
            valid_from=clock.today(),
        )
        approve_payee(by=stage.user("checker"), payee=payee)
        stage.happened["payees other than the elder"] += 1


def pay(stage: Stage, batch: Batch, form: str) -> None:
    """Checked, approved by as many as it needs, exported and given to the bank; a fund that lacks money gets more."""
    check_batch(by=stage.user("checker"), batch=batch, lines=batch.lines_number, fen=batch.fen)
    _approve(stage, batch)
    export_batch(by=stage.user("clerk"), batch=batch, form=form, target=io.BytesIO())
    send_batch(by=stage.user("clerk"), batch=batch)
    batch.refresh_from_db()


def _approve(stage: Stage, batch: Batch) -> None:
    try:
        approve_batch(by=stage.user("director"), batch=batch)
    except PaymentError:
        _replenish(stage, batch)
        approve_batch(by=stage.user("director"), batch=batch)
    for name in ("city", "deputy"):
        batch.refresh_from_db()
        if batch.state == Batch.State.CHECKED:
            approve_batch(by=stage.user(name), batch=batch)


def _replenish(stage: Stage, batch: Batch) -> None:
    """The budget falls short: each level brings its own money, none stands in for another."""
    for fund in Fund.objects.filter(division=batch.division_id, year__gte=stage.months[0] // 100):
        if available(fund) < batch.fen:
            document = f"青财社〔{fund.year}〕演示追加"
            appropriate(by=stage.user("clerk"), fund=fund, fen=batch.fen, document=document)
            stage.happened["appropriations beyond the first"] += 1


def hear_bank(stage: Stage, batch: Batch, *, bouncing: int = _BOUNCED, stray: bool = False) -> list[int]:
    """The bank's file, read and imported: so many in a hundred bounce. Returns whose money came back (ids of Person).

    `stray`: the file has a row that is not ours, which somebody explains.
    """
    lines = list(PaymentLine.objects.filter(batch=batch).order_by("pk"))
    back = {line.pk for line in lines if bouncing and stage.rng.randrange(100) < bouncing}
    if bouncing and not back and len(lines) > 4:
        back = {stage.rng.choice(lines).pk}
    rows = [(line.end_to_end, "失败" if line.pk in back else "成功", yuan(line.fen)) for line in lines]
    if stray:
        rows.append(("NOTOURS000000000000000000000001", "成功", "1.00"))
    _import(stage, batch, rows)
    if stray:
        for discrepancy in Discrepancy.objects.filter(batch=batch, explained_by=None):
            explain(by=stage.user("checker"), discrepancy=discrepancy, reason="银行来函：误列他单位一笔")
            stage.happened["discrepancies explained"] += 1
    stage.happened["lines paid"] += len(lines) - len(back)
    stage.happened["lines bounced"] += len(back)
    return sorted({line.person_id for line in lines if line.pk in back})


def _import(stage: Stage, batch: Batch, rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("流水号", "结果", "金额", "代码", "原因"))
    writer.writerows((*row, "", "") if row[1] == "成功" else (*row, "AC01", "账号户名不符") for row in rows)
    read = read_table(text.getvalue().encode("gb18030"), answer_format("answer-csv"))
    import_answers(by=stage.user("clerk"), batch=batch, digest=read.digest, answers=read.answers)
    batch.refresh_from_db()


def bounce_late(stage: Stage, batch: Batch) -> list[int]:
    """A line that was paid comes back after all."""
    paid = PaymentLine.objects.filter(batch=batch, answers__outcome=Answer.Outcome.PAID)
    line = paid.exclude(answers__outcome=Answer.Outcome.BOUNCED).order_by("pk").first()
    if line is None:
        return []
    _import(stage, batch, [(line.end_to_end, "退汇", yuan(line.fen))])
    stage.happened["lines bounced late"] += 1
    return [line.person_id]


def settle_with_bank(stage: Stage, batch: Batch) -> None:
    """Reconciled to the fen and closed."""
    paid, bounced = totals(batch)
    reconcile(by=stage.user("checker"), batch=batch, bank_paid=paid, bank_returned=bounced)
    close_batch(by=stage.user("checker"), batch=batch)


def correct_accounts(stage: Stage, people: list[int]) -> None:
    """Whose money came back states another account."""
    alive = CurrentPerson.objects.filter(pk__in=people, alive=True, person__merged_into=None)
    _state(stage, list(alive.order_by("pk").values_list("pk", flat=True)), "账户更正", "6")


def _state(stage: Stage, people: list[int], reason: str, mark: str) -> None:
    seconds = int(clock.now().timestamp()) % 10**6
    files = [File(one, [Statement("bank_account", f"9999{mark}{seconds:06d}{one:08d}")]) for one in people]
    if files:
        record_many(by=stage.author("person", reason), files=files)
        stage.happened["accounts stated"] += len(files)


def pay_again(stage: Stage, batch: Batch) -> Batch | None:
    """What bounced, to the corrected accounts."""
    try:
        made = reissue(by=stage.user("clerk"), batch=batch, title=f"{batch.title} 重发"[:60])
    except PaymentError:
        return None
    if made.batch is not None:
        stage.happened["lines issued again"] += made.batch.lines_number
    return made.batch
