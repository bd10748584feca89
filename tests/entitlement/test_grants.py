"""Money only where it was granted: what cases say of it, month by month, and what the next run makes of news."""

# ruff: noqa: F811

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from songhe.casework.domain.appeals import appeal
from songhe.casework.domain.offers import offer_many
from songhe.casework.domain.steps import refuse, withdraw
from songhe.casework.models import Case
from songhe.entitlement.queries import accounted
from songhe.entitlement.reasons import why
from songhe.entitlement.standing import grant_of, standing_of, without_grant
from songhe.entitlement.views import verify
from songhe.policy.load import load_package
from songhe.registry.domain.merging import merge
from tests.casework.conftest import Desk, desk  # noqa: F401
from tests.entitlement.conftest import PACKAGE, VILLAGE, born

ITEM, OFFERED = "DISABILITY", "ALLOWANCE"
FACTS = {"disability_grade": "1", "disability_certificate_from": "2020-01-01"}


@pytest.fixture(autouse=True)
def known_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))


@pytest.fixture
def li(register: Any) -> Any:
    """Entitled to 100 yuan a month until March 2026 and 110 from then on, should it be granted."""
    return register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date=born(70), **FACTS)


@pytest.fixture
def wang(register: Any) -> Any:
    """Has the allowance without a form."""
    return register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date=born(82))


@pytest.fixture
def applies(desk: Desk, li: Any) -> Any:
    """`applies(date, step)`: Li's application of a day, which waits at a step."""

    def make(
        on: dt.date, step: str = "inform", person: Any = li, item: str = ITEM, package: str = "small-county"
    ) -> Any:
        desk.day = on
        return desk.up_to(step, desk.open(person, package=package, item=item))

    return make


def sums(lines: Any, run: Any) -> list[tuple[int, int, str]]:
    return [(month, fen, kind) for _, _, month, fen, kind in lines(run)]


def refuses(desk: Desk, case: Case, who: str = "zhou") -> None:
    refuse(by=desk.staff(who), case=case, step=case.step, reason="情况不符", clause="T-2")


def test_whoever_is_entitled_and_never_asked_is_paid_nothing_and_is_not_refused(li, wang, decide, package):
    run = decide(202606)
    item = next(item for item in run.items if item["id"] == ITEM)
    assert (item["entitled"], item["paid"], item["without_grant"], item["fen"]) == (1, 0, 1, 0)
    assert (grant_of(run, li.pk, ITEM), without_grant(run, package, ITEM)) == (None, [li.pk])
    reason = why(run=run, person=li, item=ITEM, month=202606, package=package)
    assert (reason.decision.answer, reason.standing) == ("entitled", "not_applied")
    assert why(run=run, person=wang, item=OFFERED, month=202606, package=package).standing == "not_needed"


def test_a_grant_pays_from_the_month_of_the_application(li, wang, applies, pay, lines, package):
    pay(202601), pay(202602)
    applies(dt.date(2026, 2, 27))
    assert Case.objects.get().decided_on.month == 3
    run = pay(202603)
    assert [line for line in lines(run) if line[1] == ITEM] == [
        (li.pk, ITEM, 202602, 10000, "arrears"),
        (li.pk, ITEM, 202603, 10000, "due"),
    ]
    assert grant_of(run, li.pk, ITEM)[:4] == ("granted", 202602, None, 202603)
    assert standing_of(run, package.rules[ITEM], li.pk, 202601) == "not_applied"
    assert standing_of(run, package.rules[ITEM], li.pk, 202602) == "granted"


@pytest.mark.parametrize(
    ("month", "paid"),
    [("applied", [202602, 202603, 202604]), ("decided", [202603, 202604]), ("after_decided", [202604])],
)
def test_a_package_may_say_from_which_month_on(li, applies, pay, month, paid, tmp_path, monkeypatch):
    monkeypatch.setenv("SONGHE_POLICIES", f"{tmp_path}:{Path(PACKAGE).parent}")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "document.yaml").write_text(
        "id: mine\ntitle: {zh: 细则, en: Rules}\nstatus: example\nextends: small-county\n"
    )
    (tmp_path / "mine" / "entitlements.yaml").write_text(
        f"- id: {ITEM}\n  paid_from: {{month: {month}, clauses: [T-2]}}\n"
    )
    applies(dt.date(2026, 2, 27))
    pay(202604, accounts_from=202601, package=load_package(str(tmp_path / "mine")))
    assert sorted(month for item, month in accounted(li.pk)) == paid


def test_a_case_under_an_overlay_counts_for_its_base_and_the_other_way_round(li, applies, pay, package):
    applies(dt.date(2026, 2, 2), package="small-county-reform")
    pay(202603)
    assert accounted(li.pk) == {(ITEM, 202603): 10000}
    pay(202604, package=load_package(f"{PACKAGE}-reform"))
    assert (ITEM, 202604) in accounted(li.pk)


def test_a_case_of_another_item_or_kind_grants_nothing(li, desk, applies, pay):
    applies(dt.date(2026, 2, 2), item="DIBAO")
    desk.open(li, kind="assessment_request", package="", item="")
    pay(202603)
    assert accounted(li.pk) == {}


def test_a_file_merged_into_another_brings_its_grant(li, register, applies, pay, by):
    other = register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date=born(70), **FACTS)
    applies(dt.date(2026, 2, 2))
    merge(by=by(reason="同一人"), person=li, into=other)
    pay(202603)
    assert accounted(other.pk) == {(ITEM, 202603): 10000}


def test_a_refusal_of_a_file_that_was_the_same_person_ends_it_from_the_month_after(
    li, register, desk, applies, pay, lines, by
):
    applies(dt.date(2026, 1, 5))
    desk.wait(3)
    desk.passes("lan", Case.objects.get(), "inform")
    pay(202603, accounts_from=202601)
    other = register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date=born(70), **FACTS)
    case = applies(dt.date(2026, 2, 9), "accept", person=other)
    merge(by=by(reason="同一人"), person=other, into=li)
    refuses(desk, case, "lan")
    run = pay(202604)
    assert sums(lines, run) == [(202603, -10000, "recovery")]
    assert run.lines.get().answer == "not_granted"


def informed(desk: Desk, case: Case) -> Case:
    desk.passes("lan", case, "inform")
    return case


def upheld(desk: Desk, case: Case) -> Case:
    """The case handled anew, after an appeal that was right."""
    again = appeal(by=desk.applicant, case=case, reason="情况属实")
    desk.passes("qian", again, "accept")
    desk.passes("sun", again, "review")
    return Case.objects.get(about=again)


def test_an_appeal_that_was_right_brings_the_money_from_the_first_application(
    li,
    desk,
    applies,
    pay,
    lines,
):
    first = applies(dt.date(2026, 1, 20), "approve")
    refuses(desk, first)
    pay(202601), pay(202602)
    anew = upheld(desk, informed(desk, first))
    desk.wait(20)
    desk.up_to("inform", anew)
    run = pay(202603)
    assert sums(lines, run) == [(202601, 10000, "arrears"), (202602, 10000, "arrears"), (202603, 10000, "due")]


def test_a_grant_found_wrong_on_appeal_is_taken_back_from_the_beginning(li, desk, applies, pay, lines):
    first = informed(desk, applies(dt.date(2026, 1, 5)))
    pay(202602, accounts_from=202601)
    anew = upheld(desk, first)
    refuses(desk, anew, "mei")
    assert sums(lines, pay(202603)) == [(202601, -10000, "recovery"), (202602, -10000, "recovery")]
    assert accounted(li.pk) == {}


def test_what_is_offered_without_a_form_stops_when_the_person_says_no(wang, desk, pay, lines, package):
    desk.day = dt.date(2026, 2, 10)
    offer_many(by=desk.system, package="small-county", item=OFFERED, people=[wang.pk])
    pay(202602)
    withdraw(by=desk.applicant, case=Case.objects.get(), reason="不需要")
    run = pay(202603)
    assert lines(run) == []
    assert standing_of(run, package.rules[OFFERED], wang.pk, 202602) == "not_needed"
    assert standing_of(run, package.rules[OFFERED], wang.pk, 202603) == "declined"
    desk.day = dt.date(2026, 5, 4)
    desk.up_to("inform", desk.open(wang, package="small-county", item=OFFERED))
    assert sums(lines, pay(202606)) == [(202605, 6000, "arrears"), (202606, 6000, "due")]


def test_taking_an_application_back_that_was_not_needed_stops_nothing(wang, desk, pay):
    desk.day = dt.date(2026, 2, 10)
    withdraw(by=desk.applicant, case=desk.open(wang, package="small-county", item=OFFERED))
    pay(202603)
    assert accounted(wang.pk) == {(OFFERED, 202603): 6000}


def test_only_whose_grants_differ_are_decided_again(li, wang, applies, pay, package):
    pay(202601)
    assert pay(202602).again == 0
    applies(dt.date(2026, 2, 2))
    run = pay(202603)
    assert (run.again, verify(run, package)) == (1, [])
    assert "grants.parquet" in run.files


def test_nothing_is_offered_to_who_has_it_by_a_grant(wang, desk, granted):
    granted(wang, "DISABILITY")
    done = offer_many(by=desk.system, package="small-county", item="DISABILITY", people=[wang.pk])
    assert (done.opened, done.there) == (0, (wang.pk,))
