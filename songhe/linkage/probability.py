"""Pairs that no rule names, scored by how much speaks for one person (概率): for the queue only. Needs splink.

The model is that of Fellegi and Sunter, computed by splink. How often chance makes two people agree is counted in the
register itself; how often one person's two files agree is assumed, below, because too few are known to count it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from importlib.util import find_spec
from typing import Any

import duckdb
import pyarrow as pa

from songhe.linkage.domain import Found
from songhe.linkage.rules import Identity, Rule, reading, swapped
from songhe.registry.pinyin import reading as letters

LEAST = 0.9
_MEMORY = "1GB"
_ALIKE_NAMES = ("name_l = name_r", "letters_l = letters_r", "levenshtein(name_l, name_r) = 1")
_ALIKE_BIRTHS = ("birth_l = birth_r", "birth_l = swapped_r", "levenshtein(birth_l, birth_r) = 1")
_ALIKE_PLACES = ("village_l = village_r", "town_l = town_r")
# Assumed of two files of one person, in that order; the last is what is left.
_NAME = (0.80, 0.08, 0.09, 0.03)
_BIRTH = (0.85, 0.05, 0.08, 0.02)
_PLACE = (0.70, 0.15, 0.15)
# Assumed: of ten files without a number, one is somebody's who has another file.
_DUPLICATES = 0.1
_SAMPLED_PAIRS = 1e6
_SEED = 1
_VILLAGE, _TOWN = 12, 9
_COLUMNS = ("unique_id", "name", "letters", "birth", "swapped", "sex", "village", "town", "numbered")
# Two who have valid numbers were decided by them.
_OPEN = "l.sex = r.sex AND NOT (l.numbered AND r.numbered)"
_BLOCKS = (f"l.birth = r.birth AND {_OPEN}", f"l.letters = r.letters AND l.town = r.town AND {_OPEN}")


class NotInstalled(RuntimeError):
    """The optional part is not there; the text says how to get it."""

    def __init__(self) -> None:
        super().__init__(
            "没有安装 splink，按规则查找不受影响；需要时请运行 pip install songhe[linkage]。 "
            "splink is not installed; the rules work without it. To have it: pip install songhe[linkage]."
        )


def is_installed() -> bool:
    return find_spec("splink") is not None


def score(people: Iterable[tuple[int, Identity]], *, least: float = LEAST, beside: Iterable[Found] = ()) -> list[Found]:
    """Pairs with somebody without a valid number and a probability of at least `least`, but for those in `beside`.

    Everything happens in memory. Raises NotInstalled when splink is lacking: the rules work without it.
    """
    if not is_installed():
        raise NotInstalled
    rows = [_row(id, one) for id, one in people]
    unnumbered = sum(not row[-1] for row in rows)
    if len(rows) < 2 or not unnumbered:
        return []
    known = {frozenset((pair.one, pair.other)) for pair in beside}
    table = pa.table(dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True)), schema=_SCHEMA)
    expected = _DUPLICATES * unnumbered / (len(rows) * (len(rows) - 1) / 2)
    return [
        Found(min(one, other), max(one, other), Rule.PROBABILITY, probability)
        for one, other, probability in sorted(_predicted(table, min(expected, 0.5), least))
        if frozenset((one, other)) not in known
    ]


_SCHEMA = pa.schema(
    [
        ("unique_id", pa.int64()),
        *((name, pa.string()) for name in _COLUMNS[1:-1]),
        ("numbered", pa.bool_()),
    ]
)


def _row(id: int, one: Identity) -> tuple[Any, ...]:
    """Unknown is null, which counts neither for nor against."""
    read = reading(one)
    born, place = read.birth_date, read.residence or ""
    other_way = born and swapped(born)
    return (
        id,
        read.name or None,
        letters(read.name)[0] or None,
        born and born.isoformat(),
        other_way and other_way.isoformat(),
        read.sex,
        place if len(place) == _VILLAGE else None,
        place[:_TOWN] if len(place) >= _TOWN else None,
        read.number is not None and read.number.valid,
    )


def _predicted(table: pa.Table, expected: float, least: float) -> list[tuple[int, int, float]]:
    from splink import DuckDBAPI, Linker

    with closing(duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2, "temp_directory": ""})) as engine:
        api = DuckDBAPI(connection=engine)
        linker = Linker(api.register(table), _settings(expected), log_level="ERROR")
        linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=_SEED)
        found = linker.inference.predict(threshold_match_probability=least).as_duckdbpyrelation()
        return found.project("unique_id_l, unique_id_r, match_probability").fetchall()


def _settings(expected: float) -> Any:
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=expected,
        blocking_rules_to_generate_predictions=list(_BLOCKS),
        comparisons=[
            _comparison("name", _ALIKE_NAMES, _NAME),
            _comparison("birth", _ALIKE_BIRTHS, _BIRTH),
            _comparison("village", _ALIKE_PLACES, _PLACE),
        ],
    )


def _comparison(column: str, levels: tuple[str, ...], assumed: tuple[float, ...]) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    alike = [cll.CustomLevel(condition, condition) for condition in levels]
    tried = [
        level.configure(m_probability=share, fix_m_probability=True)
        for level, share in zip([*alike, cll.ElseLevel()], assumed, strict=True)
    ]
    return cl.CustomComparison(output_column_name=column, comparison_levels=[cll.NullLevel(column), *tried])
