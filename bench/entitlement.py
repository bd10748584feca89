"""`python -m bench.entitlement month|late`: the monthly run beside the engine alone, and late deaths.

`month` needs no database: a synthetic county as a snapshot, from there to everything a run stores in its folder. `late`
works on the database of DATABASE_URL, or on a SQLite of its own: a county is recorded and its months are accepted from
January on, then many deaths of February arrive in one transaction, and May is decided with what they take back.
The bars of both stand in `bench.monthly`, which runs them with others and prints one table.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.measure import hand_back, measured

MONTH, FIRST, LATE = 202606, 202601, 202605
DIED = dt.date(2026, 2, 15)
RULES = str(Path(__file__).resolve().parent / "rules12")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.entitlement")
    parser.add_argument("job", choices=("month", "late"))
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--deaths", type=int, default=20_000)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="songhe-bench-"))
    os.environ["SONGHE_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "songhe.web.settings"
    try:
        import django

        (folder / "var").mkdir()
        django.setup()
        work = month if arguments.job == "month" else late
        hand_back({"people": arguments.people, **work(arguments.people, arguments.deaths, folder)})
    finally:
        shutil.rmtree(folder)


def month(people: int, deaths: int, folder: Path) -> dict[str, Any]:
    """CPU seconds from the snapshot on: the engine alone, `songhe run` of one month, and the run around it."""
    import duckdb

    from songhe.decision.population import RunRequest
    from songhe.decision.population import run as decide_population
    from songhe.entitlement.deciding import Fresh
    from songhe.entitlement.differences import LINES, OVERLAPS, load_decided, write_differences
    from songhe.entitlement.figures import items_of, totals_of
    from songhe.entitlement.missing import load_missing

    package, population = _on_application(folder), folder / "numbered.parquet"
    _synthesise(people, folder / "people.parquet")
    # The registry numbers people.
    with closing(duckdb.connect()) as engine:
        numbered = f"SELECT row_number() OVER () AS id, * EXCLUDE (id) FROM read_parquet('{folder / 'people.parquet'}')"
        engine.execute(f"COPY ({numbered}) TO '{population}' (FORMAT parquet, COMPRESSION zstd)")
    _, alone = measured(lambda: _engine_alone(package, population, folder / "alone.parquet"))
    output = folder / str(MONTH)
    _, run = measured(lambda: decide_population(RunRequest(package, [(MONTH // 100, MONTH % 100)], population, output)))
    fresh = Fresh(MONTH, population, output, people)
    with closing(duckdb.connect(config={"memory_limit": "600MB", "threads": 2})) as engine:
        engine.execute("CREATE TEMP TABLE codes (month BIGINT, code VARCHAR, id BIGINT)")
        for table in ("accounted", "elsewhere"):
            columns = "person_id BIGINT, item VARCHAR, month BIGINT, fen BIGINT, place BIGINT"
            engine.execute(f"CREATE TEMP TABLE {table} ({columns})")

        # Whoever is entitled to anything has been granted it.
        granted = " UNION ALL ".join(
            f"SELECT id, '{rule.id}' AS item FROM read_parquet('{fresh.masks}') WHERE \"{rule.id}\" = 1"
            for rule in package.rules_for("person")
        )
        engine.execute(
            f"CREATE TEMP TABLE grants AS SELECT id AS person_id, item, 'granted' AS state, {MONTH} AS first, "
            f"999912 AS last, {MONTH} AS decided, false AS once FROM ({granted})"
        )

        def differ() -> None:
            load_decided(engine, package, [fresh], [])
            write_differences(engine, folder, package, [fresh], [])

        _, lines = measured(differ)
        _, missing = measured(lambda: load_missing(engine, package, fresh))
        items_of(engine, package, fresh)
        totals = totals_of(engine, str(folder / LINES), str(folder / OVERLAPS))
        ((hanging,),) = engine.execute("SELECT count(*) FROM missing").fetchall()
    parts = {"engine": alone, "decisions": run, "lines": lines, "missing": missing}
    figures = {f"{name}_cpu_s": round(part["cpu_s"], 2) for name, part in parts.items()}
    return {**figures, "line_count": totals["line_count"], "missing_count": hanging}


def late(people: int, deaths: int, folder: Path) -> dict[str, Any]:
    """CPU seconds of this process: of a run with news of nobody, and of one after the late deaths."""
    from django.core.management import call_command

    from songhe.demo.places import COUNTY, load_places
    from songhe.divisions.queries import resolve
    from songhe.policy.load import load_package
    from songhe.synth.city import load_city

    call_command("migrate", verbosity=0)
    load_places(load_city("qingtongxia"))
    county, package = resolve(COUNTY) or 0, load_package(RULES)
    population = folder / "people.parquet"
    _synthesise(people, population)
    ids, recorded = measured(lambda: _record(population))
    chief = _chief(county)
    _, first = measured(lambda: _accept(county, FIRST, package, chief))
    _, quiet = measured(lambda: _accept(county, LATE - 1, package, chief))
    _, told = measured(lambda: _die(ids[:deaths]))
    again, arrears = _again(county, package, folder)
    run, whole = measured(lambda: _accept(county, LATE, package, chief))
    parts = {"record": recorded, "first": first, "quiet": quiet, "deaths": told, "arrears": arrears, "run": whole}
    figures = {f"{name}_cpu_s": round(part["cpu_s"], 2) for name, part in parts.items()}
    return {**figures, "again": again, "recovered_fen": run.recovery_fen, "lines": run.line_count}


def _on_application(folder: Path) -> Any:
    """The same rules laid over so that everybody has to apply: a grant is looked up for whoever is paid."""
    from songhe.policy.load import load_package

    os.environ["SONGHE_POLICIES"] = str(Path(RULES).parent)
    place = folder / "applied"
    place.mkdir()
    title = "title: {zh: 依申请, en: On application}"
    (place / "document.yaml").write_text(f"id: applied\n{title}\nstatus: example\nextends: rules12\n", encoding="utf-8")
    entries = "".join(f"- {{id: {rule.id}, delivery: apply}}\n" for rule in load_package(RULES).rules_for("person"))
    (place / "entitlements.yaml").write_text(entries, encoding="utf-8")
    return load_package(str(place))


def _engine_alone(package: Any, population: Path, target: Path) -> None:
    import duckdb

    from songhe.decision.masks import mask_conditions
    from songhe.entitlement.worths import day_of
    from songhe.rules.bits import bits_sql

    sql = bits_sql(
        mask_conditions(package.rules_for("person")),
        days=[day_of(package, MONTH)],
        figures=package.figures,
        population=f"read_parquet('{population}')",
    )
    with closing(duckdb.connect()) as engine:
        engine.execute(f"COPY ({sql}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _again(county: int, package: Any, folder: Path) -> tuple[int, dict[str, float]]:
    """The arrears by themselves: whom there is news of, their past months decided, what that differs by, its lines.

    The lines are stored as accepting a run stores them, and taken back again: the run that follows finds all of it.
    """
    import duckdb

    from songhe.entitlement.accounted import load_accounted
    from songhe.entitlement.deciding import Setting, decide_past
    from songhe.entitlement.differences import load_decided
    from songhe.entitlement.grants import load_grants
    from songhe.entitlement.queries import last_accepted
    from songhe.entitlement.span import span_of
    from songhe.entitlement.touched import touched
    from songhe.registry.groups import all_groups
    from songhe.registry.models import Transaction

    base, known = last_accepted(county), Transaction.objects.order_by("-pk")[0].pk
    past = span_of(LATE, base, None).past

    def work() -> int:
        groups = all_groups(known_at=known)
        with closing(duckdb.connect(config={"threads": 2})) as engine:
            load_grants(engine, package, groups, known_at=known)
            news = touched(since=base.known_in_id, until=known, groups=groups)
            again = decide_past(Setting(county, package, known, groups, folder), past, news, engine)
            load_accounted(engine, county, groups, fresh=[LATE], past=past, people=again)
            load_decided(engine, package, [], past)
            engine.execute(f"COPY ({_DELTA}) TO '{folder / 'arrears.parquet'}' (FORMAT parquet)")
        _store_and_forget(base, folder / "arrears.parquet")
        return len(again)

    return measured(work)


_DELTA = """
SELECT person_id, item, month, coalesce(d.fen, 0) - coalesce(a.fen, 0) AS fen, 'recovery' AS kind,
       'not_entitled' AS answer, coalesce(d.place, a.place) AS place
FROM decided d FULL JOIN accounted a USING (person_id, item, month) WHERE coalesce(d.fen, 0) <> coalesce(a.fen, 0)
"""


def _store_and_forget(base: Any, lines: Path) -> None:
    from uuid import uuid4

    from django.db import transaction

    from songhe.entitlement.domain.storing import store_lines
    from songhe.entitlement.models import Run, State

    run = Run.objects.get(pk=base.pk)
    run.pk, run.public_id, run.state = None, uuid4(), State.WITHDRAWN
    with transaction.atomic():
        run.save(force_insert=True)
        store_lines(run, lines)
        transaction.set_rollback(True)


def _accept(county: int, month: int, package: Any, chief: Any) -> Any:
    from songhe.entitlement.domain.accepting import accept, answer
    from songhe.entitlement.domain.running import run_month

    run = run_month(county=county, month=month, package=package)
    if run.state == "held":
        answer(run=run, by=chief, text="测量")
    return accept(run=run, by=chief)


def _chief(county: int) -> Any:
    from songhe.accounts.domain.grants import grant
    from songhe.accounts.models import Role, User
    from songhe.divisions.models import Division

    place = Division.objects.get(pk=county)
    user = User.objects.create(username="bench", division=place, password="!")
    grant(user=user, role=Role.COUNTY_BUREAU, division=place, by=None)
    return user


def _synthesise(people: int, path: Path) -> None:
    from songhe.synth.population import synthesise

    synthesise(city="qingtongxia", seed=3, people=people, output=path, as_of=dt.date(2025, 12, 31))


def _record(path: Path) -> list[int]:
    """Every fact that rules read, in one transaction."""
    import pyarrow.parquet as pq

    from songhe.registry.domain.facts import File, record_many
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author
    from songhe.registry.vocabulary import rule_facts

    def files() -> Any:
        with pq.ParquetFile(path) as file:
            columns = [name for name in file.schema_arrow.names if name in rule_facts()]
            for batch in file.iter_batches(batch_size=20_000, columns=columns):
                for row in batch.to_pylist():
                    yield File(None, [Statement(fact, value) for fact, value in row.items() if value is not None])

    return list(record_many(by=Author(user=None, source="police"), files=files()).people)


def _die(ids: list[int]) -> None:
    from songhe.registry.domain.facts import File, record_many
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author

    said = (Statement("death_date", DIED), Statement("alive", False, DIED))
    record_many(by=Author(user=None, source="police"), files=(File(id, said) for id in ids))


if __name__ == "__main__":
    main()
