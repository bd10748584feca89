"""A year of the county (一年): told day by day to the domain, with the clock standing on each day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from songhe.common import clock
from songhe.demo.cast import CITY, make_cast
from songhe.demo.errors import DemoError
from songhe.demo.load import is_empty
from songhe.demo.places import COUNTY, division, load_places
from songhe.demo.users import OFFICE, SignIn, make_users, refuse_production, write_sign_ins
from songhe.demo.year import cases, money, news, recovering
from songhe.demo.year.script import Script, write_script
from songhe.demo.year.stage import Report, Stage, day_in
from songhe.entitlement.months import months_from, shifted
from songhe.entitlement.simulating import simulate
from songhe.payment.models import PayingAccount
from songhe.policy.load import load_package
from songhe.registry.domain.population import measure_population
from songhe.registry.domain.quality import measure_quality
from songhe.synth.city import load_city

PACKAGE, PEOPLE, SEED = "qingtongxia-example", 3_000, 1
REFORM = Path(__file__).parent / "reform-75"
_STEPS = 4


@dataclass(frozen=True)
class Played:
    """The county (id), its months, what happened by name, and the sign-ins, told here and nowhere else."""

    county: int
    months: list[int]
    happened: Counter[str]
    sign_ins: list[SignIn]


def play_year(
    *,
    people: int = PEOPLE,
    first: int | None = None,
    months: int = 12,
    seed: int = SEED,
    report: Report = lambda *_: None,
) -> Played:
    """The synthetic county with `people` living, from the month `first` on (202601); by default, up to the last month.

    Raises DemoError in production, where there is something already, and for months that are not over yet.
    """
    refuse_production()
    if not is_empty():
        raise DemoError(
            "库中已有数据，不能再演一年。若上次中途停下，请删除该库和 var/runs 后重新建库再来。",
            "The database is not empty. If a year broke off half-way, delete the database and var/runs, migrate, "
            "and play it again.",
        )
    span = _span(first, months)
    report("区划与用户 divisions and users", 0, len(span) + _STEPS)
    sign_ins = _set_up(span)
    stage = _stage(people, span, seed)
    script = write_script(stage, _opening(span))
    report("建档 opening files", 1, len(span) + _STEPS)
    account = _open(stage, script)
    for place, month in enumerate(span):
        report(f"{month // 100}-{month % 100:02d}", 2 + place, len(span) + _STEPS)
        _play_month(stage, script, place, month, account)
    report("数据质量 data quality", len(span) + 3, len(span) + _STEPS)
    with stage.on(day_in(span[-1], 28)):
        measure_quality()
        measure_population()
    write_sign_ins(sign_ins)
    return Played(stage.county, span, stage.happened, sign_ins)


def _span(first: int | None, months: int) -> list[int]:
    today = clock.today()
    this = today.year * 100 + today.month
    start = first or shifted(this, -months)
    span = months_from(start, shifted(start, months - 1))
    if span[-1] >= this:
        raise DemoError(
            f"{span[-1]} 尚未过完，只能演到上个月。", f"{span[-1]} is not over yet; a year ends with the last month."
        )
    return span


def _opening(span: list[int]) -> dt.date:
    return day_in(shifted(span[0], -1), 5)


def _set_up(span: list[int]) -> list[SignIn]:
    opening = dt.datetime.combine(_opening(span), dt.time(8), tzinfo=clock.ZONE)
    with clock.standing_at(opening):
        load_places(load_city(CITY))
        return make_users(OFFICE)


def _stage(people: int, span: list[int], seed: int) -> Stage:
    cast = make_cast(people, day_in(span[-1], 31), seed)
    return Stage(cast, division(COUNTY).pk, load_package(PACKAGE), span, Random(seed))


def _open(stage: Stage, script: Script) -> PayingAccount:
    """Before the first month: everybody's file, the assessments there are, and the office's account and funds."""
    day = _opening(stage.months)
    news.give_accounts(stage)
    with stage.on(day):
        news.open_files(stage, script, script.opened[-1])
    with stage.on(day):
        news.assess(stage, [one for one in script.opened[-1] if one % 3])
    with stage.on(day):
        news.record_twice(stage, script)
    with stage.on(day):
        cases.take_over_holders(stage, script)
    with stage.on(day):
        money.funds_of(stage, stage.months[0] // 100)
        return money.open_office(stage)


# The day of the month, and what is done on it, in the order of a day.
_Work = Callable[[Stage], None]
_CASES: tuple[tuple[int, _Work], ...] = (
    (5, cases.lodge_appeals),
    (6, cases.apply),
    (7, cases.accept),
    (8, cases.mend),
    (9, cases.verify),
    (10, cases.publish),
    (11, cases.hear_objections),
    (12, cases.review_appeals),
    (21, cases.night),
    (22, cases.approve),
    (23, cases.inform),
)


def _play_month(stage: Stage, script: Script, place: int, month: int, account: PayingAccount) -> None:
    _hear_departments(stage, script, place, month)
    for day, work in _CASES:
        with stage.on(day_in(month, day)):
            work(stage)
    _pay_month(stage, place, month, account)


def _hear_departments(stage: Stage, script: Script, place: int, month: int) -> None:
    with stage.on(day_in(month, 3)):
        news.open_files(stage, script, script.opened[place])
    with stage.on(day_in(month, 3)):
        news.report_deaths(stage, script.deaths[place])
    with stage.on(day_in(month, 4)):
        news.tell(stage, script.news[place])
    with stage.on(day_in(month, 4)):
        _single_events(stage, script, place)
    with stage.on(day_in(month, 4)):
        news.settle_missing(stage)


def _single_events(stage: Stage, script: Script, place: int) -> None:
    half = len(stage.months) // 2
    if place == 1:
        news.report_wrongly_dead(stage, script)
    if place == 2:
        news.take_back_deaths(stage, script)
        money.state_payees(stage)
    if place == half - 1:
        news.merge_files(stage, script)
    if place == half:
        news.merge_villages(stage)
    if place == half + 1:
        news.assess(stage, [one for one in script.opened[-1] if one % 3 == 0])
    if place:
        money.state_accounts(stage)


def _pay_month(stage: Stage, place: int, month: int, account: PayingAccount) -> None:
    with stage.on(day_in(month, 24)):
        run = money.decide(stage, month)
    with stage.on(day_in(month, 24)):
        money.offer(stage, run)
        money.admit(stage, run)
    with stage.on(day_in(month, 25)):
        recovering.plan_all(stage)
        recovering.repay_for_the_dead(stage)
    with stage.on(day_in(month, 25)):
        batch = money.make(stage, month, account)
    if batch is not None:
        with stage.on(day_in(month, 25)):
            money.pay(stage, batch, money.FORMS[place % len(money.FORMS)])
        _hear_bank(stage, place, month, batch)
    if place == len(stage.months) // 2:
        with stage.on(day_in(month, 28)):
            _simulate(stage, month)


def _hear_bank(stage: Stage, place: int, month: int, batch: object) -> None:
    with stage.on(day_in(month, 26)):
        back = money.hear_bank(stage, batch, stray=place == 2)
    with stage.on(day_in(month, 26)):
        money.settle_with_bank(stage, batch)
    if place == 3:
        with stage.on(day_in(month, 27)):
            back += money.bounce_late(stage, batch)
    with stage.on(day_in(month, 27)):
        money.correct_accounts(stage, back)
    with stage.on(day_in(month, 27)):
        again = money.pay_again(stage, batch)
    if again is not None:
        with stage.on(day_in(month, 27)):
            money.pay(stage, again, money.FORMS[0])
        with stage.on(day_in(month, 28)):
            money.hear_bank(stage, again, bouncing=0)
        with stage.on(day_in(month, 28)):
            money.settle_with_bank(stage, again)


def _simulate(stage: Stage, month: int) -> None:
    """What a reform would cost, looked at before anybody approves it; nothing of it is stored."""
    then = load_package(str(REFORM))
    tried = simulate(county=stage.county, month=month, now=stage.package, then=then, months=12)
    stage.happened["reforms tried out"] += 1
    stage.happened["winners of the reform"] += tried.winners
    stage.happened["losers of the reform"] += tried.losers
