"""One city's people under another's rules: counted by statement, and the same person by person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from songhe.common.division import within
from songhe.decision.crossing.cross import Crossing, Side, cross
from songhe.decision.crossing.flat import CROSS_HEADER, crossing_cells, crossing_json
from songhe.decision.crossing.residents import assumption, write_residents
from songhe.decision.crossing.rows import pairs_of
from songhe.decision.person import ENTITLED, NOT_ENTITLED, Decider, make_decider
from songhe.decision.population import RunError
from songhe.policy.compare.rows import load_rows
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.synth.population import synthesise

HOME, OTHER, OVERLAY = "qingtongxia-example", "suizhou-2023", "suizhou-county-example"
LAST_DAYS = {"2024-01": dt.date(2024, 1, 31), "2024-02": dt.date(2024, 2, 29)}
PEOPLE = 80


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crossing") / "people.parquet"
    synthesise(city="qingtongxia", seed=3, people=PEOPLE, output=path)
    return path


def crossed(population: Path, *others: str, as_resident: bool = True) -> Crossing:
    return cross(
        rows=load_rows(),
        home=load_package(HOME),
        others=[load_package(other) for other in others],
        population=population,
        months=[(2024, 1), (2024, 2)],
        as_resident=as_resident,
    )


@pytest.fixture(scope="module")
def crossing(population: Path) -> Crossing:
    return crossed(population, OTHER, OVERLAY)


def facts_of(population: Path) -> list[dict[str, Any]]:
    cursor = duckdb.connect().execute(
        "SELECT * EXCLUDE (id, name, resident_id) FROM read_parquet(?)", [str(population)]
    )
    names = [column[0] for column in cursor.description or []]
    rows = cursor.fetchall()
    return [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows]


def moved(facts: dict[str, Any], home: Package, other: Package) -> dict[str, Any]:
    assert home.city is not None
    assert other.city is not None
    found = dict(facts)
    for name in ("hukou", "residence"):
        lies = within(found[name], home.city.division) if name in found else False
        if lies:
            found[name] = other.city.division
        elif lies is None:
            del found[name]
    return found


def answers(decider: Decider, facts: dict[str, Any]) -> dict[str, str]:
    return {decision.rule.id: decision.answer for decision in decider.decide(facts)}


def joined(items: tuple[str, ...], found: dict[str, str]) -> str:
    said = {found[item] for item in items}
    return ENTITLED if ENTITLED in said else NOT_ENTITLED if said <= {NOT_ENTITLED} else "undetermined"


def kind(home: str, other: str) -> str:
    if "undetermined" in (home, other):
        return "unclear"
    names = {(True, True): "both", (False, True): "gained", (True, False): "lost", (False, False): "neither"}
    return names[home == ENTITLED, other == ENTITLED]


def test_rows_are_counted_as_person_by_person(crossing: Crossing, population: Path) -> None:
    people = facts_of(population)
    home, side = crossing.home.package, crossing.others[0]
    for step, day in enumerate(LAST_DAYS.values()):
        by_home, by_other = make_decider(home, day), make_decider(side.package, day)
        counts: dict[str, Counter[str]] = {pair.row: Counter() for pair in side.pairs}
        for facts in people:
            here = answers(by_home, facts)
            there = answers(by_other, moved(facts, home, side.package))
            for pair in side.pairs:
                counts[pair.row][kind(joined(pair.home, here), joined(pair.other, there))] += 1
        for row in (row for row in side.rows if row.step == step):
            found = {name: getattr(row, name) for name in ("both", "gained", "lost", "unclear", "neither")}
            assert {name: number for name, number in found.items() if number} == counts[row.row], row.row


def test_everybody_is_in_exactly_one_group_of_every_row(crossing: Crossing) -> None:
    for side in crossing.others:
        for row in side.rows:
            assert row.both + row.gained + row.lost + row.unclear + row.neither == PEOPLE
    for item in (item for side in crossing.sides for item in side.items):
        assert item.entitled + item.undetermined + item.not_entitled == PEOPLE


def test_what_answers_lack_is_what_persons_lack(crossing: Crossing, population: Path) -> None:
    side = crossing.home
    expected: Counter[tuple[str, str, str]] = Counter()
    decider = make_decider(side.package, LAST_DAYS["2024-01"])
    for facts in facts_of(population):
        for decision in decider.decide(facts):
            if decision.answer not in (ENTITLED, NOT_ENTITLED):
                expected.update((decision.rule.id, "fact", name) for name in decision.found.missing)
                expected.update((decision.rule.id, "term", name) for name in decision.found.open_terms)
    assert {(one.item, one.kind, one.name): one.people for one in side.blocked} == expected


def test_without_the_assumption_hardly_anybody_is_registered_there(crossing: Crossing, population: Path) -> None:
    def entitled(side: Side) -> int:
        return next(item.entitled for item in side.items if item.item == "SZ-L-03")

    as_they_are = crossed(population, OTHER, as_resident=False)
    assert entitled(crossing.others[0]) > 0
    assert entitled(as_they_are.others[0]) == 0
    assert "都当作在随州市" in crossing.others[0].assumed.zh
    assert "外地人" in as_they_are.others[0].assumed.zh


def test_nobody_is_moved_between_packages_of_one_place() -> None:
    text = assumption(load_package("suizhou-2023"), load_package("suizhou-reform-75"), as_resident=True)
    assert "同一个地方" in text.zh


def test_a_place_too_coarse_to_tell_becomes_unknown(tmp_path: Path) -> None:
    source, target = tmp_path / "a.parquet", tmp_path / "b.parquet"
    engine = duckdb.connect()
    values = "('1', '640381'), ('2', '640381103'), ('3', '640000'), ('4', '110101'), ('5', NULL)"
    engine.execute(f"COPY (SELECT * FROM (VALUES {values}) AS p(id, hukou)) TO '{source}' (FORMAT parquet)")
    write_residents(engine, source, target, "640381", "421300")
    rows = engine.execute("SELECT hukou FROM read_parquet(?) ORDER BY id", [str(target)]).fetchall()
    assert [row[0] for row in rows] == ["421300", "421300", None, "110101", None]


def test_every_item_of_both_stands_in_one_pair() -> None:
    home, other = load_package(HOME), load_package(OTHER)
    pairs = pairs_of(load_rows(), home, other)
    assert sorted(item for pair in pairs for item in pair.home) == sorted(rule.id for rule in home.rules_for("person"))
    assert sorted(item for pair in pairs for item in pair.other) == sorted(
        rule.id for rule in other.rules_for("person")
    )


def test_sums_keep_their_kind_in_files(crossing: Crossing) -> None:
    rows = [dict(zip(CROSS_HEADER, row, strict=True)) for row in crossing_cells(crossing, "en")]
    by_item = {(row["package"], row["id"]): row for row in rows if row["part"] == "item"}
    floor, exact = by_item[OTHER, "SZ-L-17"], by_item[OVERLAY, "SZ-L-17"]
    assert (floor["exact"], exact["floor"]) == (None, None)
    assert floor["floor"] == 100 * floor["entitled"]
    assert exact["exact"] == 120 * exact["entitled"]
    assert {row["part"] for row in rows} == {"item", "compared with home", "what is lacking"}
    assert [side["package"] for side in crossing_json(crossing)["sides"]] == [HOME, OTHER, OVERLAY]


def test_more_months_than_one_statement_takes_are_refused(population: Path) -> None:
    home = load_package(HOME)
    with pytest.raises(RunError, match="61 months"):
        cross(rows=load_rows(), home=home, others=[], population=population, months=[(2024, 1)] * 61)
