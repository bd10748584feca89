"""Funds: how each stands, item by item, and what moved in it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import visible
from songhe.console.page import show, staff
from songhe.console.payments.lookup import found, may
from songhe.console.payments.shares import share_rows
from songhe.console.payments.words import fund_name, item_name, label, package_in, whose
from songhe.console.places import names_of
from songhe.pages.keyset import window
from songhe.payment.budgets import items_of
from songhe.payment.domain.revealing import masked_account
from songhe.payment.models import Account, Budget, Entry, Fund, PayingAccount, Posting
from songhe.payment.queries import funds_for, position, positions

_LAST = 8


@staff(Action.PAYMENT_READ)
def fund_list(request: HttpRequest) -> HttpResponse:
    funds = list(funds_for(request.user))
    years = sorted({fund.year for fund in funds}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else max(years, default=0)
    rows = [{"at": one, "name": fund_name(one.fund)} for one in positions(f for f in funds if f.year == year)]
    places = names_of(row["at"].fund.division_id for row in rows)
    offices = [
        {"place": place, "rows": [row for row in rows if row["at"].fund.division_id == division]}
        for division, place in sorted(places.items(), key=lambda one: one[1])
    ]
    context = {"offices": offices, "years": years, "year": year, "accounts": _accounts(request)}
    return show(request, "payments/funds.html", context)


def _accounts(request: HttpRequest) -> list[dict[str, Any]]:
    """The accounts from which the offices within reach pay."""
    held = list(visible(PayingAccount.objects.order_by("division_id", "pk"), request.user, Action.PAYMENT_READ))
    places = names_of(one.division_id for one in held)
    return [{"at": one, "place": places[one.division_id], "number": masked_account(one.account)} for one in held]


@staff(Action.PAYMENT_READ)
def fund_page(request: HttpRequest, fund_id: int) -> HttpResponse:
    fund = found(request, Fund.objects.all(), fund_id)
    package = package_in(fund.division_id)
    context = {
        "fund": fund,
        "name": fund_name(fund),
        "place": names_of([fund.division_id]).get(fund.division_id, ""),
        "at": position(fund),
        "items": [{"at": one, "name": item_name(one.item, package)} for one in items_of(fund)],
        "budgets": [
            {"at": one, "name": item_name(one.item, package)}
            for one in Budget.objects.filter(fund=fund).select_related("user").order_by("-pk")[:_LAST]
        ],
        "shares": share_rows(fund, package),
        "entries": [_told(one) for one in _entries_of(fund).order_by("-pk")[:_LAST]],
        "makes": may(request, fund, Action.PAYMENT_MAKE),
    }
    return show(request, "payments/fund.html", context)


def _entries_of(fund: Fund) -> Any:
    on_it = Posting.objects.filter(account__in=Account.objects.filter(fund=fund)).values("entry_id")
    return Entry.objects.filter(pk__in=on_it).select_related("user")


def _told(entry: Entry) -> dict[str, Any]:
    return {"at": entry, "kind": label(Entry.Kind, entry.kind)}


def fund_entries(request: HttpRequest, fund: Fund) -> HttpResponse:
    page = window(_entries_of(fund), by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    context = {"fund": fund, "name": fund_name(fund), "window": page, "entries": [_told(one) for one in page.rows]}
    return show(request, "payments/entries.html", context)


@staff(Action.PAYMENT_READ)
def entry_page(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Account by account, and the postings of people page by page: a line of the trail as every list of people is."""
    entries = visible(Entry.objects.select_related("user"), request.user, Action.PAYMENT_READ)
    entry = get_object_or_404(entries, pk=entry_id)
    postings = Posting.objects.filter(entry=entry, claim__isnull=False).select_related("account__fund", "claim")
    page = window(postings, by="pk", cursor=request.GET.get("cursor", ""))
    names = whose(one.claim for one in page.rows if one.claim)
    rows = [
        {"at": one, "who": names[one.claim_id], "kind": label(Account.Kind, one.account.kind)}
        for one in page.rows
        if one.claim
    ]
    context = {**_told(entry), "sums": _sums(entry), "window": page, "rows": rows}
    answer = show(request, "payments/entry.html", context)
    if rows:
        details = {"count": len(rows), "entry": entry.pk}
        append(user=request.user, action="payment.listed", subject_kind="entry", subject_id=entry.pk, details=details)
    return answer


def _sums(entry: Entry) -> list[dict[str, Any]]:
    accounts = Posting.objects.filter(entry=entry).values_list("account").annotate(fen=Sum("fen"), number=Count("pk"))
    rows = list(accounts.order_by("account"))
    held = Account.objects.select_related("fund").in_bulk([account for account, _, _ in rows])
    return [
        {
            "fund": fund_name(held[account].fund),
            "fund_id": held[account].fund_id,
            "kind": label(Account.Kind, held[account].kind),
            "item": held[account].item,
            "fen": int(fen),
            "number": number,
        }
        for account, fen, number in rows
    ]
