"""Cases without an application: done at once or by invitation, as the item's entry in the package says."""

import datetime as dt

import pytest

from songhe.accounts.models import Entry
from songhe.casework.domain.offers import offer_many
from songhe.casework.domain.steps import confirm, withdraw
from songhe.casework.errors import Incomplete, NotAllowed
from songhe.casework.models import Case
from songhe.policy.load import load_package
from songhe.registry.domain.facts import record_death
from songhe.registry.domain.merging import merge
from tests.casework.conftest import VILLAGE, Desk

PACKAGE = "suizhou-2023"


def item(delivery: str) -> str:
    entries = load_package(PACKAGE).entitlements.values()
    return next(entry.id for entry in entries if entry.delivery == delivery and entry.subject == "person")


def offer(desk: Desk, people, delivery: str = "offer"):
    return offer_many(by=desk.system, package=PACKAGE, item=item(delivery), people=[one.pk for one in people])


def test_what_is_done_without_a_form_begins_where_it_is_verified(desk: Desk) -> None:
    elders = [desk.elder(), desk.elder()]
    assert offer(desk, elders).opened == 2
    case = Case.objects.get(person=elders[0])
    assert (case.how, case.state, case.step, case.awaits) == ("system", "running", "verify", "case.verify")
    assert (case.division_id, case.opened_by) == (desk.divisions[VILLAGE], None)
    assert case.history.get().verb == "offered"
    assert Entry.objects.filter(action="case.offered").count() == 2


def test_doing_it_again_opens_no_more(desk: Desk) -> None:
    elders = [desk.elder(), desk.elder()]
    offer(desk, elders[:1])
    again = offer(desk, elders)
    assert (again.opened, again.there) == (1, (elders[0].pk,))
    assert Case.objects.count() == 2


def test_who_is_invited_says_yes_or_no(desk: Desk) -> None:
    yes, no = desk.elder(), desk.elder()
    offer(desk, [yes, no], "invite")
    wanted, unwanted = Case.objects.get(person=yes), Case.objects.get(person=no)
    assert (wanted.state, wanted.awaits, wanted.step) == ("invited", "applicant", "")
    confirm(by=desk.applicant, case=wanted)
    withdraw(by=desk.staff("village"), case=unwanted)
    assert (wanted.state, wanted.step) == ("running", "verify")
    assert (unwanted.state, unwanted.outcome) == ("closed", "withdrawn")
    with pytest.raises(NotAllowed):
        confirm(by=desk.applicant, case=wanted)


def test_what_must_be_applied_for_is_not_offered(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="本人申请"):
        offer(desk, [desk.elder()], "apply")
    with pytest.raises(Incomplete):
        offer_many(by=desk.system, package=PACKAGE, item="SZ-L-99", people=[])


def test_the_dead_the_merged_and_the_placeless_are_set_aside(desk: Desk, by) -> None:
    dead, gone, stays, nowhere = desk.elder(), desk.elder(), desk.elder(), desk.elder(hukou=None, residence=None)
    record_death(by=by("police"), person=dead, on=dt.date(2026, 1, 5))
    merge(by=by("civil_affairs", reason="同一人"), person=gone, into=stays)
    done = offer(desk, [dead, gone, stays, nowhere])
    assert (done.opened, set(done.set_aside)) == (1, {dead.pk, gone.pk, nowhere.pk})


def test_a_case_in_a_file_that_was_merged_counts(desk: Desk, by) -> None:
    gone, stays = desk.elder(), desk.elder()
    offer(desk, [gone])
    merge(by=by("civil_affairs", reason="同一人"), person=gone, into=stays)
    assert offer(desk, [stays]).there == (stays.pk,)
