"""Funds (资金): opened, given money, planned, and spent on what is no benefit of a person."""

from __future__ import annotations

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.divisions.models import Division
from songhe.payment.domain.posting import Kind, Voucher, move, writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Account, Budget, Entry, Fund

# Items of direct spending: for elderly care, or for other purposes of social welfare.
CARE, OTHER = "care", "other"


def open_fund(*, by: User, kind: Fund.Kind, level: Fund.Level, division: Division, year: int) -> Fund:
    """A fund held at an office. Raises OutOfScope, PaymentError when there is one already."""
    require_division(by, Action.PAYMENT_MAKE, division.pk)
    with writing():
        if Fund.objects.filter(kind=kind, level=level, division=division, year=year).exists():
            raise PaymentError("这项资金已经建立。", "There is this fund already.")
        fund = Fund.objects.create(kind=kind, level=level, division=division, year=year)
        _tell(by, "fund.opened", fund, {"name": str(fund)})
    return fund


def appropriate(*, by: User, fund: Fund, fen: int, document: str) -> Entry:
    """Money came into a fund (拨款); negative takes it back. Raises PaymentError when more would go than is there."""
    require(by, Action.PAYMENT_MAKE, fund)
    _grounded(fen, document)
    with writing():
        if fen < 0:
            require_money(fund, -fen)
        voucher = _voucher(Entry.Kind.APPROPRIATION, by, fund, document)
        entry = move(voucher, fund=fund, debit=(Kind.FUND, ""), credit=(Kind.APPROPRIATION, ""), fen=fen)
        _tell(by, "fund.appropriated", fund, {"name": str(fund), "fen": fen, "entry": entry.pk})
    return entry


def plan_budget(*, by: User, fund: Fund, item: str, fen: int, document: str) -> Budget:
    """Add to what is planned for an item (预算), or take away. Raises PaymentError below nothing."""
    require(by, Action.PAYMENT_MAKE, fund)
    _grounded(fen, document)
    with writing():
        if sum(Budget.objects.filter(fund=fund, item=item).values_list("fen", flat=True)) + fen < 0:
            raise PaymentError("预算不能小于零。", "A budget cannot be less than nothing.")
        budget = Budget.objects.create(fund=fund, item=item, fen=fen, document=document, user=by)
        _tell(by, "budget.planned", fund, {"name": str(fund), "item": item, "fen": fen})
    return budget


def spend(*, by: User, fund: Fund, purpose: str, fen: int, document: str) -> Entry:
    """Money of a fund spent at once (直接支出): `purpose` is CARE or OTHER. Raises PaymentError."""
    require(by, Action.PAYMENT_MAKE, fund)
    _grounded(fen, document)
    if purpose not in (CARE, OTHER) or fen < 0:
        raise PaymentError(
            f"用途须为{CARE}或{OTHER}，金额须为正。", f"The purpose is {CARE} or {OTHER}, the sum positive."
        )
    with writing():
        require_money(fund, fen)
        voucher = _voucher(Entry.Kind.SPENDING, by, fund, document)
        entry = move(voucher, fund=fund, debit=(Kind.SPENDING, purpose), credit=(Kind.FUND, ""), fen=fen)
        _tell(by, "fund.spent", fund, {"name": str(fund), "fen": fen, "purpose": purpose, "entry": entry.pk})
    return entry


def available(fund: Fund) -> int:
    """Fen that may still be given out: what is there, less what is on its way to people."""
    balances = Account.objects.filter(fund=fund, kind__in=(Kind.FUND, Kind.CLEARING, Kind.SUSPENSE))
    return sum(balances.values_list("balance", flat=True))


def require_money(fund: Fund, fen: int) -> None:
    """Raises PaymentError when the fund itself has less; another fund never stands in for it."""
    lacking = fen - available(fund)
    if lacking > 0:
        raise PaymentError(
            f"{fund}余额不足，缺{lacking}分；不得以其他资金垫付。",
            f"{fund} lacks {lacking} fen; no other fund stands in for it.",
        )


def _grounded(fen: int, document: str) -> None:
    if not fen or not document.strip():
        raise PaymentError("请填写金额和依据文件。", "Give the sum and the document it rests on.")


def _voucher(kind: Entry.Kind, by: User, fund: Fund, document: str) -> Voucher:
    return Voucher(kind=kind, user=by, division=fund.division_id, reference=document)


def _tell(by: User, action: str, fund: Fund, details: dict[str, object]) -> None:
    append(user=by, action=action, subject_kind="fund", subject_id=fund.pk, division=fund.division_id, details=details)
