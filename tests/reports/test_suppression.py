"""Small cells are withheld so that nobody can work them out; an attacker of its own tries to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.reports.suppression import (
    Cell,
    Limits,
    Published,
    Sheet,
    Sum,
    SuppressionError,
    audit,
    is_small,
    suppress,
)
from tests.reports.attacker import all_tables, ranges

LIMITS = Limits(threshold=10, protection=9)


def table(rows: Mapping[str, Sequence[int]], tree: Mapping[str, Sequence[str]] | None = None) -> Sheet:
    """Counts of leaves by category, with the totals of rows, of columns and of every place of the tree above."""
    tree = tree or {"all": list(rows)}
    values = {leaf: list(counts) for leaf, counts in rows.items()}
    for place, below in tree.items():
        values[place] = [sum(parts) for parts in zip(*(values[one] for one in below), strict=True)]
    cells = {f"{place}.{n}": Cell(count) for place, counts in values.items() for n, count in enumerate(counts)}
    cells |= {f"{place}.total": Cell(sum(counts)) for place, counts in values.items()}
    width = len(next(iter(values.values())))
    sums = [Sum(f"{place}.total", tuple(f"{place}.{n}" for n in range(width))) for place in values]
    for n in [*range(width), "total"]:
        sums += [Sum(f"{place}.{n}", tuple(f"{one}.{n}" for one in below)) for place, below in tree.items()]
    return Sheet(cells, tuple(sums))


def assert_nothing_follows(sheet: Sheet, withheld: frozenset[str], limits: Limits = LIMITS) -> None:
    """Every small cell is withheld, and the attacker is left with a wide range for each withheld one."""
    assert {key for key, cell in sheet.cells.items() if is_small(cell, limits) and cell.is_shown} <= withheld
    for key, (low, high) in ranges(sheet, withheld).items():
        assert low <= sheet.cells[key].value and (high is None or sheet.cells[key].value <= high)
        assert high is None or high - low >= limits.protection, key


def test_without_small_cells_nothing_is_withheld():
    assert suppress(table({"a": [20, 30], "b": [40, 50]}), LIMITS).withheld == frozenset()


def test_one_small_cell_takes_a_rectangle_with_it_and_the_cheapest_one():
    sheet = table({"a": [20, 50, 30], "b": [8, 19, 22], "c": [17, 32, 12]})
    pattern = suppress(sheet, LIMITS)
    assert pattern.small == {"b.0"}
    assert pattern.others == {"b.2", "c.0", "c.2"}
    assert_nothing_follows(sheet, pattern.withheld)


def test_a_total_whose_withheld_parts_are_nearly_nothing_gives_them_away_and_takes_another_along():
    sheet = table({"a": [2, 1, 60], "b": [40, 50, 70]})
    pattern = suppress(sheet, LIMITS)
    assert "a.2" in pattern.others
    assert_nothing_follows(sheet, pattern.withheld)


def test_a_small_cell_deep_in_the_tree_is_not_read_off_the_levels_above():
    tree = {"east": ["e1", "e2"], "west": ["w1", "w2"], "city": ["east", "west"]}
    sheet = table({"e1": [3, 40], "e2": [50, 60], "w1": [70, 80], "w2": [90, 30]}, tree)
    pattern = suppress(sheet, LIMITS)
    assert_nothing_follows(sheet, pattern.withheld)
    assert not any(key.startswith(("w", "city")) for key in pattern.withheld)


def test_zero_is_published_unless_the_sheet_hides_it():
    shown, hidden = Cell(0), Cell(0, hides_zero=True)
    assert not is_small(shown, LIMITS)
    assert is_small(hidden, LIMITS)
    sheet = Sheet({"a": hidden, "b": Cell(40), "t": Cell(40)}, (Sum("t", ("a", "b")),))
    assert suppress(sheet, LIMITS).withheld == {"a", "b"}


def test_what_a_share_leaves_over_is_protected_though_it_is_never_printed():
    cells = {"signed": Cell(97), "all": Cell(100), "rest": Cell(3, is_shown=False)}
    sheet = Sheet(cells, (Sum("all", ("signed", "rest")),))
    assert suppress(sheet, LIMITS).others == {"signed"}
    assert audit(sheet, (), LIMITS) == ["rest"]


def test_what_counts_no_people_is_published_as_it_is():
    sheet = Sheet({"beds": Cell(4, is_sensitive=False)})
    assert suppress(sheet, LIMITS).withheld == frozenset()


def test_tables_that_share_a_margin_are_protected_together():
    by_age, by_sex = {"old": 4, "older": 60}, {"women": 30, "men": 34}
    cells = {key: Cell(value) for key, value in {**by_age, **by_sex, "all": 64}.items()}
    alone = Sheet({**{key: cells[key] for key in by_age}, "all": cells["all"]}, (Sum("all", tuple(by_age)),))
    both = Sheet(cells, (Sum("all", tuple(by_age)), Sum("all", tuple(by_sex))))
    assert suppress(alone, LIMITS).withheld <= {"old", "older"}
    assert_nothing_follows(both, suppress(both, LIMITS).withheld)
    # To withhold the total of one table helps nothing while the other one adds up to it.
    assert audit(both, {"old", "all"}, LIMITS) == ["all", "old"]


def test_a_corrected_cell_does_not_give_away_what_was_withheld_before():
    first = table({"a": [4, 30], "b": [50, 60]})
    kept = suppress(first, LIMITS).withheld
    second = table({"a": [14, 30], "b": [50, 60]})
    assert suppress(second, LIMITS).withheld == frozenset()
    after = suppress(second, LIMITS, [Published(first, kept)])
    assert {"a.1", "b.0", "b.1"} & after.withheld
    assert audit(second, frozenset(), LIMITS, [Published(first, kept)]) != []


def test_what_was_published_cannot_be_withheld_any_more():
    first = Sheet({"a": Cell(8), "b": Cell(20)})
    with pytest.raises(SuppressionError, match="先前的发布"):
        suppress(first, LIMITS, [Published(first, frozenset())])


def test_sums_that_do_not_hold_stop_everything():
    with pytest.raises(SuppressionError, match="合计与分项不符"):
        suppress(Sheet({"a": Cell(3), "t": Cell(4)}, (Sum("t", ("a",)),)), LIMITS)


def test_the_audit_names_what_is_shown_and_must_not_be():
    sheet = table({"a": [4, 30], "b": [50, 60]})
    assert audit(sheet, frozenset(), LIMITS) == ["a.0"]
    assert "a.0" in audit(sheet, {"a.0"}, LIMITS)


counts = st.one_of(st.integers(0, 30), st.integers(0, 3), st.integers(10, 400))


@st.composite
def hierarchies(draw: st.DrawFn) -> Sheet:
    """Two or three places, each of one to three parts, counted in two or three categories."""
    width = draw(st.integers(2, 3))
    tree: dict[str, list[str]] = {}
    rows: dict[str, list[int]] = {}
    for place in "xyz"[: draw(st.integers(2, 3))]:
        tree[place] = [f"{place}{n}" for n in range(draw(st.integers(1, 3)))]
        rows |= {leaf: draw(st.lists(counts, min_size=width, max_size=width)) for leaf in tree[place]}
    return table(rows, {**tree, "all": list(tree)})


@settings(max_examples=12)
@given(hierarchies())
def test_no_attacker_works_out_a_withheld_cell_of_any_hierarchy(sheet: Sheet):
    try:
        pattern = suppress(sheet, LIMITS)
    except SuppressionError:
        # Nearly nobody anywhere: not even the grand total could be told.
        assert sheet.cells["all.total"].value < LIMITS.threshold + LIMITS.protection
        return
    assert audit(sheet, pattern.withheld, LIMITS) == []
    assert_nothing_follows(sheet, pattern.withheld)
    assert suppress(sheet, LIMITS) == pattern
    for key in pattern.others:
        assert audit(sheet, pattern.withheld - {key}, LIMITS), f"{key} was withheld for nothing"


@settings(max_examples=10)
@given(hierarchies(), st.data())
def test_no_attacker_works_out_a_cell_by_the_help_of_a_corrected_version(sheet: Sheet, data: st.DataObject):
    leaves = sorted(key for key in sheet.cells if key[0] in "xyz" and key[1].isdigit() and not key.endswith("total"))
    changed = data.draw(st.sampled_from(leaves))
    other = _corrected(sheet, changed, data.draw(counts))
    try:
        first = Published(sheet, suppress(sheet, LIMITS).withheld)
        second = suppress(other, LIMITS, [first]).withheld
    except SuppressionError:
        return
    joint, hidden = _joined(first, Published(other, second))
    for key, (low, high) in ranges(joint, hidden).items():
        assert high is None or high - low >= LIMITS.protection, key


def _corrected(sheet: Sheet, changed: str, value: int) -> Sheet:
    cells = {**sheet.cells, changed: Cell(value)}
    for _ in range(4):
        for one in sheet.sums:
            cells[one.total] = Cell(sum(cells[part].value for part in one.parts))
    return Sheet(cells, sheet.sums)


def _joined(first: Published, second: Published) -> tuple[Sheet, frozenset[str]]:
    """Both as one sheet: what did not change is one cell, open when either version shows it."""

    def name(one: Published, key: str) -> str:
        same = first.sheet.cells[key].value == second.sheet.cells[key].value
        return key if same or one is first else f"{key}'"

    cells, hidden, open_ = {}, set(), set()
    sums = []
    for one in (first, second):
        for key, cell in one.sheet.cells.items():
            cells[name(one, key)] = cell
            (hidden if key in one.withheld else open_).add(name(one, key))
        sums += [Sum(name(one, s.total), tuple(name(one, part) for part in s.parts)) for s in one.sheet.sums]
    return Sheet(cells, tuple(sums)), frozenset(hidden - open_)


@settings(max_examples=8)
@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2))
def test_trying_every_whole_table_finds_as_many_values(rows: list[list[int]]):
    limits = Limits(threshold=3, protection=2)
    sheet = table({"a": rows[0], "b": rows[1]})
    try:
        withheld = sorted(suppress(sheet, limits).withheld)
    except SuppressionError:
        return
    inner = [key for key in withheld if "total" not in key and key[0] in "ab"]
    if len(inner) != len(withheld) or len(inner) > 4:
        return
    fitting = all_tables(sheet, inner, 12)
    for key in inner:
        assert len({filled[key] for filled in fitting}) > limits.protection
