"""What goes back to the department, mended and sent again."""

import csv
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from songhe.accounts.scope import OutOfScope
from songhe.intake.domain.returning import error_file
from songhe.intake.domain.running import run
from tests.intake.builders import csv_file, number, person, xlsx_file


def returned(upload) -> bytes:
    run(user=upload.user, upload=upload)
    return b"".join(error_file(user=upload.user, upload=upload).content)


ROWS = [person(1), person(2, 性别="公", 备注="=HYPERLINK(1)"), person(3)]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t")])
def test_csv_keeps_its_columns_encoding_and_separator(send, encoding, delimiter):
    content = returned(send(csv_file(ROWS, encoding=encoding, delimiter=delimiter)))
    header, *rows = list(csv.reader(io.StringIO(content.decode(encoding)), delimiter=delimiter))
    assert header == ["行号", "错误说明", "公民身份号码", "姓名", "户籍地代码", "性别", "备注"]
    assert [row[:4] for row in rows] == [["3", "性别：不认识这种填法，请填：男、女", number(2), "曾2"]]
    assert rows[0][-1] == "'=HYPERLINK(1)"


def test_xlsx_comes_back_as_xlsx(send):
    header = list(ROWS[1])
    cells = [header, [ROWS[1][title] for title in header]]
    content = returned(send(xlsx_file(cells), name="人口.xlsx"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["2", "性别：不认识这种填法，请填：男、女", number(2), "曾2"]
    assert rows[1][-1] == "'=HYPERLINK(1)"


def test_json_lines_come_back_as_json_lines(send):
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    content = returned(send(lines.encode(), name="人口.jsonl"))
    row = json.loads(content)
    assert (row["行号"], row["姓名"], row["备注"]) == (2, "曾2", "=HYPERLINK(1)")


@pytest.mark.parametrize("name", ["人口.csv", "人口.xlsx"])
def test_what_was_mended_is_taken_as_it_is(send, name):
    header = list(ROWS[1])
    cells = [header, *([row.get(title, "") for title in header] for row in ROWS)]
    upload = send(csv_file(ROWS) if name.endswith("csv") else xlsx_file(cells), name=name)
    content = returned(upload)
    if name.endswith("csv"):
        rows = list(csv.reader(io.StringIO(content.decode())))
        rows[1][5] = "女"
        mended = csv_file([dict(zip(rows[0], row, strict=True)) for row in rows[1:]])
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        rows[1][5] = "女"
        mended = xlsx_file(rows)
    again = send(mended, name=name)
    report = run(user=again.user, upload=again)
    assert (report.new, report.set_aside, report.unknown_columns) == (1, 0, [])


def test_another_county_does_not_get_it(send, li, city):
    upload = send(ROWS, division_id=city.counties[1].pk)
    run(user=upload.user, upload=upload)
    with pytest.raises(OutOfScope):
        error_file(user=li, upload=upload)


def test_a_row_with_cells_too_many_comes_back_whole(send):
    content = f"公民身份号码,姓名\n{number(1)},曾,又\n{number(2)},曾\n".encode()
    upload = send(content)
    assert f"2,有 3 个单元格，标题行有 2 个,{number(1)},曾,又" in returned(upload).decode()
