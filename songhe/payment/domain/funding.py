"""Saying who bears what (资金来源): stated by one, confirmed by another, replaced by stating it anew."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.common import clock
from songhe.divisions.models import Division
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Fund, Funding, FundingShare

_MOST_PARTS = 1_000_000


def state_funding(
    *, by: User, division: Division, item: str, year: int, shares: Mapping[int, Fraction], document: str
) -> Funding:
    """Which funds (ids) bear an item of a county in a budget year; counts for nothing until another user confirms it.

    The funds are of the county's own office and of that year. Raises OutOfScope, and PaymentError unless the shares are
    positive and come to exactly one.
    """
    require_division(by, Action.PAYMENT_MAKE, division.pk)
    if not item.strip() or not document.strip():
        raise PaymentError("请填写项目和依据文件。", "Give the item and the document it rests on.")
    _check_shares(shares)
    _check_funds(division, year, shares)
    parts = lcm(*(share.denominator for share in shares.values()))
    if parts > _MOST_PARTS:
        raise PaymentError("分担比例过细。", "The shares are too fine.")
    with writing():
        funding = Funding.objects.create(
            division=division, item=item.strip(), year=year, parts=parts, document=document.strip(), stated_by=by
        )
        FundingShare.objects.bulk_create(
            FundingShare(funding=funding, fund_id=fund, number=int(share * parts)) for fund, share in shares.items()
        )
        _tell(by, "funding.stated", funding)
    return funding


def confirm_funding(*, by: User, funding: Funding) -> None:
    """The shares hold from now on. Raises OutOfScope, and PaymentError for whoever stated them or a settled row."""
    require(by, Action.PAYMENT_CHECK, funding)
    with writing():
        now = _open(funding)
        if now.stated_by_id == by.pk:
            raise PaymentError("登记人不能复核自己登记的资金来源。", "Whoever stated who bears it cannot confirm it.")
        Funding.objects.filter(pk=now.pk).update(confirmed_by=by, confirmed_at=clock.now())
        _tell(by, "funding.confirmed", now)


def withdraw_funding(*, by: User, funding: Funding) -> None:
    """What was not confirmed is taken back. Raises OutOfScope, PaymentError for a settled row."""
    require(by, Action.PAYMENT_MAKE, funding)
    with writing():
        now = _open(funding)
        Funding.objects.filter(pk=now.pk).update(withdrawn_by=by)
        _tell(by, "funding.withdrawn", now)


def _check_shares(shares: Mapping[int, Fraction]) -> None:
    if not shares or any(share <= 0 for share in shares.values()):
        raise PaymentError("每项资金的比例须大于零。", "Every fund must bear more than nothing.")
    if (total := sum(shares.values())) != 1:
        raise PaymentError(
            f"分担比例合计为{total}，须恰好为一。", f"The shares come to {total}; they must come to exactly one."
        )


def _check_funds(division: Division, year: int, shares: Mapping[int, Fraction]) -> None:
    own = Fund.objects.filter(pk__in=shares, division=division, year=year).count()
    if own != len(shares):
        raise PaymentError(
            f"资金须由本单位管理，且属于{year}年度。", f"The funds must be of this office and of the year {year}."
        )


def _open(funding: Funding) -> Funding:
    now = Funding.objects.get(pk=funding.pk)
    if now.confirmed_by_id or now.withdrawn_by_id:
        raise PaymentError("此项资金来源已复核或已撤回。", "It was confirmed or taken back before.")
    return now


def _tell(by: User, action: str, funding: Funding) -> None:
    append(
        user=by,
        action=action,
        subject_kind="funding",
        subject_id=funding.pk,
        division=funding.division_id,
        details={"item": funding.item, "year": funding.year, "document": funding.document},
    )
