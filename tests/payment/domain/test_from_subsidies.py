"""A granted subsidy becomes a claim of exactly what the package gives: once, or month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from songhe.accounts.scope import OutOfScope
from songhe.casework.domain.acting import Actor
from songhe.casework.domain.many import pass_many
from songhe.casework.domain.notice import publish
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.domain.steps import pass_step, refuse
from songhe.casework.errors import Incomplete, NotAllowed, OpenAlready
from songhe.casework.models import Case, Kind
from songhe.casework.queries.names import matter_of
from songhe.casework.queries.notices import public_notices
from songhe.casework.subjects import subject_of
from songhe.common import clock
from songhe.organisations.domain.registering import close
from songhe.organisations.models import Organisation
from songhe.payment.domain.from_subsidies import admit_subsidy
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim
from songhe.payment.queries import owed_by_organisation, owed_to_organisation
from tests.organisations.builders import account_for, know, organisation
from tests.payment.conftest import Office, build_office

CITY, COUNTY = "xinxiang-2022", "xinxiang-county-example"
BUILDING, RUNNING = "XX-STD-CONSTRUCTION", "XX-STD-OPERATING"
BEGUN = dt.datetime(2024, 5, 6, 2, tzinfo=dt.UTC)
MAY, JUNE = dt.date(2024, 5, 1), dt.date(2024, 6, 1)


@dataclass
class Handling:
    """A county that handles the applications of one home."""

    office: Office
    home: Organisation
    shares: dict[int, Fraction]

    def open(self, item: str, package: str = COUNTY, **more: Any) -> Case:
        matter = Matter(kind=Kind.SUBSIDY, subject=subject_of(self.home), package=package, item=item, **more)
        return open_case(by=Actor(user=self.office.maker), matter=matter)

    def to_decision(self, case: Case) -> Case:
        """Accepted, verified and published; its notice has run."""
        office = self.office
        pass_step(by=Actor(user=office.maker), case=case, step="accept")
        pass_step(by=Actor(user=office.checker), case=case, step="verify")
        publish(by=Actor(user=office.checker), case=case)
        with at(8):
            pass_step(by=Actor(user=office.checker), case=case, step="notice")
        return case

    def granted(self, item: str, package: str = COUNTY) -> Case:
        case = self.to_decision(self.open(item, package))
        with at(8):
            pass_step(by=Actor(user=self.office.approver), case=case, step="approve")
            pass_step(by=Actor(user=self.office.maker), case=case, step="inform")
        return case

    def admit(self, case: Case, month: dt.date | None = None) -> Any:
        return admit_subsidy(by=self.office.maker, case=case, month=month, shares=self.shares)


@contextmanager
def at(days: int) -> Iterator[None]:
    """So many days after it began."""
    with clock.standing_at(BEGUN + dt.timedelta(days)):
        yield


@pytest.fixture
def handling(db: None) -> Iterator[Handling]:
    with at(0):
        office = build_office()
        home = organisation(office.maker, office.division)
        built = {"founder": "social", "newly_built": True, "premises": "own", "approved_beds": 120, "running": True}
        know(office.maker, home, **built)
        shares = {office.fund.pk: Fraction(2, 3), office.lottery.pk: Fraction(1, 3)}
        yield Handling(office, home, shares)


def claims() -> list[tuple[int, str, dt.date, str]]:
    return [(one.fen, one.item, one.month, one.clause) for one in Claim.objects.order_by("pk")]


def test_construction_is_paid_once_by_those_who_bear_it(handling: Handling, whole: Callable[[], None]) -> None:
    case = handling.granted(BUILDING)
    with at(9):
        handling.admit(case)
        assert claims() == [
            (32_000_000, BUILDING, MAY, "XX-E-02"),
            (16_000_000, BUILDING, MAY, "XX-E-02"),
        ]
        with pytest.raises(PaymentError, match="已入账"):
            handling.admit(case)
        account_for(handling.home, handling.office.maker, handling.office.checker)
        office = handling.office
        made = office.batch(items=[BUILDING], first_month=MAY)
        assert made.batch.lines.get().fen == 48_000_000
    whole()


def test_what_was_decided_is_paid_whatever_is_recorded_later(handling: Handling) -> None:
    case = handling.granted(BUILDING)
    with at(9):
        know(handling.office.maker, handling.home, approved_beds=60)
        handling.admit(case)
    assert owed_to_organisation(handling.home) == 48_000_000


def test_a_second_case_does_not_pay_once_again(handling: Handling) -> None:
    first, second = handling.granted(BUILDING), handling.granted(BUILDING)
    with at(9):
        handling.admit(first)
        with pytest.raises(PaymentError, match="已入账"):
            handling.admit(second)


def test_operating_is_paid_for_every_month_that_is_over(handling: Handling, whole: Callable[[], None]) -> None:
    case = handling.granted(RUNNING)
    with at(20), pytest.raises(PaymentError, match="已经结束"):
        handling.admit(case, MAY)
    with at(60):
        handling.admit(case, MAY)
        know(handling.office.maker, handling.home, on=dt.date(2024, 6, 20), approved_beds=150)
        handling.admit(case, JUNE)
        with pytest.raises(PaymentError, match="没有差额"):
            handling.admit(case, JUNE)
    assert owed_to_organisation(handling.home) == 8_000 * 120 + 8_000 * 150
    assert {one.month for one in Claim.objects.all()} == {MAY, JUNE}
    whole()


def test_settled_again_a_month_is_corrected_by_its_difference(handling: Handling, whole: Callable[[], None]) -> None:
    case = handling.granted(RUNNING)
    with at(60):
        handling.admit(case, MAY)
        know(handling.office.maker, handling.home, approved_beds=100)
        handling.admit(case, MAY)
        assert (owed_to_organisation(handling.home), owed_by_organisation(handling.home)) == (960_000, 160_000)
        know(handling.office.maker, handling.home, running=False)
        handling.admit(case, MAY)
        assert owed_by_organisation(handling.home) == 960_000
        with pytest.raises(PaymentError, match="不符合条件"):
            handling.admit(case, MAY)
        know(handling.office.maker, handling.home, running=None)
        with pytest.raises(PaymentError, match="不能核定"):
            handling.admit(case, MAY)
    whole()


def test_nothing_is_paid_for_what_lies_before_the_grant_or_after_the_end(handling: Handling) -> None:
    case = handling.granted(RUNNING)
    with at(90):
        with pytest.raises(PaymentError, match="同意之后"):
            handling.admit(case, dt.date(2024, 4, 1))
        close(by=handling.office.maker, organisation=handling.home, on=dt.date(2024, 6, 15), document="注销证明")
        with pytest.raises(PaymentError, match="已终止"):
            handling.admit(case, JUNE)
        handling.admit(case, MAY)
        for month in (None, dt.date(2024, 5, 2)):
            with pytest.raises(PaymentError, match="月份"):
                handling.admit(case, month)


def test_where_the_city_leaves_the_sum_open_nothing_is_payable(handling: Handling) -> None:
    case = handling.granted(BUILDING, CITY)
    with at(9), pytest.raises(PaymentError, match="新乡市关于推进养老服务体系建设的实施方案"):
        handling.admit(case)
    assert not Claim.objects.exists()


def test_the_grant_keeps_the_answer_it_rests_on(handling: Handling) -> None:
    case = handling.granted(BUILDING)
    details = case.history.get(step="approve").details
    assert {name: details[name] for name in ("answer", "fen", "each", "counted", "period")} == {
        **{"answer": "entitled", "fen": 48_000_000, "each": 400_000, "counted": 120, "period": "once"},
    }


@pytest.mark.parametrize("change", [{"approved_beds": 49}, {"founder": None}])
def test_nobody_grants_what_the_package_does_not(handling: Handling, change: dict[str, Any]) -> None:
    case = handling.to_decision(handling.open(BUILDING))
    know(handling.office.maker, handling.home, **change)
    office = handling.office
    with at(8):
        with pytest.raises(NotAllowed, match="不能同意"):
            pass_step(by=Actor(user=office.approver), case=case, step="approve")
        done = pass_many(by=Actor(user=office.approver), cases=[case.pk], step="approve")
        assert (done.written, done.hindered[0].why.zh) == (0, "申诉和机构补贴须逐件决定")
        clause = {"reason": "不符合", "clause": "XX-E-02a"}
        refuse(by=Actor(user=office.approver), case=case, step="approve", **clause)
        with pytest.raises(PaymentError, match="已同意"):
            handling.admit(case)


def test_a_case_names_an_institution_and_a_subsidy_and_is_the_only_one(handling: Handling) -> None:
    office = handling.office
    first = handling.open(BUILDING)
    assert (first.division, matter_of(first).zh) == (office.division, "养老服务机构一次性建设补贴")
    with pytest.raises(OpenAlready):
        handling.open(BUILDING)
    with pytest.raises(Incomplete):
        handling.open("XX-STD-LAND")
    provider = organisation(office.maker, office.division, name="服务商", is_institution=False, is_provider=True)
    for subject in (subject_of(provider), ("organisation", "42")):
        matter = Matter(kind=Kind.SUBSIDY, subject=subject, package=COUNTY, item=BUILDING)
        with pytest.raises(Incomplete, match="养老机构"):
            open_case(by=Actor(user=office.maker), matter=matter)


def test_the_public_reads_the_name_of_an_institution_in_full(handling: Handling) -> None:
    case = handling.open(BUILDING)
    pass_step(by=Actor(user=handling.office.maker), case=case, step="accept")
    pass_step(by=Actor(user=handling.office.checker), case=case, step="verify")
    publish(by=Actor(user=handling.office.checker), case=case)
    told = public_notices(below=handling.office.division.pk, day=clock.today())
    assert [one.name for one in told] == ["松鹤养老院"]


def test_without_anybody_to_bear_it_or_beyond_reach_it_does_not_enter(handling: Handling) -> None:
    case = handling.granted(BUILDING)
    with at(9):
        with pytest.raises(PaymentError, match="资金来源"):
            admit_subsidy(by=handling.office.maker, case=case)
        with pytest.raises(OutOfScope):
            admit_subsidy(by=handling.office.stranger, case=case, shares=handling.shares)
