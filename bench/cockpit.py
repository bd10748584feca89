"""`python -m bench.cockpit`: the cockpit of a city of 3,000 villages and 60 months, and a month counted anew.

Works on a SQLite of its own, or with `--engine postgresql` on the empty database of `scripts/with-postgres`. The
figures of the last month are counted from a synthetic snapshot of everybody; those of the months before are its copies,
and each division has its population for every month.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.measure import hand_back, measured

PACKAGE, PLACE, SEED = "qingtongxia-2023", "640381", 3
WARM_UP, ROUNDS = 2, 9


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.cockpit")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--villages", type=int, default=3_000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    arguments = parser.parse_args()
    if arguments.engine == "postgresql":
        os.environ["DATABASE_URL"] = os.environ["SONGHE_POSTGRES_URL"]
    else:
        os.environ.pop("DATABASE_URL", None)
    folder = Path(tempfile.mkdtemp(prefix="songhe-bench-"))
    os.environ["SONGHE_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "songhe.web.settings"
    try:
        import django

        (folder / "var").mkdir()
        django.setup()
        place = prepare(arguments.villages)
        counted = recompute(arguments.people, place, folder)
        fill(place, arguments.months)
        _settle()
        hand_back({**vars(arguments), **counted, **page(place)})
    finally:
        shutil.rmtree(folder)


def prepare(villages: int) -> int:
    """The divisions of the demo city, with further villages in its towns; the id of the city."""
    from django.core.management import call_command

    from songhe.demo.places import load_places
    from songhe.divisions.domain import Row, load_divisions
    from songhe.divisions.queries import tree_on
    from songhe.synth.city import load_city

    call_command("migrate", verbosity=0)
    load_places(load_city("qingtongxia"))
    tree = tree_on()
    top = tree.find(PLACE)
    assert top is not None
    towns = tree.children(top.id)
    lacking = villages - sum(len(tree.children(town.id)) for town in towns)
    taken = {node.code for node in tree}
    free = [
        Row(f"{town.code}{number:03d}", f"第{number}村", town.code)
        for number in range(500, 999)
        for town in towns
        if f"{town.code}{number:03d}" not in taken
    ]
    load_divisions(rows=free[: max(lacking, 0)], on=dt.date(2010, 1, 1))
    return top.id


def recompute(people: int, place: int, folder: Path) -> dict[str, Any]:
    """Seconds for every indicator that the records count, from a snapshot of everybody to the stored figures."""
    import duckdb
    from django.utils import timezone

    from songhe.indicators.domain.computing import compute
    from songhe.policy.load import load_package
    from songhe.registry.models import Transaction
    from songhe.synth.population import synthesise

    day, made, snapshot = last_month(), folder / "made.parquet", folder / "people.parquet"
    synthesise(city="qingtongxia", seed=SEED, people=people, output=made, as_of=day)
    with closing(duckdb.connect()) as engine:
        numbered = f"SELECT row_number() OVER () AS id, * EXCLUDE (id) FROM read_parquet('{made}')"
        engine.execute(f"COPY ({numbered}) TO '{snapshot}' (FORMAT parquet, COMPRESSION zstd)")
    Transaction.objects.create(at=timezone.now(), source="police")
    package = load_package(PACKAGE)
    (done, _), taken = measured(lambda: compute(by=None, package=package, division=place, day=day, snapshot=snapshot))
    return {"counted": done.people, "indicators": done.indicators, "divisions": done.divisions, **taken}


def last_month() -> dt.date:
    from songhe.common import clock

    return clock.today().replace(day=1) - dt.timedelta(1)


def fill(place: int, months: int) -> None:
    """The figures of the months before, and everybody's divisions counted for each."""
    from songhe.indicators.models import Computation, Tally
    from songhe.registry.models import PopulationCount

    last = Computation.objects.get(division=place)
    tallies = list(last.tallies.all())
    day = last.day
    for month in range(months):
        if month:
            day = day.replace(day=1) - dt.timedelta(1)
            copy = Computation.objects.get(pk=last.pk)
            copy.pk, copy.public_id, copy.day = None, None, day
            copy.public_id = Computation._meta.get_field("public_id").get_default()
            copy.save(force_insert=True)
            rows = (
                Tally(computation=copy, package=one.package, division_id=one.division_id, day=day, figures=one.figures)
                for one in tallies
            )
            Tally.objects.bulk_create(rows, batch_size=2_000)
        figures = {"age.F.60": 120, "age.F.80": 30, "age.M.60": 110, "age.M.80": 20, "living.alone": 25}
        counts = (PopulationCount(day=day, division_id=one.division_id, people=280, figures=figures) for one in tallies)
        PopulationCount.objects.bulk_create(counts, batch_size=2_000)


def _settle() -> None:
    """What a server does by itself after many rows were written: look how they are spread."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def page(place: int) -> dict[str, Any]:
    """Medians of rounds in turn: the cockpit worked out anew (cold), the cockpit as it is kept until something changes
    (warm), and a page that says nothing behind the same sign-in; milliseconds by the clock and of CPU.
    """
    from django.test.utils import override_settings

    from bench.registry_jobs import BARE, _signed_in
    from songhe.console.cockpit.ready import READY

    cockpit = f"/console/cockpit/{place}/"
    kinds = {"cold": cockpit, "warm": cockpit, "bare": BARE}
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    with override_settings(ROOT_URLCONF="bench.bare", ALLOWED_HOSTS=["*"]):
        client = _signed_in()
        for turn in range(WARM_UP + ROUNDS):
            for kind, address in kinds.items():
                if kind == "cold":
                    READY.clear()
                wall, cpu = time.perf_counter(), time.process_time()
                answer = client.get(address)
                taken = (1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu))
                assert answer.status_code == 200, (address, answer.status_code)
                if turn >= WARM_UP:
                    found[kind].append(taken)
    ms = {kind: statistics.median(wall for wall, _ in some) for kind, some in found.items()}
    cpu_ms = {f"{kind}_cpu": statistics.median(cpu for _, cpu in some) for kind, some in found.items()}
    ratios = {"cold_ratio": ms["cold"] / ms["bare"], "ratio": ms["warm"] / ms["bare"]}
    return {**{f"{name}_ms": value for name, value in (ms | cpu_ms).items()}, **ratios, "rounds": ROUNDS}


if __name__ == "__main__":
    main()
