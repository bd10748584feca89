"""Loading the demo city (演示城市): all of it in one transaction, so that a load which was killed left nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from songhe.accounts.models import User
from songhe.demo.cases import open_cases
from songhe.demo.cast import CITY, PUBLISHED, make_cast
from songhe.demo.chapters import play
from songhe.demo.departments import everybody, repeat
from songhe.demo.errors import DemoError
from songhe.demo.files import make_families, settle_some, take_back
from songhe.demo.places import change_places, load_places
from songhe.demo.plans import tell_plans
from songhe.demo.planting import misread_births, mistakes
from songhe.demo.samples import write_samples
from songhe.demo.users import RECORDER, SignIn, make_users, refuse_production, sign_ins_path, write_sign_ins
from songhe.linkage.domain import found, refresh_queue
from songhe.linkage.search import search
from songhe.registry.domain.population import measure_population
from songhe.registry.domain.quality import measure_quality
from songhe.registry.models import Person
from songhe.registry.projection import project_at_end
from songhe.synth.city import load_city

# Days before today on which a farm and a village were merged into their neighbours.
CHANGED = 200
# What is being done, and how many of how many steps are behind it.
Report = Callable[[str, int, int], None]
# Beside the chapters: divisions and users, people, the current view, families, duplicates, cases, plans, data quality.
_STEPS = 8


@dataclass(frozen=True)
class Loaded:
    """How many files there are, and the sign-ins, whose passwords are told here and nowhere else."""

    files: int
    sign_ins: list[SignIn]


def is_empty() -> bool:
    """Whether a demo may be loaded: nobody is registered and nobody can sign in."""
    return not Person.objects.exists() and not User.objects.exists()


def load_demo(*, people: int = PUBLISHED, report: Report = lambda *_: None) -> Loaded:
    """The synthetic city with `people` living, its history of eighteen months, its mistakes and its users.

    Raises DemoError in production and where there is something already.
    """
    refuse_production()
    if not is_empty():
        raise DemoError("库中已有数据，不载入演示。", "The database is not empty: the demo is not loaded.")
    today = timezone.localdate()
    report("区划与用户 divisions and users", 0, 100)
    with transaction.atomic():
        city = load_city(CITY)
        load_places(city)
        became = change_places(city, today - dt.timedelta(CHANGED))
        sign_ins = make_users()
        _tell(people, today, became, report)
        measure_quality()
        measure_population()
        loaded = Loaded(Person.objects.count(), sign_ins)
        # Before the end: a database without its sign-ins would be a locked door.
        write_sign_ins(sign_ins)
    return loaded


def _tell(people: int, today: dt.date, became: dict[str, str], report: Report) -> None:
    report("合成人口 synthetic people", 1, 100)
    cast, user = make_cast(people, today), User.objects.get(username=RECORDER)
    misread = misread_births(cast)
    chapters = [*everybody(cast, misread, became, CHANGED), *mistakes(cast, misread, became)]
    steps = len(chapters) + _STEPS
    with project_at_end():
        play(cast, chapters, user, lambda number, text: report(text, 2 + number, steps))
        take_back(cast, user)
        repeat(cast)
        report("当前视图 current view", steps - 6, steps)
    report("家庭与同意 families and consents", steps - 5, steps)
    settle_some(cast, user)
    make_families(cast, user)
    write_samples(cast, sign_ins_path().with_name("demo"))
    report("疑似重复 likely duplicates", steps - 4, steps)
    refresh_queue(pairs=found(search()))
    report("办件 cases", steps - 3, steps)
    open_cases()
    report("规划与指标 plans and indicators", steps - 2, steps)
    tell_plans()
    report("数据质量 data quality", steps - 1, steps)
