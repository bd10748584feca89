"""People of one city taken as residents of another: an assumption, made in a copy and named in every result."""

from __future__ import annotations

from pathlib import Path

import duckdb

from songhe.common.division import coarser_codes, stem
from songhe.common.text import Text, say
from songhe.policy.package import Package

# The facts that say where somebody is at home.
PLACES = ("hukou", "residence")


def is_moved(home: Package, other: Package) -> bool:
    """Whether the two speak for different places."""
    if home.city is None or other.city is None:
        return False
    return stem(home.city.division) != stem(other.city.division)


def is_elsewhere(home: Package, other: Package) -> bool:
    """Whether neither place lies in the other: a county's overlay is not another city's document."""
    if home.city is None or other.city is None:
        return False
    one, two = stem(home.city.division), stem(other.city.division)
    return not (one.startswith(two) or two.startswith(one))


def write_residents(engine: duckdb.DuckDBPyConnection, population: Path, target: Path, home: str, other: str) -> None:
    """Copies a population with every place in the division `home` written as the division `other`.

    A place too coarse to say whether it lies in `home` becomes unknown; every other place stays.
    """
    scan = "read_parquet(?)"
    columns = [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {scan}", [str(population)]).fetchall()]
    coarse = ", ".join(f"'{code}'" for code in coarser_codes(home))
    replaced = [
        f"CASE WHEN starts_with({name}, '{stem(home)}') THEN '{other}' "
        f"WHEN {name} IN ({coarse}) THEN NULL ELSE {name} END AS {name}"
        for name in PLACES
        if name in columns
    ]
    replace = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    engine.execute(
        f"COPY (SELECT *{replace} FROM {scan}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)", [str(population)]
    )


def assumption(home: Package, other: Package, *, as_resident: bool) -> Text:
    """What was assumed of where people live, in words."""
    if home.city is None or other.city is None or not is_moved(home, other):
        return say("两份政策包是同一个地方，户籍地和常住地照实。", "Both speak for one place; places are as they are.")
    if as_resident:
        return say(
            f"假定：户籍地、常住地在{home.city.zh}的，都当作在{other.city.zh}；其他情况照实。",
            f"Assumed: whoever is registered or lives in {home.city.en} does so in {other.city.en}; all else as it is.",
        )
    return say(
        f"户籍地、常住地照实，所以多数人在{other.city.zh}是外地人。",
        f"Places are as they are, so most people are from elsewhere in {other.city.en}.",
    )
