"""Institutions and providers: the list, and the page of one with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.casework.models import Case
from songhe.casework.queries.desk import cases_for
from songhe.casework.queries.names import matter_of
from songhe.casework.subjects import ORGANISATION
from songhe.casework.words import OUTCOMES, STATES
from songhe.common import clock
from songhe.console.facts import Told, told_of
from songhe.console.organisations.forms import INSTITUTION, Filters
from songhe.console.organisations.opening import of_organisation
from songhe.console.organisations.subsidies import offered
from songhe.console.page import actions_held, show, staff
from songhe.console.payments.words import item_name, package_of
from songhe.console.places import names_of
from songhe.organisations.facts import BOOK
from songhe.organisations.models import FactRecord, Organisation
from songhe.organisations.queries import contracts_for, organisations_for
from songhe.organisations.subsidies import ONCE, Answer, answer
from songhe.pages.keyset import count_up_to, window
from songhe.payment.domain.from_subsidies import granting, is_claimed, unsettled
from songhe.payment.queries import claims_of_organisation, lines_for, owed_by_organisation, owed_to_organisation

_READ = ("GET", "HEAD")


@staff(Action.ORGANISATION_READ)
def organisation_list(request: HttpRequest) -> HttpResponse:
    form = Filters(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = organisations_for(request.user)
    if text := asked.get("q"):
        found = found.filter(Q(name__icontains=text) | Q(code=text.strip().upper()))
    if kind := asked.get("kind"):
        found = found.filter(is_institution=True) if kind == INSTITUTION else found.filter(is_provider=True)
    page = window(found, by="name", cursor=request.GET.get("cursor", ""))
    number, is_more = count_up_to(found)
    names = names_of(one.division_id for one in page.rows)
    rows = [{"one": one, "place": names.get(one.division_id, "")} for one in page.rows]
    context = {"form": form, "window": page, "rows": rows, "number": number, "more": is_more}
    context["is_untouched"] = form.is_valid() and not any(asked.values())
    return show(request, "organisations/list.html", context)


@of_organisation(Action.ORGANISATION_READ, methods=_READ)
def organisation_page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    user = request.user
    sees_money = Action.PAYMENT_READ in actions_held(request)
    context = {
        "one": organisation,
        "place": names_of([organisation.division_id]).get(organisation.division_id, "—"),
        "known": _known(organisation),
        "accounts": organisation.accounts.select_related("stated_by", "confirmed_by").order_by("-pk"),
        "answers": list(_answers(organisation)),
        "cases": [_row(case) for case in _cases(user, organisation)],
        "contracts": contracts_for(user).filter(organisation=organisation).select_related(None),
        **(_money(user, organisation) if sees_money else {}),
        "own": user.pk,
    }
    return show(request, "organisations/organisation.html", context)


def _money(user: User, organisation: Organisation) -> dict[str, Any]:
    lines = lines_for(user).filter(organisation=organisation).select_related("batch").prefetch_related("answers")
    claims = list(visible(claims_of_organisation(organisation), user, Action.PAYMENT_READ))
    packages = {hash: package_of(hash) for hash in {one.package for one in claims}}
    return {
        "claims": [{"at": one, "name": item_name(one.item, packages[one.package])} for one in claims],
        "owed": owed_to_organisation(organisation),
        "owes": owed_by_organisation(organisation),
        "lines": list(lines.order_by("-pk")),
    }


def _known(organisation: Organisation) -> list[Told]:
    records = FactRecord.objects.filter(organisation=organisation).select_related("recorded_by", "retraction")
    return told_of(BOOK, records.order_by("-valid_from", "-pk"))


def _answers(organisation: Organisation) -> Iterator[Answer]:
    for value, _ in offered(organisation):
        package, _, item = value.partition("/")
        yield answer(organisation, package, item, clock.today())


def _cases(user: User, organisation: Organisation) -> QuerySet[Case]:
    about = cases_for(user).filter(subject_kind=ORGANISATION, subject_id=str(organisation.public_id))
    return about.select_related("procedure").order_by("-pk")


def _row(case: Case) -> dict[str, object]:
    word = OUTCOMES[case.outcome] if case.outcome else STATES[case.state]
    granted = granting(case)
    periods = unsettled(case) if granted else []
    is_once = granted is not None and granted.details["period"] == ONCE
    return {
        "case": case,
        "matter": matter_of(case),
        "word": word,
        "is_granted": granted is not None,
        "unsettled": len(periods),
        "is_left": bool(periods) or (is_once and not is_claimed(case)),
        "is_settled": is_once and is_claimed(case),
    }
