"""What is done with funds: opened, given money, planned, spent at once; and the accounts from which an office pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.forms import DOCUMENT, FenField, choice, offer
from songhe.console.payments.funds import fund_entries
from songhe.console.payments.lookup import found
from songhe.console.payments.words import PURPOSES, fund_name, item_name, items_in, label, package_in
from songhe.console.places import DivisionField
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on
from songhe.payment.budgets import items_of
from songhe.payment.domain.accounts import open_paying_account
from songhe.payment.domain.funds import appropriate, open_fund, plan_budget, spend
from songhe.payment.models import Fund
from songhe.registry.vocabulary import StatementError

_AMOUNT = say("金额（元）", "Sum (yuan)")


class OfficeForm(Form):
    """About an office that the user may pay for."""

    division = DivisionField(label=say("管理单位所在区划", "Office (division)"))

    def __init__(self, *args: Any, within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within


class NewFund(OfficeForm):
    kind = choice(say("类别", "Kind"), [(kind.value, label(Fund.Kind, kind.value)) for kind in Fund.Kind])
    level = choice(say("级次", "Level"), [(level.value, label(Fund.Level, level.value)) for level in Fund.Level])
    year = forms.IntegerField(label=say("年度", "Year"), min_value=2000, max_value=2100)


class NewAccount(OfficeForm):
    name = forms.CharField(label=say("户名", "Account name"), max_length=70)
    bank = forms.CharField(label=say("开户行行号", "Bank code"), max_length=35)
    account = forms.CharField(label=say("账号", "Account number"), max_length=34)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "bank", "account"):
            self.fields[name].widget.attrs.update(autocomplete="off")


class Appropriation(Form):
    fen = FenField(label=say("拨入金额（元，收回填负数）", "Sum in yuan (negative takes it back)"), signed=True)
    document = forms.CharField(label=DOCUMENT, max_length=120)


class Plan(Form):
    item = forms.CharField(label=say("项目", "Item"), max_length=60)
    fen = FenField(
        label=say("增加预算（元，调减填负数）", "Add to the budget, in yuan (negative lessens it)"), signed=True
    )
    document = forms.CharField(label=DOCUMENT, max_length=200)


class Spending(Form):
    purpose = choice(say("用途", "Purpose"), PURPOSES)
    fen = FenField(label=_AMOUNT)
    document = forms.CharField(label=DOCUMENT, max_length=120)


def filled(request: HttpRequest, form: Form, title: Text, back: str, hint: Text, *crumbs: tuple[str, Text]) -> Any:
    """The page of a form about money."""
    context = {"form": form, "title": title, "back": back, "hint": hint, "crumbs": crumbs}
    return show(request, "payments/form.html", context, status=422 if form.is_bound else 200)


def _workplace(request: HttpRequest, within: frozenset[int]) -> dict[str, Any]:
    node = tree_on().get(request.user.division_id) if request.user.division_id in within else None
    return {"division": node}


def new_fund(request: HttpRequest) -> HttpResponse:
    within = divisions_for(request.user, Action.PAYMENT_MAKE)
    initial = {**_workplace(request, within), "year": clock.today().year, "level": Fund.Level.COUNTY.value}
    form, back = NewFund(given(request), initial=initial, within=within), reverse("console:funds")
    if form.is_valid():
        asked = form.cleaned_data
        with telling(form):
            fund = open_fund(
                by=request.user,
                kind=Fund.Kind(asked["kind"]),
                level=Fund.Level(asked["level"]),
                division=Division(pk=asked["division"].id),
                year=asked["year"],
            )
            return done(request, say("资金已建立。", "The fund is open."), reverse("console:fund", args=[fund.pk]))
    hint = say(
        "一级财政、一种资金、一个年度各立一项，互不垫付。",
        "One for each level, kind and year; none stands in for another.",
    )
    return filled(request, form, say("建立资金", "Open a fund"), back, hint, (back, say("资金", "Funds")))


def new_account(request: HttpRequest) -> HttpResponse:
    within = divisions_for(request.user, Action.PAYMENT_APPROVE)
    form = NewAccount(given(request), initial=_workplace(request, within), within=within)
    back = reverse("console:funds")
    if form.is_valid():
        asked = form.cleaned_data
        with telling(form):
            try:
                open_paying_account(
                    by=request.user,
                    division=Division(pk=asked["division"].id),
                    name=asked["name"],
                    bank=asked["bank"],
                    account=asked["account"],
                )
            except StatementError as error:
                form.add_problem("account", say(error.zh, error.en))
            else:
                return done(request, say("付款账户已登记。", "The paying account is recorded."), back)
    hint = say("批次从这个账户付款。账号加密保存。", "Batches are paid from it. The number is kept sealed.")
    title = say("登记付款账户", "Record a paying account")
    return filled(request, form, title, back, hint, (back, say("资金", "Funds")))


def _appropriate(request: HttpRequest, fund: Fund) -> HttpResponse:
    form = Appropriation(given(request))
    if form.is_valid():
        with telling(form):
            entry = appropriate(by=request.user, fund=fund, **form.cleaned_data)
            zh, en = format_yuan(form.cleaned_data["fen"]), format_yuan(form.cleaned_data["fen"])
            return done(request, say(f"已入账{zh}，凭证{entry.pk}。", f"{en} booked as entry {entry.pk}."), _page(fund))
    hint = say("收回不能超过可用余额。", "No more than what is available can be taken back.")
    return _asked(request, fund, form, say("登记拨款", "Record an appropriation"), hint)


def _plan(request: HttpRequest, fund: Fund) -> HttpResponse:
    form = Plan(given(request))
    package = package_in(fund.division_id)
    known = {one.item: item_name(one.item, package) for one in items_of(fund)} | dict(items_in(fund.division_id))
    options = sorted(known.items())
    if options:
        form.fields["item"] = choice(say("项目", "Item"), options)
        offer(form.fields["item"], options)
        form.fields["item"].widget.attrs["class"] = "form-select"
    if form.is_valid():
        with telling(form):
            plan_budget(by=request.user, fund=fund, **form.cleaned_data)
            return done(request, say("预算已登记。", "The budget is recorded."), _page(fund))
    hint = say("在原有预算上增减，原来的登记不改动。", "It adds to what was planned; earlier rows stay as they are.")
    return _asked(request, fund, form, say("安排预算", "Plan the budget"), hint)


def _spend(request: HttpRequest, fund: Fund) -> HttpResponse:
    form = Spending(given(request))
    if form.is_valid():
        with telling(form):
            entry = spend(by=request.user, fund=fund, **form.cleaned_data)
            return done(request, say(f"已支出，凭证{entry.pk}。", f"Spent; entry {entry.pk}."), _page(fund))
    hint = say(
        "不发给个人的支出。福彩公益金的支出计入养老比例。",
        "Spending on what is no benefit of a person; of lottery funds it counts for the share of elderly care.",
    )
    return _asked(request, fund, form, say("登记直接支出", "Record direct spending"), hint)


def _asked(request: HttpRequest, fund: Fund, form: Form, title: Text, hint: Text) -> HttpResponse:
    crumbs = ((reverse("console:funds"), say("资金", "Funds")), (_page(fund), fund_name(fund)))
    return filled(request, form, title, _page(fund), hint, *crumbs)


def _page(fund: Fund) -> str:
    return reverse("console:fund", args=[fund.pk])


_DEEDS: Mapping[str, tuple[Action, Callable[[HttpRequest, Fund], HttpResponse]]] = {
    "appropriate": (Action.PAYMENT_MAKE, _appropriate),
    "budget": (Action.PAYMENT_MAKE, _plan),
    "spend": (Action.PAYMENT_MAKE, _spend),
    "entries": (Action.PAYMENT_READ, fund_entries),
}


@staff(Action.PAYMENT_READ, methods=READ_AND_WRITE)
def fund_deed(request: HttpRequest, fund_id: int, deed: str) -> HttpResponse:
    if deed not in _DEEDS:
        raise Http404
    action, view = _DEEDS[deed]
    return view(request, found(request, Fund.objects.all(), fund_id, action))
