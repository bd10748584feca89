"""Subsidies of an institution: applying, and bringing what was granted into the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.casework.domain.acting import Actor
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.errors import CaseError
from songhe.casework.models import Case, Kind
from songhe.casework.queries.desk import cases_for
from songhe.casework.queries.names import matter_of
from songhe.casework.subjects import ORGANISATION, subject_of
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.acting import Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.organisations.forms import Applying, Month
from songhe.console.organisations.opening import fill_in, of_organisation, page_of
from songhe.divisions.queries import tree_on
from songhe.organisations.models import Organisation
from songhe.organisations.subsidies import ONCE, subsidies_at
from songhe.payment.domain.from_subsidies import Period, admit_subsidy, borne_by, granting, is_claimed, unsettled
from songhe.payment.errors import PaymentError

_SHOWN = 12
_NONE = say(
    "此地的政策包没有机构补贴。请先把当地文件写成政策包。",
    "No policy package of this place has a subsidy of institutions: write the local document as a package first.",
)


def offered(organisation: Organisation) -> Sequence[tuple[str, Text]]:
    """What can be applied for, as `package/item` with its name."""
    node = tree_on().get(organisation.division_id)
    if node is None or not organisation.is_institution or organisation.closed_on is not None:
        return []
    return [(f"{package.id}/{rule.id}", rule.standard.name) for package, rule in subsidies_at(node.code)]


@of_organisation(Action.CASE_OPEN)
def apply(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    options = offered(organisation)
    form = Applying(given(request), options=options)
    if form.is_valid():
        package, _, item = form.cleaned_data["subsidy"].partition("/")
        matter = Matter(kind=Kind.SUBSIDY, subject=subject_of(organisation), package=package, item=item)
        try:
            case = open_case(by=Actor(user=request.user), matter=matter, text=form.cleaned_data["text"])
        except CaseError as error:
            form.add_problem(None, error.text)
        else:
            address = reverse("console:case", args=[case.public_id])
            return done(request, say("申请已登记。", "The application is recorded."), address)
    return fill_in(
        request,
        form,
        title=say("申请机构补贴", "Apply for a subsidy"),
        button=say("提出申请", "Hand it in"),
        back=(page_of(organisation), organisation.name),
        hints=[] if options else [_NONE],
    )


def _told(period: Period) -> Text:
    """What there is to settle of a month or year."""
    month = f"{period.month:%Y-%m}"
    if period.fen is None:
        return say(f"{month}：事实不详，不能核定。", f"{month}: facts are missing, it cannot be settled.")
    fen = format_yuan(abs(period.fen))
    if period.fen < 0:
        return say(f"{month}：多付，应追回{fen}。", f"{month}: {fen} were too much, and are owed back.")
    more = say("应补付", "to be added") if period.already else say("应入账", "to be settled")
    return say(f"{month}：{more.zh}{fen}。", f"{month}: {fen} {more.en}.")


@of_organisation(Action.PAYMENT_MAKE)
def settle(request: HttpRequest, organisation: Organisation, subsidy: UUID) -> HttpResponse:
    """What was granted becomes a claim: at once, or for a month that is over."""
    about = cases_for(request.user).filter(subject_kind=ORGANISATION, subject_id=str(organisation.public_id))
    case: Case = get_object_or_404(about.select_related("procedure"), public_id=subsidy)
    granted = granting(case)
    if granted is None:
        raise Http404
    is_once = granted.details["period"] == ONCE
    periods = unsettled(case)
    if request.method != "POST" and (is_claimed(case) if is_once else not periods):
        return _nothing_left(request, organisation, is_once=is_once)
    asked_for = request.GET.get("month") or (f"{periods[-1].month:%Y-%m}" if periods else "")
    form = Form(given(request)) if is_once else Month(given(request), initial={"month": asked_for})
    if form.is_valid():
        with telling(form):
            made = admit_subsidy(by=request.user, case=case, month=form.cleaned_data.get("month"))
            text = say(
                f"已入账{made.new}项应付。接着在“发放批次”中编制批次。",
                f"{made.new} claims are in the ledger. Next: a batch that pays them.",
            )
            return done(request, text, page_of(organisation))
    matter = matter_of(case)
    borne = say("金额按政策包计算，由已复核的资金来源承担。", "The package gives the sum; the confirmed funds bear it.")
    question = Question(
        title=say(f"{matter.zh}入账", f"Into the ledger: {matter.en}"),
        points=(borne, *(_once_told(granted.details["fen"]) if is_once else _periods_told(periods))),
        button=say("入账", "Bring it into the ledger"),
        back=page_of(organisation),
        is_harmful=False,
        first=_funding_lacks(case, [granted.on.year] if is_once else [one.month.year for one in periods]),
    )
    return ask(request, question, form)


def _nothing_left(request: HttpRequest, organisation: Organisation, *, is_once: bool) -> HttpResponse:
    """Back to its page, which says why there is nothing to ask."""
    once = say("此一次性补贴已入账。", "This subsidy is paid once, and is in the ledger.")
    over = say("没有待入账的期间：一期结束后才能入账。", "Nothing to settle: a period is settled once it is over.")
    return done(request, once if is_once else over, page_of(organisation))


def _once_told(fen: int | None) -> Sequence[Text]:
    once = say("一次性补贴只能入账一次。", "It is paid once, and never again.")
    if fen is None:
        return [once]
    return [say(f"同意的金额：{format_yuan(fen)}。", f"What was granted: {format_yuan(fen)}."), once]


def _periods_told(periods: Sequence[Period]) -> Sequence[Text]:
    rule = say(
        "按月（年）核定，期满后办理；再次核定只补差额。",
        "Settled when the period is over; settled again, only the difference counts.",
    )
    return [rule, *map(_told, periods[:_SHOWN])]


def _funding_lacks(case: Case, years: Sequence[int]) -> Sequence[tuple[str, Text]]:
    """Where to say who bears it, for the years in which nobody did."""
    lacking = [year for year in sorted(set(years)) if not _is_borne(case, year)]
    address = reverse("console:payment-new", args=["source"])
    return [
        (address, say(f"{year}年还没有资金来源：先登记并复核。", f"Nobody bears it in {year}: state that first."))
        for year in lacking
    ]


def _is_borne(case: Case, year: int) -> bool:
    try:
        borne_by(case.division_id, case.item, year)
    except PaymentError:
        return False
    return True
