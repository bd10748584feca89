"""What is counted in one way is counted again in another: sums up the tree, and people one by one."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.divisions.queries import Node, Tree
from songhe.indicators.measures.amounts import Amount, Occasion, asked_of, rolled_up
from songhe.indicators.measures.persons import count_people, facts_for
from songhe.policy.load import load_package
from songhe.rules.person import Setting, compile_condition
from songhe.rules.vocabulary import Fact
from tests.builders import CITIES
from tests.indicators.builders import DAY, Place

_PARENTS = st.lists(st.integers(min_value=0, max_value=10**6), max_size=25)


@given(parents=_PARENTS, numbers=st.lists(st.integers(min_value=0, max_value=9), min_size=26, max_size=26))
def test_a_sum_up_the_tree_is_the_sum_of_all_that_lies_below(parents: list[int], numbers: list[int]) -> None:
    nodes = [Node(0, "640300", "市", 2, None)]
    for id, parent in enumerate(parents, start=1):
        nodes.append(Node(id, f"64030{id:07d}", f"{id}", 3, parent % id))
    tree = Tree(nodes)
    own = {node.id: Amount(Fraction(numbers[node.id]), Fraction(2 * numbers[node.id])) for node in nodes}
    for top in (0, len(parents)):
        found = rolled_up(own, tree, top)
        naive = {id: sum(numbers[one] for one in tree.subtree([id])) for id in tree.subtree([top])}
        assert {id: (amount.sure, amount.possible) for id, amount in found.items()} == {
            id: (number, 2 * number) for id, number in naive.items()
        }


_TYPES = {"date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "money": pa.int64(), "decimal": pa.int64()}


def _value(fact: Fact, chance: random.Random, codes: list[str]) -> Any:
    if chance.random() < 0.3:
        return None
    match fact.type:
        case "date":
            return dt.date(chance.randint(1930, 1965), chance.randint(1, 12), chance.randint(1, 28))
        case "bool":
            return chance.random() < 0.8
        case "code":
            return chance.choice(fact.values)
        case "division":
            return chance.choice(codes)
        case _:
            return chance.randint(0, 5)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=0, max_value=2**32), name=st.sampled_from(CITIES))
def test_the_engine_counts_as_python_does_person_by_person(place: Place, tmp_path: Path, seed: int, name: str) -> None:
    package, chance = load_package(name), random.Random(seed)
    asked = [one for one in asked_of(package) if one.rule.subject == "person" and one.rule.total is None]
    if not asked:
        return
    facts = package.vocabularies["person"].facts
    codes = [code for code in place.ids if len(code) == 12]
    names = facts_for(asked)
    people = [{fact: _value(facts[fact], chance, codes) for fact in names} for _ in range(60)]
    columns = {
        fact: pa.array([one[fact] for one in people], _TYPES.get(facts[fact].type, pa.string())) for fact in names
    }
    snapshot = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": pa.array(range(60), pa.int64()), **columns}), snapshot)
    occasion = Occasion(package, place.county, DAY, None)
    found, number = count_people(asked, occasion, snapshot, tmp_path / "members.parquet")
    assert number == 60
    setting = Setting(DAY, package.figures, package.reading)
    for one in asked:
        where, naive = compile_condition(one.rule.where, setting), {}
        for person in people:
            truth = where.truth({fact: value for fact, value in person.items() if value is not None})
            code = person["residence"] or person["hukou"]
            id = place.ids[code] if code else place.county
            sure, possible = naive.get(id, (0, 0))
            naive[id] = (sure + (truth is True), possible + (truth is not False))
        counted = {id: (amount.sure, amount.possible) for id, amount in found[one.name].items()}
        assert counted == {id: pair for id, pair in naive.items() if pair[1]}, one.name
