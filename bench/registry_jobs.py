"""`python -m bench.registry_jobs <job> …`: one measurement on the database of DATABASE_URL, as one line of JSON."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.measure import hand_back, measured, peak_mib

SEED, AS_OF = 3, dt.date(2026, 6, 30)
FACTS = ("name", "resident_id", "birth_date", "sex", "hukou", "residence", "dibao", "pension")
ROUNDS, WARM_UP = 60, 5
PAGE, BARE, PLAIN = "/console/register/", "/console/bench-bare/", "/bench-bare/"
COUNTY = "640381"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    os.environ.setdefault("SONGHE_HOME", str(arguments.folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "songhe.web.settings"
    import django

    django.setup()
    _prepare()
    hand_back(JOBS[arguments.job](arguments.people, arguments.folder))


def record(people: int, folder: Path) -> dict[str, Any]:
    """The people of a file, eight facts each, in one transaction; `early_mib` is the peak after the first tenth."""
    from songhe.registry.domain.facts import File, record_many
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author

    early = 0.0

    def files() -> Iterator[File]:
        nonlocal early
        for at, row in enumerate(_rows(people, folder, FACTS)):
            if at == people // 10:
                early = peak_mib()
            yield File(None, [Statement(fact, value) for fact, value in row.items() if value is not None])

    recorded, figures = measured(lambda: record_many(by=Author(user=None, source="police"), files=files()))
    return {**figures, "records": recorded.records, "early_mib": early}


def snapshot(people: int, folder: Path) -> dict[str, Any]:
    """The whole county as a Parquet file; CPU of this process, what the server spends comes on top."""
    from songhe.divisions.queries import resolve
    from songhe.registry.snapshot import write_snapshot

    path, figures = measured(
        lambda: write_snapshot(county=resolve(COUNTY) or 0, valid_on=dt.date.today(), known_at=None, folder=folder)
    )
    written = path.stat().st_size
    path.unlink()
    return {**figures, "written_mib": written / 2**20}


def fill(people: int, folder: Path) -> dict[str, Any]:
    """As many rows of the current view as asked for, straight into its table: what lists read, without a history."""
    from django.db import connection

    from songhe.registry.models import CurrentPerson

    there = CurrentPerson.objects.count()
    _, figures = measured(lambda: _copy_people(people - there, there, folder))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return figures


def page(people: int, folder: Path) -> dict[str, Any]:
    """Milliseconds, the median of rounds in turn: the register's first page, a page that says nothing behind the same
    sign-in, and one without any."""
    from django.test.utils import override_settings

    with override_settings(ROOT_URLCONF="bench.bare", ALLOWED_HOSTS=["*"]):
        client, times = _signed_in(), {PAGE: [], BARE: [], PLAIN: []}
        for turn in range(WARM_UP + ROUNDS):
            for address, found in times.items():
                start = time.perf_counter()
                answer = client.get(address)
                taken = 1000 * (time.perf_counter() - start)
                assert answer.status_code == 200, (address, answer.status_code)
                if turn >= WARM_UP:
                    found.append(taken)
    page_ms, bare_ms, plain_ms = (statistics.median(found) for found in times.values())
    return {"page_ms": page_ms, "bare_ms": bare_ms, "plain_ms": plain_ms, "rounds": ROUNDS}


JOBS: dict[str, Callable[[int, Path], dict[str, Any]]] = {
    "record": record,
    "snapshot": snapshot,
    "fill": fill,
    "page": page,
}


def _prepare() -> None:
    from django.core.management import call_command

    from songhe.demo.places import load_places
    from songhe.synth.city import load_city

    call_command("migrate", verbosity=0)
    load_places(load_city("qingtongxia"))


def _rows(people: int, folder: Path, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    from songhe.synth.population import synthesise

    path = folder / f"registry-{people}.parquet"
    synthesise(city="qingtongxia", seed=SEED, people=people, output=path, as_of=AS_OF)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=20_000, columns=list(columns)):
            yield from batch.to_pylist()
    path.unlink()


def _copy_people(people: int, there: int, folder: Path) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from songhe.divisions.queries import tree_on
    from songhe.registry.models import Transaction
    from songhe.registry.pinyin import reading

    ids = {node.code: node.id for node in tree_on()}
    columns = ("name", "birth_date", "sex", "residence", "hukou", "living", "dibao", "ability", "alive")
    made = (*columns, "residence_division_id", "hukou_division_id", "name_pinyin", "name_initials", "conflicts")
    readings: dict[str, tuple[str, str]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        number = Transaction.objects.create(at=timezone.now(), source="police").pk
        cursor.execute(
            "INSERT INTO registry_person (id, public_id, created_in_id) "
            "SELECT id, gen_random_uuid(), %s FROM generate_series(%s::bigint, %s::bigint) id",
            [number, there + 1, there + people],
        )
        with cursor.copy(f"COPY registry_currentperson (person_id, {', '.join(made)}) FROM STDIN") as copy:
            for at, row in enumerate(_rows(people, folder, columns), there + 1):
                name = row["name"]
                spelt = readings.get(name) or readings.setdefault(name, reading(name))
                places = (ids.get(row["residence"]), ids.get(row["hukou"]))
                copy.write_row((at, *row.values(), *places, *spelt, ",sex," if at % 100 == 0 else ""))


def _signed_in() -> Any:
    from django.conf import settings
    from django.test import Client

    from songhe.accounts.domain.grants import grant
    from songhe.accounts.domain.passwords import temporary_password
    from songhe.accounts.domain.users import create_user
    from songhe.accounts.models import Role, User
    from songhe.demo.places import COUNTY as PLACE
    from songhe.demo.places import division

    user = User.objects.filter(username="bench").first()
    if user is None:
        place, secret = division(PLACE), temporary_password()
        user = create_user(
            username="bench", display_name="测量", password=secret, division=place, must_change_password=False
        )
        # A role over the whole county that needs no second factor.
        grant(user=user, role=Role.TOWN_CLERK, division=place, by=None)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


if __name__ == "__main__":
    main()
