"""Units are listed once and as the document writes them."""

from pathlib import Path

import pytest

from songhe.policy.build import build_package
from songhe.policy.errors import PackageError
from tests.builders import SMALL, write_package

TASK = """
- id: S-TASK
  name: {zh: 任务, en: task}
  clauses: [S-1]
  lead: [市民政局]
"""


@pytest.mark.parametrize(
    ("units", "file", "what", "mend"),
    [
        ("", "tasks", "S-TASK: the unit 市民政局 is not listed", "list it in units.yaml"),
        ("- name: 市民政\n", "tasks", "the unit 市民政局 is not listed", "did you mean 市民政?"),
        ("- name: 市民政局\n- name: 市财政局\n", "units", "市财政局: nothing names this unit", "take it out"),
        ("- name: 市民政局\n  each: county\n", "units", "each county stands on the level county", "README"),
        ("- name: 市民政局\n  level: open\n", "units", "say in `open` what the document leaves unclear", "README"),
    ],
)
def test_a_wrong_list_of_units_is_refused(tmp_path: Path, units: str, file: str, what: str, mend: str) -> None:
    folder = write_package(tmp_path / "small", SMALL | {"tasks": TASK, "units": units})
    with pytest.raises(PackageError) as refused:
        build_package(str(folder))
    assert [p for p in refused.value.problems if p.file == f"small/{file}.yaml" and what in p.what and mend in p.mend]


def test_a_listed_unit_is_part_of_the_package(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "small", SMALL | {"tasks": TASK, "units": "- name: 市民政局\n"})
    assert build_package(str(folder)).units["市民政局"].level == "city"
