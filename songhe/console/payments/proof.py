"""Proving the ledger, and what part of the lottery funds went to elderly care."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, given
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.forms import choice
from songhe.console.payments.shares import share_rows
from songhe.console.payments.words import fund_name, package_in
from songhe.console.places import names_of
from songhe.payment.models import Entry, Fund, Posting
from songhe.payment.queries import funds_for
from songhe.payment.verify import LABELS, checks, faults
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.upkeep.queries import last_of

# Some seconds of work; a larger ledger is proved by the night's job and by the command.
AT_ONCE = 500_000
LEDGER = "ledger"


class Which(Form):
    package = choice(say("文件", "Document"), [], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            ("", say("各地所用的文件", "The one each county goes by")),
            *((id, say(id, id)) for id in package_ids()),
        ]
        self.fields["package"].options = tuple(options)
        self.fields["package"].choices = [(id, id) for id, _ in options]


@staff(Action.PAYMENT_READ, methods=READ_AND_WRITE)
def proof(request: HttpRequest) -> HttpResponse:
    form, which = Form(given(request)), Which(request.GET)
    postings = Posting.objects.count()
    context: dict[str, Any] = {
        "form": form,
        "which": which,
        "postings": postings,
        "entries": Entry.objects.count(),
        "number": len(checks()),
        "is_large": postings > AT_ONCE,
        "at_once": AT_ONCE,
        "last": last_of(LEDGER),
        "shares": _shares(request, which),
    }
    if form.is_valid() and not context["is_large"]:
        broken = list(faults())
        context |= {"is_checked": True, "faults": [{"at": one, "label": LABELS[one.check]} for one in broken]}
        append(
            user=request.user,
            action="ledger.verified",
            details={"faults": len(broken), "entries": context["entries"], "postings": postings},
        )
    return show(request, "payments/proof.html", context)


def _shares(request: HttpRequest, which: Which) -> list[dict[str, Any]]:
    """Each lottery fund within reach beside each clause that sets a share."""
    chosen = which.cleaned_data["package"] if which.is_valid() else ""
    funds = [fund for fund in funds_for(request.user) if fund.kind == Fund.Kind.WELFARE_LOTTERY]
    places = names_of(fund.division_id for fund in funds)
    packages = {one: load_package(chosen) if chosen else package_in(one) for one in places}
    return [
        {
            "fund": fund,
            "name": fund_name(fund),
            "place": places[fund.division_id],
            "rows": share_rows(fund, packages[fund.division_id]),
        }
        for fund in funds
    ]
