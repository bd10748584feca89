"""Older people by age, ability and how they live, counted from their files as known at the moment of the report."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from songhe.common.text import Text, say
from songhe.registry.snapshot import SnapshotError, write_for_counting
from songhe.registry.vocabulary import rule_facts
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Section, Sum, Table
from songhe.reports.rulebook import contents

_TITLE = {
    "population": say("按年龄", "By age"),
    "ability": say("按能力", "By ability"),
    "living": say("按居住方式", "By how they live"),
}
_BASIS = say(
    "在世人员；档案按户籍地归属，户籍地不详的按常住地；截至报告时点已登记的事实。",
    "Living people; a file lies where the household registration is, or the residence when that is not known; by facts "
    "recorded up to the moment of the report.",
)
_UNIT = say("人", "people")
_TOTAL, _UNKNOWN = "total", "unknown"
_NOBODY = (
    "CREATE TABLE people "
    "(hukou VARCHAR, residence VARCHAR, birth_date DATE, alive BOOLEAN, ability VARCHAR, living VARCHAR)"
)


def gather(asked: Asked, title: Text) -> Section:
    with _counted(asked) as engine:
        tables = tuple(_table(asked, id, groups, engine) for id, groups in _all_groups(asked).items())
    return Section(id="population", title=title, tables=tables)


@contextmanager
def _counted(asked: Asked) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in which `people` are all files of the division; gone afterwards, and so is the file."""
    with tempfile.TemporaryDirectory(prefix="songhe-report-") as folder, closing(duckdb.connect()) as engine:
        path = Path(folder) / "people.parquet"
        try:
            write_for_counting(division=asked.division, valid_on=asked.as_of, known_at=asked.known_at, path=path)
        except SnapshotError:
            engine.execute(_NOBODY)
        else:
            engine.execute(f"CREATE VIEW people AS SELECT * FROM read_parquet('{path}')")
        yield engine


def _all_groups(asked: Asked) -> dict[str, tuple[str, list[tuple[str, Text]]]]:
    """Table → SQL that names the group of a person, and the groups in order."""
    facts = rule_facts()
    found = {"population": (_age_sql(asked), _ages())}
    for fact in ("ability", "living"):
        values = [(f"{fact}-{value}", text) for value, text in (facts[fact].value_labels or {}).items()]
        found[fact] = (f"'{fact}-' || {fact}", [*values, (f"{fact}-{_UNKNOWN}", say("不详", "not known"))])
    return found


def _ages() -> list[tuple[str, Text]]:
    limits = contents().ages
    groups = [("under", say(f"不满{limits[0]}周岁", f"under {limits[0]}"))]
    for low, high in zip(limits, [*limits[1:], None], strict=True):
        text = say(f"{low}周岁以上", f"{low} and over") if high is None else say(
            f"{low}–{high - 1}周岁", f"{low} to {high - 1}"
        )  # fmt: skip
        groups.append((f"age{low}", text))
    return [*groups, (f"population-{_UNKNOWN}", say("年龄不详", "age not known"))]


def _age_sql(asked: Asked) -> str:
    """Full years on the day; who is born on 29 February turns on 1 March in other years, as elsewhere."""
    day = asked.as_of
    year, rest = (
        "extract(year FROM birth_date)",
        "(extract(month FROM birth_date) * 100 + extract(day FROM birth_date))",
    )
    age = f"({day.year} - {year} - CASE WHEN {rest} > {day.month * 100 + day.day} THEN 1 ELSE 0 END)"
    cases = " ".join(f"WHEN {age} >= {low} THEN 'age{low}'" for low in reversed(contents().ages))
    return f"CASE WHEN birth_date IS NULL THEN NULL {cases} ELSE 'under' END"


def _table(
    asked: Asked, id: str, grouped: tuple[str, list[tuple[str, Text]]], engine: duckdb.DuckDBPyConnection
) -> Table:
    group, names = grouped
    rows = engine.execute(
        f"SELECT COALESCE(hukou, residence), COALESCE({group}, '{id}-{_UNKNOWN}'), count(*) FROM people "
        "WHERE alive IS NOT FALSE GROUP BY ALL"
    ).fetchall()
    columns = _by_place(asked, rows, [name for name, _ in names])
    lines, sums = asked.grid.rows(columns)
    return Table(
        id=id,
        title=_TITLE[id],
        basis=_BASIS,
        columns=(
            Column(id="code", name=say("区划代码", "Division code")),
            Column(id="place", name=say("区划", "Division")),
            Column(id=_TOTAL, name=say("合计", "Total"), kind="count", unit=_UNIT, people=True),
            *(Column(id=name, name=text, kind="count", unit=_UNIT, people=True) for name, text in names),
        ),
        rows=lines,
        sums=(*sums, Sum(axis="columns", total=_TOTAL, parts=tuple(name for name, _ in names))),
        publish=asked.publish.get(id, "no"),
        scope="people",
    )


def _by_place(
    asked: Asked, rows: Sequence[tuple[str | None, str, int]], names: Sequence[str]
) -> dict[str, dict[int, int]]:
    tree, top = asked.grid.tree, asked.grid.division
    lots = defaultdict(list)
    for code, group, number in rows:
        node = tree.find(code) if code else None
        lot = (node.id if node is not None else top, asked.as_of, number)
        lots[_TOTAL].append(lot)
        lots[group].append(lot)
    return {name: asked.grid.count(lots[name]) for name in (_TOTAL, *names)}
