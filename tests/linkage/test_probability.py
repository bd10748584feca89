"""Pairs that no rule names."""

import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from songhe.linkage.blocking import find_pairs
from songhe.linkage.domain import found
from songhe.linkage.probability import score
from songhe.linkage.rules import Identity, Rule
from songhe.synth.dirt import HARDER, dirty_copies
from songhe.synth.population import synthesise

PEOPLE, COPIES = 2000, 60


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Identity], dict[tuple[int, int], str]]:
    """People, and badly written second rows of some that the rules do not see."""
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    synthesise(city="qingtongxia", seed=9, people=PEOPLE, output=path)
    table = pq.read_table(path, columns=["id", *Identity._fields])
    copies = dirty_copies(table, count=COPIES, seed=9, faults=HARDER)
    rows = [*table.to_pylist(), *(copy.row for copy in copies)]
    place = {row["id"]: at for at, row in enumerate(rows)}
    true = {(place[copy.copy_of], place[copy.row["id"]]): copy.kind for copy in copies}
    return [Identity(**{name: row[name] for name in Identity._fields}) for row in rows], true


class TestScore:
    def test_it_finds_what_the_rules_do_not(self, planted):
        people, true = planted
        by_rules = found(find_pairs(enumerate(people)))
        scored = score(enumerate(people), beside=by_rules)
        assert not {(pair.one, pair.other) for pair in by_rules} & true.keys()
        hits = [pair for pair in scored if (pair.one, pair.other) in true]
        assert len(hits) >= 0.8 * COPIES
        assert {pair.rule for pair in scored} == {Rule.PROBABILITY}
        assert all(0.9 <= pair.score <= 1 for pair in scored)

    def test_what_is_known_already_is_left_out(self, planted):
        people, _ = planted
        scored = score(enumerate(people))
        assert not {pair[:2] for pair in score(enumerate(people), beside=scored)}

    def test_the_same_people_give_the_same_scores(self, planted):
        people, _ = planted
        assert score(enumerate(people)) == score(enumerate(people))

    def test_where_all_have_numbers_there_is_nothing_to_score(self, planted):
        people, _ = planted
        assert score(enumerate(people[:PEOPLE])) == []
        assert score([]) == []


def test_without_splink_it_says_how_to_get_it():
    """In a process of its own, which is told that the package is not there."""
    program = (
        "import sys, os; sys.modules['splink'] = None\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'songhe.web.settings'\n"
        "import django; django.setup()\n"
        "from songhe.linkage.probability import NotInstalled, score\n"
        "try: score([])\n"
        "except NotInstalled as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install songhe[linkage]" in done.stdout
