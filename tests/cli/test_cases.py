"""`songhe cases take-over`: a list of what people had before, tried first and written by two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from songhe.casework.models import Case
from tests.casework.conftest import ITEM, PACKAGE, Desk, desk  # noqa: F401
from tests.registry.conftest import by, divisions, register, resident_number  # noqa: F401

NUMBER = ("id_number", "item", "granted_on", "document")


@pytest.fixture
def takes(songhe: Any, desk: Desk, tmp_path: Path) -> Any:  # noqa: F811
    """`takes(columns, rows, "--write")`: the command on a file of these rows, stated by Lan and confirmed by Zhou."""
    names = [desk.user(name).username for name in ("lan", "zhou")]

    def run(columns: tuple[str, ...], rows: list[tuple[str, ...]], *more: str, by: list[str] = names) -> Any:  # noqa: F811
        path = tmp_path / "list.csv"
        path.write_text("\n".join(",".join(row) for row in [columns, *rows]), encoding="utf-8-sig")
        who = ("--stated-by", by[0], "--confirmed-by", by[1])
        return songhe("cases", "take-over", str(path), "--package", PACKAGE, *who, *more)

    return run


def test_a_list_is_tried_first_and_then_written(takes: Any, desk: Desk, resident_number: Any) -> None:  # noqa: F811
    number = resident_number()
    elder = desk.elder(resident_id=number)
    rows = [(number, ITEM, "2024-03-01", "2024年名册")]
    tried = takes(NUMBER, rows)
    assert tried.exit_code == 0, tried.output
    assert "试算" in tried.output and not Case.objects.exists()
    written = takes(NUMBER, rows, "--write")
    assert "taken over：1" in written.output
    assert Case.objects.get().person == elder
    again = takes(("public_id", *NUMBER[1:]), [(str(elder.public_id), *rows[0][1:])], "--write")
    assert "before：1" in again.output


def test_what_is_wrong_is_told_by_line_and_nothing_is_written(takes: Any, desk: Desk) -> None:  # noqa: F811
    elder = str(desk.elder().public_id)
    columns = ("public_id", *NUMBER[1:])
    rows = [(elder, ITEM, "2024-03-01", "名册"), ("?", ITEM, "2024-03-01", "名册"), (elder, "X", "2024-03-01", "名册")]
    rows += [(elder, ITEM, "3月", "名册")]
    done = takes(columns, rows, "--write")
    assert done.exit_code == 1
    for line, why in ((3, "没有此人"), (4, "没有事项 X"), (5, "2025-03-01")):
        assert f"第 {line} 行" in done.output and why in done.output
    assert not Case.objects.exists()


def test_a_file_without_its_columns_and_one_user_for_both_are_refused(takes: Any, desk: Desk) -> None:  # noqa: F811
    assert "须有列" in takes(("name",), [("王",)]).output
    row = (str(desk.elder().public_id), ITEM, "2024-03-01", "名册")
    lan = desk.user("lan").username
    assert "两人办理" in takes(("public_id", *NUMBER[1:]), [row], by=[lan, lan]).output
