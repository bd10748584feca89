"""Who bears what: what holds in each county and year, what waits to be confirmed, and stating it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.forms import DOCUMENT, ShareField, choice
from songhe.console.payments.lookup import found
from songhe.console.payments.words import fund_name, item_name, items_in, package_in
from songhe.console.places import names_of
from songhe.pages.keyset import window
from songhe.payment.domain.funding import confirm_funding, state_funding, withdraw_funding
from songhe.payment.funding import standing
from songhe.payment.models import Fund, Funding, FundingShare


@staff(Action.PAYMENT_READ)
def source_list(request: HttpRequest) -> HttpResponse:
    """What holds first, then everything ever stated."""
    every = visible(Funding.objects.select_related("stated_by", "confirmed_by"), request.user, Action.PAYMENT_READ)
    page = window(every, by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    context = {"window": page, "rows": _rows(page.rows)}
    return show(request, "payments/sources.html", context)


def _rows(fundings: Iterable[Funding]) -> list[dict[str, Any]]:
    """With as many queries for one as for many of one county."""
    shown = list(fundings)
    shares = shares_of(shown)
    places = names_of(one.division_id for one in shown)
    packages = {division: package_in(division) for division in places}
    held = {
        one.pk
        for division, year in {(one.division_id, one.year) for one in shown}
        for one in standing(division, year).values()
    }
    return [
        {
            "at": one,
            "place": places[one.division_id],
            "name": item_name(one.item, packages[one.division_id]),
            "shares": shares[one.pk],
            "holds": one.pk in held,
            "is_open": one.confirmed_by_id is None and one.withdrawn_by_id is None,
        }
        for one in shown
    ]


def shares_of(fundings: Iterable[Funding]) -> dict[int, list[tuple[Text, str]]]:
    """By statement: each fund's name and its share as people write it."""
    found: dict[int, list[tuple[Text, str]]] = defaultdict(list)
    rows = FundingShare.objects.filter(funding__in=list(fundings)).select_related("fund", "funding").order_by("pk")
    for one in rows:
        found[one.funding_id].append((fund_name(one.fund), written(one.fraction)))
    return found


def written(share: Fraction) -> str:
    """`60%` where that is exact, else `1/3`."""
    hundredths = share * 10_000
    if hundredths.denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    whole, rest = divmod(int(hundredths), 100)
    return f"{whole}.{rest:02d}".rstrip("0") + "%" if rest else f"{whole}%"


class NewSource(Form):
    """A share for each fund of the office and year; those left empty bear nothing."""

    item = forms.CharField(label=say("项目", "Item"), max_length=60)
    document = forms.CharField(label=DOCUMENT, max_length=200)

    def __init__(self, *args: Any, funds: list[Fund], options: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if options:
            self.fields["item"] = choice(say("项目", "Item"), options)
            self.fields["item"].widget.attrs["class"] = "form-select"
        self.shares = {}
        for fund in funds:
            field = ShareField(label=fund_name(fund))
            field.widget.attrs["class"] = "form-control"
            self.fields[f"fund-{fund.pk}"] = field
            self.shares[f"fund-{fund.pk}"] = fund.pk

    @property
    def said(self) -> dict[int, Fraction]:
        return {
            fund: self.cleaned_data[name] for name, fund in self.shares.items() if self.cleaned_data[name] is not None
        }


def new_source(request: HttpRequest) -> HttpResponse:
    """The office and the year first: they say which funds there are."""
    funds = list(visible(Fund.objects.order_by("-year", "level", "kind"), request.user, Action.PAYMENT_MAKE))
    places = names_of(fund.division_id for fund in funds)
    groups: dict[str, list[Fund]] = defaultdict(list)
    for fund in funds:
        groups[f"{fund.division_id}-{fund.year}"].append(fund)
    chosen = request.GET.get("office", "")
    if chosen not in groups:
        chosen = next(iter(groups), "")
    options = [(key, f"{places[some[0].division_id]} {some[0].year}") for key, some in groups.items()]
    if not chosen:
        return show(request, "payments/source.html", {"options": options})
    return _new_source(request, groups[chosen], options, chosen)


def _new_source(request: HttpRequest, own: list[Fund], options: list[tuple[str, str]], chosen: str) -> HttpResponse:
    form = NewSource(given(request), funds=own, options=items_in(own[0].division_id))
    if form.is_valid():
        with telling(form):
            state_funding(
                by=request.user,
                division=own[0].division,
                item=form.cleaned_data["item"],
                year=own[0].year,
                shares=form.said,
                document=form.cleaned_data["document"],
            )
            text = say("资金来源已登记，待另一人复核。", "Recorded; somebody else confirms it.")
            return done(request, text, reverse("console:sources"))
    context = {"options": options, "chosen": chosen, "form": form, "shares": [form[name] for name in form.shares]}
    return show(request, "payments/source.html", context, status=422 if form.is_bound else 200)


@staff(Action.PAYMENT_MAKE, Action.PAYMENT_CHECK, methods=READ_AND_WRITE)
def source_step(request: HttpRequest, funding_id: int, verdict: str) -> HttpResponse:
    if verdict not in ("confirm", "withdraw"):
        raise Http404
    confirms = verdict == "confirm"
    action = Action.PAYMENT_CHECK if confirms else Action.PAYMENT_MAKE
    funding = found(request, Funding.objects.select_related("stated_by"), funding_id, action)
    form, back = Form(given(request)), reverse("console:sources")
    if form.is_valid():
        with telling(form):
            if confirms:
                confirm_funding(by=request.user, funding=funding)
                return done(request, say("已复核，今后按此入账。", "Confirmed; runs are admitted by it."), back)
            withdraw_funding(by=request.user, funding=funding)
            return done(request, say("已撤回。", "Taken back."), back)
    return ask(request, _question(funding, confirms, back), form)


def _question(funding: Funding, confirms: bool, back: str) -> Question:
    (row,) = _rows([funding])
    shares = [say(f"{name.zh}：{share}", f"{name.en}: {share}") for name, share in row["shares"]]
    ground = say(f"依据：{funding.document}", f"Document: {funding.document}")
    stated = say(f"登记人：{funding.stated_by.display_name}", f"Stated by {funding.stated_by.display_name}")
    name, year, place = row["name"], funding.year, row["place"]
    if not confirms:
        title = say(f"撤回{year}年{name.zh}的资金来源", f"Take back who bears {name.en} in {year}")
        return Question(title=title, points=[*shares, ground, stated], button=say("撤回", "Take back"), back=back)
    follows = say(
        f"复核后，{place}{year}年各月入账按此分担；已入账的不改动。",
        f"From now on runs of {year} in {place} are admitted by it; what was admitted stays.",
    )
    return Question(
        title=say(f"复核{year}年{name.zh}的资金来源", f"Confirm who bears {name.en} in {year}"),
        points=[*shares, ground, stated, follows],
        button=say("复核无误", "Confirm"),
        back=back,
        is_harmful=False,
    )
